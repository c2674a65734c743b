package monitor

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Report is what was found of a log: the rows of a bundle's tables.
type Report struct {
	drift.Report
	Quality outcome.Report
	left    rejects.Sum
}

// note says which checks do not look at a column that is gone, what the trend leaves
// out, and which of the known changes are over, or of nothing that was asked.
func (r *Report) note(known []drift.Known, notef func(string, ...any)) {
	for _, k := range known {
		switch {
		case k.Ended(r.Run.Now):
			notef("accept: %s, %s: accepted until %s, and no more", k.Subject, k.Check, words.Day(k.Until))
		case !r.Met(k):
			notef("accept: %s, %s: there is no such finding", k.Subject, k.Check)
		}
	}
	for _, f := range r.Findings {
		if f.Reason == verdict.ReasonOutcome {
			notef("%s", f.Sentence)
		}
	}
	if n := r.TrendLeftOut; n > 0 {
		notef("the trend leaves out %s, whose findings stand last: with all of them it would have more than %s rows", words.Count(int64(n), "feature", "features"), words.Whole(int64(caps.TrendRows.N)))
	}
}

// Encode passes the report's tables on in their order in a bundle; each batch is
// good until write returns.
func (r *Report) Encode(write func(arrow.RecordBatch) error) error {
	tables := []arrow.RecordBatch{
		table.Encode("run", []verdict.Run{r.Run}),
		table.Encode("findings", r.Findings),
		table.Encode("bins", r.Bins),
		table.Encode("statistics", r.Statistics),
		table.Encode("correlations", r.Correlations),
		table.Encode("trend", r.Trend),
		table.Encode("latency", r.Latency),
		table.Encode("traffic", r.Traffic),
		table.Encode("recent", r.Recent),
	}
	tables = slices.Concat(tables, tableOf("score_bins", r.ScoreBins),
		tableOf("contributions", r.Contributions), tableOf("segments", r.Segments), tableOf("triggers", r.Triggers),
		tableOf("thresholds", r.Thresholds), tableOf("estimates", r.Quality.Estimates), tableOf("outcomes", r.Quality.Outcomes), tableOf("unmet", r.Quality.Unmet), tableOf("skew_rows", r.Skew))
	if r.left.Known() {
		tables = append(tables, table.Encode(linesRead, r.left.Lines()), table.Encode(rejected, r.left.Rejects()))
	}
	for _, rec := range tables {
		err := write(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// tableOf is the table of rows, if there are any.
func tableOf[T any](name string, rows []T) []arrow.RecordBatch {
	if len(rows) == 0 {
		return nil
	}
	return []arrow.RecordBatch{table.Encode(name, rows)}
}
