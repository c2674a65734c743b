// Package performance judges how good the model still is by outcomes: it turns
// what they measured into findings and levels.
package performance

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Judge judges what outcomes measured: it adds a finding for each comparison
// (subject "(model)", test the figure's name, and that of the class that it is of) and the thresholds that it went by, and
// puts q-values and levels into the table outcomes. All are one family of tests. It
// is called once, on what drift.Compare returned; the reasons to retrain, which are
// judged after it, sum the run up.
func Judge(r *drift.Report, q *outcome.Report, levels Levels) {
	if q.Outcomes == nil {
		return
	}
	by, _ := policy.Named(r.Run.Policy)
	j := judging{policy: by.BesideEvidently(), levels: levels.settled()}
	j.source = j.policy.String() + " policy"
	for i := range q.Compared {
		j.add(&q.Compared[i])
	}
	if q.Unjoined != "" {
		j.findings = append(j.findings, unjoined(q))
	} else if len(q.Compared) == 0 {
		j.findings = append(j.findings, unjudged(q))
	}
	j.settle()
	slices.SortStableFunc(j.findings, func(a, b *finding) int { return verdict.Severity(b.Level) - verdict.Severity(a.Level) })
	at := 0
	for _, f := range j.findings {
		if f.of != nil && f.of.Version == "" {
			q.Take(f.of.Metric, f.of.Class, f.Q, f.Level, f.Sentence)
		}
		// Before all that is as grave: what became of the rows says more than what
		// they were.
		for at < len(r.Findings) && verdict.Severity(r.Findings[at].Level) > verdict.Severity(f.Level) {
			at++
		}
		if text := brief(f); text != "" {
			r.Brief(&f.Finding, text)
		}
		r.Findings = slices.Insert(r.Findings, at, f.Finding)
		at++
	}
	for i := range r.Findings {
		r.Findings[i].Rank = int64(i + 1)
	}
	numbers := len(q.Compared) > 0 && q.Compared[0].Unit > 0
	r.Thresholds = append(r.Thresholds, Thresholds(by, levels, numbers)...)
}

// judging are the findings on their way to a level.
type judging struct {
	policy   policy.Policy
	levels   Levels
	source   string
	findings []*finding
}

// finding is one, and what it is of.
type finding struct {
	verdict.Finding
	of     *outcome.Comparison // nil where nothing could be compared
	floors policy.Floors
	most   string // the gravest level that it can have
	size   float64
}

// checkOf is what a comparison asks.
func checkOf(metric string) string {
	switch metric {
	case "recalibration":
		return verdict.CheckConcept
	case "positive_rate", "outcome_mean":
		return verdict.CheckOutcomes
	}
	return verdict.CheckPerformance
}

func (j *judging) add(c *outcome.Comparison) {
	f := &finding{Finding: verdict.NewFinding(verdict.SubjectModel, verdict.RoleRun, "", checkOf(c.Metric)), of: c, most: verdict.Alert}
	f.Test, f.NRef, f.NCur, f.Statistic, f.P = c.Metric, c.NRef, c.N, c.Statistic, c.P
	if c.Class != "" {
		f.Test += ": " + c.Class
	}
	if c.Version != "" {
		f.Segment = verdict.Segment{Column: view.VersionColumn, Name: c.Version}.Key()
	}
	for i, worth := range c.Independent {
		switch rows := []int64{c.NRef, c.N}[i]; {
		case worth >= rows:
		case i == 0:
			f.EffRef = float64(worth)
		default:
			f.EffCur = float64(worth)
		}
	}
	var unit string
	f.floors, unit = j.levels.floors(c.Metric)
	f.EffectUnit, f.ThresholdSource = unit, j.source
	if j.levels.set(c.Metric) {
		f.ThresholdSource = "monitor.yaml levels.outcomes"
	}
	f.Threshold, f.AlertThreshold = f.floors.Warn, f.floors.Alert
	change := c.Cur - c.Ref
	switch {
	case c.Metric == "recalibration":
		// It warns: whether the model is worse by it, the other figures say.
		f.Effect, f.size, f.most, f.AlertThreshold = c.Concept.Change, c.Concept.Change, verdict.Warn, math.NaN()
		if c.Unit > 0 {
			f.EffectUnit = inDeviations
		}
	case c.Metric == "outcome_mean":
		f.Effect, f.size = change/c.Unit, math.Abs(change)/c.Unit
	case c.Metric == "bias":
		f.Effect, f.size = change/c.Unit, math.Abs(change)/c.Unit
		if math.Abs(c.Cur) < math.Abs(c.Ref) { // it is better
			f.size = -f.size
		}
	case c.Metric == "positive_rate":
		f.Effect, f.size = 100*change, 100*math.Abs(change)
	case c.Metric == "roc_auc" || c.Metric == "r2":
		f.Effect, f.size = change, -change
	case c.Loss():
		f.Effect = c.Cur / c.Ref
		f.size = f.Effect
	default:
		f.Effect, f.size = 100*change, -100*change
	}
	if c.Metric != "recalibration" {
		switch {
		case change > 0:
			f.Direction = verdict.Up
		case change < 0:
			f.Direction = verdict.Down
		}
	} else if c.P <= j.policy.Alpha(policy.OutcomeFamily) {
		f.Direction = verdict.Changed
	}
	j.findings = append(j.findings, f)
}

// settle gives the findings their q, level and sentence.
func (j *judging) settle() {
	var members []*finding
	var p []float64
	for _, f := range j.findings {
		if f.of != nil && f.of.Unjudged == "" {
			members, p = append(members, f), append(p, f.P)
		}
	}
	alpha := j.policy.Alpha(policy.OutcomeFamily)
	qs := p
	first := alpha
	if j.policy == policy.Calibrated {
		if adjusted, err := stats.BenjaminiHochberg(p); err == nil {
			qs = adjusted
		}
		// The least p of k tests is held against alpha/k.
		first /= float64(max(1, len(members)))
	}
	for i, f := range members {
		f.Alpha = alpha
		if j.policy == policy.Calibrated {
			f.Q = qs[i]
		}
		f.MDE = detectable(f.of, first)
		f.Level = level(f, qs[i] <= alpha, j.policy)
	}
	for _, f := range j.findings {
		if f.Level == "" {
			f.Level = verdict.Insufficient
		}
		if f.of != nil {
			f.Reason, f.Sentence = explain(f)
			if class := f.of.Class; class != "" {
				f.Sentence = words.Name(class) + ": " + f.Sentence
			}
			if v := f.of.Version; v != "" {
				f.Sentence = "in model_version=" + words.Name(v) + ": " + f.Sentence
			}
		}
		f.Action = action(&f.Finding)
		verdict.Null(&f.Statistic, &f.P, &f.Q, &f.Effect, &f.Threshold, &f.AlertThreshold, &f.MDE)
	}
}

func level(f *finding, significant bool, by policy.Policy) string {
	switch {
	case significant && f.size >= f.floors.Alert:
		return f.most
	case significant && f.size >= f.floors.Warn:
		return verdict.Warn
	case !significant && by == policy.Calibrated && f.MDE > f.floors.Alert:
		return verdict.Insufficient
	}
	return verdict.OK
}

// detectable is the smallest effect that a test at alpha sees with the chance Power,
// in the finding's unit.
func detectable(c *outcome.Comparison, alpha float64) float64 {
	z := stats.NormalQuantile(1-alpha/2) + stats.NormalQuantile(policy.Power)
	switch {
	case c.Metric == "recalibration":
		// The statistic less what chance gives is Weight times the effect squared.
		return math.Sqrt(policy.Noncentralities{}.Least(max(1, c.Concept.DF), alpha) / c.Concept.Weight)
	case c.Loss():
		return 1 + z*c.SE/c.Ref
	case c.Metric == "roc_auc" || c.Metric == "r2":
		return z * c.SE
	case c.Unit > 0:
		return z * c.SE / c.Unit
	}
	return policy.DetectablePoints(c.Ref, float64(c.Independent[0]), float64(c.Independent[1]))(alpha)
}

// action is what to do about a finding.
func action(f *verdict.Finding) string {
	switch {
	case f.Reason == verdict.ReasonUnjoined:
		return verdict.ActionJoinOutcomes
	case f.Level == verdict.Insufficient && f.Reason == verdict.ReasonInSample:
		return verdict.ActionScoreReference
	case f.Level == verdict.Insufficient && f.Reason != verdict.ReasonNotMeasured:
		return verdict.ActionWait
	case !verdict.Reaches(f.Level, verdict.Warn):
		return ""
	}
	return verdict.TraitsOf(f.Check).Action
}
