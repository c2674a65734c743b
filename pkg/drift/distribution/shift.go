package distribution

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Shift is where the values of a number column went, in the numbers that tell it
// best. They are rounded as those of statistics are.
type Shift struct {
	// Reason is verdict.ReasonWider or ReasonNarrower with both Halves set,
	// ReasonQuantile with the quantile set, or ReasonShape with neither.
	Reason string

	Halves [2][2]float64 // lower and upper quartile of the reference and of the judged period

	Quantile float64 // 0.05, 0.25, 0.5, 0.75 or 0.95
	Rose     bool
	From, To float64
	Sigmas   float64 // To less From in the reference's standard deviations; infinite or NaN without any
}

// shiftOf tells a shift by quantiles that k of the rows lie beyond, rows being
// those of the smaller side.
func shiftOf(ref, cur *view.Number, direction string, rows, k int64) *Shift {
	scale := bins.Spread(ref)
	told := func(n *view.Number, q float64) float64 { return bins.PublicQuantile(n, q, rows, k, scale) }
	enough := func(q float64) bool { return q*float64(rows) >= float64(k) }
	if direction == verdict.Changed && enough(0.25) {
		rl, rh := bins.Quantile(ref, 0.25), bins.Quantile(ref, 0.75)
		cl, ch := bins.Quantile(cur, 0.25), bins.Quantile(cur, 0.75)
		halves := [2][2]float64{{told(ref, 0.25), told(ref, 0.75)}, {told(cur, 0.25), told(cur, 0.75)}}
		switch {
		case ch-cl > 1.1*(rh-rl):
			return &Shift{Reason: verdict.ReasonWider, Halves: halves}
		case ch-cl < 0.9*(rh-rl):
			return &Shift{Reason: verdict.ReasonNarrower, Halves: halves}
		}
	}
	// The median, unless it hardly moved and another quantile did.
	worth := 0.2 * (bins.Quantile(ref, 0.75) - bins.Quantile(ref, 0.25))
	var best, moved float64
	for _, q := range []float64{0.5, 0.25, 0.75, 0.05, 0.95} {
		if !enough(math.Min(q, 1-q)) {
			continue
		}
		d := math.Abs(bins.Quantile(cur, q) - bins.Quantile(ref, q))
		if d > moved {
			best, moved = q, d
		}
		if q == 0.5 && d > 0 && d >= worth {
			break
		}
	}
	if best == 0 {
		return &Shift{Reason: verdict.ReasonShape}
	}
	from, to := bins.Quantile(ref, best), bins.Quantile(cur, best)
	return &Shift{
		Reason: verdict.ReasonQuantile, Quantile: best, Rose: to > from,
		From: told(ref, best), To: told(cur, best), Sigmas: (to - from) / ref.Std,
	}
}

// Mix is which categories changed their shares.
type Mix struct {
	Leading   []bins.Bin // the one or two that explain most of the PSI; none where it is not taken
	Explained float64    // the part of the PSI that they explain, of 1
	Classes   int        // compared
}

// mixOf picks the leading categories. A second one is worth its words when it
// adds a tenth.
func mixOf(classes []bins.Bin, index stats.PSIResult) *Mix {
	mix := &Mix{Classes: len(classes)}
	first, second := -1, -1
	for i, t := range index.Terms {
		switch {
		case first < 0 || t > index.Terms[first]:
			first, second = i, first
		case second < 0 || t > index.Terms[second]:
			second = i
		}
	}
	if first < 0 {
		return mix
	}
	part := index.Terms[first]
	mix.Leading = []bins.Bin{classes[first]}
	if second >= 0 && index.Terms[second] >= 0.1*index.Raw {
		mix.Leading = append(mix.Leading, classes[second])
		part += index.Terms[second]
	}
	mix.Explained = part / index.Raw
	return mix
}
