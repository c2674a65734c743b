package stats

import "math"

// UnseenResult is the outcome of a test for new categories.
type UnseenResult struct {
	Z        float64 // surplus of unseen rows in standard errors; its sign is that of Share - Expected
	P        float64 // one-sided: the probability of so many or more
	Expected float64 // share of unseen rows that the reference itself foretells
	Share    float64 // share of unseen rows in the current sample
	N, M     int64   // sizes of the reference and the current sample
}

// Unseen tests whether more of the m current rows than expected hold categories
// that none of the n reference rows holds, given how many categories the
// reference holds exactly once (singletons, N₁) and twice (doubletons, N₂).
//
// Good and Turing estimate the share of unseen rows by q = N₁/n, with variance
// (N₁ + 2N₂)/n²; the m rows add that of their own sampling:
//
//	z = (unseen/m - q) / √(q(1-q)/m + (N₁ + 2N₂)/n²).
//
// A reference without a singleton gives q = 0 and would make a single new row
// infinitely surprising; then q is taken as 1/n in the variance (the estimate's
// own resolution). P is the normal upper tail, an approximation.
//
// Errors: ErrEmpty (n or m is 0), ErrNegative, ErrRange (unseen > m,
// N₁ + 2N₂ > n, a size above 2^53). Cost: O(1). Source: Good (1953), Biometrika 40.
func Unseen(singletons, doubletons, n, unseen, m int64) (UnseenResult, error) {
	if err := sizes("Unseen", n, m); err != nil {
		return UnseenResult{}, err
	}
	if err := hits("Unseen", unseen, m); err != nil {
		return UnseenResult{}, err
	}
	if singletons < 0 || doubletons < 0 {
		return UnseenResult{}, fault("Unseen", ErrNegative)
	}
	if doubletons > n/2 || singletons > n-2*doubletons {
		return UnseenResult{}, faultf("Unseen", ErrRange, "%d singletons and %d doubletons of %d rows", singletons, doubletons, n)
	}
	fn, fm := float64(n), float64(m)
	n1, n2 := float64(singletons), float64(doubletons)
	r := UnseenResult{Expected: n1 / fn, Share: float64(unseen) / fm, N: n, M: m}
	q := math.Max(n1, 1) / fn
	r.Z = crossDiff(unseen, n, singletons, m) / (fn * fm) /
		math.Sqrt(q*(1-q)/fm+(math.Max(n1, 1)+2*n2)/(fn*fn))
	r.P = NormalSF(r.Z)
	return r, nil
}

// OutOfRangeResult is the outcome of a test for values outside a range.
type OutOfRangeResult struct {
	P        float64 // probability of so many or more values outside
	Expected float64 // expected count of values outside, 2m/(n+1)
	N, M     int64   // sizes of the reference and the current sample
}

// OutOfRange returns the probability that, of m values, at least the given number
// lie outside [min, max] of n values of the same continuous distribution.
//
// The share outside follows Beta(2, n-1), whatever the distribution, so the count is
// beta-binomial(m; 2, n-1). Its tail is that of a hypergeometric: of the first
// outside+1 values of the pooled sample, at most one is of the reference,
//
//	P = [C(m, k+1) + n C(m, k)] / C(n+m, k+1),  k = outside,
//
// which is exact to 1e-10 relative down to 1e-300. With ties at the ends it is
// conservative. One reference value has all values outside: P = 1.
//
// Errors: ErrEmpty (n or m is 0), ErrNegative, ErrRange (outside > m, a size above 2^53).
// Cost: O(1). Agrees with SciPy's betabinom(m, 2, n-1).sf(outside-1).
func OutOfRange(n, outside, m int64) (OutOfRangeResult, error) {
	if err := sizes("OutOfRange", n, m); err != nil {
		return OutOfRangeResult{}, err
	}
	if err := hits("OutOfRange", outside, m); err != nil {
		return OutOfRangeResult{}, err
	}
	fn, fm, k := float64(n), float64(m), float64(outside)
	r := OutOfRangeResult{P: 1, Expected: 2 * fm / (fn + 1), N: n, M: m}
	if outside == 0 || n == 1 {
		return r, nil
	}
	// C(m, k)/C(n+m, k) = Π (m-i)/(n+m-i); the rest follows from
	// C(m, k+1) = C(m, k)(m-k)/(k+1), likewise below: [(m-k) + n(k+1)] / (n+m-k).
	var first float64
	if outside <= 64 {
		for i := 0.0; i < k; i++ {
			first += math.Log1p(-fn / (fn + fm - i))
		}
	} else {
		first = logHypergeometricZero(k, fn, fm)
	}
	r.P = math.Min(1, math.Exp(first)*((fm-k)+fn*(k+1))/(fn+fm-k))
	return r, nil
}

// logHypergeometricZero returns ln[C(m, k)/C(n+m, k)]: k draws from n+m miss all n.
func logHypergeometricZero(k, n, m float64) float64 {
	// As C(m, k) p^k q^(m-k) over C(n+m, k) p^k q^(n+m-k), times q^n, p = k/(n+m).
	all := n + m
	if k == m {
		return -logChoose(all, k)
	}
	return logBinomial(k, m, -k*n/all) - logBinomial(k, all, 0) + n*math.Log1p(-k/all)
}

// BetaBinomialTail returns P(K >= k) for K successes of n when their probability is
// drawn from Beta(a, b):
//
//	P(K = i) = C(n, i) B(i+a, n-i+b) / B(a, b).
//
// The tail is summed from k upwards, or one minus the sum below when k is not above
// the mean, with an accuracy of about 1e-10 relative. k <= 0 gives 1, k > n gives 0.
//
// Errors: ErrNegative (n < 0), ErrRange (a or b not positive and finite, n above 2^53),
// ErrNaN. Cost: O(n) at worst. Agrees with SciPy's betabinom.sf(k-1, n, a, b).
func BetaBinomialTail(k, n int64, a, b float64) (float64, error) {
	switch {
	case a != a || b != b:
		return 0, fault("BetaBinomialTail", ErrNaN)
	case n < 0:
		return 0, fault("BetaBinomialTail", ErrNegative)
	case !(a > 0 && b > 0) || math.IsInf(a, 0) || math.IsInf(b, 0):
		return 0, faultf("BetaBinomialTail", ErrRange, "a = %v, b = %v", a, b)
	case n > maxTotal:
		return 0, faultf("BetaBinomialTail", ErrRange, "n = %d", n)
	case k <= 0:
		return 1, nil
	case k > n:
		return 0, nil
	}
	trials, from := float64(n), float64(k)
	lower := from <= trials*a/(a+b)
	if lower {
		from-- // sum k-1 and below instead
	}
	term := math.Exp(logBetaBinomial(from, trials, a, b))
	tail := term
	for i := from; term > 0x1p-60*tail; {
		if lower {
			if i == 0 {
				break
			}
			term *= i * (trials - i + b) / ((trials - i + 1) * (i - 1 + a))
			i--
		} else {
			if i == trials {
				break
			}
			term *= (trials - i) * (i + a) / ((i + 1) * (trials - i - 1 + b))
			i++
		}
		tail += term
	}
	if lower {
		return clampUnit(1 - tail), nil
	}
	return math.Min(1, tail), nil
}

// logBetaBinomial returns ln P(K = k), as a sum of logarithms of gamma functions.
func logBetaBinomial(k, n, a, b float64) float64 {
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	var s sum
	for _, v := range []float64{
		lg(n + 1), -lg(k + 1), -lg(n - k + 1),
		lg(k + a), lg(n - k + b), -lg(n + a + b),
		lg(a + b), -lg(a), -lg(b),
	} {
		s.add(v)
	}
	return s.value()
}
