package stats

import (
	"cmp"
	"math"
	"slices"
)

// Pearson returns the correlation coefficient of the pairs (x[i], y[i]),
//
//	Σ(x-x̄)(y-ȳ) / √(Σ(x-x̄)² Σ(y-ȳ)²),
//
// in [-1, 1]. Magnitudes up to 1e308 and denormals do not overflow or vanish.
//
// Errors: ErrLength (lengths differ, or fewer than 2 pairs), ErrEmpty, ErrNaN, ErrInf,
// ErrConstant (x or y has one distinct value). Cost: O(n), two passes. Agrees with
// SciPy's pearsonr to 1e-12 absolute.
func Pearson(x, y []float64) (float64, error) {
	if err := pairs("Pearson", x, y); err != nil {
		return 0, err
	}
	if err := finite("Pearson", x, y); err != nil {
		return 0, err
	}
	return pearson("Pearson", x, y)
}

func pairs(name string, x, y []float64) error {
	switch {
	case len(x) != len(y):
		return faultf(name, ErrLength, "%d and %d values", len(x), len(y))
	case len(x) == 0:
		return fault(name, ErrEmpty)
	case len(x) == 1:
		return faultf(name, ErrLength, "one pair")
	}
	return nil
}

func pearson(name string, x, y []float64) (float64, error) {
	if constant(x) || constant(y) {
		return 0, fault(name, ErrConstant)
	}
	kx, ky := scaleFor(x), scaleFor(y)
	mx, my := mean(x, kx), mean(y, ky)
	var xy sum
	for i := range x {
		xy.add((x[i]*kx - mx) * (y[i]*ky - my))
	}
	r := xy.value() / math.Sqrt(squares(x, kx, mx)) / math.Sqrt(squares(y, ky, my))
	if r != r {
		// Distinct values whose distance is lost beside their size.
		return 0, fault(name, ErrConstant)
	}
	return math.Max(-1, math.Min(1, r)), nil
}

// PearsonSums is Pearson of n pairs known by their sums Σx, Σy, Σx², Σy², Σxy, as
// profiles carry them. It loses digits where a mean is large beside the spread: about
// 1e-16 (mean/spread)², so feed it centred values or scores.
//
// Errors: ErrLength (n < 2), ErrNaN, ErrInf, ErrConstant (no variation left). Cost: O(1).
func PearsonSums(n, sx, sy, sxx, syy, sxy float64) (float64, error) {
	if err := finite("PearsonSums", []float64{n, sx, sy, sxx, syy, sxy}); err != nil {
		return 0, err
	}
	if n < 2 {
		return 0, faultf("PearsonSums", ErrLength, "%v pairs", n)
	}
	vx := math.FMA(-sx/n, sx, sxx)
	vy := math.FMA(-sy/n, sy, syy)
	if !(vx > 0 && vy > 0) {
		return 0, fault("PearsonSums", ErrConstant)
	}
	r := math.FMA(-sx/n, sy, sxy) / math.Sqrt(vx) / math.Sqrt(vy)
	return math.Max(-1, math.Min(1, r)), nil
}

// Spearman returns the rank correlation of the pairs (x[i], y[i]): Pearson of their
// ranks, in [-1, 1], where tied values share the mean of their ranks. Infinities are
// ordered like any value.
//
// Errors: as Pearson, without ErrInf. Cost: O(n log n). Agrees with SciPy's spearmanr.
func Spearman(x, y []float64) (float64, error) {
	if err := pairs("Spearman", x, y); err != nil {
		return 0, err
	}
	if err := ordered("Spearman", x, y); err != nil {
		return 0, err
	}
	return pearson("Spearman", ranks(x), ranks(y))
}

// ranks returns the ranks from 1; ties share the mean of theirs.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	r := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			r[k] = float64(i+j+1) / 2
		}
		i = j
	}
	return r
}

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
