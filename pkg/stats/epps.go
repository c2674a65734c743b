package stats

import (
	"math"
	"slices"
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
	var cov [4][4]float64
	var d [4]float64
	for i := range 4 {
		d[i] = m1[i] - m2[i]
		for j := i; j < 4; j++ {
			cov[i][j] = all/n*s1[i][j] + all/m*s2[i][j]
			cov[j][i] = cov[i][j]
		}
	}
	values, vectors := eigen4(cov)
	largest := slices.Max(values[:])
	r := EppsSingletonResult{N: size, M: against}
	for i, v := range values {
		if v <= 4*0x1p-52*largest {
			continue
		}
		var p float64
		for j := range 4 {
			p += vectors[j][i] * d[j]
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

// eigen4 returns the eigenvalues of a symmetric matrix, in no order, and the eigenvectors of
// length 1 that belong to them, in columns, by Jacobi's method: rotations that each set one
// element off the diagonal to 0, until what is left there is nothing beside the diagonal. On
// positive definite matrices it keeps more digits of small eigenvalues than the QR method
// does (Demmel and Veselić 1992). A matrix of four rows takes five sweeps or so.
func eigen4(a [4][4]float64) (values [4]float64, vectors [4][4]float64) {
	for i := range vectors {
		vectors[i][i] = 1
	}
	for range 60 {
		rotated := false
		for p := range 4 {
			for q := p + 1; q < 4; q++ {
				if math.Abs(a[p][q]) <= 0x1p-53*math.Sqrt(math.Abs(a[p][p]))*math.Sqrt(math.Abs(a[q][q])) {
					continue
				}
				rotated = true
				rotate(&a, &vectors, p, q)
			}
		}
		if !rotated {
			break
		}
	}
	for i := range values {
		values[i] = a[i][i]
	}
	return values, vectors
}

// rotate turns the plane of the axes p and q so that a[p][q] becomes 0, by the smaller of
// the two angles that do.
func rotate(a, vectors *[4][4]float64, p, q int) {
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Hypot(1, theta)) // tan of the angle
	c := 1 / math.Hypot(1, t)
	s := t * c
	turn := t * a[p][q]
	a[p][p] -= turn
	a[q][q] += turn
	a[p][q], a[q][p] = 0, 0
	for k := range 4 {
		if k != p && k != q {
			x, y := a[k][p], a[k][q]
			a[k][p], a[k][q] = c*x-s*y, s*x+c*y
			a[p][k], a[q][k] = a[k][p], a[k][q]
		}
		x, y := vectors[k][p], vectors[k][q]
		vectors[k][p], vectors[k][q] = c*x-s*y, s*x+c*y
	}
}
