package monitor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/outcome/multiclass"
	"github.com/leadsman/leadsman/pkg/outcome/regression"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
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
		if m.join, err = readOutcomes(m.o, p, rec.Schema()); err != nil {
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
func readOutcomes(o *Options, p *plan.Plan, log *arrow.Schema) (*outcome.Join, error) {
	path, c := o.Outcomes, o.Config
	if _, err := files.Reread(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	j := &outcome.Join{ID: c.Plan.ID, Entity: c.Plan.Entity, Kind: outcome.Kind(p.Outcomes), Label: p.PositiveLabel, Classes: p.Classes, Threshold: p.Threshold, Window: p.Window, Inputs: slices.Sorted(maps.Keys(p.Types())), Log: log, Settings: c.Outcomes}
	read := predlog.Options{Mapping: mapping.Options{ID: c.Plan.ID, Target: p.Target, Keys: c.Outcomes.Columns(), Columns: mapping.Learn(c.Pins(), p.Types(), nil)}}
	sum, err := predlog.Reference(path, read, func(rec arrow.RecordBatch) error {
		if missing := j.AddOutcomes(rec); missing != "" {
			return fmt.Errorf("%s: no column with %s; it has %s", path, missing, words.List(columnNames(rec.Schema())))
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

func columnNames(s *arrow.Schema) []string {
	var names []string
	for _, f := range s.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// quality says how good the model still is by the scores of a judgement and the
// outcomes joined with them.
func (j *Judge) quality(found judgement) outcome.Report {
	q := j.evaluate(found)
	if found.met == nil {
		return q
	}
	for _, o := range q.Outcomes {
		if o.Kind != "count" || o.Window != "" {
			continue
		}
		if o.Metric == "contested" && o.N > 0 {
			j.o.Notef("%s outcomes that disagree: left out", words.Count(o.N, "key has", "keys have"))
		}
		if o.Metric != "joined_share" {
			continue
		}
		if o.N == 0 {
			j.o.Notef("no outcome is known yet")
			continue
		}
		j.o.Notef("%s of %s met a prediction%s", words.Percent(o.Value), words.Count(o.N, "known outcome", "known outcomes"), q.Others)
		if q.Early {
			j.o.Notef("%s, and none is older", q.Young)
			continue
		}
		j.noteUnmet(found.met, q.Unmet)
	}
	return q
}

// noteUnmet says why outcomes met no prediction, as far as that is known, and the first
// keys of both sides that met nothing.
func (j *Judge) noteUnmet(m *outcome.Met, unmet []verdict.Unmet) {
	why, do := m.Cause()
	if why != "" {
		if log, other := m.Alike(); log != "" {
			why += fmt.Sprintf(" (%q in the log is %q in the outcomes)", log, other)
		}
		if do != "" {
			why += ": " + do
		}
		j.o.Notef("%s", why)
	}
	sides := map[string][]string{}
	for _, u := range unmet {
		sides[u.Side] = append(sides[u.Side], strconv.Quote(u.Key))
	}
	if of := sides["outcomes"]; len(of) > 0 {
		text := "first outcomes without a prediction: " + strings.Join(of, ", ")
		if of := sides["predictions"]; len(of) > 0 {
			text += "; oldest predictions without an outcome: " + strings.Join(of, ", ")
		}
		j.o.Notef("%s", text)
	}
}

// evaluate says it by the kind of outcomes.
func (j *Judge) evaluate(found judgement) outcome.Report {
	evaluate := binary.Evaluate
	switch j.truth.Kind {
	case outcome.Regression:
		evaluate = regression.Evaluate
	case outcome.MultiClass:
		evaluate = multiclass.Evaluate
	}
	return evaluate(&j.truth, found.score, found.met, j.qualityOptions(found))
}

func (j *Judge) qualityOptions(found judgement) outcome.Options {
	return outcome.Options{
		Classes: j.plan.Classes, Scored: found.scored, Threshold: j.plan.Threshold, K: cmp.Or(j.o.Config.Site.K, view.K), Windows: found.windows, Errors: found.errors,
		From: found.Run.PeriodStart, Until: found.Run.PeriodEnd, Length: found.length, Together: found.together, Now: found.Run.Now, Settings: j.o.Config.Outcomes,
	}
}

// measured is what the reasons to retrain are judged by besides the findings.
func (j *Judge) measured(found judgement, quality *outcome.Report) retrain.Measured {
	met := found.met
	rules, m := j.o.Config.Retrain, retrain.Measured{Unlabelled: j.o.Unlabelled, Figures: quality.Outcomes}
	if met != nil {
		m.Labels, m.Unlabelled = met.Labels(rules.Trained), ""
	}
	if rules.PositiveRateDrop != nil || rules.EstimatedAUCDrop != nil || rules.RealisedAUCDrop != nil {
		find := binary.FindDrops
		switch j.truth.Kind {
		case outcome.Regression:
			find = regression.FindDrops
		case outcome.MultiClass:
			find = multiclass.FindDrops
		}
		m.Drops = find(&j.truth, found.score, met, j.qualityOptions(found))
	}
	return m
}

// truthBy is what a reference of the plan knows, before its rows.
func truthBy(p *plan.Plan) outcome.Truth {
	return outcome.Truth{Kind: outcome.Kind(p.Outcomes), Label: p.PositiveLabel, Classes: p.Classes, Target: p.Target, ID: p.IDColumn, Entity: p.Entity}
}

// truthOf reads the outcomes of the reference that a plan was made of, as far as
// o still has it. Another reference than the plan's is refused; the config's is
// left out with a note, since it may have moved on.
func truthOf(o *Options, p *plan.Plan) (outcome.Truth, error) {
	none := truthBy(p)
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

// scoredOf are the sampled rows with the scores of all classes; none without classes.
func scoredOf(v *view.View, classes []string) []outcome.ScoredRow {
	if len(classes) == 0 {
		return nil
	}
	places := make([]int, len(classes))
	for k, name := range classes {
		places[k] = slices.Index(v.Names, table.ClassColumn(name))
	}
	var out []outcome.ScoredRow
	for i := range v.Sample {
		r := &v.Sample[i]
		var scores []byte
		whole := true
		for _, at := range places {
			if at < 0 || r.Cells[at].Null || r.Cells[at].String {
				whole = false
				break
			}
			scores = outcome.AppendScore(scores, r.Cells[at].Num)
		}
		if whole {
			out = append(out, outcome.ScoredRow{At: r.At, Pair: outcome.Pair{Score: r.Score, Value: -1, N: r.N, Scores: string(scores)}})
		}
	}
	return out
}
