package driftcalc

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// output takes the tables that are passed on and the report: as tables, or as
// text for people.
type output struct {
	env  *cli.Env
	sink table.Sink // nil: text
	text io.Writer
	gate monitor.Gate
	aged bool // say how old the newest prediction is
}

func newOutput(ctx *ucli.Context) (*output, error) {
	env := cli.EnvOf(ctx)
	gate, err := gateOf(ctx)
	if err != nil {
		return nil, err
	}
	if ctx.String("format") == "text" && ctx.IsSet("table") {
		return nil, cli.Usagef("--table: --format text is the verdict on all of them; for one table want another format")
	}
	if env.WantsText(ctx) {
		return &output{env: env, text: env.Stdout, gate: gate, aged: ctx.IsSet("now")}, nil
	}
	sink, err := env.Output(ctx)
	return &output{env: env, sink: sink, gate: gate}, err
}

func (o *output) write(rec arrow.RecordBatch) error {
	if o.sink == nil {
		return nil
	}
	return o.sink.Write(rec)
}

// abort leaves nothing behind of an output that was not finished.
func (o *output) abort() {
	if o.sink != nil {
		o.sink.Abort()
	}
}

// finish writes the report, completes the output, and then trips the gate.
func (o *output) finish(r *monitor.Report) error {
	if err := o.report(r); err != nil {
		return err
	}
	return failure(o.gate.Trip(&r.Run, r.Triggers))
}

func (o *output) report(r *monitor.Report) error {
	if o.sink == nil {
		return writeText(o.text, r, o.aged)
	}
	if err := r.Encode(o.sink.Write); err != nil {
		return err
	}
	return o.sink.Close()
}

// writeText writes the verdict, then the findings at warn and alert by rank, and
// how many other checks there were.
func writeText(to io.Writer, r *monitor.Report, aged bool) error {
	w := bufio.NewWriter(to)
	run := &r.Run
	fmt.Fprintf(w, "%s  %s\n", strings.ToUpper(run.Level), cli.Plain(run.Headline))
	if !run.PeriodStart.IsZero() {
		fmt.Fprintf(w, "%s from %s to %s", words.Count(run.Rows, "prediction", "predictions"), words.Stamp(run.PeriodStart), words.Stamp(run.PeriodEnd))
	} else {
		fmt.Fprint(w, words.Count(run.Rows, "prediction", "predictions"))
	}
	fmt.Fprintf(w, " against %s", words.Count(run.ReferenceRows, "reference row", "reference rows"))
	if run.SampleReference {
		fmt.Fprint(w, " of the sample case")
	}
	fmt.Fprintf(w, "; policy %s\n", run.Policy)
	if age := run.Now.Sub(run.PeriodEnd); aged && !run.PeriodEnd.IsZero() && age > 0 {
		fmt.Fprintf(w, "The newest is %s old.\n", words.Age(age))
	}
	if run.Because != "" {
		fmt.Fprintf(w, "%s: %s.\n", run.Level, cli.Plain(run.Because))
	}
	counts := map[string]int{}
	blank := "\n"
	told := map[[2]string]bool{} // of all rows, by subject and check
	for _, f := range r.Findings {
		if f.Level != verdict.Warn && f.Level != verdict.Alert {
			counts[f.Level]++
			continue
		}
		about := [2]string{f.Subject, f.Check}
		if f.Segment == "" {
			told[about] = true
		} else if told[about] {
			continue // what the whole does its parts do
		}
		level := f.Level
		if f.Accepted != "" {
			level = "known"
		}
		fmt.Fprintf(w, "%s%-5s  %s\n", blank, level, cli.Plain(f.Sentence))
		blank = ""
	}
	writeWhy(w, r)
	writeQuality(w, &r.Quality)
	fmt.Fprintf(w, "\n%s ok, %s could not be judged.\n", words.Count(int64(counts[verdict.OK]), "check is", "checks are"), words.Whole(int64(counts[verdict.Insufficient])))
	return w.Flush()
}

// writeWhy writes what moved the scores, and what segments say of it.
func writeWhy(w io.Writer, r *monitor.Report) {
	blank := "\n"
	for _, f := range r.Findings {
		if f.Check == verdict.CheckContribution && f.Level == verdict.OK {
			fmt.Fprintf(w, "%swhy    %s\n", blank, cli.Plain(f.Sentence))
			blank = ""
		}
	}
	for _, s := range r.Segments {
		if s.Name == "" {
			fmt.Fprintf(w, "%s%-5s  %s\n", blank, s.Level, cli.Plain(s.Sentence))
			blank = ""
		}
	}
}

// writeQuality writes what outcomes say to a person.
func writeQuality(w io.Writer, q *outcome.Report) {
	for _, o := range q.Outcomes {
		switch {
		case o.Window != "":
		case o.Kind == "metric" && o.Metric == "roc_auc" && o.Class == "":
			fmt.Fprintf(w, "\n%-5s  ROC AUC by %s is %s (%s)", o.Level, words.Count(o.N, "outcome", "outcomes"), words.Column(o.Value), words.Interval(o.Lo, o.Hi))
			if !math.IsNaN(o.Reference) {
				fmt.Fprintf(w, ", the reference's %s", words.Column(o.Reference))
			}
			fmt.Fprintln(w, ".")
		case o.Kind == "metric" && o.Metric == "mae":
			fmt.Fprintf(w, "\n%-5s  mean absolute error by %s is %s (%s)", o.Level, words.Count(o.N, "outcome", "outcomes"), words.Number(o.Value), words.Interval(o.Lo, o.Hi))
			if !math.IsNaN(o.Reference) {
				fmt.Fprintf(w, ", the reference's %s", words.Number(o.Reference))
			}
			fmt.Fprintln(w, ".")
		case o.Kind == "test" && o.Metric == "recalibration":
			fmt.Fprintf(w, "%-5s  %s\n", o.Level, o.Note)
		}
	}
}
