package stats

import "math"

// FisherZResult is the outcome of a comparison of two correlations.
type FisherZResult struct {
	Z    float64 // has the sign of Diff
	P    float64 // two-sided p-value
	Diff float64 // current less reference correlation
}

// FisherZ tests whether two correlations, rRef of n pairs and rCur of m other pairs, are
// of one population correlation:
//
//	z = (artanh rCur - artanh rRef) / √(1/(n-3) + 1/(m-3)),
//
// standard normal for normal data; on skewed values it rejects far too often, so take
// normal scores first. |r| = 1 is taken as 1 - 2⁻⁵³, so that z stays finite.
//
// Errors: ErrNaN, ErrRange (|r| > 1, a size above 2^53), ErrLength (n or m below 4).
// Cost: O(1). Source: Fisher (1921), Metron 1.
func FisherZ(rRef float64, n int64, rCur float64, m int64) (FisherZResult, error) {
	switch {
	case rRef != rRef || rCur != rCur:
		return FisherZResult{}, fault("FisherZ", ErrNaN)
	case math.Abs(rRef) > 1 || math.Abs(rCur) > 1:
		return FisherZResult{}, faultf("FisherZ", ErrRange, "correlations %v and %v", rRef, rCur)
	case n < 4 || m < 4:
		return FisherZResult{}, faultf("FisherZ", ErrLength, "%d and %d pairs, 4 are needed", n, m)
	case n > maxTotal || m > maxTotal:
		return FisherZResult{}, faultf("FisherZ", ErrRange, "a size above 2^53")
	}
	const most = 1 - 0x1p-53
	inside := func(r float64) float64 { return math.Max(-most, math.Min(most, r)) }
	a, b := inside(rRef), inside(rCur)
	// artanh b - artanh a = artanh((b-a)/(1-ab)) keeps the digits of close correlations.
	gap := math.Atanh(b) - math.Atanh(a)
	if math.Abs(b-a) < 0.5*math.FMA(-a, b, 1) {
		gap = math.Atanh((b - a) / math.FMA(-a, b, 1))
	}
	z := gap / math.Sqrt(1/float64(n-3)+1/float64(m-3))
	return FisherZResult{Z: z, P: twoSided(z), Diff: rCur - rRef}, nil
}
