package stats

import "math"

// ProportionResult is the outcome of a comparison of two proportions.
type ProportionResult struct {
	Z                  float64 // has the sign of Diff
	P                  float64 // two-sided p-value
	RefShare, CurShare float64
	Diff               float64 // CurShare - RefShare
	N, M               int64   // sizes of the reference and the current sample
}

// Sparse is the expected count below which a normal approximation is not trusted: a
// category is pooled, a 2×2 table is compared exactly.
const Sparse = 5

// Shares tests whether refHits of n and curHits of m are shares of one probability:
// by FisherExact where an expected count is below Sparse, when the statistic is the odds
// ratio, else by TwoProportions, when it is z. p is two-sided.
//
// Errors: those of the two. Cost: that of FisherExact.
func Shares(refHits, n, curHits, m int64) (exact bool, statistic, p float64, err error) {
	least := float64(min(refHits+curHits, n+m-refHits-curHits)) * float64(min(n, m)) / float64(n+m)
	if least < Sparse {
		f, err := FisherExact(refHits, n-refHits, curHits, m-curHits)
		return true, f.OddsRatio, f.P, err
	}
	z, err := TwoProportions(refHits, n, curHits, m)
	return false, z.Z, z.P, err
}

// TwoProportions tests whether refHits of n and curHits of m are shares of one
// probability, by the pooled normal approximation
//
//	z = (p₂ - p₁) / √(p(1-p)(1/n + 1/m)),  p = (hits₁ + hits₂)/(n + m).
//
// z² is the X² of the 2×2 table without Yates' correction. When p is 0 or 1 the
// samples cannot be told apart: Z = 0 and P = 1.
//
// Errors: ErrEmpty, ErrNegative, ErrRange (more hits than trials, a size above 2^53).
// Cost: O(1). Agrees with SciPy's chi2_contingency(correction=False) on 2×2 tables.
func TwoProportions(refHits, n, curHits, m int64) (ProportionResult, error) {
	if err := hits("TwoProportions", refHits, n); err != nil {
		return ProportionResult{}, err
	}
	if err := hits("TwoProportions", curHits, m); err != nil {
		return ProportionResult{}, err
	}
	fn, fm := float64(n), float64(m)
	r := ProportionResult{
		P:        1,
		RefShare: float64(refHits) / fn,
		CurShare: float64(curHits) / fm,
		Diff:     crossDiff(curHits, n, refHits, m) / (fn * fm),
		N:        n, M: m,
	}
	yes := float64(refHits) + float64(curHits)
	no := float64(n-refHits) + float64(m-curHits)
	if yes == 0 || no == 0 {
		return r, nil
	}
	all := fn + fm
	// p(1-p)(1/n + 1/m) = yes·no / ((n+m)·n·m)
	r.Z = r.Diff / math.Sqrt(yes/all*no/fn/fm)
	r.P = twoSided(r.Z)
	return r, nil
}

func hits(name string, hits, n int64) error {
	if err := sizes(name, n, n); err != nil {
		return err
	}
	if hits < 0 {
		return fault(name, ErrNegative)
	}
	if hits > n {
		return faultf(name, ErrRange, "%d hits of %d", hits, n)
	}
	return nil
}

// Interval is a closed interval.
type Interval struct{ Lo, Hi float64 }

// Wilson returns Wilson's score interval for a proportion of which n trials gave the
// given hits: all p with |p̂ - p| <= z √(p(1-p)/n), z the normal quantile at
// (1+confidence)/2. It lies in [0, 1] and holds p̂; Lo is exactly 0 without hits, Hi
// exactly 1 without misses. Its coverage is approximate. No continuity correction.
//
// Errors: ErrEmpty, ErrNegative, ErrRange (hits > n, confidence not in (0, 1), n
// above 2^53). Cost: O(1). Agrees with SciPy's
// binomtest(hits, n).proportion_ci(confidence, method="wilson").
func Wilson(successes, n int64, confidence float64) (Interval, error) {
	if err := hits("Wilson", successes, n); err != nil {
		return Interval{}, err
	}
	if !open(confidence) {
		return Interval{}, faultf("Wilson", ErrRange, "confidence = %v", confidence)
	}
	z := -NormalQuantile((1 - confidence) / 2)
	trials, k := float64(n), float64(successes)
	mid := k + z*z/2
	half := z * math.Sqrt(k*((trials-k)/trials)+z*z/4)
	// Lo·Hi = k²/(n(n+z²)): the small root by division keeps its digits.
	hi := (mid + half) / (trials + z*z)
	lo := k / trials * (k / (mid + half))
	if successes == n {
		hi = 1
	}
	return Interval{Lo: lo, Hi: math.Min(1, hi)}, nil
}

// Newcombe returns the hybrid score interval for the difference of two proportions,
// refHits of n less curHits of m: with Wilson's intervals [l₁, u₁] and [l₂, u₂],
//
//	p₁ - p₂ - √((p₁-l₁)² + (u₂-p₂)²)  to  p₁ - p₂ + √((u₁-p₁)² + (p₂-l₂)²).
//
// It lies in [-1, 1] and holds p₁ - p₂. Its coverage is approximate. No continuity
// correction.
//
// Errors: as Wilson. Cost: O(1). Source: R. G. Newcombe, Statistics in Medicine 17,
// 873 (1998), method 10.
func Newcombe(refHits, n, curHits, m int64, confidence float64) (Interval, error) {
	a, err := Wilson(refHits, n, confidence)
	if err != nil {
		return Interval{}, err
	}
	b, err := Wilson(curHits, m, confidence)
	if err != nil {
		return Interval{}, err
	}
	p, q := float64(refHits)/float64(n), float64(curHits)/float64(m)
	return Interval{p - q - math.Hypot(p-a.Lo, b.Hi-q), p - q + math.Hypot(a.Hi-p, q-b.Lo)}, nil
}
