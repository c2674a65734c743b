package check

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/model"
)

// common returns what the rows that differ, n of them, have in common and few of
// the others have.
func common(fields []field, differ []bool, n int) []Common {
	var all []Common
	others := float64(len(differ) - n)
	for _, f := range fields {
		holds := map[string]*Common{}
		for i, text := range f.texts {
			c := holds[text]
			if c == nil {
				c = &Common{Field: f.name, Text: text}
				holds[text] = c
			}
			if differ[i] {
				c.Differ++
			} else {
				c.Equal++
			}
		}
		for _, c := range holds {
			share := float64(c.Differ) / float64(n)
			if share >= commonShare && float64(c.Equal) <= share/2*others {
				all = append(all, *c)
			}
		}
	}
	slices.SortFunc(all, func(a, b Common) int {
		return cmp.Or(cmp.Compare(b.Differ, a.Differ), cmp.Compare(a.Equal, b.Equal), cmp.Compare(a.Field, b.Field))
	})
	return all[:min(len(all), maxCommon)]
}

// maxTried bounds the numbers that are tried as missing ones.
const maxTried = 20

// missing returns a number that makes all rows equal once it is taken for a missing
// value: training said missing= to XGBoost, which no file of it keeps. Tried are
// those that the rows that differ hold most.
func (r *Result) missing(engine model.Predictor, values, want []float64, differ []bool) float64 {
	width := engine.NumFeatures()
	held := map[float64]int{}
	for i := range want {
		if differ[i] {
			for _, x := range slices.Compact(slices.Sorted(slices.Values(values[i*width : (i+1)*width]))) {
				if x == x {
					held[x]++
				}
			}
		}
	}
	var tried []float64
	for x, n := range held {
		if n == r.Differ { // each of them needs one
			tried = append(tried, x)
		}
	}
	slices.SortFunc(tried, func(a, b float64) int { return cmp.Or(cmp.Compare(math.Abs(b), math.Abs(a)), cmp.Compare(a, b)) })
	changed, got := make([]float64, len(values)), make([]float32, len(want))
	for _, gone := range tried[:min(len(tried), maxTried)] {
		for i, x := range values {
			if changed[i] = x; float32(x) == float32(gone) {
				changed[i] = math.NaN()
			}
		}
		if engine.Predict(changed, got) != nil {
			continue
		}
		equal := true
		for i := range want {
			equal = equal && difference(float64(got[i]), want[i]) <= r.Tolerance
		}
		if equal {
			return gone
		}
	}
	return math.NaN()
}
