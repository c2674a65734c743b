package regression

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/stats"
)

// A figure is one of rows with outcomes.
type figure struct {
	metric string
	value  float64
	se     float64 // standard error; NaN where lo and hi are known otherwise
	lo, hi float64 // ends of the 95 % interval; NaN: not known
}

// fewestBeyond is how many rows lie beyond a quantile that is told.
const fewestBeyond = 5

// Names of figures.
const (
	mae         = "mae"
	rmse        = "rmse"
	bias        = "bias"
	r2          = "r2"
	outcomeMean = "outcome_mean"
)

// errorQuantiles are those of the error that are told.
var errorQuantiles = []struct {
	name string
	p    float64
}{{"error_p05", 0.05}, {"error_p25", 0.25}, {"error_p50", 0.5}, {"error_p75", 0.75}, {"error_p95", 0.95}}

// moments are the mean of a number of the rows and its unbiased variance.
type moments struct {
	mean, variance float64
	n              int64
}

// of returns the moments of f over the rows.
func of(ps []outcome.Pair, f func(p outcome.Pair) float64) moments {
	var m moments
	sum := 0.0
	for _, p := range ps {
		m.n += p.N
		sum += float64(p.N) * f(p)
	}
	m.mean = sum / float64(m.n)
	square, rest := 0.0, 0.0
	for _, p := range ps {
		d := f(p) - m.mean
		square, rest = square+float64(p.N)*d*d, rest+float64(p.N)*d
	}
	n := float64(m.n)
	m.variance = math.Max(0, square-rest*rest/n) / (n - 1) // NaN for a single row
	return m
}

func (m moments) se() float64 { return math.Sqrt(m.variance / float64(m.n)) }

func errorOf(p outcome.Pair) float64    { return p.Score - p.Value }
func distanceOf(p outcome.Pair) float64 { return math.Abs(p.Score - p.Value) }
func squareOf(p outcome.Pair) float64   { return (p.Score - p.Value) * (p.Score - p.Value) }
func valueOf(p outcome.Pair) float64    { return p.Value }

// figures are those of rows, none of no rows:
//
//	mae   the mean of |ŷ - y|
//	rmse  √ of the mean of (ŷ - y)²
//	bias  the mean of ŷ - y
//	r2    1 - Σ(y - ŷ)²/Σ(y - ȳ)²; NaN where all outcomes are one
//
// the quantiles of ŷ - y (type 7), and the mean outcome. They agree with
// scikit-learn's mean_absolute_error, root_mean_squared_error and r2_score and with
// numpy.quantile. The standard errors of means are s/√n, those of rmse and r2 by their
// influence functions; the intervals of quantiles are between order statistics.
func figures(ps []outcome.Pair) []figure {
	if len(ps) == 0 {
		return nil
	}
	nan := math.NaN()
	distance, square, errors, values := of(ps, distanceOf), of(ps, squareOf), of(ps, errorOf), of(ps, valueOf)
	root := math.Sqrt(square.mean)
	out := []figure{
		{mae, distance.mean, distance.se(), nan, nan},
		{rmse, root, square.se() / (2 * root), nan, nan},
		{bias, errors.mean, errors.se(), nan, nan},
	}
	if n := float64(values.n); values.variance > 0 {
		spread := values.variance * (n - 1) / n
		influence := of(ps, func(p outcome.Pair) float64 {
			d := p.Value - values.mean
			return (square.mean/spread)*(d*d/spread-1) - (squareOf(p)-square.mean)/spread
		})
		out = append(out, figure{r2, 1 - square.mean/spread, influence.se(), nan, nan})
	}
	x, counts := errorsOf(ps)
	var at []float64
	for _, q := range errorQuantiles {
		lo, hi := order(q.p, errors.n)
		at = append(at, q.p, lo, hi)
	}
	if found, err := stats.QuantilesWeighted(x, counts, at...); err == nil {
		for i, q := range errorQuantiles {
			if math.Min(q.p, 1-q.p)*float64(errors.n) >= fewestBeyond {
				out = append(out, figure{q.name, found[3*i], nan, found[3*i+1], found[3*i+2]})
			}
		}
	}
	out = append(out, figure{outcomeMean, values.mean, values.se(), nan, nan})
	for i := range out {
		if f := &out[i]; !math.IsNaN(f.se) {
			f.lo, f.hi = f.value-outcome.Z95*f.se, f.value+outcome.Z95*f.se
			if f.metric == mae || f.metric == rmse {
				f.lo = math.Max(0, f.lo)
			}
		}
	}
	return out
}

// errorsOf are the distinct errors, ascending, and their rows.
func errorsOf(ps []outcome.Pair) (x []float64, counts []int64) {
	type one struct {
		x float64
		n int64
	}
	all := make([]one, len(ps))
	for i, p := range ps {
		all[i] = one{errorOf(p), p.N}
	}
	slices.SortFunc(all, func(a, b one) int {
		switch {
		case a.x < b.x:
			return -1
		case a.x > b.x:
			return 1
		}
		return 0
	})
	for _, o := range all {
		if n := len(x); n > 0 && x[n-1] == o.x {
			counts[n-1] += o.n
			continue
		}
		x, counts = append(x, o.x), append(counts, o.n)
	}
	return x, counts
}

// order is between which quantiles the true p-quantile of n rows lies in 95 % of draws:
// the rank is binomial.
func order(p float64, n int64) (lo, hi float64) {
	d := outcome.Z95 * math.Sqrt(p*(1-p)/float64(n))
	return math.Max(0, p-d), math.Min(1, p+d)
}
