package count

import (
	"math"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// coarse counts a latency in buckets of 2 %, for windows and slots. The slice
// starts at bucket from.
type coarse struct {
	n      int64
	from   int
	bucket []int64
}

// coarseOf returns the coarse bucket of a fine one; zeros keep their own.
func coarseOf(fine int) int {
	if fine <= 0 {
		return 0
	}
	return (fine-1)>>coarseShift + 1
}

// addMS counts a duration, unless it is negative, infinite or NaN.
func (c *coarse) addMS(ms float64) bool {
	if !(ms >= 0) || math.IsInf(ms, 1) {
		return false
	}
	c.add(coarseOf(bucketOf(ms, fractions())), 1)
	return true
}

func (c *coarse) add(b int, n int64) {
	c.n += n
	if len(c.bucket) == 0 {
		c.from, c.bucket = b, append(c.bucket, n)
		return
	}
	if b < c.from {
		c.bucket = append(make([]int64, c.from-b, c.from-b+len(c.bucket)), c.bucket...)
		c.from = b
	}
	if last := c.from + len(c.bucket) - 1; b > last {
		c.bucket = append(c.bucket, make([]int64, b-last)...)
	}
	c.bucket[b-c.from] += n
}

func (c *coarse) merge(o *coarse) {
	for i, n := range o.bucket {
		if n != 0 {
			c.add(o.from+i, n)
		}
	}
}

func (c *coarse) view() view.Latency {
	l := view.Latency{N: c.n, Mean: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	sum := 0.0
	for i, n := range c.bucket {
		if n == 0 {
			continue
		}
		v := view.Bucket{Count: n}
		if b := c.from + i; b > 0 {
			v = bucketView((b-1)<<coarseShift+1, b<<coarseShift, n)
		}
		l.Buckets = append(l.Buckets, v)
		sum = sum + float64(float64(n)*(float64(v.Lo/2)+float64(v.Hi/2)))
	}
	if c.n > 0 {
		l.Mean = sum / float64(c.n)
		l.Min, l.Max = l.Buckets[0].Lo, l.Buckets[len(l.Buckets)-1].Hi
	}
	return l
}

func (c *coarse) put(l *ledger.Ledger, key string) { l.Part(key, c.from, c.bucket) }

func (c *coarse) set(n ledger.Numbers) bool {
	for b, n := range n.All() {
		if b >= coarseCount || n < 0 {
			return false
		}
		c.add(b, n)
	}
	return true
}
