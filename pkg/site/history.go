package site

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// HistoryTable is the name of the table of nights.
const HistoryTable = "history"

// Tonight returns the nights of the report: its findings as rows of history.
func (r *Report) Tonight() []verdict.Night {
	run := r.Run
	base := verdict.Night{
		Site: run.Site, PeriodStart: run.PeriodStart, PeriodEnd: run.PeriodEnd, Rows: run.Rows, Requests: run.Requests,
		Level: run.Level, ScoreLevel: run.ScoreLevel, FeatureLevel: run.FeatureLevel, QualityLevel: run.QualityLevel,
		LatencyLevel: run.LatencyLevel, APILevel: run.APILevel, DriftShare: run.DriftShare, ScorePSI: math.NaN(),
		Policy: run.Policy, PlanID: run.PlanID, Headline: run.Headline,
		Statistic: math.NaN(), P: math.NaN(), Q: math.NaN(), Effect: math.NaN(), Threshold: math.NaN(),
	}
	var out []verdict.Night
	for _, s := range r.subjects() {
		for _, f := range s.Findings {
			n := base
			n.Subject, n.Role, n.Kind, n.Check, n.Test, n.FindingLevel = f.Subject, f.Role, f.Kind, f.Check, f.Test, f.Level
			n.NRef, n.NCur, n.Statistic, n.P, n.Q = f.NRef, f.NCur, f.Statistic, f.P, f.Q
			n.Effect, n.EffectUnit, n.Threshold, n.Direction = f.Effect, f.EffectUnit, f.Threshold, f.Direction
			n.Rank, n.Sentence = f.Rank, f.Sentence
			if f.Check == verdict.CheckDistribution {
				n.Bins = packBins(s.Bins)
			}
			if f.Check == verdict.CheckDistribution && f.Role == verdict.RoleScore && f.EffectUnit == "PSI" {
				base.ScorePSI = f.Effect
			}
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		out = append(out, base)
	}
	for i := range out {
		out[i].ScorePSI = base.ScorePSI
	}
	return out
}

// packBins writes bins as JSON, open edges as null.
func packBins(bins []verdict.Bin) string {
	if len(bins) == 0 {
		return ""
	}
	rows := make([][]any, len(bins))
	for i, b := range bins {
		rows[i] = []any{b.Kind, jsonNumber(b.Lo), jsonNumber(b.Hi), b.Name, b.NRef, b.NCur}
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		panic(err) // strings and finite numbers: an error is a bug
	}
	return string(raw)
}

// jsonNumber is v, or nil where JSON has no number for it.
func jsonNumber(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// ReadHistory reads a table of nights. Other tables are read over; a stream
// without nights is an error.
func ReadHistory(in *table.Reader) ([]verdict.Night, error) {
	var out []verdict.Night
	found := false
	for in.Next() {
		if in.Table() != HistoryTable {
			continue
		}
		found = true
		rows, err := table.Decode[verdict.Night](in.Batch())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Input(), err)
		}
		if len(out)+len(rows) > 4*maxRows {
			return nil, fmt.Errorf("%s: more than %d rows of history", in.Input(), 4*maxRows)
		}
		out = append(out, rows...)
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("%s: no table history", in.Input())
	}
	return out, nil
}

// MergeHistory puts a night into the history: rows of the same site and end of
// period are replaced. The result is sorted by site and time.
func MergeHistory(old, night []verdict.Night) []verdict.Night {
	type key struct {
		site string
		end  int64
	}
	keyOf := func(n verdict.Night) key { return key{n.Site, n.PeriodEnd.UnixMicro()} }
	replaced := map[key]bool{}
	for _, n := range night {
		replaced[keyOf(n)] = true
	}
	out := make([]verdict.Night, 0, len(old)+len(night))
	for _, n := range old {
		if !replaced[keyOf(n)] {
			out = append(out, n)
		}
	}
	out = append(out, night...)
	slices.SortStableFunc(out, func(a, b verdict.Night) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), a.PeriodEnd.Compare(b.PeriodEnd))
	})
	return out
}

// WriteHistory writes the table of nights as Parquet.
func WriteHistory(w io.Writer, nights []verdict.Night) error {
	rec := table.Encode(HistoryTable, nights)
	defer rec.Release()
	v := table.NewView(w, HistoryTable, "parquet")
	if err := v.Write(rec); err != nil {
		v.Abort()
		return err
	}
	return v.Close()
}

// nightly returns one row a night of a site, oldest first.
func nightly(history []verdict.Night, site string) []verdict.Night {
	var out []verdict.Night
	for _, n := range history {
		if n.Site == site && (len(out) == 0 || !out[len(out)-1].PeriodEnd.Equal(n.PeriodEnd)) {
			out = append(out, n)
		}
	}
	return out
}

// historyBody is the page of all nights.
type historyBody struct {
	Months []month
	Nights []night
	More   int
	Share  *figure
	Score  *figure
}

type night struct {
	verdict.Night
	Href    string
	Moved   []string // subjects at warn or above, by rank
	Changed bool     // the level differs from the night before
}

// shownNights bounds the page's table; the pictures show all nights.
const shownNights = 60

func (b *builder) history() *historyBody {
	all := nightly(b.o.History, b.r.Run.Site)
	if len(all) == 0 {
		return nil
	}
	moved := map[int64][]string{}
	for _, n := range b.o.History {
		end := n.PeriodEnd.UnixMicro()
		if n.Site == b.r.Run.Site && verdict.Severity(n.FindingLevel) >= verdict.Severity(verdict.Warn) && !slices.Contains(moved[end], clip(n.Subject, 40)) {
			moved[end] = append(moved[end], clip(n.Subject, 40))
		}
	}
	v := &historyBody{Months: b.calendar(all)}
	files := b.nightFiles()
	var times []time.Time
	var shares, scores []float64
	for i, n := range all {
		row := night{Night: n, Href: files[n.PeriodEnd.UnixMicro()], Moved: moved[n.PeriodEnd.UnixMicro()], Changed: i > 0 && n.Level != all[i-1].Level}
		if len(row.Moved) > 3 {
			row.Moved = append(row.Moved[:3:3], fmt.Sprintf("%d more", len(row.Moved)-3))
		}
		v.Nights = append(v.Nights, row)
		if !n.PeriodEnd.IsZero() {
			times, shares, scores = append(times, n.PeriodEnd), append(shares, n.DriftShare), append(scores, n.ScorePSI)
		}
	}
	slices.Reverse(v.Nights)
	v.More = max(0, len(v.Nights)-shownNights)
	v.Nights = v.Nights[:min(len(v.Nights), shownNights)]
	if len(times) > 1 {
		size := chart.Size{W: 480, H: 210}
		last := len(times) - 1
		span := fmt.Sprintf("%d nights to %s, the newest ", len(times), words.Day(times[last]))
		v.Share = &figure{
			Picture: b.picture("history-share", size, "Share of drifted features: "+span+words.Percent(shares[last])+".",
				chart.Lines{Times: times, Series: []chart.Series{{Values: shares}}, Percent: true}),
			Caption: "Share of drifted features",
		}
		lines := chart.Lines{Times: times, Series: []chart.Series{{Values: scores}}, YLabel: "PSI"}
		if b.score != nil && b.score.Main.Threshold > 0 {
			lines.Limits = []chart.Limit{{At: b.score.Main.Threshold, Label: "warning"}}
		}
		v.Score = &figure{Picture: b.picture("history-score", size, "Score drift (PSI): "+span+words.Number(scores[last])+".", lines), Caption: "Score drift (PSI)"}
	}
	return v
}
