package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/words"
)

// meet brings a batch of predictions together with their outcomes.
func (w *work) meet(rec arrow.RecordBatch) error {
	if w.join == nil {
		if w.plan == nil {
			if err := w.makePlan(); err != nil {
				return err
			}
		}
		var err error
		if w.join, err = readOutcomes(w.env, w.settings, w.plan); err != nil {
			return err
		}
	}
	w.join.AddRows(rec)
	return nil
}

// readOutcomes reads the file of --outcomes.
func readOutcomes(env *cli.Env, s *settings, p *plan.Plan) (*outcome.Join, error) {
	path, c := s.ctx.String("outcomes"), s.config
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	j := &outcome.Join{ID: c.Plan.ID, Label: p.PositiveLabel, Threshold: p.Threshold, Window: p.Window, Inputs: slices.Sorted(maps.Keys(p.Types()))}
	o := predlog.Options{Mapping: mapping.Options{ID: c.Plan.ID, Target: p.Target, Columns: mapping.Pins(p.Types())}}
	sum, err := predlog.Reference(path, o, func(rec arrow.RecordBatch) error {
		if missing := j.AddOutcomes(rec); missing != "" {
			return fmt.Errorf("%s: no column with %s", path, missing)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !j.Told() && !slices.Contains(sum.Empty, "outcome") && !slices.Contains(sum.Empty, p.Target) {
		return nil, fmt.Errorf("%s: no column with outcome", path)
	}
	if sum.Bad > 0 {
		env.Notef("%s: %s of %s are bad and left out", path, words.Whole(sum.Bad), words.Count(sum.Lines, "line", "lines"))
	}
	return j, nil
}

// quality says how good the model still is.
func (w *work) quality(report judgement) outcome.Report {
	q := qualityOf(&w.truth, w.join, w.plan, report)
	for _, o := range q.Outcomes {
		if o.Metric == "joined_share" && o.Window == "" {
			if o.N == 0 {
				w.env.Notef("no outcome is known yet")
				continue
			}
			w.env.Notef("%s of %s met a prediction", words.Percent(o.Value), words.Count(o.N, "known outcome", "known outcomes"))
		}
	}
	return q
}

func qualityOf(truth *outcome.Truth, join *outcome.Join, p *plan.Plan, report judgement) outcome.Report {
	return outcome.Evaluate(truth, report.score, join, qualityOptions(p, &report))
}

func qualityOptions(p *plan.Plan, report *judgement) outcome.Options {
	return outcome.Options{Threshold: p.Threshold, From: report.Run.PeriodStart, Until: report.Run.PeriodEnd, Windows: report.windows}
}

// truthOf reads the outcomes of the reference that a plan was made of, as far as
// flags, config or the sample case still have it. Another reference than the
// plan's is refused; the config's is left out with a note, since it may have
// moved on.
func truthOf(s *settings, p *plan.Plan) (*outcome.Truth, error) {
	none := &outcome.Truth{Label: p.PositiveLabel, Target: p.Target}
	source := &referenceSource{env: cli.EnvOf(s.ctx), path: s.ctx.String("reference"), config: s.config, target: p.Target, types: p.Types()}
	if source.path == "" && !p.Sample {
		if source.path = s.config.Reference; source.path == "" {
			return none, nil
		}
	}
	truth, f := *none, tally.New(p, view.Period{})
	err := source.each(func(rec arrow.RecordBatch) error {
		truth.Add(rec)
		return f.AddRows(rec)
	})
	switch {
	case err != nil:
		return nil, err
	case f.CheckReference() == nil:
		return &truth, nil
	case s.ctx.IsSet("reference"):
		return nil, fmt.Errorf("%s: is another reference than the plan was made of, or was read with another --config", source.path)
	}
	source.env.Notef("%s: is another reference than the plan was made of: its outcomes are left out", source.path)
	return none, nil
}

// writeQuality writes what outcomes say to a person.
func writeQuality(w io.Writer, q outcome.Report) {
	for _, o := range q.Outcomes {
		switch {
		case o.Window != "":
		case o.Kind == "metric" && o.Metric == "roc_auc":
			fmt.Fprintf(w, "\n%-5s  ROC AUC by %s is %s (%s)", o.Level, words.Count(o.N, "outcome", "outcomes"), words.Column(o.Value), words.Interval(o.Lo, o.Hi))
			if !math.IsNaN(o.Reference) {
				fmt.Fprintf(w, ", the reference's %s", words.Column(o.Reference))
			}
			fmt.Fprintln(w, ".")
		case o.Kind == "test" && o.Metric == "recalibration":
			fmt.Fprintf(w, "%-5s  %s\n", o.Level, o.Note)
		}
	}
}
