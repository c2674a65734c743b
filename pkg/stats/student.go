package stats

import "math"

// StudentTResult is the outcome of Student's t-test for two samples of equal variance.
type StudentTResult struct {
	T    float64 // has the sign of Diff
	P    float64 // two-sided p-value
	DF   float64 // n + m - 2
	Diff float64 // mean of cur less mean of ref, in the unit of the values
	N, M int64   // sizes of the reference and the current sample
}

// StudentTCounts tests whether two samples have one mean, given that they have one
// variance, from how often each sample holds each of the values x, in ascending order:
//
//	t = (x̄₂ - x̄₁)/√(s²(1/n + 1/m)),  s² = (Σ(x₁-x̄₁)² + Σ(x₂-x̄₂)²)/(n + m - 2).
//
// The p-value is exact for normal data of one variance; WelchT does not ask for that.
//
// Errors: ErrLength (slices that differ in length, fewer than 3 values in all), ErrEmpty,
// ErrNegative, ErrNaN, ErrInf, ErrRange (unordered values, a sum above 2^53), ErrConstant
// (both samples are constant). Cost: O(values). Agrees with SciPy's ttest_ind(cur, ref).
func StudentTCounts(x []float64, ref, cur []int64) (StudentTResult, error) {
	const name = "StudentTCounts"
	size, against, err := valueCounts(name, x, ref, cur)
	if err != nil {
		return StudentTResult{}, err
	}
	n, m := float64(size), float64(against)
	if n+m < 3 {
		return StudentTResult{}, faultf(name, ErrLength, "%v values, 3 are needed", n+m)
	}
	k := scaleFor(x)
	m1, q1 := countedMoments(x, ref, k, n)
	m2, q2 := countedMoments(x, cur, k, m)
	df := n + m - 2
	v := (q1 + q2) / df * (1/n + 1/m)
	if v == 0 {
		return StudentTResult{}, fault(name, ErrConstant)
	}
	r := StudentTResult{T: (m2 - m1) / math.Sqrt(v), DF: df, Diff: (m2 - m1) / k, N: size, M: against}
	r.P = studentTwoSided(r.T, df)
	return r, nil
}

// countedMoments returns the mean of k·x and the sum of squares about it, of n values.
func countedMoments(x []float64, counts []int64, k, n float64) (mean, square float64) {
	var s, about, q sum
	for i, v := range x {
		s.add(v * k * float64(counts[i]))
	}
	mean = s.value() / n
	// What rounding left of the mean is taken off again: a constant has no squares.
	for i, v := range x {
		about.add((v*k - mean) * float64(counts[i]))
	}
	mean += about.value() / n
	for i, v := range x {
		q.add((v*k - mean) * (v*k - mean) * float64(counts[i]))
	}
	return mean, q.value()
}
