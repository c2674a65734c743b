package stats

import "math"

// DetectablePSI returns the smallest population PSI (nats) over the given bins that a
// test of no drift at level alpha finds with the given power, for n reference and m
// current rows.
//
// Raw PSI is about (1/n + 1/m) times a chi-squared with bins-1 degrees of freedom,
// noncentral by λ = PSI/(1/n + 1/m) under drift. So the answer is (1/n + 1/m) λ with
// λ such that the noncentral chi-squared exceeds the central's 1-alpha quantile with
// probability power. It is an approximation for drift that is not huge.
//
// Errors: ErrEmpty, ErrNegative, ErrRange (bins < 2 or above 100,000, alpha or power
// not in (0, 1), power below alpha). Cost: O(bins + λ), microseconds.
func DetectablePSI(n, m int64, bins int, alpha, power float64) (float64, error) {
	if err := design("DetectablePSI", n, m, alpha, power); err != nil {
		return 0, err
	}
	if bins < 2 || bins > 100_000 {
		return 0, faultf("DetectablePSI", ErrRange, "%d bins", bins)
	}
	df := bins - 1
	critical := solve(float64(df), func(x float64) bool { return ChiSquaredSF(x, df) <= alpha })
	lambda := solve(1, func(l float64) bool { return noncentralSF(critical, df, l) >= power })
	return lambda * (1/float64(n) + 1/float64(m)), nil
}

// DetectableProportion returns the smallest difference |p₂ - p₁| from a reference share
// p₁ that TwoProportions finds at level alpha with the given power, for n reference
// and m current rows. The difference is taken upwards, or downwards where no share
// up to 1 is far enough; when neither is, the answer is 1: nothing could be seen.
// With p̄ = (n p₁ + m p₂)/(n + m), power at p₂ is
//
//	Φ((|p₂-p₁| - z_{1-α/2} √(p̄(1-p̄)(1/n+1/m))) / √(p₁(1-p₁)/n + p₂(1-p₂)/m)).
//
// Errors: ErrEmpty, ErrNegative, ErrNaN, ErrRange (share outside [0, 1], alpha or power
// not in (0, 1), power below alpha). Cost: O(1).
func DetectableProportion(share float64, n, m int64, alpha, power float64) (float64, error) {
	if err := design("DetectableProportion", n, m, alpha, power); err != nil {
		return 0, err
	}
	if !(share >= 0 && share <= 1) {
		return 0, faultf("DetectableProportion", ErrRange, "share = %v", share)
	}
	fn, fm := float64(n), float64(m)
	za, zb := -NormalQuantile(alpha/2), NormalQuantile(power)
	found := func(p2 float64) bool {
		pooled := (fn*share + fm*p2) / (fn + fm)
		null := math.Sqrt(pooled * (1 - pooled) * (1/fn + 1/fm))
		alt := math.Sqrt(share*(1-share)/fn + p2*(1-p2)/fm)
		return math.Abs(p2-share) >= za*null+zb*alt
	}
	for _, end := range []float64{1, 0} {
		span := end - share
		if span == 0 || !found(end) {
			continue
		}
		lo, hi := 0.0, 1.0
		for range 60 {
			mid := (lo + hi) / 2
			if found(share + span*mid) {
				hi = mid
			} else {
				lo = mid
			}
		}
		return math.Abs(span) * hi, nil
	}
	return 1, nil
}

func design(name string, n, m int64, alpha, power float64) error {
	if err := sizes(name, n, m); err != nil {
		return err
	}
	if !open(alpha) || !open(power) || power < alpha {
		return faultf(name, ErrRange, "alpha = %v, power = %v", alpha, power)
	}
	return nil
}

// solve returns the smallest x >= 0, to 1e-12 relative, at which a condition that
// stays true holds; start is a guess of its size.
func solve(start float64, holds func(float64) bool) float64 {
	lo, hi := 0.0, start
	for !holds(hi) && hi < 1e12 {
		lo, hi = hi, 2*hi
	}
	for range 100 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi || hi-lo <= 1e-13*hi {
			break
		}
		if holds(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// noncentralSF returns P(X > x) for a noncentral chi-squared X: the Poisson(λ/2)
// mixture of central ones with df+2j degrees of freedom, summed outward from the
// Poisson's mode until its terms no longer count.
func noncentralSF(x float64, df int, lambda float64) float64 {
	half := lambda / 2
	mode := math.Floor(half)
	lg, _ := math.Lgamma(mode + 1)
	peak := 1.0
	if half > 0 {
		peak = math.Exp(mode*math.Log(half) - half - lg)
	}
	var s sum
	w := peak
	for j := mode; w > 1e-18; j++ {
		s.add(w * ChiSquaredSF(x, df+2*int(j)))
		w *= half / (j + 1)
	}
	w = peak
	for j := mode; j > 0 && w > 1e-18; {
		w *= j / half
		j--
		s.add(w * ChiSquaredSF(x, df+2*int(j)))
	}
	return math.Min(1, s.value())
}
