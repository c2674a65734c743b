package regression

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/stats"
)

// The predictions are cut into at most conceptCells cells of equally many rows, so that
// the smaller side has about rowsOfCell in each.
const (
	conceptCells = 20
	rowsOfCell   = 15
)

// fewestInCell is how many rows a cell needs on each side for a variance.
const fewestInCell = 3

// A cell is the rows of one on both sides.
type cell struct {
	ref, cur []outcome.Pair
}

// meaning says whether a prediction means in cur what it meant in ref: whether the
// mean outcome at one prediction is the same. The predictions of both sides are cut
// into cells of equally many rows, equal ones in one: a fifteenth as many as the smaller
// side has rows, at least 2 and at most 20. In a cell with n and m rows
// the difference d of the mean y - ŷ has the variance v = s²/n + t²/m (Welch). Of
//
//	T₀ = Σ w·d,   T₁ = Σ w·(x - x̄)·d,   w = nm/(n+m),
//
// x being the cell's place and x̄ the one that makes both uncorrelated, each squared over
// its variance is chi-squared of one degree of freedom where nothing changed: the level
// and the slope of E[y|ŷ]. No variance is assumed equal, in cells or on sides. Change,
// Weight are in standard deviations of the reference's y - ŷ; Expected and Observed are
// mean outcomes.
//
// Rows are independent. Cells with fewer than three rows of a side are left out.
func meaning(ref, cur []outcome.Pair) outcome.Concept {
	c := outcome.Concept{X2: math.NaN(), P: math.NaN(), Change: math.NaN()}
	rest := func(p outcome.Pair) float64 { return p.Value - p.Score }
	all, now := of(ref, rest), of(cur, valueOf)
	c.N, c.M, c.Observed = all.n, now.n, now.mean
	scale := math.Sqrt(all.variance)
	type stratum struct{ w, d, v, x float64 }
	var used []stratum
	kept := int64(0)
	for i, x := range cellsOf(ref, cur) {
		a, b := of(x.ref, rest), of(x.cur, rest)
		if a.n < fewestInCell || b.n < fewestInCell {
			c.Left += float64(b.n) / float64(c.M)
			continue
		}
		n, m := float64(a.n), float64(b.n)
		kept += b.n
		c.Expected += m * (a.mean + of(x.cur, func(p outcome.Pair) float64 { return p.Score }).mean)
		used = append(used, stratum{n * m / (n + m), b.mean - a.mean, a.variance/n + b.variance/m, float64(i)})
	}
	c.Expected /= float64(kept)
	var weight, level, levelVar, place float64
	for _, s := range used {
		weight, level, levelVar, place = weight+s.w, level+s.w*s.d, levelVar+s.w*s.w*s.v, place+s.w*s.w*s.v*s.x
	}
	if !(levelVar > 0) || !(scale > 0) {
		return c
	}
	place /= levelVar
	var slope, slopeVar float64
	for _, s := range used {
		u := s.w * (s.x - place)
		slope, slopeVar = slope+u*s.d, slopeVar+u*u*s.v
	}
	c.X2, c.DF = level*level/levelVar, 1
	if slopeVar > 0 {
		c.X2, c.DF = c.X2+slope*slope/slopeVar, 2
	}
	c.P = stats.ChiSquaredSF(c.X2, c.DF)
	c.Weight = weight * weight / levelVar * scale * scale
	c.Change = math.Sqrt(math.Max(0, c.X2-float64(c.DF)) / c.Weight)
	return c
}

// cellsOf cuts the predictions of both sides into cells, in order. A row's cell is that
// of the middle row of its prediction.
func cellsOf(ref, cur []outcome.Pair) []cell {
	type one struct {
		outcome.Pair
		now bool
	}
	var all []one
	rows := int64(0)
	for _, p := range ref {
		all, rows = append(all, one{p, false}), rows+p.N
	}
	for _, p := range cur {
		all, rows = append(all, one{p, true}), rows+p.N
	}
	slices.SortStableFunc(all, func(a, b one) int {
		switch {
		case a.Score < b.Score:
			return -1
		case a.Score > b.Score:
			return 1
		}
		return 0
	})
	count := max(2, min(conceptCells, int(min(outcome.RowsOf(ref), outcome.RowsOf(cur))/rowsOfCell)))
	cells := make([]cell, count)
	var before int64
	for i := 0; i < len(all); {
		j, here := i, int64(0)
		for ; j < len(all) && all[j].Score == all[i].Score; j++ {
			here += all[j].N
		}
		x := &cells[min(count-1, int((2*before+here-1)*int64(count)/(2*rows)))]
		for ; i < j; i++ {
			if all[i].now {
				x.cur = append(x.cur, all[i].Pair)
			} else {
				x.ref = append(x.ref, all[i].Pair)
			}
		}
		before += here
	}
	return cells
}
