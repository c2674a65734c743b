package drift

import (
	"github.com/leadsman/leadsman/pkg/drift/correlation"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// pairChecks are the checks of pairs, parallel to them: nil of what is not tested.
func pairChecks(r *correlation.Result) []*check {
	tested := make([]*check, len(r.Pairs))
	for i := range r.Pairs {
		if p := &r.Pairs[i]; p.Change != nil {
			tested[i] = pairCheck(p)
		}
	}
	return tested
}

func pairCheck(p *correlation.Pair) *check {
	c := newCheck(verdict.PairOf(p.Row.A, p.Row.B), verdict.RoleFeature, "", verdict.CheckCorrelation)
	c.family, c.floors, c.bothWays = policy.CorrelationFamily, policy.CorrelationFloors, p.Change.BothWays
	c.EffectUnit = p.Change.Unit
	c.setEvidence(p.Change.Evidence)
	c.say = func(f *verdict.Finding) (string, string) { return explainPair(f, p) }
	return c
}

// explainPair gives the reason of a pair that changed, with its sentence.
func explainPair(f *verdict.Finding, p *correlation.Pair) (reason, sentence string) {
	switch f.Direction {
	case verdict.Up:
		reason = verdict.ReasonPairRose
	case verdict.Down:
		reason = verdict.ReasonPairFell
	default:
		reason = verdict.ReasonPairChanged
	}
	if p.Change.BothWays {
		return reason, say.Correlation(f, p)
	}
	return reason, say.Association(f, p)
}

// keptPairs are the checks without the pairs that did not change, for which one
// finding stands. It writes the p and q of those that were tested into the rows,
// to which they are parallel.
func keptPairs(checks, tested []*check, pairs *correlation.Result, rows []verdict.Correlation) []*check {
	var steady, weak, all int64
	var model *check
	moved := false
	for i, c := range tested {
		if c == nil {
			continue
		}
		rows[i].P, rows[i].Q = c.P, c.Q
		all++
		switch c.Level {
		case verdict.Warn, verdict.Alert:
			moved = true
		case verdict.Insufficient:
			weak++
		default:
			steady++
		}
		if model == nil || c.P < model.P {
			model = c
		}
	}
	for _, c := range tested {
		if c != nil {
			c.LookedAt, c.Of = all, max(all, pairs.Of())
		}
	}
	kept := checks[:0:0]
	for _, c := range checks {
		if c.family != policy.CorrelationFamily || c.Level == verdict.Warn || c.Level == verdict.Alert {
			kept = append(kept, c)
		}
	}
	if model == nil || moved {
		return kept
	}
	sum := *model
	sum.Subject, sum.Role = verdict.SubjectCorrelations, verdict.RoleRun
	sum.Level, sum.Reason, sum.Sentence = verdict.OK, verdict.ReasonPairsSteady, say.PairsSteady(steady+weak)
	if steady == 0 {
		sum.Level, sum.Reason, sum.Sentence = verdict.Insufficient, verdict.ReasonFewRows, say.PairsUnseen(weak, sum.MDE)
	}
	sum.Sentence += say.PairsLeftOut(pairs)
	sum.Action = say.Action(&sum.Finding)
	return append(kept, &sum)
}
