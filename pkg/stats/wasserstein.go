package stats

import "math"

// WassersteinWeighted returns the first Wasserstein distance of two samples: the area
// between their distribution functions,
//
//	∫ |F_ref(x) - F_cur(x)| dx,
//
// in the unit of the values, >= 0: how far the mass of one must move, on average, to
// become the other. Values are in ascending order (ties allowed) and have weights, which
// each side is divided by the sum of. A distance beyond the largest float64 is +Inf.
//
// Errors: ErrLength, ErrEmpty (also no weight), ErrNaN, ErrInf, ErrNegative, ErrRange
// (unordered values, a sum of weights above 2^1000). Cost: O(n). Agrees with SciPy's
// wasserstein_distance.
func WassersteinWeighted(refX, refW, curX, curW []float64) (float64, error) {
	if err := weighted("WassersteinWeighted", refX, refW, curX, curW); err != nil {
		return 0, err
	}
	a, k := area(refX, refW, curX, curW, math.Abs)
	return a / k, nil
}

// EnergyWeighted returns the energy distance of two samples,
//
//	√(2 ∫ (F_ref(x) - F_cur(x))² dx) = √(2E|X-Y| - E|X-X'| - E|Y-Y'|),
//
// in the square root of the values' unit, >= 0, of values, weights, errors and cost as
// WassersteinWeighted. Agrees with SciPy's energy_distance.
func EnergyWeighted(refX, refW, curX, curW []float64) (float64, error) {
	if err := weighted("EnergyWeighted", refX, refW, curX, curW); err != nil {
		return 0, err
	}
	a, k := area(refX, refW, curX, curW, func(h float64) float64 { return h * h })
	return math.Sqrt(2*a) / math.Sqrt(k), nil
}

func weighted(name string, refX, refW, curX, curW []float64) error {
	for _, s := range [2][2][]float64{{refX, refW}, {curX, curW}} {
		x, w := s[0], s[1]
		if len(x) != len(w) {
			return faultf(name, ErrLength, "%d values and %d weights", len(x), len(w))
		}
		if err := finite(name, x); err != nil {
			return err
		}
		for i := 1; i < len(x); i++ {
			if x[i] < x[i-1] {
				return faultf(name, ErrRange, "values are not in ascending order")
			}
		}
		if _, err := weight(name, w); err != nil {
			return err
		}
	}
	return nil
}

// area integrates height(F_ref - F_cur) over k·x, where k is a power of two that keeps
// differences of values inside float64.
func area(refX, refW, curX, curW []float64, height func(float64) float64) (area, k float64) {
	k = scaleFor(refX, curX)
	a, b := newSteps(refX, refW), newSteps(curX, curW)
	var s sum
	prev := math.Min(a.next(), b.next())
	for {
		a.pass(prev)
		b.pass(prev)
		x := math.Min(a.next(), b.next())
		if math.IsInf(x, 1) {
			return s.value(), k
		}
		// Whole weights with sums below 2^26 make this difference exact.
		h := height((a.done*b.all - b.done*a.all) / (a.all * b.all))
		s.add((x*k - prev*k) * h)
		prev = x
	}
}

// steps walks up a weighted empirical distribution function.
type steps struct {
	x, w      []float64
	i         int
	scale     float64
	done, all float64
	sum       sum
}

func newSteps(x, w []float64) *steps {
	// The scale keeps products of two sums of weights inside float64.
	s := &steps{x: x, w: w, scale: scaleFor(w)}
	var all sum
	for _, v := range w {
		all.add(v * s.scale)
	}
	s.all = all.value()
	return s
}

func (s *steps) next() float64 {
	if s.i == len(s.x) {
		return math.Inf(1)
	}
	return s.x[s.i]
}

// pass takes in all values up to x.
func (s *steps) pass(x float64) {
	for s.i < len(s.x) && s.x[s.i] <= x {
		s.sum.add(s.w[s.i] * s.scale)
		s.i++
	}
	s.done = s.sum.value()
}
