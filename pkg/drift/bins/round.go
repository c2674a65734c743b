package bins

import (
	"math"
	"strconv"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Rounded rounds x to a tenth to a hundredth of scale, or to three digits
// without a scale, so that no one row's exact value is shown.
func Rounded(x, scale float64) float64 { return roundedBy(x, scale, 0) }

func roundedBy(x, scale float64, more int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
		return x
	}
	if !(scale > 0) || math.IsInf(scale, 1) {
		y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3+more, 64), 64)
		if err != nil {
			return x
		}
		return y
	}
	places := 1 - int(math.Floor(math.Log10(scale))) + more
	if places < 0 {
		step := math.Pow10(-places)
		return math.Round(x/step) * step
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', min(places, 300), 64), 64)
	if err != nil || math.IsInf(y, 0) {
		return x
	}
	return y
}

// roundedEdges rounds ascending edges alike, with as many digits as keep
// different edges different.
func roundedEdges(edges []float64, scale float64) []float64 {
	out := make([]float64, len(edges))
	for more := 0; ; more++ {
		apart := true
		for i, e := range edges {
			out[i] = roundedBy(e, scale, more)
			apart = apart && (i == 0 || out[i] > out[i-1])
		}
		if apart || more == 15 {
			return out
		}
	}
}

// Spread is the width that a column's values are rounded by: its standard
// deviation, or that of a normal column with its quartiles when that is less, as
// it is where a tail is long.
func Spread(n *view.Number) float64 {
	quartiles := (Quantile(n, 0.75) - Quantile(n, 0.25)) / 1.349
	if quartiles > 0 && !(quartiles >= n.Std) {
		return quartiles
	}
	return n.Std
}

// Quantile returns a column's quantile, NaN when the view offers none.
func Quantile(n *view.Number, q float64) float64 {
	if n == nil || n.Quantile == nil {
		return math.NaN()
	}
	return n.Quantile(q)
}

// Share is hits of n, NaN of none.
func Share(hits, n int64) float64 {
	if n <= 0 {
		return math.NaN()
	}
	return float64(hits) / float64(n)
}
