package stats

import "math"

// CorrelationResult is the outcome of a comparison of two correlations.
type CorrelationResult struct {
	T    float64 // has the sign of Diff
	P    float64 // two-sided p-value
	DF   float64 // Welch's
	Diff float64 // current less reference correlation
}

// Correlations tests whether two correlations are of one population correlation, rRef
// of n pairs and rCur of m other pairs, given what the pairs themselves say of their
// variances, vRef/n and vCur/m:
//
//	t = (rCur - rRef) / √(vRef/n + vCur/m),  v = E[(ab - r(a² + b²)/2)²]
//
// of standardised a and b, the mean square of the correlation's influence function.
// For normal pairs v is (1 - r²)²; on others Fisher's transformation, which takes it for
// that, rejects up to 35 % at 1 %. P is Student's with Welch's degrees of freedom; an
// estimate of v from n pairs is taken for one of n/4, which is what the kurtosis 9 of a
// product of independent normals makes of it. n and m may be the independent pairs that
// more are worth. A variance of 0 is taken as 2⁻⁵², so that t stays finite.
//
// Errors: ErrNaN, ErrRange (|r| > 1, v negative or infinite), ErrLength (n or m below 4).
// Cost: O(1).
func Correlations(rRef, vRef, n, rCur, vCur, m float64) (CorrelationResult, error) {
	const name = "Correlations"
	for _, x := range []float64{rRef, vRef, n, rCur, vCur, m} {
		if x != x {
			return CorrelationResult{}, fault(name, ErrNaN)
		}
	}
	switch {
	case math.Abs(rRef) > 1 || math.Abs(rCur) > 1:
		return CorrelationResult{}, faultf(name, ErrRange, "correlations %v and %v", rRef, rCur)
	case vRef < 0 || vCur < 0 || math.IsInf(vRef, 1) || math.IsInf(vCur, 1):
		return CorrelationResult{}, faultf(name, ErrRange, "variances %v and %v", vRef, vCur)
	case n < 4 || m < 4:
		return CorrelationResult{}, faultf(name, ErrLength, "%v and %v pairs, 4 are needed", n, m)
	}
	a, b := math.Max(vRef/n, 0x1p-52), math.Max(vCur/m, 0x1p-52)
	r := CorrelationResult{Diff: rCur - rRef, DF: (a + b) * (a + b) / (a*a/(n/4) + b*b/(m/4))}
	r.T = r.Diff / math.Sqrt(a+b)
	r.P = studentTwoSided(r.T, r.DF)
	return r, nil
}
