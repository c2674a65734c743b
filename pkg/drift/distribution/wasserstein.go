package distribution

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
)

// wasserstein returns the distance of two number columns on one grid: exactly
// while both have their distinct values, with NaN for lo and hi; else the least that
// the grid's counts and means allow, as lo and w, and the most, as hi. ok is
// false when a side is empty.
func wasserstein(ref, cur *view.Number) (w, lo, hi float64, ok bool) {
	refX, refW, refAll := values(ref)
	curX, curW, curAll := values(cur)
	if refAll && curAll {
		w, err := stats.WassersteinWeighted(refX, refW, curX, curW)
		return w, math.NaN(), math.NaN(), err == nil
	}
	n, m := total64(bins.Cells(ref)), total64(bins.Cells(cur))
	if n <= 0 || m <= 0 || len(ref.First) != len(ref.Open) || len(cur.First) != len(cur.Open) {
		return 0, 0, 0, false
	}
	var f, g float64 // distribution functions at the last edge
	edges := ref.Edges
	for i := range ref.Open {
		r, c := float64(ref.Open[i])/n, float64(cur.Open[i])/m
		switch {
		case i == 0: // both functions begin at 0
			lo += math.Abs(beside(r, edges[0], ref.First[0]) - beside(c, edges[0], cur.First[0]))
			if r > 0 && c > 0 {
				hi = math.Inf(1)
			}
		case i == len(edges): // both end at 1
			last := edges[i-1]
			lo += math.Abs(beside(r, last, ref.First[i]) - beside(c, last, cur.First[i]))
			if r > 0 && c > 0 {
				hi = math.Inf(1)
			}
		default:
			h := edges[i] - edges[i-1]
			lo += math.Abs(h*(g-f) + inside(c, edges[i], cur.First[i], h) - inside(r, edges[i], ref.First[i], h))
			// They may cross in the cell: what one gains before, the other may after.
			if g < f+r && f < g+c {
				hi += 2 * h * math.Max(0, math.Min(g+c-f, f+r-g))
			}
		}
		f, g = f+r, g+c
		if i < len(edges) {
			f, g = f+float64(ref.At[i])/n, g+float64(cur.At[i])/m
		}
	}
	hi += lo
	return lo, lo, hi, true
}

// beside is the area of a share of values outside an edge.
func beside(share, edge, mean float64) float64 {
	if share == 0 {
		return 0
	}
	return share * math.Abs(edge-mean)
}

// inside is the area that a share of values adds to a distribution function in
// the cell of width h that ends at edge. A mean is rounded and may fall out of
// its cell.
func inside(share, edge, mean, h float64) float64 {
	if share == 0 {
		return 0
	}
	return share * math.Max(0, math.Min(h, edge-mean))
}

// values returns a column's distinct values with their counts as weights.
func values(n *view.Number) (x, w []float64, ok bool) {
	if n.Values == nil {
		return nil, nil, false
	}
	x, counts, ok := n.Values()
	for _, c := range counts {
		w = append(w, float64(c))
	}
	return x, w, ok
}

func total64(counts []int64) float64 {
	var sum int64
	for _, c := range counts {
		sum += c
	}
	return float64(sum)
}
