// Package correlation asks whether two columns still go together as they did in
// the reference.
package correlation

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Measures of correlation.
const (
	pearson  = "pearson"   // of normal scores on the reference's grid; tested
	cramersV = "cramers_v" // of pairs with a discrete column; tested by associationChange
)

// A Result is the pairs that both sides have, in the reference's order.
type Result struct {
	Pairs   []Pair
	Columns int // that can be paired
	Looked  int // of them those that were
}

// Of is how many pairs the columns have.
func (r *Result) Of() int64 { return int64(r.Columns) * int64(r.Columns-1) / 2 }

// A Pair is two columns together.
type Pair struct {
	Row    verdict.Correlation // without p and q
	Change *Change             // nil where it cannot be tested
}

// A Change is how differently two columns go together: the effect is rho, of the
// difference of two correlations, or Cramér's V of the change.
type Change struct {
	policy.Evidence
	Unit          string  // rho or V
	BothWays      bool    // the effect has a sign: a correlation may fall as well as rise
	Before, After float64 // of each side
}

// Compare measures and tests each pair that both sides have, but for those with
// the outcome, a column's name or empty. Pairs with scores that the model gave to
// its own training rows are measured only. known is used and filled.
// designs say how the rows hang together.
func Compare(ref, cur *view.View, outcome string, known policy.Noncentralities, designs policy.DesignOf) Result {
	byName := make(map[[2]string]*view.Pair, len(cur.Pairs))
	for i := range cur.Pairs {
		p := &cur.Pairs[i]
		byName[[2]string{p.A, p.B}] = p
	}
	inSample := map[string]bool{}
	for i := range ref.Columns {
		inSample[ref.Columns[i].Name] = ref.Columns[i].InSample
	}
	res := Result{Columns: ref.Pairable}
	looked := map[string]bool{}
	for i := range ref.Pairs {
		before := &ref.Pairs[i]
		looked[before.A], looked[before.B] = true, true
		now := byName[[2]string{before.A, before.B}]
		if now == nil || outcome != "" && (before.A == outcome || before.B == outcome) {
			continue
		}
		nan := math.NaN()
		p := Pair{Row: verdict.Correlation{A: before.A, B: before.B, Measure: pearson, Ref: before.Normal, Cur: now.Normal, NRef: before.N, NCur: now.N, P: nan, Q: nan}}
		d := designs[before.A].Values.Lesser(designs[before.B].Values)
		testable := !inSample[before.A] && !inSample[before.B]
		switch {
		case before.Table != nil && now.Table != nil:
			p.Row.Measure, p.Row.Ref, p.Row.Cur = cramersV, association(before.Table), association(now.Table)
			if testable {
				a, b := ref.Column(before.A), ref.Column(before.B)
				p.Change = associated(before, now, [2]bool{a != nil && a.Number != nil, b != nil && b.Number != nil}, known, d)
			}
		case math.IsNaN(before.Normal) && math.IsNaN(now.Normal):
			continue
		case testable:
			p.Change = correlated(before, now, d)
		}
		res.Pairs = append(res.Pairs, p)
	}
	res.Looked = len(looked)
	res.Columns = max(res.Columns, res.Looked)
	return res
}

// correlated compares two numbers' correlations; nil when they cannot be tested.
func correlated(ref, cur *view.Pair, d policy.Design) *Change {
	c := &Change{Evidence: policy.None(ref.N, cur.N), Unit: "rho", BothWays: true, Before: ref.Normal, After: cur.Normal}
	c.Designed(d)
	f, err := stats.Correlations(ref.Normal, ref.Spread, c.EffRef, cur.Normal, cur.Spread, c.EffCur)
	if err != nil {
		return nil
	}
	c.Test, c.Statistic, c.P, c.Effect, c.Direction = "correlations (fourth moments)", f.T, d.Tail(f.P, 1), f.Diff, verdict.Up
	if f.Diff < 0 {
		c.Direction = verdict.Down
	}
	spread := math.Sqrt(ref.Spread/c.EffRef + cur.Spread/c.EffCur)
	c.MDE = func(alpha float64) float64 {
		return math.Min(2, (stats.NormalQuantile(policy.Power)-stats.NormalQuantile(alpha/2))*spread)
	}
	return c
}

// associated compares a pair with a discrete column; nil when it cannot be
// tested.
func associated(ref, cur *view.Pair, ordered [2]bool, known policy.Noncentralities, d policy.Design) *Change {
	change, ok := associationChange(ref.Table, cur.Table, ordered, d)
	if !ok {
		return nil
	}
	c := &Change{Evidence: policy.None(change.n, change.m), Unit: "V", Before: change.before, After: change.after}
	c.Designed(d)
	c.Test, c.Statistic, c.P, c.Effect, c.Direction = "chi2 (no three-way interaction)", change.x2, d.Tail(change.p, change.df), change.v, verdict.Changed
	switch grown := change.after - change.before; {
	case grown >= change.v/2 && grown > 0:
		c.Direction = verdict.Up
	case -grown >= change.v/2 && grown < 0:
		c.Direction = verdict.Down
	}
	c.MDE = func(alpha float64) float64 {
		each := 1/c.EffRef + 1/c.EffCur
		return math.Sqrt(each * known.Least(change.df, alpha) / float64(change.wide))
	}
	return c
}
