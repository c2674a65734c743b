package binary

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/stats"
)

// conceptCells is how many cells of equally many rows the scores are cut into.
const conceptCells = 20

// conceptCell is one cell of scores on both sides.
type conceptCell struct{ n, refPos, m, pos int64 }

// Recalibration compares the meaning of scores by the test of Cochran, Mantel and
// Haenszel, extended by a second degree of freedom. The scores of both sides are
// cut into 20 cells of equally many rows, equal scores in one; in each, the
// positives of cur less what the two sides' common share gives are hypergeometric
// where nothing changed. Their sum shows a change of level, their sum weighted by
// the cell's place less the mean place, which is uncorrelated with it, a change of
// slope. Nothing is fitted and no link is assumed, so that any monotone change of
// the scores gives the same answer, and a shift of their distribution none.
//
// Both sides' rows are independent. Each side has at least one. It is exact in the
// cells' first two moments and chi-squared as their variances grow; see Rarer.
func Recalibration(ref, cur []Tally) outcome.Concept {
	var c outcome.Concept
	var pos int64
	c.N, _ = sums(ref)
	c.M, pos = sums(cur)
	c.Observed = float64(pos) / float64(c.M)
	cells := conceptCellsOf(ref, cur)
	var level, weight, place float64
	for i, x := range cells {
		if x.n == 0 {
			c.Left += float64(x.m) / float64(c.M)
			continue
		}
		c.Expected += float64(x.m) * float64(x.refPos) / float64(x.n)
		d, v := x.excess()
		level, weight, place = level+d, weight+v, place+v*float64(i)
	}
	c.Expected /= float64(c.M) * (1 - c.Left)
	c.Weight = weight
	judged := float64(c.M) * (1 - c.Left)
	expected := judged * c.Expected
	c.Rarer = math.Max(math.Min(expected, judged-expected), float64(min(pos, c.M-pos)))
	if !(weight > 0) {
		c.X2, c.P, c.Change, c.DF = math.NaN(), math.NaN(), math.NaN(), 0
		return c
	}
	place /= weight
	var slope, spread float64
	for i, x := range cells {
		d, v := x.excess()
		slope += (float64(i) - place) * d
		spread += (float64(i) - place) * (float64(i) - place) * v
	}
	c.X2, c.DF = level*level/weight, 1
	if spread > 0 {
		c.X2, c.DF = c.X2+slope*slope/spread, 2
	}
	c.P = stats.ChiSquaredSF(c.X2, c.DF)
	c.Change = math.Sqrt(math.Max(0, c.X2-float64(c.DF)) / weight)
	return c
}

// excess is how many more positives cur has in the cell than its share of both
// sides' positives, and the variance of that where they are dealt by chance.
func (x conceptCell) excess() (excess, variance float64) {
	if x.n == 0 || x.m == 0 {
		return 0, 0
	}
	n, m, k := float64(x.n), float64(x.m), float64(x.refPos+x.pos)
	both := n + m
	return float64(x.pos) - m*k/both, n * m * k * (both - k) / (both * both * (both - 1))
}

// conceptCellsOf cuts the scores of both sides into cells, in order of the scores. A
// row's cell is that of the middle row of its score.
func conceptCellsOf(ref, cur []Tally) []conceptCell {
	type one struct {
		score float64
		conceptCell
	}
	var all []one
	for _, t := range ref {
		all = append(all, one{t.Score, conceptCell{n: t.N, refPos: t.Pos}})
	}
	for _, t := range cur {
		all = append(all, one{t.Score, conceptCell{m: t.N, pos: t.Pos}})
	}
	slices.SortStableFunc(all, func(a, b one) int { return byScore(Tally{Score: a.score}, Tally{Score: b.score}) })
	rows := rowsOf(ref) + rowsOf(cur)
	cells := make([]conceptCell, conceptCells)
	var before int64
	for i := 0; i < len(all); {
		sum := all[i]
		j := i + 1
		for ; j < len(all) && all[j].score == sum.score; j++ {
			sum.n, sum.refPos, sum.m, sum.pos = sum.n+all[j].n, sum.refPos+all[j].refPos, sum.m+all[j].m, sum.pos+all[j].pos
		}
		here := sum.n + sum.m
		x := &cells[min(conceptCells-1, int((2*before+here-1)*conceptCells/(2*rows)))]
		x.n, x.refPos, x.m, x.pos = x.n+sum.n, x.refPos+sum.refPos, x.m+sum.m, x.pos+sum.pos
		before += here
		i = j
	}
	return cells
}

// spiegelhalter returns the Z of Spiegelhalter (1986): the Brier score against
// what it would be were the probabilities right, over its standard deviation,
// and its two-sided p-value. NaN where every probability is 0, 1/2 or 1.
func spiegelhalter(ts []Tally, c calibrator) (z, p float64) {
	var sum, variance float64
	for _, t := range ts {
		q := c.probability(t.Score)
		sum += (float64(t.Pos) - float64(t.N)*q) * (1 - 2*q)
		variance += float64(t.N) * (1 - 2*q) * (1 - 2*q) * q * (1 - q)
	}
	if !(variance > 0) {
		return math.NaN(), math.NaN()
	}
	z = sum / math.Sqrt(variance)
	return z, 2 * stats.NormalSF(math.Abs(z))
}
