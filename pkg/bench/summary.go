package bench

import (
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// summarise fills in the result's times from those of its calls, of which there
// is at least one. Quantiles are of type 7: linear between order statistics.
func summarise(r *verdict.Timing, calls []time.Duration) error {
	x := make([]float64, len(calls))
	for i, d := range calls {
		x[i] = milliseconds(d)
	}
	mean, err := stats.Mean(x)
	if err != nil {
		return err
	}
	q, err := stats.Quantiles(x, 0.5, 0.95, 0.99)
	if err != nil {
		return err
	}
	r.Calls = int64(len(x))
	r.MeanMS, r.P50MS, r.P95MS, r.P99MS = mean, q[0], q[1], q[2]
	r.MinMS, r.MaxMS = slices.Min(x), slices.Max(x)
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// A histogram has fewBuckets, or as many as manyBuckets when its range is so
// wide that their bounds would differ by more than the factor fine.
const (
	fewBuckets  = 30
	manyBuckets = 60
	fine        = 1.1
)

// edges returns the bounds of buckets for the given times, of which none is
// empty: at equal ratios from the shortest time to just above the largest of
// their 99th percentiles, rounded down to a time. A few calls are always many times slower than the
// rest; up to them, nearly all buckets would be empty.
func edges(times ...[]time.Duration) []time.Duration {
	lo, hi := time.Duration(math.MaxInt64), time.Duration(0)
	for _, t := range times {
		sorted := slices.Sorted(slices.Values(t))
		last := int(0.99 * float64(len(sorted)-1))
		lo, hi = min(lo, sorted[0]), max(hi, sorted[last]+1)
	}
	lo = max(lo, 1) // a coarse clock reads 0
	hi = max(hi, lo+1)
	width := math.Log(float64(hi) / float64(lo))
	n := min(max(int(math.Ceil(width/math.Log(fine))), fewBuckets), manyBuckets)
	bounds := []time.Duration{lo}
	for i := 1; i < n; i++ {
		// Whole nanoseconds, as the times are: a bucket narrower than one is
		// left out.
		b := time.Duration(math.Round(float64(lo) * math.Exp(width*float64(i)/float64(n))))
		if b > bounds[len(bounds)-1] && b < hi {
			bounds = append(bounds, b)
		}
	}
	return append(bounds, hi)
}

// histogram counts calls between neighbouring bounds, the lower one included,
// and in a last bucket without upper bound. What is below the first bound is
// counted in the first bucket.
func histogram(engine string, batch int64, calls, bounds []time.Duration) []verdict.TimingBucket {
	buckets := make([]verdict.TimingBucket, len(bounds))
	for i := range buckets {
		hi := math.Inf(1)
		if i+1 < len(bounds) {
			hi = milliseconds(bounds[i+1])
		}
		buckets[i] = verdict.TimingBucket{Engine: engine, Batch: batch, LoMS: milliseconds(bounds[i]), HiMS: hi}
	}
	for _, d := range calls {
		i, found := slices.BinarySearch(bounds, d)
		if !found {
			i--
		}
		buckets[max(i, 0)].Count++
	}
	return buckets
}
