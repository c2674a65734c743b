package drift

import (
	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// attributionChecks are of the features that moved the margin, or of why nobody
// can tell. They have the level ok: they say why, and judge nothing.
func attributionChecks(res *attribution.Result, ref *view.View, o *Options) []*check {
	if res.Reason != "" {
		c := newCheck(verdict.SubjectMargin, verdict.RoleRun, "", verdict.CheckContribution)
		c.Test, c.EffectUnit, c.NRef, c.NCur = "treeshap", res.Unit, res.NRef, res.NCur
		c.setUnjudged(res.Reason, unattributed(res, o))
		return []*check{c}
	}
	var out []*check
	for i := range res.Movers {
		f := &res.Movers[i]
		c := newCheck(f.Feature, verdict.RoleFeature, "", verdict.CheckContribution)
		c.Test, c.EffectUnit, c.NRef, c.NCur, c.Effect, c.ruleLevel = "treeshap", res.Unit, f.NRef, f.NCur, f.Change, verdict.OK
		c.Direction = verdict.Up
		if f.Change < 0 {
			c.Direction = verdict.Down
		}
		if column := ref.Column(f.Feature); column != nil {
			c.Kind = string(column.Kind)
		}
		c.say = func(*verdict.Finding) (string, string) { return explainMover(f, &res.Total) }
		out = append(out, c)
	}
	return out
}

// explainMover gives the reason of a feature that moved the margin, with its
// sentence.
func explainMover(f, total *verdict.Contribution) (reason, sentence string) {
	switch {
	case f.Share < 0:
		return verdict.ReasonOpposes, say.Opposes(f, total)
	case f.Share > 1:
		return verdict.ReasonExceeds, say.Exceeds(f, total)
	}
	return verdict.ReasonExplains, say.Explains(f, total)
}

// unattributed says why nobody can tell what moved the margin.
func unattributed(res *attribution.Result, o *Options) string {
	switch res.Reason {
	case verdict.ReasonMisfit:
		return say.Misfit()
	case verdict.ReasonTooFewRows:
		return say.TooFewExplained(res)
	case verdict.ReasonTooFewDistinct:
		return say.TooFewDistinct(res, o.K)
	case verdict.ReasonOtherModel:
		return say.OtherModel(o.Explained.Differ)
	case verdict.ReasonOwnRows:
		return say.OwnRows(o.Explained.Gap)
	case verdict.ReasonRepetitive:
		return say.Repetitive()
	}
	return say.NotFinite()
}

// sharesOfScore gives the features their shares of the change of the average score: of
// several scores, such as those of classes, the first one's.
func (r *run) sharesOfScore() {
	for _, c := range r.checks {
		if c.Role != verdict.RoleScore || c.Check != verdict.CheckDistribution {
			continue
		}
		for _, mean := range r.report.Statistics {
			if mean.Subject != c.Subject || mean.Name != "mean" {
				continue
			}
			for i := range r.report.Contributions {
				if k := &r.report.Contributions[i]; k.Kind == "feature" {
					k.InScore = k.Share * (mean.Cur - mean.Ref)
				}
			}
		}
		return
	}
}
