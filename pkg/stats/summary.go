package stats

import "math"

// Mean returns the arithmetic mean. It does not overflow where the mean itself
// does not. Errors: ErrEmpty, ErrNaN, ErrInf. Cost: O(n).
func Mean(x []float64) (float64, error) {
	if err := finite("Mean", x); err != nil {
		return 0, err
	}
	k := scaleFor(x)
	return mean(x, k) / k, nil
}

// mean returns the mean of the values times k.
func mean(x []float64, k float64) float64 {
	var s sum
	for _, v := range x {
		s.add(v * k)
	}
	return s.value() / float64(len(x))
}

// StdDev returns the sample standard deviation, √(Σ(x-x̄)²/(n-1)), in the unit of the
// values; exactly 0 for equal values.
//
// Errors: ErrEmpty, ErrLength (one value), ErrNaN, ErrInf. Cost: O(n), two passes. Agrees
// with numpy.std(ddof=1).
func StdDev(x []float64) (float64, error) {
	if err := finite("StdDev", x); err != nil {
		return 0, err
	}
	if len(x) < 2 {
		return 0, faultf("StdDev", ErrLength, "one value")
	}
	if constant(x) {
		return 0, nil
	}
	k := scaleFor(x)
	return math.Sqrt(squares(x, k, mean(x, k))/float64(len(x)-1)) / k, nil
}

// squares returns Σ(kx - m)².
func squares(x []float64, k, m float64) float64 {
	var s sum
	for _, v := range x {
		d := v*k - m
		s.add(d * d)
	}
	return s.value()
}

func constant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

// Quantiles returns the quantiles of x at each p in [0, 1], by linear interpolation
// between order statistics (type 7 of Hyndman and Fan): with h = (n-1)p the value at
// h's whole part, plus h's fraction of the way to the next. x may be in any order.
// Infinities are ordered like any value; halfway between -Inf and +Inf is ErrInf.
//
// Errors: ErrEmpty (no values), ErrNaN, ErrRange (p outside [0, 1]), ErrInf. Cost:
// O(n log n) and a sorted copy. Agrees with numpy.quantile(method="linear").
func Quantiles(x []float64, p ...float64) ([]float64, error) {
	if err := ordered("Quantiles", x); err != nil {
		return nil, err
	}
	s := sorted(x)
	return quantiles("Quantiles", int64(len(s)), func(i int64) float64 { return s[i] }, p)
}

// QuantilesWeighted is Quantiles of values in ascending order, values[i] taken
// counts[i] times. Further errors: ErrLength, ErrNegative, ErrEmpty (all counts 0),
// ErrRange (values not ascending, counts above 2^53). Cost: O(n + len(p) log n).
func QuantilesWeighted(values []float64, counts []int64, p ...float64) ([]float64, error) {
	const name = "QuantilesWeighted"
	if len(values) != len(counts) {
		return nil, faultf(name, ErrLength, "%d values and %d counts", len(values), len(counts))
	}
	if err := ordered(name, values); err != nil {
		return nil, err
	}
	n, err := total(name, counts)
	if err != nil {
		return nil, err
	}
	upTo := make([]int64, len(counts)) // counts up to and with each value
	var run int64
	for i, c := range counts {
		if i > 0 && values[i] < values[i-1] {
			return nil, faultf(name, ErrRange, "values are not in ascending order")
		}
		run += c
		upTo[i] = run
	}
	at := func(i int64) float64 {
		lo, hi := 0, len(upTo)-1 // the first value whose running count exceeds i
		for lo < hi {
			mid := (lo + hi) / 2
			if upTo[mid] > i {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		return values[lo]
	}
	return quantiles(name, n, at, p)
}

func quantiles(name string, n int64, at func(int64) float64, p []float64) ([]float64, error) {
	q := make([]float64, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, faultf(name, ErrRange, "p = %v", v)
		}
		h := float64(n-1) * v
		k := math.Floor(h)
		lo := at(int64(k))
		if h == k {
			q[i] = lo
			continue
		}
		q[i] = between(lo, at(int64(k)+1), h-k)
		if q[i] != q[i] {
			return nil, faultf(name, ErrInf, "p = %v lies between -Inf and +Inf", v)
		}
	}
	return q, nil
}

// between returns the value a share f of the way from a to b, 0 < f < 1, monotone in f.
func between(a, b, f float64) float64 {
	switch d := b - a; {
	case a == b:
		return a
	case math.IsInf(d, 0):
		return a*(1-f) + b*f
	case f < 0.5:
		return a + d*f
	default:
		return b - d*(1-f)
	}
}
