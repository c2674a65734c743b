package bench

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A LoadReport is how an API bore load.
type LoadReport struct {
	Loads    []verdict.Load
	Statuses []verdict.LoadStatus // by run
}

// WriteJSON writes the report as one JSON document.
func (rep *LoadReport) WriteJSON(w io.Writer) error {
	type ending struct {
		Status int64  `json:"status"`
		Error  string `json:"error,omitempty"`
		Count  int64  `json:"count"`
	}
	type run struct {
		Run          string   `json:"run"`
		URL          string   `json:"url"`
		Rate         *number  `json:"rate_per_s"`
		Planned      int64    `json:"n_planned"`
		Sent         int64    `json:"n_sent"`
		OK           int64    `json:"n_ok"`
		Seconds      number   `json:"seconds"`
		Throughput   number   `json:"ok_per_s"`
		Mean         *number  `json:"mean_ms"`
		P50          *number  `json:"p50_ms"`
		P95          *number  `json:"p95_ms"`
		P99          *number  `json:"p99_ms"`
		P999         *number  `json:"p999_ms"`
		Max          *number  `json:"max_ms"`
		SentP50      *number  `json:"sent_p50_ms"`
		SentP99      *number  `json:"sent_p99_ms"`
		Late         *number  `json:"late_ms"`
		HealthBefore int64    `json:"health_before"`
		HealthAfter  int64    `json:"health_after"`
		Ends         []ending `json:"ends"`
	}
	doc := struct {
		Runs []run `json:"runs"`
	}{}
	for _, l := range rep.Loads {
		r := run{
			l.Run, l.URL, known(l.Rate), l.Planned, l.Sent, l.OK, number(l.Seconds), number(l.Throughput),
			known(l.MeanMS), known(l.P50MS), known(l.P95MS), known(l.P99MS), known(l.P999MS), known(l.MaxMS),
			known(l.SentP50MS), known(l.SentP99MS), known(l.LateMS), l.HealthBefore, l.HealthAfter, []ending{},
		}
		for _, s := range rep.Statuses {
			if s.Run == l.Run {
				r.Ends = append(r.Ends, ending{s.Status, s.Error, s.Count})
			}
		}
		doc.Runs = append(doc.Runs, r)
	}
	return writeJSON(w, doc)
}

// WriteText writes the report for people.
func (rep *LoadReport) WriteText(w io.Writer) error {
	b := &strings.Builder{}
	if len(rep.Loads) > 0 {
		fmt.Fprintf(b, "%s\n\n", printable(rep.Loads[0].URL))
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "run\trequests\tgood\tgood/s\tmean\tp50\tp95\tp99\tp99.9\tmax\tlate\t/health\t\n")
	for _, l := range rep.Loads {
		name := l.Run
		if !math.IsNaN(l.Rate) {
			name = fmt.Sprintf("%.0f/s", l.Rate)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d, %d\t\n", name, l.Planned, l.OK, words.Scaled(l.Throughput),
			words.Milliseconds(l.MeanMS), words.Milliseconds(l.P50MS), words.Milliseconds(l.P95MS), words.Milliseconds(l.P99MS), words.Milliseconds(l.P999MS), words.Milliseconds(l.MaxMS), words.Milliseconds(l.LateMS), l.HealthBefore, l.HealthAfter)
	}
	t.Flush() // into memory
	b.WriteString("\nLatencies run from when a request was due; late is the longest that one was sent after that. /health is before and after.\n")
	for _, s := range rep.Statuses {
		if s.Error != "" {
			fmt.Fprintf(b, "%s: %s: %s\n", s.Run, words.Count(s.Count, "request", "requests"), printable(s.Error))
		}
	}
	for _, l := range rep.Loads {
		if rest := l.Planned - l.Sent; rest > 0 {
			fmt.Fprintf(b, "%s: %s not sent: time was up\n", l.Run, words.Count(rest, "request", "requests"))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
