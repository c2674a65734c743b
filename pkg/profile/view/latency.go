package view

import (
	"math"
	"slices"
)

// Latency is a distribution of durations in milliseconds.
type Latency struct {
	N       int64 // durations counted
	Missing int64 // null, NaN, infinite or negative
	Mean    float64
	Min     float64
	Max     float64
	Buckets []Bucket // non-empty ones, ascending
}

// Bucket counts the durations in (Lo, Hi] milliseconds; zeros are in [0, 0].
type Bucket struct {
	Lo, Hi float64
	Count  int64
}

// Quantile returns the q-quantile of the durations by rank q·(n-1), rounded
// half up: the geometric middle of the bucket that holds it, kept within Min and
// Max. The result is within half a bucket of the true value: 0.14 %, in a
// window 1.1 %. It is NaN without durations or with q outside [0, 1].
func (l *Latency) Quantile(q float64) float64 {
	if l.N == 0 || !(q >= 0 && q <= 1) {
		return math.NaN()
	}
	rank := int64(float64(q*float64(l.N-1)) + 0.5)
	i := slices.IndexFunc(l.Buckets, func(b Bucket) bool {
		rank -= b.Count
		return rank < 0
	})
	if i < 0 {
		i = len(l.Buckets) - 1
	}
	b := l.Buckets[i]
	return min(max(math.Sqrt(float64(b.Lo*b.Hi)), l.Min), l.Max)
}
