package monitor

import (
	"cmp"
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// MakePlan makes the plan of the reference: the one that o names, else the table
// reference of the input, else the config's, else the sample case. Other tables go
// to rest. The input is nil where none is needed.
func MakePlan(o Options, in *table.Reader, rest func(arrow.RecordBatch) error) (*plan.Plan, error) {
	o = o.settled()
	var given table.Spool
	defer given.Close()
	if in != nil {
		readable := newLeaver(&o)
		add := func(_ string, rec arrow.RecordBatch) error { return readable.pass(in.Input(), rec, given.Add) }
		if err := each(in, []string{referenceRows}, add, rest); err != nil {
			return nil, err
		}
	}
	r, err := findReference(&o, &given)
	if err != nil {
		return nil, err
	}
	return planOf(r)
}

// planOf makes the plan of a reference.
func planOf(r *reference) (*plan.Plan, error) {
	o := r.o.Config.Plan
	o.Sample, o.Segments = r.sample(), r.o.Config.Segments
	o.Exact = o.Exact || r.o.Config.Policy == policy.Evidently
	p, err := planBy(r, o)
	for range mostRetyped {
		if !errors.Is(err, errRetyped) {
			break
		}
		p, err = planBy(r, o)
	}
	if err == nil {
		noteWeek(p, r.o.Notef)
	}
	return p, err
}

// mostRetyped is how often a reference is read again at the most: what its first rows took
// for numbers may be words by all rows, and these free text.
const mostRetyped = 3

// planBy reads the reference once.
func planBy(r *reference, o plan.Options) (*plan.Plan, error) {
	b := plan.NewPlanner(o)
	defer b.Close()
	var columns []string
	met := map[string]bool{}
	look := outcome.Truth{Label: o.PositiveLabel, Classes: o.Classes, Target: r.target}
	err := r.each(func(rec arrow.RecordBatch) error {
		for _, f := range rec.Schema().Fields() {
			if !met[f.Name] {
				columns, met[f.Name] = append(columns, f.Name), true
			}
		}
		look.Look(rec)
		return b.Add(rec)
	})
	if err != nil {
		return nil, err
	}
	if o.Target != "" && !slices.Contains(columns, o.Target) {
		return nil, r.o.at("target", config.Errorf("target", "the reference has no column %q%s", o.Target, words.DidYouMean(o.Target, columns)))
	}
	b.SetOutcomes(string(outcomesOf(r.o, &look)))
	if b.Wide() {
		b.SetImportance(importanceOf(r.o, r.sample(), columns))
	}
	return b.Plan()
}

// outcomesOf is what the outcomes of a reference are: what the settings say, else what
// they show.
func outcomesOf(o *Options, look *outcome.Truth) outcome.Kind {
	kind := cmp.Or(o.Config.Outcomes.Kind, look.Shows())
	if kind == outcome.Regression && o.Config.Outcomes.Kind == "" {
		o.Notef("the reference's outcomes are numbers: the model is judged as one that predicts them (outcomes: {kind: binary} in monitor.yaml says otherwise)")
	}
	return kind
}

// noteWeek says by which days the rows are compared.
func noteWeek(p *plan.Plan, notef func(format string, args ...any)) {
	zone := cmp.Or(p.Week.Zone, "UTC")
	switch {
	case p.Parts == view.EachDay:
		notef("a day is compared with the reference's rows of the same weekday, in %s (timezone in monitor.yaml)", zone)
	case p.Parts == view.Weekends:
		notef("weekdays are compared with the reference's weekdays, weekends with its weekends, in %s (timezone in monitor.yaml)", zone)
	case p.Week.Thin():
		notef("the reference has too few rows on weekdays or on weekends to compare by them: every day is compared with all of its rows")
	}
}
