package site

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

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

// commandOf writes a table again from the logs: one flag a line. Period, policy, k and
// segments are said whether monitor.yaml has them or flags that went before it; the
// names of the reader's own files are blanks in capitals.
func commandOf(r *report.Tables, table string) string {
	run := r.Run
	config := ""
	if run.Configured {
		config = " --config CONFIG"
	}
	if table == "rejects" {
		return "ingest" + config + " LOGS/predictions*.jsonl* \\\n  --table rejects --format csv"
	}
	var c strings.Builder
	c.WriteString("{ ingest" + config + " LOGS/predictions*.jsonl*")
	if run.Requests > 0 {
		c.WriteString("\n  ingest" + config + " --kind requests LOGS/api_requests*.jsonl*")
	}
	c.WriteString("\n} | driftcalc")
	flag := func(format string, args ...any) { fmt.Fprintf(&c, " \\\n  --"+format, args...) }
	if run.Configured {
		flag("config CONFIG")
	}
	if !run.SampleReference {
		flag("reference REFERENCE")
	}
	if run.NowGiven {
		flag("now %s", run.Now.UTC().Format(time.RFC3339Nano))
	}
	if run.Last > 0 {
		flag("last %s", shortest(time.Duration(run.Last*float64(time.Second))))
	}
	if day := (24 * time.Hour).Seconds(); run.Window > 0 && run.Window != day {
		flag("window %s", shortest(time.Duration(run.Window*float64(time.Second))))
	}
	if run.Policy != "" {
		flag("policy %s", quoted(run.Policy))
	}
	if run.K > 0 {
		flag("k-anonymity %d", run.K)
	}
	for _, s := range r.Segments {
		if s.Name == "" {
			flag("segment %s", quoted(s.Column))
		}
	}
	if len(r.Outcomes) > 0 {
		flag("outcomes OUTCOMES")
	}
	if (len(r.Contributions) > 0 || run.SkewLevel != "") && !run.SampleReference && !run.Configured {
		flag("model MODEL")
		flag("features FEATURES")
	}
	flag("table %s", table)
	flag("format csv")
	return c.String()
}

// quoted writes a name as a shell takes it; one with control characters is left to
// the reader.
func quoted(name string) string {
	switch {
	case name == view.Plain(name):
		return name
	case strings.ContainsFunc(name, unicode.IsControl):
		return "NAME"
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

// shortest writes a length of time as --last takes it.
func shortest(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return d.String()
}
