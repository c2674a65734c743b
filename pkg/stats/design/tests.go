package design

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/stats"
)

// ChiSquared is stats.ChiSquared of two samples that are worth n and m independent
// rows: of counts·n/Σcounts. With n and m the numbers of rows it is the same.
//
// Errors: as there, and ErrRange where n or m is not positive.
func ChiSquared(ref, cur []int64, n, m float64) (stats.ChiSquaredResult, error) {
	const name = "ChiSquared"
	r, err := stats.ChiSquared(ref, cur)
	switch {
	case err != nil:
		return r, err
	case !(n > 0 && m > 0):
		return r, fault(name, stats.ErrRange)
	case r.DF == 0 || n == float64(r.N) && m == float64(r.M):
		return r, nil
	}
	fn, fm := n/float64(r.N), m/float64(r.M)
	x2 := 0.0
	for i := range ref {
		a, b := float64(float64(ref[i])*fn), float64(float64(cur[i])*fm)
		if a+b == 0 {
			continue
		}
		// Both sides' (observed - expected)²/expected come to this.
		d := float64(a*m) - float64(b*n)
		x2 += float64(d*d) / (a + b) / n / m
	}
	r.X2, r.P = x2, stats.ChiSquaredSF(x2, r.DF)
	return r, nil
}

// Proportions is stats.TwoProportions of two samples that are worth n and m
// independent rows, with refHits of refRows and curHits of curRows.
//
// Errors: as there, and ErrRange where n or m is not positive.
func Proportions(refHits, refRows, curHits, curRows int64, n, m float64) (stats.ProportionResult, error) {
	r, err := stats.TwoProportions(refHits, refRows, curHits, curRows)
	switch {
	case err != nil:
		return r, err
	case !(n > 0 && m > 0):
		return r, fault("Proportions", stats.ErrRange)
	case r.Z == 0:
		return r, nil
	}
	p := (float64(n*r.RefShare) + float64(m*r.CurShare)) / (n + m)
	if p <= 0 || p >= 1 {
		return r, nil
	}
	r.Z = r.Diff / math.Sqrt(p*(1-p)*(1/n+1/m))
	r.P = math.Erfc(math.Abs(r.Z) / math.Sqrt2)
	return r, nil
}

// Tail turns the p-value of a test whose statistic is about chi-squared with df
// degrees of freedom into that of the F test with df and below degrees of freedom,
// for a statistic that was divided by an estimated variance of so many. below of 0
// stands for a variance that is known: p stays. It is p for p of 0, 1 or NaN.
func Tail(p float64, df, below int) float64 {
	if below <= 0 || df <= 0 || !(p > 0 && p < 1) {
		return p
	}
	lo, hi := 0.0, float64(df)
	for stats.ChiSquaredSF(hi, df) > p {
		lo, hi = hi, 2*hi
	}
	for range 200 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		if stats.ChiSquaredSF(mid, df) > p {
			lo = mid
		} else {
			hi = mid
		}
	}
	d2 := float64(below)
	return mathext.RegIncBeta(d2/2, float64(df)/2, d2/(d2+hi))
}

// Weighted returns how many rows of one sample a mean of parts is worth that has
// weights w for parts of rows m each: 1/Σ(w²/m), Kish's. Parts of weight 0 count
// nothing. It is 0 where a weight falls on a part without rows.
func Weighted(w []float64, m []int64) float64 {
	s := 0.0
	for i, v := range w {
		switch {
		case v == 0:
		case m[i] <= 0:
			return 0
		default:
			s += float64(v*v) / float64(m[i])
		}
	}
	if s == 0 {
		return 0
	}
	return 1 / s
}
