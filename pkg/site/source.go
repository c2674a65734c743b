package site

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
)

// A source says where a page's numbers come from: the rows that hold them and
// the command that makes them again.
type source struct {
	Tables  []string // those of the site's data that the page reads
	Filter  string   // which of their rows, as a condition of SQL; empty for all
	Command string
}

// sourceOf is nil for a page that no published table is behind.
func sourceOf(r *report.Tables, filter string, tables ...string) *source {
	tables = slices.DeleteFunc(tables, func(name string) bool { return !r.Has(name) })
	if len(tables) == 0 {
		return nil
	}
	return &source{tables, filter, commandOf(r, tables[0])}
}

// subjectFilter picks one subject's rows of the judged period.
func subjectFilter(subject string) string {
	return "subject = '" + strings.ReplaceAll(subject, "'", "''") + "' and window = '' and segment = ''"
}

// madeBy are the tables that another command than driftcalc makes.
var madeBy = map[string]string{
	"rejects": "ingest predictions.jsonl --table rejects --format csv",
}

// commandOf writes a table again from the logs. The length of the period is
// rounded up to whole hours.
func commandOf(r *report.Tables, table string) string {
	if c := madeBy[table]; c != "" {
		return c
	}
	run := r.Run
	var c strings.Builder
	c.WriteString("{ ingest predictions.jsonl")
	if run.Requests > 0 {
		c.WriteString("; ingest --kind requests api_requests.jsonl")
	}
	c.WriteString("; } | driftcalc")
	if !run.SampleReference {
		c.WriteString(" --reference REFERENCE")
	}
	if length := run.Now.Sub(run.PeriodStart); !run.Now.IsZero() && !run.PeriodStart.IsZero() && length > 0 {
		hours := int64((length + time.Hour - 1) / time.Hour)
		fmt.Fprintf(&c, " --now %s --last %dh", run.Now.UTC().Format(time.RFC3339Nano), hours)
	}
	if view.Plain(run.Policy) == run.Policy && run.Policy != "" {
		c.WriteString(" --policy " + run.Policy)
	}
	switch {
	case len(r.Outcomes) > 0 && (table == "outcomes" || table == "estimates"):
		c.WriteString(" --outcomes OUTCOMES")
	case table == "contributions" && !run.SampleReference:
		c.WriteString(" --model MODEL --features FEATURES")
	case table == "segments":
		for _, s := range r.Segments {
			if s.Name != "" {
				continue
			}
			if column := view.Plain(s.Column); column == s.Column {
				c.WriteString(" --segment " + column)
			} else {
				c.WriteString(" --segment COLUMN")
			}
		}
	case table == "triggers":
		c.WriteString(" --config monitor.yaml")
	}
	fmt.Fprintf(&c, " --table %s --format csv", table)
	return c.String()
}
