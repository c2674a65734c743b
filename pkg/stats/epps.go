package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// EppsSingletonResult is the outcome of an Epps–Singleton test.
type EppsSingletonResult struct {
	W    float64 // statistic, >= 0
	P    float64 // upper tail of the chi-squared distribution
	DF   int     // rank of the covariance, 4 where it is full
	N, M int64   // sizes of the reference and the current sample
}

// EppsSingletonCounts tests whether two samples come from one distribution, discrete ones
// included, from how often each holds each of the values x, in ascending order. It compares
// their empirical characteristic functions at 0.4 and 0.8, in units of half the pooled
// interquartile range:
//
//	W = (n+m) d' S⁺ d,
//
// where d is the difference of the mean vectors (cos, cos, sin, sin) and S the pooled
// covariance (n+m)(S₁/n + S₂/m), S⁺ its pseudo-inverse (eigenvalues below 4·2.2e-16 of
// the largest count as 0). When both samples have fewer than 25 values W is multiplied by
// 1/(1 + (n+m)^-0.45 + 10.1(n^-1.7 + m^-1.7)). P is approximate.
//
// Errors: ErrLength (slices that differ in length, a sample of fewer than 5), ErrEmpty,
// ErrNegative, ErrNaN, ErrInf, ErrRange (unordered values, a sum above 2^53), ErrConstant
// (the pooled interquartile range is 0). Cost: O(values). Agrees with SciPy's
// epps_singleton_2samp up to the condition of S.
func EppsSingletonCounts(x []float64, ref, cur []int64) (EppsSingletonResult, error) {
	const name = "EppsSingletonCounts"
	size, against, err := valueCounts(name, x, ref, cur)
	if err != nil {
		return EppsSingletonResult{}, err
	}
	n, m := float64(size), float64(against)
	if n < 5 || m < 5 {
		return EppsSingletonResult{}, faultf(name, ErrLength, "%v and %v values, 5 are needed", n, m)
	}
	// Values near the ends of float64 are brought nearer 1, so that quartiles subtract.
	k := scaleFor(x)
	scaled, both := make([]float64, len(x)), make([]int64, len(x))
	for i, v := range x {
		scaled[i], both[i] = v*k, ref[i]+cur[i]
	}
	q, err := QuantilesWeighted(scaled, both, 0.25, 0.75)
	if err != nil {
		return EppsSingletonResult{}, err
	}
	sigma := (q[1] - q[0]) / 2
	if !(sigma > 0) {
		return EppsSingletonResult{}, fault(name, ErrConstant)
	}
	m1, s1 := waves(scaled, ref, n, sigma)
	m2, s2 := waves(scaled, cur, m, sigma)
	all := n + m
	cov := mat.NewSymDense(4, nil)
	d := make([]float64, 4)
	for i := range 4 {
		d[i] = m1[i] - m2[i]
		for j := i; j < 4; j++ {
			cov.SetSym(i, j, all/n*s1[i][j]+all/m*s2[i][j])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return EppsSingletonResult{}, fault(name, ErrConstant)
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	r := EppsSingletonResult{N: size, M: against}
	for i, v := range values {
		if v <= 4*0x1p-52*values[3] {
			continue
		}
		var p float64
		for j := range 4 {
			p += vectors.At(j, i) * d[j]
		}
		r.W += all * p * p / v
		r.DF++
	}
	if math.Max(n, m) < 25 {
		r.W /= 1 + math.Pow(all, -0.45) + 10.1*(math.Pow(n, -1.7)+math.Pow(m, -1.7))
	}
	r.P = ChiSquaredSF(r.W, r.DF)
	return r, nil
}

// waves returns the mean and the covariance (over n, not n-1) of the vectors
// (cos, cos, sin, sin) at 0.4 and 0.8 per sigma of n values, counts of each x.
func waves(x []float64, counts []int64, n, sigma float64) (mean [4]float64, cov [4][4]float64) {
	at := func(v float64) [4]float64 {
		s1, c1 := math.Sincos(0.4 / sigma * v)
		s2, c2 := math.Sincos(0.8 / sigma * v)
		return [4]float64{c1, c2, s1, s2}
	}
	var sums [4]sum
	for k, v := range x {
		if counts[k] == 0 {
			continue
		}
		for i, w := range at(v) {
			sums[i].add(w * float64(counts[k]))
		}
	}
	for i := range mean {
		mean[i] = sums[i].value() / n
	}
	var products [4][4]sum
	for k, v := range x {
		if counts[k] == 0 {
			continue
		}
		w := at(v)
		for i := range 4 {
			for j := i; j < 4; j++ {
				products[i][j].add((w[i] - mean[i]) * (w[j] - mean[j]) * float64(counts[k]))
			}
		}
	}
	for i := range 4 {
		for j := i; j < 4; j++ {
			cov[i][j] = products[i][j].value() / n
		}
	}
	return mean, cov
}
