package stats

import "math"

// JSResult is the Jensen–Shannon divergence in the three forms that go by its name.
type JSResult struct {
	Divergence    float64 // nats, in [0, ln 2]
	Distance      float64 // √Divergence, in [0, 0.8326]: SciPy's jensenshannon(p, q)
	DistanceBase2 float64 // √(Divergence/ln 2), in [0, 1]: SciPy's jensenshannon(p, q, 2)
}

// JensenShannon returns how far two distributions over the same bins are from their
// mean m = (r+c)/2,
//
//	Divergence = ½ Σ rᵢ ln(rᵢ/mᵢ) + ½ Σ cᵢ ln(cᵢ/mᵢ),
//
// after dividing each side by its sum, so counts and weights will do. A bin of 0
// adds 0 for its side. Symmetric; the distances are metrics.
//
// Errors: ErrLength, ErrEmpty (no bins, or one side all 0), ErrNaN, ErrInf, ErrNegative,
// ErrRange (a sum above 2^1000). Cost: O(bins).
func JensenShannon(ref, cur []float64) (JSResult, error) {
	n, m, err := weights("JensenShannon", ref, cur)
	if err != nil {
		return JSResult{}, err
	}
	var s sum
	for i := range ref {
		r, c := ref[i]/n, cur[i]/m
		half := (c - r) / 2 // from r up to the mean, and from c down to it
		// Both deviances are positive, so the sum has no cancellation.
		s.add(deviance(r, half))
		s.add(deviance(c, -half))
	}
	d := math.Min(math.Ln2, s.value()/2)
	return JSResult{Divergence: d, Distance: math.Sqrt(d), DistanceBase2: math.Sqrt(d / math.Ln2)}, nil
}

// KL returns the Kullback–Leibler divergence of ref from cur,
//
//	Σ rᵢ ln(rᵢ / cᵢ),
//
// in nats. The shares are used as they are, not normalised; for shares that sum to
// one it is >= 0, and 0 only for equal shares. A bin with rᵢ = 0 adds 0; one with
// rᵢ > 0 = cᵢ makes it +Inf. Not symmetric.
//
// Errors: as JensenShannon. Cost: O(bins). Agrees with SciPy's
// sum(special.rel_entr(ref, cur)).
func KL(ref, cur []float64) (float64, error) {
	if _, _, err := weights("KL", ref, cur); err != nil {
		return 0, err
	}
	var s sum
	for i, r := range ref {
		switch {
		case r == 0:
		case cur[i] == 0:
			return math.Inf(1), nil
		default:
			s.add(r * logRatio(r, cur[i], r-cur[i]))
		}
	}
	return s.value(), nil
}
