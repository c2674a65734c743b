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
// v = (N₁ + 2N₂)/n²; the m rows add that of their own sampling:
//
//	z = (unseen/m - q) / √(q(1-q)/m + v).
//
// A reference without a singleton would make a single new row infinitely
// surprising, so the variance and P take N₁ as 1 at least. P is the upper tail of the
// beta-binomial whose probability has mean q and variance v (a + b held at 0.001 or
// more): the normal tail of z rejects up to 6 times too often at 0.5 % and 40 times at
// 0.05 % where singletons are few, this one at most 1.5 and 3 times in the same
// trials (Zipf shares, 10 to 400 categories, n 303 and 5,000, m 50 to 20,000).
//
// Errors: ErrEmpty (n or m is 0), ErrNegative, ErrRange (unseen > m,
// N₁ + 2N₂ > n, a size above 2^53). Cost: O(m) at worst. Source: Good (1953),
// Biometrika 40.
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
	n1, n2 := float64(max(singletons, 1)), float64(doubletons)
	q, v := n1/fn, (n1+2*n2)/(fn*fn)
	r := UnseenResult{Expected: float64(singletons) / fn, Share: float64(unseen) / fm, P: 1, N: n, M: m}
	r.Z = crossDiff(unseen, n, singletons, m) / (fn * fm) / math.Sqrt(q*(1-q)/fm+v)
	if q < 1 {
		ab := math.Max(0.001, q*(1-q)/v-1)
		r.P = betaBinomialTail(unseen, m, q*ab, (1-q)*ab)
	}
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
	}
	return betaBinomialTail(k, n, a, b), nil
}

func betaBinomialTail(k, n int64, a, b float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
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
		return clampUnit(1 - tail)
	}
	return math.Min(1, tail)
}

// logBetaBinomial returns ln P(K = k), from 1/C(n, k) = (n+1) B(k+1, n-k+1), so that the
// two large logarithms of beta functions are subtracted before they are taken.
func logBetaBinomial(k, n, a, b float64) float64 {
	x, y := k+1, n-k+1
	return betaShift(x, a-1, y, b-1) - math.Log(n+1) - logBeta(a, b)
}

// logBeta returns ln B(x, y) by Stirling's formula and its error.
func logBeta(x, y float64) float64 {
	s := x + y
	return x*math.Log(x/s) + y*math.Log(y/s) + math.Log(s/x/y)/2 + halfLog2Pi +
		stirlingError(x) + stirlingError(y) - stirlingError(s)
}

// betaShift returns ln B(x+dx, y+dy) - ln B(x, y).
func betaShift(x, dx, y, dy float64) float64 {
	s, ds := x+y, dx+dy
	// (x+dx) ln(x+dx) - x ln x = dx ln x + (x+dx) ln(1 + dx/x), and so for y and s.
	lx, ly, ls := math.Log1p(dx/x), math.Log1p(dy/y), math.Log1p(ds/s)
	return dx*math.Log(x/s) + dy*math.Log(y/s) +
		(x+dx)*lx + (y+dy)*ly - (s+ds)*ls - (lx+ly-ls)/2 +
		stirlingError(x+dx) + stirlingError(y+dy) - stirlingError(s+ds) -
		stirlingError(x) - stirlingError(y) + stirlingError(s)
}
