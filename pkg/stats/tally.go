package stats

import "slices"

// valueCounts checks counts of two samples over ascending finite values, and returns their
// sizes.
func valueCounts(name string, x []float64, ref, cur []int64) (n, m int64, err error) {
	if len(x) != len(ref) {
		return 0, 0, faultf(name, ErrLength, "%d values and %d counts", len(x), len(ref))
	}
	if n, m, err = aligned(name, ref, cur); err != nil {
		return 0, 0, err
	}
	if err = finite(name, x); err != nil {
		return 0, 0, err
	}
	if !slices.IsSorted(x) {
		return 0, 0, faultf(name, ErrRange, "values are not in ascending order")
	}
	return n, m, nil
}

// DesignEffect returns Kish's design effect of rows that were seen n times each, as
// far as the repeats of a row say nothing new,
//
//	Σn² / Σn,
//
// by which the variance of a share exceeds that of so many independent rows. It is 1
// where no row repeats, and at most the largest n.
//
// Errors: ErrEmpty (no row, or none that was seen), ErrNegative. Cost: O(rows). Source:
// L. Kish, Survey Sampling (1965), for clusters that are alike within.
func DesignEffect(n []int64) (float64, error) {
	var seen, squares float64
	for _, k := range n {
		if k < 0 {
			return 0, fault("DesignEffect", ErrNegative)
		}
		seen += float64(k)
		squares += float64(float64(k) * float64(k))
	}
	if seen == 0 {
		return 0, fault("DesignEffect", ErrEmpty)
	}
	return squares / seen, nil
}
