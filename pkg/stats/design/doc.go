// Package design says how many independent rows a sample of rows that hang together
// is worth, as survey statistics does, and tests with that many.
//
// A design effect is the factor by which the variance of a share exceeds that of as
// many independent rows; rows over it are effective rows. It is taken from integers
// that merge: counts by cell and bucket of an entity's hash, counts by cell and
// window of time.
package design

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/stats"
)

func fault(name string, err error) error { return fmt.Errorf("design.%s: %w", name, err) }

// total sums counts.
func total(name string, counts []int64) (int64, error) {
	const most = 1 << 53
	var n int64
	for _, c := range counts {
		if c < 0 {
			return 0, fault(name, stats.ErrNegative)
		}
		if c > most-n {
			return 0, fault(name, stats.ErrRange)
		}
		n += c
	}
	return n, nil
}
