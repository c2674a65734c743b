package monitor

import (
	"fmt"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/performance"
	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Judge is what a log is judged by: the plan, the reference's profile and
// outcomes, and the model.
type Judge struct {
	o         *Options
	plan      *plan.Plan
	ref       *tally.Profile
	explainer *explainer // nil without a model
	truth     outcome.Truth
	coverage  float64 // share of the shards that are in, where some are missing
	noted     bool    // what is odd between the sides was spoken of
}

// NewJudge returns a Judge by a plan and the profile of its reference, which were
// made before. Nothing may be added to the profile after it.
func NewJudge(o Options, p *plan.Plan) (*Judge, error) {
	o = o.settled()
	if p.Sample && o.Sample != nil {
		o.useSample()
	}
	if err := o.Gate.asked(o.Config.Retrain); err != nil {
		return nil, err
	}
	j := &Judge{o: &o, plan: p}
	return j, j.open()
}

// judgeOf makes the plan of the reference, and the Judge by it. Left is what
// reading the table given left out.
func judgeOf(o *Options, given *table.Spool, left *rejects.Sum) (*Judge, error) {
	r, err := findReference(o, given)
	if err != nil {
		return nil, err
	}
	if err := o.Gate.asked(o.Config.Retrain); err != nil {
		return nil, err
	}
	p, err := planOf(r)
	if err != nil {
		return nil, err
	}
	j := &Judge{o: o, plan: p, truth: truthBy(p)}
	if err := j.open(); err != nil {
		return nil, err
	}
	j.ref, err = r.count(p, &j.truth)
	if err == nil && r.given != nil {
		j.ref.AddLeft(left)
	}
	return j, err
}

// open checks what is asked for against the plan, and opens the model.
func (j *Judge) open() (err error) {
	if err := j.o.fits(j.plan); err != nil {
		return err
	}
	j.explainer, err = explainerOf(j.o, j.plan)
	return err
}

// Compare judges the profile of a log against the reference's, both by the
// Judge's plan. Nothing may be added to either after it.
func (j *Judge) Compare(ref, cur *wire.Sealed) (*Report, error) {
	var err error
	if j.truth, err = truthOf(j.o, j.plan); err != nil {
		return nil, err
	}
	j.ref, j.coverage = ref.Profile, cur.Coverage()
	found, err := j.compare(cur.Profile, 0)
	if err != nil {
		return nil, err
	}
	return j.report(found), nil
}

// A judgement is drift's report, and the scores that it is about.
type judgement struct {
	drift.Report
	left    rejects.Sum  // what reading both sides left out
	met     *outcome.Met // nil without outcomes
	score   *view.Column // nil without scores
	windows []view.Window
	scored  []outcome.ScoredRow      // sampled rows with the scores of their classes
	errors  []outcome.PredictedError // of a predicted number
	length  time.Duration            // of the judged period; 0: the whole log

	together float64 // as in outcome.Options
}

// tooFew says that a longer period may judge what this one could not: most features,
// or the scores for want of rows.
func (j *judgement) tooFew() bool {
	return j.Run.Level == verdict.Insufficient || slices.ContainsFunc(j.Findings, func(f verdict.Finding) bool {
		return verdict.AreaOf(&f) == verdict.AreaScore && f.Level == verdict.Insufficient && (f.Reason == verdict.ReasonFewRows || f.Reason == verdict.ReasonTooFewRows)
	})
}

// compare judges cur, which may be of a longer period than the one asked for; 0 if
// it is not. Nothing may be added to cur after it.
func (j *Judge) compare(cur *tally.Profile, asked time.Duration) (judgement, error) {
	var left rejects.Sum
	left.Merge(j.ref.Left())
	left.Merge(cur.Left())
	if err := j.o.tooBad(&left); err != nil {
		return judgement{}, err
	}
	before, after := j.ref.View(), cur.View()
	if !j.noted {
		j.noted = true
		j.noteScores(&before, &after)
		j.noteWords(&before, &after)
		j.noteThreshold(&before)
	}
	o := j.o.drift(j.plan)
	o.Coverage = j.coverage
	o.Asked, o.Period = asked, cur.Period().Length()
	strays := after.DropStrays(j.o.Now)
	if strays > 0 {
		ends := ""
		if !after.Last.IsZero() {
			ends = ", which ends at " + after.Last.Format(time.RFC3339)
		}
		j.o.Notef("%s left out of the period%s: dated after --now, far after all others, or before 1980", words.Count(strays, "row is", "rows are"), ends)
	}
	o.Strays, o.Left = strays, leftOf(&left)
	o.NowGiven = !j.o.Now.IsZero()
	if o.Now = j.o.Now; o.Now.IsZero() {
		o.Now = after.Newest
	}
	o.Encoded = otherColumns(j.o, j.plan, &before, &after)
	for _, column := range j.o.Config.Segments {
		split, err := tally.Segments(j.ref, cur, column, o.K)
		if err != nil {
			return judgement{}, j.o.at("segments", err)
		}
		o.Segments = append(o.Segments, split)
	}
	if j.plan.Find(view.VersionColumn) < 0 || slices.Contains(j.o.Config.Segments, view.VersionColumn) {
		o.Versions = tally.Versions(j.ref, cur, o.K)
	}
	if err := j.explainer.explain(&o, &before, &after, j.o.Notef); err != nil {
		return judgement{}, err
	}
	found := judgement{Report: drift.Compare(before, after, o), left: left, met: outcome.MetOf(cur.Outcomes(), j.plan.Threshold, j.plan.Window), windows: after.Windows, length: o.Period, together: together(after.Entities)}
	if fault := j.truth.Fault(); found.met != nil && fault != "" {
		return judgement{}, fmt.Errorf("reference: %s", fault)
	}
	found.scored = scoredOf(&after, j.plan.Classes)
	if j.truth.Kind == outcome.Regression {
		var err error
		if found.errors, err = predictedErrors(j.o, &after); err != nil {
			return judgement{}, err
		}
	}
	for i := range after.Columns {
		if c := &after.Columns[i]; c.Role == table.Score && c.Values() > 0 && found.score == nil {
			found.score = c
		}
	}
	return found, nil
}

// together is Σn²/Σn over entities of n rows; 1 of none.
func together(entities []view.Row) float64 {
	sum, squares := 0.0, 0.0 // whole numbers, in whatever order
	for _, e := range entities {
		sum, squares = sum+float64(e.N), squares+float64(float64(e.N)*float64(e.N))
	}
	if sum == 0 {
		return 1
	}
	return squares / sum
}

// report adds to a judgement whether to retrain, and how good the model still is.
func (j *Judge) report(found judgement) *Report {
	quality := j.quality(found)
	performance.Judge(&found.Report, &quality, j.o.Config.Levels.Outcomes)
	retrain.Judge(&found.Report, j.o.Config.Retrain, j.measured(found, &quality))
	r := &Report{Report: found.Report, Quality: quality, left: found.left}
	for _, l := range r.left.Lines() {
		if l.Log == string(mapping.Predictions) {
			r.Run.NoZone += l.NoZone
		}
	}
	r.note(j.o.Config.Accept, j.o.Notef)
	return r
}
