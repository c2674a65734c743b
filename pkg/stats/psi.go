package stats

import "math"

// PSIResult is a population stability index with what it is made of.
type PSIResult struct {
	PSI   float64   // Raw - Bias, in nats: about 0 without drift, and then as often below
	Raw   float64   // index of the smoothed shares, >= 0
	Bias  float64   // what Raw is expected to be without drift
	Terms []float64 // each bin's part of Raw, >= 0; they sum to Raw
	Bins  int       // len(Terms)
	N, M  int64     // sizes of the reference and the current sample
}

// PSICounts returns the population stability index of two samples counted over the
// same B bins, freed of the bias that small samples give it. From smoothed shares
//
//	rᵢ = (refᵢ + ½)/(n + B/2),  cᵢ = (curᵢ + ½)/(m + B/2)
//
// it takes PSI's sum (in nats, finite whatever the counts) and subtracts its
// expectation without drift, (1/n + 1/m)(B-1). Every element of the slices is a
// bin, also one that is empty on both sides. The bias is approximate: leave no
// bins whose expectation is far below 5.
//
// Errors: ErrLength, ErrNegative, ErrEmpty (one side sums to 0), ErrRange (a sum above
// 2^53). Cost: O(bins). Symmetric in the two samples.
func PSICounts(ref, cur []int64) (PSIResult, error) {
	n, m, err := aligned("PSICounts", ref, cur)
	if err != nil {
		return PSIResult{}, err
	}
	k := int64(len(ref))
	b := float64(k)
	r := PSIResult{
		Bias:  (1/float64(n) + 1/float64(m)) * (b - 1),
		Terms: make([]float64, len(ref)),
		Bins:  len(ref),
		N:     n, M: m,
	}
	var raw sum
	for i := range ref {
		rs := (float64(ref[i]) + 0.5) / (float64(n) + b/2)
		cs := (float64(cur[i]) + 0.5) / (float64(m) + b/2)
		// c - r from whole numbers: shares that are close would lose it to rounding.
		diff := crossDiff(2*cur[i]+1, 2*n+k, 2*ref[i]+1, 2*m+k) / ((2*float64(m) + b) * (2*float64(n) + b))
		r.Terms[i] = diff * logRatio(cs, rs, diff)
		raw.add(r.Terms[i])
	}
	r.Raw = raw.value()
	r.PSI = r.Raw - r.Bias
	return r, nil
}

// PSI returns the population stability index of cur against ref, both given as
// shares of the same bins,
//
//	Σ (cᵢ - rᵢ) ln(cᵢ / rᵢ),
//
// in nats, >= 0, and 0 for equal shares. The shares are used as they are, neither
// normalised nor smoothed. A bin of 0 on both sides adds 0; of 0 on one side only,
// the result is +Inf. It is symmetric, and equals KL(ref, cur) + KL(cur, ref).
//
// Errors: ErrLength, ErrEmpty (no bins, or one side all 0), ErrNaN, ErrInf, ErrNegative,
// ErrRange (a sum above 2^1000).
// Cost: O(bins).
func PSI(ref, cur []float64) (float64, error) {
	if _, _, err := weights("PSI", ref, cur); err != nil {
		return 0, err
	}
	var s sum
	for i := range ref {
		t := psiTerm(ref[i], cur[i])
		if math.IsInf(t, 1) {
			return t, nil
		}
		s.add(t)
	}
	return s.value(), nil
}

func psiTerm(r, c float64) float64 {
	if r == c {
		return 0
	}
	return (c - r) * logRatio(c, r, c-r)
}

// logRatio returns ln(a/b), given diff = a-b for its digits where a and b are close.
func logRatio(a, b, diff float64) float64 {
	if d := diff / b; math.Abs(d) < 0.5 {
		return math.Log1p(d)
	}
	if q := a / b; q > 0x1p-1022 && q <= math.MaxFloat64 {
		return math.Log(q)
	}
	return math.Log(a) - math.Log(b)
}

// weights checks two aligned vectors of non-negative weights and sums each.
func weights(name string, ref, cur []float64) (n, m float64, err error) {
	if len(ref) != len(cur) {
		return 0, 0, faultf(name, ErrLength, "%d and %d bins", len(ref), len(cur))
	}
	if n, err = weight(name, ref); err != nil {
		return 0, 0, err
	}
	m, err = weight(name, cur)
	return n, m, err
}

func weight(name string, w []float64) (float64, error) {
	if err := finite(name, w); err != nil {
		return 0, err
	}
	var s sum
	for _, v := range w {
		if v < 0 {
			return 0, fault(name, ErrNegative)
		}
		s.add(v)
	}
	switch t := s.value(); {
	case t == 0:
		return 0, fault(name, ErrEmpty)
	case !(t <= 0x1p1000):
		// A sum of shares times logarithms would overflow.
		return 0, faultf(name, ErrRange, "weights sum to more than 2^1000")
	default:
		return t, nil
	}
}
