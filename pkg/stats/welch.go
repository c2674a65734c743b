package stats

import "math"

// A WelchResult is the outcome of Welch's t-test for two samples.
type WelchResult struct {
	T  float64 // has the sign of the current mean less the reference's
	P  float64 // two-sided p-value
	DF float64 // of Welch and Satterthwaite
	SE float64 // standard error of the difference
}

// Welch tests whether two samples of n and m values have one mean, from their means
// and unbiased variances, which need not be equal:
//
//	t = (mean2 - mean1)/√(var1/n + var2/m),
//	df = (var1/n + var2/m)² / ((var1/n)²/(n-1) + (var2/m)²/(m-1)).
//
// The p-value is approximate, by Student's t with df degrees of freedom.
//
// Errors: ErrLength (fewer than 2 values of a side), ErrNaN (a mean or variance is not
// finite, or a variance negative), ErrConstant (both variances are 0). Source: Welch
// (1947). Agrees with SciPy's ttest_ind_from_stats(equal_var=False).
func Welch(mean1, var1 float64, n int64, mean2, var2 float64, m int64) (WelchResult, error) {
	const name = "Welch"
	if n < 2 || m < 2 {
		return WelchResult{}, faultf(name, ErrLength, "%d and %d values, 2 of each are needed", n, m)
	}
	if d := mean1 + mean2 + var1 + var2; d-d != 0 || var1 < 0 || var2 < 0 {
		return WelchResult{}, fault(name, ErrNaN)
	}
	a, b := var1/float64(n), var2/float64(m)
	if a+b == 0 {
		return WelchResult{}, fault(name, ErrConstant)
	}
	r := WelchResult{SE: math.Sqrt(a + b)}
	r.T = (mean2 - mean1) / r.SE
	r.DF = (a + b) * (a + b) / (a*a/float64(n-1) + b*b/float64(m-1))
	r.P = studentTwoSided(r.T, r.DF)
	return r, nil
}
