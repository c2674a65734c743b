package drift

import (
	"github.com/leadsman/leadsman/pkg/drift/correlation"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// correlations adds a check and a row for each pair that both sides have, and
// returns the checks, parallel to the rows; a row that is not tested has nil.
func (r *run) correlations() []*check {
	res := correlation.Compare(&r.ref, &r.cur, r.outcome, r.known)
	tested := make([]*check, len(res.Pairs))
	for i := range res.Pairs {
		p := &res.Pairs[i]
		r.report.Correlations = append(r.report.Correlations, p.Row)
		if p.Change != nil {
			tested[i] = pairCheck(p)
			r.checks = append(r.checks, tested[i])
		}
	}
	return tested
}

func pairCheck(p *correlation.Pair) *check {
	c := newCheck(verdict.PairOf(p.Row.A, p.Row.B), verdict.RoleFeature, "", verdict.CheckCorrelation)
	c.family, c.floors, c.bothWays = policy.CorrelationFamily, policy.CorrelationFloors, p.Change.BothWays
	c.EffectUnit = p.Change.Unit
	c.take(p.Change.Evidence)
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
		return reason, sayCorrelation(f, p)
	}
	return reason, sayAssociation(f, p)
}

// keepPairs writes p and q into the table of correlations and leaves as findings
// only the pairs that changed; one finding stands for all others.
func (r *run) keepPairs(tested []*check) {
	var steady, weak int64
	var model *check
	moved := false
	for i, c := range tested {
		if c == nil {
			continue
		}
		row := &r.report.Correlations[i]
		row.P, row.Q = c.P, c.Q
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
	kept := r.checks[:0:0]
	for _, c := range r.checks {
		if c.family != policy.CorrelationFamily || c.Level == verdict.Warn || c.Level == verdict.Alert {
			kept = append(kept, c)
		}
	}
	r.checks = kept
	if model == nil || moved {
		return
	}
	all := *model
	all.Subject, all.Role = verdict.SubjectCorrelations, verdict.RoleRun
	all.Level, all.Reason, all.Sentence = verdict.OK, verdict.ReasonPairsSteady, sayPairsSteady(steady+weak)
	if steady == 0 {
		all.Level, all.Reason, all.Sentence = verdict.Insufficient, verdict.ReasonFewRows, sayPairsUnseen(weak, all.MDE)
	}
	all.Action = action(&all.Finding)
	r.checks = append(r.checks, &all)
}
