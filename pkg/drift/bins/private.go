package bins

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
)

// Step is what a number of that standard error is rounded to when it is published: the
// greatest of 1, 2 and 5 times a power of ten that is not above the error; 0 where there
// is none. Of n rows a mean that is rounded so leaves the value of one row uncertain by
// 0.2·√n standard deviations at least, whatever is known of all others.
func Step(standardError float64) float64 {
	if !(standardError > 0) || math.IsInf(standardError, 1) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(standardError)))
	for _, by := range []float64{5, 2} {
		if by*power <= standardError {
			return by * power
		}
	}
	return power
}

// ToStep rounds x to a multiple of step; a step of 0 leaves it.
func ToStep(x, step float64) float64 {
	if step == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	if step < 1 { // a multiple of 0.1 has more digits than one divided by 10
		by := math.Round(1 / step)
		return math.Round(x*by) / by
	}
	return math.Round(x/step) * step
}

// Moments are a column's mean and standard deviation as they may be published.
type Moments struct {
	Mean, Std         float64 // rounded to the steps; NaN of no rows, Std of one
	MeanStep, StdStep float64 // by their standard errors
	Winsorised        bool    // the k-1 rows farthest out count as the next
}

// dominated is the share of a column's squares that fewer than k rows have when mean and
// standard deviation tell of these rows, and not of the column.
const dominated = 2.0 / 3

// MomentsOf returns the moments of a column, winsorised where fewer than k of its rows
// dominate it, or as asked for. The standard error of the deviation is that of its
// fourth moment, s/2·√((κ-1)/n), since under one far value that of a normal sample is
// no bound.
func MomentsOf(n *view.Number, k int64, winsorised bool) Moments {
	x, w := heldOf(n)
	rows, mean, second, _ := momentsOf(x, w)
	m := Moments{Mean: n.Mean, Std: n.Std}
	if far, share := farthest(x, w, mean, second*rows, k); share > dominated || winsorised && len(far) > 0 {
		m.Winsorised = true
		for _, i := range far {
			at := i
			for at < len(x) && slices.Contains(far, at) && x[i] < mean {
				at++
			}
			for at >= 0 && at < len(x) && slices.Contains(far, at) && x[i] > mean {
				at--
			}
			if at >= 0 && at < len(x) && !slices.Contains(far, at) {
				w[at] += w[i]
				w[i] = 0
			}
		}
		rows, mean, second, _ = momentsOf(x, w)
		m.Mean, m.Std = mean, math.NaN()
		if rows > 1 {
			m.Std = math.Sqrt(second * rows / (rows - 1))
		}
	}
	_, _, second, fourth := momentsOf(x, w)
	m.MeanStep = Step(math.Sqrt(second / rows))
	if second > 0 {
		m.StdStep = Step(math.Sqrt(second) / 2 * math.Sqrt(math.Max(fourth/(second*second)-1, 1/rows)/rows))
	}
	m.Mean, m.Std = ToStep(m.Mean, m.MeanStep), ToStep(m.Std, m.StdStep)
	return m
}

// heldOf returns the values of a column with their rows: each, or what Points has.
func heldOf(n *view.Number) (x, w []float64) {
	if n.Values != nil {
		if values, counts, ok := n.Values(); ok && len(values) == len(counts) {
			w = make([]float64, len(counts))
			for i, c := range counts {
				w[i] = float64(c)
			}
			return values, w
		}
	}
	return Points(n)
}

// momentsOf returns the number of rows, their mean, and the second and fourth moment
// around it.
func momentsOf(x, w []float64) (rows, mean, second, fourth float64) {
	for i, v := range x {
		rows += w[i]
		mean += (v - mean) * w[i] / math.Max(rows, 1)
	}
	for i, v := range x {
		d := v - mean
		second += w[i] * d * d / rows
		fourth += w[i] * d * d * d * d / rows
	}
	return rows, mean, second, fourth
}

// farthest returns the values farthest from the mean that fewer than k rows have
// together, and their share of all squares.
func farthest(x, w []float64, mean, squares float64, k int64) (far []int, share float64) {
	low, high := 0, len(x)-1
	rows := 0.0
	for low < high && squares > 0 {
		i, d := low, mean-x[low]
		if up := x[high] - mean; up > d {
			i, d = high, up
		}
		if rows += w[i]; rows >= float64(k) {
			break
		}
		if far, share = append(far, i), share+w[i]*d*d/squares; i == low {
			low++
		} else {
			high--
		}
	}
	return far, share
}

// PublicQuantile returns a quantile of a column of rows rows, rounded by its own error,
// and with it so that k rows are around it: by half of what lies between the quantiles
// one standard error, or k/2 rows, on both sides. Where these are one value it is
// Rounded by scale. Fewer than k rows beyond it are a caller's concern.
func PublicQuantile(n *view.Number, q float64, rows, k int64, scale float64) float64 {
	x := Quantile(n, q)
	around := math.Max(math.Sqrt(q*(1-q)/float64(rows)), float64(k)/2/float64(rows))
	wide := Quantile(n, math.Min(1, q+around)) - Quantile(n, math.Max(0, q-around))
	if step := Step(wide / 2); step > 0 {
		return ToStep(x, step)
	}
	return Rounded(x, scale)
}

// Interval returns the confidence interval of a mean as it is published.
func (m Moments) Interval(rows int64) (lo, hi float64) {
	half := -stats.NormalQuantile((1-confidence)/2) * m.Std / math.Sqrt(float64(rows))
	return ToStep(m.Mean-half, m.MeanStep), ToStep(m.Mean+half, m.MeanStep)
}
