package bins

import (
	"math"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Even counts both sides of a column whose values all lie in [0, 1] in bins of equal
// width, each with its lower end and the last with both; nil for other columns. Bins
// that fewer than k rows of either side are in are one with those beside them. Where a
// side has too many distinct values to be kept, those between two edges of the plan's
// grid are counted where their mean lies.
func Even(subject string, ref, cur *view.Number, k int64) []verdict.ScoreBin {
	if GridFault(ref, cur) != "" {
		return nil
	}
	var counts [verdict.ScoreBins][2]int64
	for side, n := range []*view.Number{ref, cur} {
		if n.Min < 0 || n.Max > 1 {
			return nil
		}
		x, w := kept(n)
		for i, v := range x {
			if math.IsNaN(v) {
				continue
			}
			// The least float that is i/20 or more is in bin i.
			b := min(int(v*verdict.ScoreBins), verdict.ScoreBins-1)
			if b+1 < verdict.ScoreBins && v >= float64(b+1)/verdict.ScoreBins {
				b++
			}
			counts[max(b, 0)][side] += w[i]
		}
	}
	var out []verdict.ScoreBin
	last := -1 // the newest bin of out with rows
	open := false
	for i, c := range counts {
		lo, hi := float64(i)/verdict.ScoreBins, float64(i+1)/verdict.ScoreBins
		if !open {
			out = append(out, verdict.ScoreBin{Subject: subject, Lo: lo})
		}
		b := &out[len(out)-1]
		b.Hi, b.NRef, b.NCur = hi, b.NRef+c[0], b.NCur+c[1]
		open = b.NRef+b.NCur > 0 && b.NRef < k && b.NCur < k
		if !open && b.NRef+b.NCur > 0 {
			last = len(out) - 1
		}
	}
	switch {
	case open && last < 0: // too few in all
		return nil
	case open: // what is left goes to those before it
		for _, b := range out[last+1:] {
			out[last].Hi, out[last].NRef, out[last].NCur = b.Hi, out[last].NRef+b.NRef, out[last].NCur+b.NCur
		}
		out = out[:last+1]
	}
	return out
}

// kept are the distinct values of a column with their counts, and else the points of
// its grid.
func kept(n *view.Number) (x []float64, w []int64) {
	if n.Values != nil {
		if x, w, ok := n.Values(); ok {
			return x, w
		}
	}
	x, weights := Points(n)
	for _, v := range weights {
		w = append(w, int64(v))
	}
	return x, w
}
