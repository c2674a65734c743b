package drift

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An aspect says how a column is compared: its role and kind, the raw column
// that it belongs to, and the family of its distribution test.
type aspect struct {
	role, kind, source string
	family             policy.Family
}

// columnChecks are the checks of one column.
func columnChecks(c segments.Column, by policy.Policy, o evidently.Options) []*check {
	as := aspect{role: c.Role, kind: c.Kind, source: c.Name, family: policy.FeatureFamily}
	if verdict.IsScore(c.Role) || c.Role == verdict.RoleLabel {
		as.family = policy.ScoreFamily
	}
	if c.Outcome {
		return []*check{outcomeTaken(c, as, by)}
	}
	var out []*check
	if c.Quality != nil {
		out = qualityChecks(c.Name, as, *c.Quality, by)
	}
	for _, v := range c.Values {
		if v.Quality != nil {
			out = append(out, qualityChecks(v.Cur.Name, as, *v.Quality, by)...)
		}
		if by != policy.Evidently {
			out = append(out, distributionCheck(v.Cur.Name, as, v.Distribution))
			continue
		}
		var e evidently.Result
		if !v.Distribution.Absent {
			e = evidently.Compare(v.Ref, v.Cur, o)
		}
		out = append(out, evidentlyCheck(v.Cur.Name, as, v.Distribution, e))
	}
	return out
}

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
		return d.Unjudged, say.Dependent(f)
	case d.Unjudged != "":
		return d.Unjudged, say.Unjudged(f, d.Unjudged)
	case verdict.Reaches(f.Level, verdict.Warn) && d.Mix != nil:
		return verdict.ReasonCategories, say.Categories(f, d.Mix)
	case verdict.Reaches(f.Level, verdict.Warn):
		return d.Shift.Reason, say.Shift(f, d.Shift)
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, say.FewForPSI(f)
	case f.Statistic == 0:
		return verdict.ReasonUnchanged, say.Unchanged(f)
	case f.Q <= f.Alpha:
		return verdict.ReasonTooSmall, say.TooSmall(f)
	case f.Effect >= f.Threshold:
		return verdict.ReasonByChance, say.ByChance(f)
	}
	return verdict.ReasonSteady, say.Steady(f)
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
		c.say = func(f *verdict.Finding) (string, string) { return c.unjudged, say.EvidentlyUnjudged(f, c.unjudged, e) }
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
			return verdict.ReasonByEvidently, sentence + "; Evidently: " + say.ByEvidently(e)
		}
		return verdict.ReasonByEvidently, say.Named(f, say.ByEvidently(e))
	}
	return c
}
