package plan

import (
	"math"
	"slices"
	"sort"

	"github.com/leadsman/leadsman/pkg/stats"
)

// maxDistinct is how many distinct values are kept as they are at the most, of a
// reference and of a log.
const maxDistinct = 1 << 16 // of any cap

const (
	maxBins      = 10      // deciles
	fracSteps    = 1 << 24 // steps of a value's place within its cell
	normalSteps  = 4096    // steps of a unit of normal score
	valueSteps   = 1 << 16 // steps of a reference standard deviation
	discreteUpTo = 10      // distinct reference values of a discrete number
)

// A Grid places numbers among a reference's values. Positions count open cells
// and edges in turn: 2i is the open cell below edge i, 2i+1 the edge, 2·len the
// open cell above the last.
type Grid struct {
	Edges    []float64 // ascending, finite, -0 is 0
	Exact    bool      // every distinct reference value is an edge
	Discrete bool      // there are at most ten of them
	Bins     []float64 // inner edges of the deciles, each an edge
	Normal   []int16   // by position: normal score in 1/4096
	Center   float64   // the reference's median
	Inverse  float64   // 1 over its standard deviation; 1 when that is 0

	class  []uint8 // by position: 0 under, then deciles, last over
	search search
}

// newGrid returns the grid of values x, ascending and distinct, each n times. They
// are edges all, unless cells is above 0: then they are a sample of the reference, and so
// many of its quantiles are edges, besides the reference's extremes, least and
// greatest. Extra values become edges.
func newGrid(x []float64, n []int64, cells int, least, greatest, extra []float64) *Grid {
	exact := cells == 0
	g := &Grid{Exact: exact, Discrete: exact && len(x) <= discreteUpTo, Inverse: 1}
	if len(x) == 0 {
		return g
	}
	var total int64
	rank := make([]int64, len(x)) // values up to and with x[i]
	for i := range x {
		total += n[i]
		rank[i] = total
	}
	// at returns the value of rank ceil(q·total), the inverted distribution
	// function: always a value that was seen.
	at := func(k, of int64) float64 {
		want := max(1, (k*total+of-1)/of)
		return x[sort.Search(len(rank), func(i int) bool { return rank[i] >= want })]
	}
	if exact {
		g.Edges = slices.Clone(x)
	} else {
		for k := range int64(cells + 1) {
			g.Edges = append(g.Edges, at(k, int64(cells)))
		}
		g.Edges = append(append(g.Edges, least...), greatest...)
	}
	for k := int64(1); k < maxBins; k++ {
		g.Bins = append(g.Bins, at(k, maxBins))
	}
	g.Edges = append(g.Edges, g.Bins...)
	slices.Sort(g.Edges)
	g.Edges = slices.Compact(g.Edges)
	first, last := g.Edges[0], g.Edges[len(g.Edges)-1]
	g.Bins = slices.DeleteFunc(slices.Compact(g.Bins), func(b float64) bool { return b >= last })
	for _, e := range extra {
		if e > first && e < last { // outside, it would move the reference's range
			g.Edges = append(g.Edges, e+0)
		}
	}
	slices.Sort(g.Edges)
	g.Edges = slices.Compact(g.Edges)
	g.Center = at(1, 2)
	g.Inverse = inverseDeviation(x, n, total)
	g.Normal = normalScores(g.Edges, x, rank, total)
	return g
}

// inverseDeviation returns 1 over the standard deviation of the values.
func inverseDeviation(x []float64, n []int64, total int64) float64 {
	size := max(math.Abs(x[0]), math.Abs(x[len(x)-1]))
	if size == 0 {
		return 1
	}
	mean := 0.0
	for i := range x {
		mean += float64(x[i] / size * (float64(n[i]) / float64(total)))
	}
	v := 0.0
	for i := range x {
		d := x[i]/size - mean
		v += float64(float64(d*d) * (float64(n[i]) / float64(total)))
	}
	if len(x) == 1 || v <= 0 {
		return 1
	}
	if inv := 1 / math.Sqrt(v) / size; inv > 0 && !math.IsInf(inv, 0) {
		return inv
	}
	return 1
}

// normalScores returns each position's normal score: the normal quantile of the
// middle rank that a value there has in the reference.
func normalScores(edges, x []float64, rank []int64, total int64) []int16 {
	out := make([]int16, 2*len(edges)+1)
	score := func(lo, hi int64) int16 { // of the ranks in (lo, hi]
		q := (float64(lo) + float64(hi)) / 2 / float64(total)
		half := 0.5 / float64(total)
		z := stats.NormalQuantile(min(max(q, half), 1-half))
		return int16(math.RoundToEven(max(-7, min(7, z)) * normalSteps))
	}
	i, below := 0, int64(0)
	for e, edge := range edges {
		lo := below
		for i < len(x) && x[i] < edge {
			below = rank[i]
			i++
		}
		out[2*e] = score(lo, below)
		lo = below
		if i < len(x) && x[i] == edge {
			below = rank[i]
			i++
		}
		out[2*e+1] = score(lo, below)
	}
	out[2*len(edges)] = score(below, total)
	return out
}

// finish derives what the stored fields imply: classes and the search.
func (g *Grid) finish() {
	positions := 2*len(g.Edges) + 1
	if g.Normal == nil {
		g.Normal = make([]int16, positions)
	}
	g.class = make([]uint8, positions)
	bin := 0
	for p := 1; p < positions; p++ {
		switch e := p / 2; {
		case e == len(g.Edges): // above the last edge
			g.class[p] = uint8(len(g.Bins) + 2)
		default: // the open cell below edge e, or the edge: the decile (a, b] that holds it
			for bin < len(g.Bins) && g.Edges[e] > g.Bins[bin] {
				bin++
			}
			g.class[p] = uint8(bin + 1)
		}
	}
	g.search = newSearch(g.Edges, g.class, g.Normal)
}

// ByClass sums counts by position to the coarse classes.
func (g *Grid) ByClass(at []int64) []int64 {
	out := make([]int64, g.Classes())
	for p, n := range at {
		out[g.class[p]] += n
	}
	return out
}

// Deciles are counts by coarse class on a grid of the deciles alone: its edges are the
// least value, the deciles' inner edges and the greatest value, and counts of (a, b]
// stand in the open cell below b.
func (g *Grid) Deciles(class []int64) (edges []float64, at, open []int64) {
	if len(g.Edges) == 0 {
		return nil, []int64{}, []int64{class[0]}
	}
	least, most := g.Edges[0], g.Edges[len(g.Edges)-1]
	edges = slices.Compact(append(append([]float64{least}, g.Bins...), most))
	at, open = make([]int64, len(edges)), make([]int64, len(edges)+1)
	open[0], open[len(edges)] = class[0], class[len(class)-1]
	// The deciles (a, b] stand below their upper edges, but for a first one that is the
	// least value alone.
	for i := range len(g.Bins) + 1 {
		upper := most
		if i < len(g.Bins) {
			upper = g.Bins[i]
		}
		if upper == least {
			at[0] = class[i+1]
			continue
		}
		k, _ := slices.BinarySearch(edges, upper)
		open[k] = class[i+1]
	}
	return edges, at, open
}

// Classes returns how many coarse classes the grid has.
func (g *Grid) Classes() int { return len(g.Bins) + 3 }

// steps returns x's distance from the median in 1/65536 standard deviations,
// held within the range of int32.
func (g *Grid) steps(x float64) int32 {
	v := float64(float64(x-g.Center)*g.Inverse) * valueSteps
	switch {
	case v >= math.MaxInt32:
		return math.MaxInt32
	case v <= -math.MaxInt32:
		return -math.MaxInt32
	}
	return int32(float64(v) + math.Copysign(0.5, v))
}

// FromSteps returns the number that is a mean of steps away from the median.
func (g *Grid) FromSteps(mean float64) float64 {
	return g.Center + float64(mean/valueSteps/g.Inverse)
}

// Fraction returns x's place in the open cell above edge i, in 1/2^24 of the
// cell, rounded down.
func (g *Grid) Fraction(i int, x float64) int64 {
	a, b := g.Edges[i], g.Edges[i+1]
	if w := b - a; !math.IsInf(w, 0) {
		return int64(float64((x-a)/w) * fracSteps)
	}
	return int64(float64((x/2-a/2)/(b/2-a/2)) * fracSteps)
}

// CellMean returns the mean of n values in the open cell above edge i, from the
// sum of their fractions.
func (g *Grid) CellMean(i int, fractions, n int64) float64 {
	// The steps were rounded down: half a step on is the best guess.
	f := (float64(fractions)/float64(n) + 0.5) / fracSteps
	return float64(g.Edges[i]*(1-f)) + float64(g.Edges[i+1]*f)
}

// Around returns the grid with its outermost edges, its bins' and those next to
// the values: every value stands on the same edge, or between the same two, as
// before.
func (g *Grid) Around(values []float64) *Grid {
	if len(g.Edges) == 0 {
		return g
	}
	keep := make([]bool, len(g.Edges))
	keep[0], keep[len(keep)-1] = true, true
	for _, v := range values {
		p := g.search.position(v)
		keep[min(p/2, len(keep)-1)] = true
		if p&1 == 0 && p > 0 {
			keep[p/2-1] = true
		}
	}
	for _, b := range g.Bins {
		if i, ok := slices.BinarySearch(g.Edges, b); ok {
			keep[i] = true
		}
	}
	out := &Grid{Exact: g.Exact, Discrete: g.Discrete, Bins: g.Bins, Center: g.Center, Inverse: g.Inverse}
	for i, e := range g.Edges {
		if keep[i] {
			out.Edges = append(out.Edges, e)
		}
	}
	out.finish()
	return out
}
