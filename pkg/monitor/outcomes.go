package monitor

import (
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// A meeting is predictions on their way to their outcomes, if there are any.
type meeting struct {
	o    *Options
	join *outcome.Join // nil before the first prediction
}

// add brings a batch of predictions together with their outcomes. The plan may
// have to be made.
func (m *meeting) add(rec arrow.RecordBatch, plan func() (*plan.Plan, error)) error {
	if m.o.Outcomes == "" || table.NameOf(rec.Schema()) != predictions {
		return nil
	}
	if m.join == nil {
		p, err := plan()
		if err != nil {
			return err
		}
		if m.join, err = readOutcomes(m.o, p); err != nil {
			return err
		}
	}
	m.join.AddRows(rec)
	return nil
}

// into gives a profile what was found.
func (m *meeting) into(f *tally.Profile) {
	if m.join != nil {
		f.SetOutcomes(m.join.Set())
	}
}

// readOutcomes reads the file of outcomes.
func readOutcomes(o *Options, p *plan.Plan) (*outcome.Join, error) {
	path, c := o.Outcomes, o.Config
	if _, err := files.Reread(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	j := &outcome.Join{ID: c.Plan.ID, Entity: c.Plan.Entity, Label: p.PositiveLabel, Threshold: p.Threshold, Window: p.Window, Inputs: slices.Sorted(maps.Keys(p.Types()))}
	read := predlog.Options{Mapping: mapping.Options{ID: c.Plan.ID, Target: p.Target, Columns: mapping.Learn(c.Pins(), p.Types(), nil)}}
	sum, err := predlog.Reference(path, read, func(rec arrow.RecordBatch) error {
		if missing := j.AddOutcomes(rec); missing != "" {
			return fmt.Errorf("%s: no column with %s", path, missing)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !j.HasOutcomes() && !slices.Contains(sum.Empty, "outcome") && !slices.Contains(sum.Empty, p.Target) {
		return nil, fmt.Errorf("%s: no column with outcome", path)
	}
	if fault := j.Fault(); fault != "" {
		return nil, fmt.Errorf("%s: %s", path, fault)
	}
	if doubt := j.Doubt(); doubt != "" {
		o.Notef("%s: %s", path, doubt)
	}
	if sum.Bad > 0 {
		o.Notef("%s: %s of %s are bad and left out", path, words.Whole(sum.Bad), words.Count(sum.Lines, "line", "lines"))
	}
	return j, nil
}

// quality says how good the model still is by the scores of a judgement and the
// outcomes joined with them.
func (j *Judge) quality(found judgement) outcome.Report {
	q := outcome.Evaluate(&j.truth, found.score, found.join, j.qualityOptions(found))
	if found.join == nil {
		return q
	}
	for _, o := range q.Outcomes {
		if o.Metric != "joined_share" || o.Window != "" {
			continue
		}
		if o.N == 0 {
			j.o.Notef("no outcome is known yet")
			continue
		}
		j.o.Notef("%s of %s met a prediction", words.Percent(o.Value), words.Count(o.N, "known outcome", "known outcomes"))
	}
	return q
}

func (j *Judge) qualityOptions(found judgement) outcome.Options {
	return outcome.Options{
		Threshold: j.plan.Threshold, Windows: found.windows,
		From: found.Run.PeriodStart, Until: found.Run.PeriodEnd, Length: found.length, Now: found.Run.Now, Settings: j.o.Config.Outcomes,
	}
}

// measured is what the reasons to retrain are judged by besides the findings.
func (j *Judge) measured(found judgement, quality *outcome.Report) retrain.Measured {
	join := found.join
	rules, m := j.o.Config.Retrain, retrain.Measured{Unlabelled: j.o.Unlabelled, Figures: quality.Outcomes}
	if join != nil {
		m.Labels, m.Unlabelled = join.Labels(rules.Trained), ""
	}
	if rules.PositiveRateDrop != nil || rules.EstimatedAUCDrop != nil || rules.RealisedAUCDrop != nil {
		m.Drops = outcome.FindDrops(&j.truth, found.score, join, j.qualityOptions(found))
	}
	return m
}

func emptyTruth(p *plan.Plan) outcome.Truth {
	return outcome.Truth{Label: p.PositiveLabel, Target: p.Target, ID: p.IDColumn, Entity: p.Entity}
}

// truthOf reads the outcomes of the reference that a plan was made of, as far as
// o still has it. Another reference than the plan's is refused; the config's is
// left out with a note, since it may have moved on.
func truthOf(o *Options, p *plan.Plan) (outcome.Truth, error) {
	none := emptyTruth(p)
	r := referenceOf(o, p)
	if r == nil {
		return none, nil
	}
	truth, f := none, tally.New(p, view.Period{})
	err := r.each(func(rec arrow.RecordBatch) error {
		truth.Add(rec)
		return f.AddRows(rec)
	})
	switch {
	case err != nil:
		return none, err
	case f.CheckReference() == nil:
		return truth, nil
	case o.Reference != "":
		return none, r.isAnother()
	}
	o.Notef("%s: is another reference than the plan was made of: its outcomes are left out", r.path)
	return none, nil
}
