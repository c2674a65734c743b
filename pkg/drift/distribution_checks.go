package drift

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// distributionCheck asks whether a column's values are distributed otherwise.
func distributionCheck(subject string, as aspect, d distribution.Result) *check {
	c := newCheck(subject, as.role, as.kind, verdict.CheckDistribution)
	c.source, c.family, c.floors, c.EffectUnit = as.source, as.family, policy.PSIFloors, "PSI"
	c.setEvidence(d.Evidence)
	c.say = func(f *verdict.Finding) (string, string) { return explainDistribution(f, d) }
	return c
}

func explainDistribution(f *verdict.Finding, d distribution.Result) (reason, sentence string) {
	switch {
	case d.Unjudged == verdict.ReasonDependent:
		return d.Unjudged, sayDependent(f)
	case d.Unjudged != "":
		return d.Unjudged, sayUnjudged(f, d.Unjudged)
	case verdict.Reaches(f.Level, verdict.Warn) && d.Mix != nil:
		return verdict.ReasonCategories, sayCategories(f, d.Mix)
	case verdict.Reaches(f.Level, verdict.Warn):
		return d.Shift.Reason, sayShift(f, d.Shift)
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, sayFewForPSI(f)
	case f.Statistic == 0:
		return verdict.ReasonUnchanged, sayUnchanged(f)
	case f.Q <= f.Alpha:
		return verdict.ReasonTooSmall, sayTooSmall(f)
	case f.Effect >= f.Threshold:
		return verdict.ReasonByChance, sayByChance(f)
	}
	return verdict.ReasonSteady, saySteady(f)
}

// evidentlyCheck asks the same of Evidently. Direction, size and words are those
// that the distribution has under the other policies.
func evidentlyCheck(subject string, as aspect, d distribution.Result, e evidently.Result) *check {
	shown := distributionCheck(subject, as, d)
	c := newCheck(subject, as.role, as.kind, verdict.CheckDistribution)
	c.source, c.floors, c.EffectUnit = as.source, policy.Floors{Warn: math.NaN(), Alert: math.NaN()}, "PSI"
	c.ThresholdSource = policy.Evidently.String() + " policy"
	c.NRef, c.NCur = d.NRef, d.NCur
	c.unjudged = e.Unjudged
	switch {
	case d.Absent:
		c.unjudged = d.Unjudged
	case as.kind == string(view.TextKind):
		c.unjudged = verdict.ReasonText
	}
	if c.unjudged != "" {
		c.say = func(f *verdict.Finding) (string, string) { return c.unjudged, sayEvidentlyUnjudged(f, c.unjudged, e) }
		return c
	}
	c.Test, c.Direction = e.Test, d.Direction
	if e.Set {
		c.ThresholdSource = "monitor.yaml"
	}
	if e.Distance {
		c.Statistic, c.Effect, c.EffectUnit, c.Threshold = e.Score, e.Score, "1", e.Threshold
	} else {
		c.Statistic, c.P, c.Alpha, c.Effect = e.Statistic, e.Score, e.Threshold, d.Effect
	}
	// Ranked by PSI, the effect that all columns have.
	c.weight = d.Effect / policy.PSIFloors.Warn
	level := map[bool]string{true: verdict.Warn, false: verdict.OK}
	c.ruleLevel, c.shareLevel = level[e.Drifted], level[e.Counted]
	c.say = func(f *verdict.Finding) (string, string) {
		if e.Drifted && d.Unjudged == "" {
			shown.Level = verdict.Warn
			_, sentence := shown.say(&shown.Finding)
			return verdict.ReasonByEvidently, sentence + "; Evidently: " + sayByEvidently(e)
		}
		return verdict.ReasonByEvidently, named(f, sayByEvidently(e))
	}
	return c
}
