package drift

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Measures of correlation.
const (
	pearson  = "pearson"   // of normal scores on the reference's grid; tested
	cramersV = "cramers_v" // of pairs with a discrete column; tested by associationChange
)

// correlations adds a check and a row for each pair that both sides have, and
// returns the checks, parallel to the rows; a row that is not tested has nil.
func (r *run) correlations() []*check {
	byName := make(map[[2]string]*view.Pair, len(r.cur.Pairs))
	for i := range r.cur.Pairs {
		p := &r.cur.Pairs[i]
		byName[[2]string{p.A, p.B}] = p
	}
	inSample := map[string]bool{}
	for i := range r.ref.Columns {
		inSample[r.ref.Columns[i].Name] = r.ref.Columns[i].InSample
	}
	var tested []*check
	for i := range r.ref.Pairs {
		ref := &r.ref.Pairs[i]
		cur := byName[[2]string{ref.A, ref.B}]
		if cur == nil || r.outcome != "" && (ref.A == r.outcome || ref.B == r.outcome) {
			continue
		}
		nan := math.NaN()
		row := verdict.Correlation{A: ref.A, B: ref.B, Measure: pearson, Ref: ref.Normal, Cur: cur.Normal, NRef: ref.N, NCur: cur.N, P: nan, Q: nan}
		var c *check
		switch {
		case ref.Table != nil && cur.Table != nil:
			row.Measure, row.Ref, row.Cur = cramersV, association(ref.Table), association(cur.Table)
			if !inSample[ref.A] && !inSample[ref.B] {
				c = r.associated(ref, cur, r.known)
			}
		case math.IsNaN(ref.Normal) && math.IsNaN(cur.Normal):
			continue
		case !inSample[ref.A] && !inSample[ref.B]:
			c = r.correlation(ref, cur)
		}
		r.report.Correlations = append(r.report.Correlations, row)
		tested = append(tested, c)
	}
	return tested
}

// correlation checks one pair; nil when it cannot be tested.
func (r *run) correlation(ref, cur *view.Pair) *check {
	f, err := stats.FisherZ(ref.Normal, ref.N, cur.Normal, cur.N)
	if err != nil {
		return nil
	}
	c := newCheck(verdict.PairOf(ref.A, ref.B), verdict.RoleFeature, "", verdict.CheckCorrelation)
	c.family, c.floors, c.bothWays = policy.CorrelationFamily, policy.CorrelationFloors, true
	c.Test, c.EffectUnit = "fisher-z", "rho"
	c.NRef, c.NCur, c.Statistic, c.P, c.Effect = ref.N, cur.N, f.Z, f.P, f.Diff
	c.Direction = verdict.Up
	if f.Diff < 0 {
		c.Direction = verdict.Down
	}
	spread := math.Sqrt(1/float64(ref.N-3) + 1/float64(cur.N-3))
	c.mde = func(alpha float64) float64 {
		// From a correlation of 0, where it is largest.
		return math.Tanh((stats.NormalQuantile(policy.Power) - stats.NormalQuantile(alpha/2)) * spread)
	}
	c.say = func(f *verdict.Finding) (string, string) {
		a, b := words.Numbers(math.Round(ref.Normal*100)/100, math.Round(cur.Normal*100)/100)
		return "", fmt.Sprintf("%s and %s: their correlation %s from %s to %s", words.Name(ref.A), words.Name(ref.B), verb(f.Effect > 0), a, b)
	}
	r.checks = append(r.checks, c)
	return c
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
	all.Level = verdict.OK
	all.Sentence = fmt.Sprintf("none of %s changed", words.Count(steady+weak, "correlation", "correlations"))
	if steady == 0 {
		all.Level = verdict.Insufficient
		all.Sentence = fmt.Sprintf("too few rows to judge %s: a change below %s would go unseen", words.Count(weak, "correlation", "correlations"), words.Number(all.MDE))
	}
	r.checks = append(r.checks, &all)
}
