// Package stats compares two samples: tests, distances, summaries and the
// power they have, on slices of values and on counts.
//
// It does no input or output, reads no clock, holds no state, starts no
// goroutine and never changes an argument. Every function takes the reference
// first and the current sample second; in every result N is the size of the
// reference and M that of the current sample.
//
// Tests work on counts over shared cells, because profiles carry counts. Counts of
// the distinct values of two samples give the answer that the samples would.
//
// An empty sample and a NaN are errors in every function, never a value of
// zero. Errors wrap one of the sentinels below and read "stats.KS: why".
// P-values are computed from the upper tail directly, never as one minus a
// distribution function, unless a comment says otherwise; they keep their
// relative accuracy down to about 1e-300 and are 0 below.
//
// Where a comment names a function of SciPy, version 1.17.1 is meant; the
// agreement is tested on the vectors under testdata/oracle.
package stats

import (
	"errors"
	"fmt"
	"math"
)

// What can be wrong with arguments. Callers tell them apart with errors.Is.
var (
	ErrEmpty    = errors.New("no values")
	ErrNaN      = errors.New("a value is NaN")
	ErrInf      = errors.New("a value is infinite")
	ErrLength   = errors.New("lengths do not fit")
	ErrNegative = errors.New("a count, weight or share is negative")
	ErrRange    = errors.New("a parameter is out of range")
	ErrConstant = errors.New("undefined without variation")
)

// maxTotal bounds the sum of counts: totals up to here are exact in float64.
const maxTotal = 1 << 53

func fault(name string, err error) error { return fmt.Errorf("stats.%s: %w", name, err) }

func faultf(name string, err error, format string, a ...any) error {
	return fmt.Errorf("stats.%s: %w: %s", name, err, fmt.Sprintf(format, a...))
}

// ordered reports whether values can be sorted: some are there and none is NaN.
func ordered(name string, samples ...[]float64) error {
	for _, s := range samples {
		if len(s) == 0 {
			return fault(name, ErrEmpty)
		}
		for _, v := range s {
			if v != v {
				return fault(name, ErrNaN)
			}
		}
	}
	return nil
}

// finite is ordered, and refuses infinities too.
func finite(name string, samples ...[]float64) error {
	for _, s := range samples {
		if len(s) == 0 {
			return fault(name, ErrEmpty)
		}
		for _, v := range s {
			if v-v != 0 {
				if v != v {
					return fault(name, ErrNaN)
				}
				return fault(name, ErrInf)
			}
		}
	}
	return nil
}

// total sums counts that must not be negative and must reach 1.
func total(name string, counts []int64) (int64, error) {
	var sum int64
	for _, c := range counts {
		if c < 0 {
			return 0, fault(name, ErrNegative)
		}
		if c > maxTotal-sum {
			return 0, faultf(name, ErrRange, "counts sum to more than 2^53")
		}
		sum += c
	}
	if sum == 0 {
		return 0, fault(name, ErrEmpty)
	}
	return sum, nil
}

// aligned checks two count vectors over the same cells and sums each.
func aligned(name string, ref, cur []int64) (n, m int64, err error) {
	if len(ref) != len(cur) {
		return 0, 0, faultf(name, ErrLength, "%d and %d cells", len(ref), len(cur))
	}
	if n, err = total(name, ref); err != nil {
		return 0, 0, err
	}
	m, err = total(name, cur)
	return n, m, err
}

// sizes checks sample sizes that come as numbers.
func sizes(name string, n, m int64) error {
	switch {
	case n < 0 || m < 0:
		return fault(name, ErrNegative)
	case n == 0 || m == 0:
		return fault(name, ErrEmpty)
	case n > maxTotal || m > maxTotal:
		return faultf(name, ErrRange, "a size above 2^53")
	}
	return nil
}

// open reports whether p lies strictly between 0 and 1.
func open(p float64) bool { return p > 0 && p < 1 }

// scaleFor returns the power of two by which values are multiplied before they
// are added or squared, so that neither overflows nor loses digits to denormals:
// 1 for ordinary magnitudes. Multiplying by it is exact, denormals included.
func scaleFor(samples ...[]float64) float64 {
	var top float64
	for _, s := range samples {
		for _, v := range s {
			top = max(top, math.Abs(v))
		}
	}
	if top == 0 || (top < 0x1p300 && top > 0x1p-300) {
		return 1
	}
	_, e := math.Frexp(top)
	// Two steps at most: 2^1074 itself is not a float64.
	return math.Ldexp(1, min(-e, 1000))
}
