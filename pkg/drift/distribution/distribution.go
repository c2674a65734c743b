// Package distribution compares what a column holds: how numbers or categories
// are distributed on both sides.
package distribution

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/stats/design"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Options says how columns are compared. Known is filled on the way.
type Options struct {
	Policy        policy.Policy // the classic one takes the raw PSI and all unseen categories as one
	K             int64         // a category with fewer rows on both sides is pooled
	Threshold     float64       // score from which a row counts as positive; 0 or NaN: none
	PositiveLabel string        // label that counts as positive; empty: none
	Known         policy.Noncentralities
	Designs       policy.DesignOf // how the rows hang together
}

// Result is the comparison of one column. Its effect is the PSI, in nats.
type Result struct {
	policy.Evidence

	// Absent is set where Unjudged is for want of values on a side that may be
	// compared, so that no other test could judge it either.
	Absent bool

	Bins       []verdict.Bin // as published
	Statistics []verdict.Statistic

	Shift *Shift // where numbers went; nil for categories and what is not judged
	Mix   *Mix   // which categories changed; nil for numbers and what is not judged

	design policy.Design
}

// Compare compares a column: number or category, never text.
func Compare(ref, cur *view.Column, o Options) Result {
	r := Result{Evidence: policy.None(ref.Values(), cur.Values())}
	switch {
	case cur.Vanished && cur.Rows > 0 && table.IsScore(cur.Role):
		r.Unjudged = verdict.ReasonNoLogScores
	case cur.Vanished && cur.Rows > 0:
		r.Unjudged = verdict.ReasonGone
	case r.NRef <= 0 && r.NCur <= 0:
		r.Unjudged = verdict.ReasonNoValues
	case r.NRef <= 0 && table.IsScore(cur.Role):
		r.Unjudged = verdict.ReasonNoRefScores
	case r.NRef <= 0:
		r.Unjudged = verdict.ReasonNoRefValues
	case r.NCur <= 0:
		r.Unjudged = verdict.ReasonNoValues
	case ref.InSample:
		r.Unjudged = verdict.ReasonInSample
	}
	r.Absent = r.Unjudged != ""
	r.design = o.Designs[cur.Name].Values
	r.Designed(r.design)
	switch {
	case cur.Number != nil || ref.Number != nil:
		r.numbers(ref, cur, o)
	case cur.Category != nil && ref.Category != nil:
		r.categories(ref, cur, o)
	default:
		r.cannot(verdict.ReasonNotComparable)
	}
	return r
}

// cannot sets why the column is not judged unless that is known already.
func (r *Result) cannot(reason string) {
	if r.Unjudged == "" {
		r.Unjudged = reason
	}
}

func (r *Result) numbers(refCol, curCol *view.Column, o Options) {
	ref, cur := refCol.Number, curCol.Number
	if fault := bins.GridFault(ref, cur); fault != "" {
		r.cannot(fault)
		return
	}
	r.Statistics = numberStatistics(refCol, curCol, o)
	if len(ref.Edges) == 0 {
		r.cannot(verdict.ReasonNoRefValues)
		return
	}
	scale := bins.Spread(ref)
	classes := bins.PoolTails(bins.Numbers(ref, cur), o.K)
	public := func(terms []float64) []verdict.Bin {
		return bins.Public(curCol.Name, classes, terms, scale, refCol.Missing, curCol.Missing)
	}
	if r.Unjudged != "" {
		r.Bins = public(nil)
		return
	}
	refCells, curCells := bins.Cells(ref), bins.Cells(cur)
	ks, err := stats.KSCounts(refCells, curCells)
	if err != nil {
		r.cannot(verdict.ReasonGridCounters)
		return
	}
	r.Test, r.Statistic, r.P = "ks", ks.D, ks.P
	if most := mostKS(refCells, curCells); most > ks.D {
		r.Test, r.Most = "ks (grid)", most
	}
	if !r.design.Independent() {
		r.P = r.design.Tail(stats.KSTail(ks.D, r.EffRef, r.EffCur), max(1, len(classes)-1))
	}
	// What lies outside the reference does not blunt the KS test.
	within := len(classes)
	for _, b := range classes {
		if b.Kind != verdict.BinInterval {
			within--
		}
	}
	index, _ := r.effect(classes, within, o)
	r.Bins = public(index.Terms)
	r.Statistics = append(r.Statistics, distances(curCol.Name, r.Effect, classes, ks.D, r.Most)...)
	if w, lo, hi, ok := wasserstein(ref, cur); ok {
		s := bins.Statistic(curCol.Name, "wasserstein", math.NaN(), bins.Rounded(w, scale/100), "")
		s.Lo, s.Hi = bins.Rounded(lo, scale/100), bins.Rounded(hi, scale/100)
		r.Statistics = append(r.Statistics, s)
	}

	up, down := gaps(refCells, curCells)
	switch {
	case up >= 2*down && up > 0:
		r.Direction = verdict.Up
	case down >= 2*up && down > 0:
		r.Direction = verdict.Down
	default:
		r.Direction = verdict.Changed
	}
	r.Shift = shiftOf(ref, cur, r.Direction, min(r.NRef, r.NCur), o.K)
	if before, after, ok := bins.Codes(refCol, curCol); ok && o.Policy != policy.Evidently {
		r.codes(before, after, o)
	}
}

// codes compares a number that holds codes as categories too. It is one hypothesis: the
// test of the smaller p stands, with its effect, and its p is doubled (Bonferroni).
func (r *Result) codes(ref, cur *view.Column, o Options) {
	c := Result{Evidence: policy.None(r.NRef, r.NCur), design: r.design}
	c.Designed(r.design)
	c.categories(ref, cur, o)
	if c.Unjudged != "" || math.IsNaN(c.P) {
		return
	}
	if c.P <= r.P {
		r.Evidence, r.Bins, r.Mix, r.Shift = c.Evidence, c.Bins, c.Mix, nil
		r.Statistics = slices.DeleteFunc(r.Statistics, func(s verdict.Statistic) bool { return slices.Contains(byBins, s.Name) })
		for _, s := range c.Statistics {
			if slices.Contains(byBins, s.Name) {
				r.Statistics = append(r.Statistics, s)
			}
		}
	}
	r.P = math.Min(1, 2*r.P)
	if mde := r.MDE; mde != nil {
		r.MDE = func(alpha float64) float64 { return mde(alpha / 2) }
	}
}

// byBins are the statistics that go by the bins.
var byBins = []string{"psi", "jensen_shannon"}

// effect takes the PSI and the smallest one that could have been seen by a test
// that tells so many classes apart; ok is false where one bin holds all rows of
// both sides.
func (r *Result) effect(classes []bins.Bin, apart int, o Options) (index stats.PSIResult, ok bool) {
	each := 1/r.EffRef + 1/r.EffCur
	r.MDE = func(alpha float64) float64 { return o.Known.Least(max(2, apart)-1, alpha) * each }
	index, ok = bins.PSI(classes)
	switch {
	case !ok:
		r.Effect = 0
	case o.Policy == policy.Classic:
		r.Effect = index.Raw
	case r.design.Independent():
		r.Effect = index.PSI
	default:
		r.Effect = index.Raw - each*float64(index.Bins-1)
	}
	return index, ok
}

func (r *Result) categories(refCol, curCol *view.Column, o Options) {
	ref, cur := refCol.Category, curCol.Category
	r.Statistics = categoryStatistics(refCol, curCol, o)
	classes := bins.Categories(ref, cur, o.K, o.Policy != policy.Classic, r.design)
	public := func(terms []float64) []verdict.Bin {
		return bins.Public(curCol.Name, classes, terms, math.NaN(), refCol.Missing, curCol.Missing)
	}
	if r.Unjudged != "" {
		r.Bins = public(nil)
		return
	}
	refCounts, curCounts := bins.Counts(classes)
	x, err := design.ChiSquared(refCounts, curCounts, r.EffRef, r.EffCur)
	if err != nil {
		r.cannot(verdict.ReasonCounters)
		return
	}
	r.Test, r.Direction = "chi2", verdict.Changed
	index, ok := r.effect(classes, len(classes), o)
	r.Bins = public(index.Terms)
	if !ok && len(classes) == 1 && classes[0].Kind == verdict.BinRare {
		r.cannot(verdict.ReasonTooRare)
		r.Effect = math.NaN()
		return
	}
	r.Statistic, r.P = x.X2, r.design.Tail(x.P, x.DF)
	r.Statistics = append(r.Statistics, distances(curCol.Name, r.Effect, classes, math.NaN(), math.NaN())...)
	r.Mix = mixOf(classes, index)
}

// mostKS is the most that the KS statistic can be, over counts by position: open cells
// at the even ones, edges at the odd ones, where nothing is hidden. Within an open cell one
// side may come first with all its values, so the excess over the statistic of the counts
// is at most the lesser of the two sides' shares of a cell.
func mostKS(ref, cur []int64) float64 {
	n, m := total64(ref), total64(cur)
	var a, b int64
	most := 0.0
	for i := range ref {
		before := [2]int64{a, b}
		a, b = a+ref[i], b+cur[i]
		if i%2 == 0 && ref[i] > 0 && cur[i] > 0 {
			first := float64(a)/n - float64(before[1])/m
			last := float64(b)/m - float64(before[0])/n
			most = math.Max(most, math.Max(first, last))
		}
	}
	return most
}

// gaps returns the largest lead of the reference's distribution function over
// the current one's (values went up) and the other way round.
func gaps(ref, cur []int64) (up, down float64) {
	var n, m int64
	for i := range ref {
		n += ref[i]
		m += cur[i]
	}
	if n <= 0 || m <= 0 {
		return 0, 0
	}
	var a, b int64
	for i := range ref {
		a += ref[i]
		b += cur[i]
		gap := float64(a)/float64(n) - float64(b)/float64(m)
		up, down = math.Max(up, gap), math.Max(down, -gap)
	}
	return up, down
}
