package count

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// TestBuckets: each duration lies in its bucket, and the middle of a bucket is
// within 0.14 % of all of it. The bounds are those of math.Exp2 but for the last
// bit.
func TestBuckets(t *testing.T) {
	table := fractions()
	for i, f := range table {
		if want := math.Exp2(float64(i) / 256); math.Abs(f-want) > 4e-16 {
			t.Errorf("2^(%d/256) is %v, want %v", i, f, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	check := func(ms float64) {
		t.Helper()
		b := bucketOf(ms, table)
		if lo, hi := bound(b-1), bound(b); !(lo < ms && ms <= hi) {
			t.Fatalf("%v is in (%v, %v]", ms, lo, hi)
		}
		lo, hi := bound(b-1), bound(b)
		if mid := math.Sqrt(lo * hi); mid/lo-1 > 0.0014 || hi/mid-1 > 0.0014 {
			t.Fatalf("bucket (%v, %v] is too wide", lo, hi)
		}
		c := coarseOf(b)
		if lo, hi := bound((c-1)*8), bound(c*8); !(lo < ms && ms <= hi) {
			t.Fatalf("%v is in the coarse bucket (%v, %v]", ms, lo, hi)
		}
	}
	for range 20_000 {
		check(math.Exp(max(-13, r.NormFloat64()*5))) // above 2^-20
	}
	for i := 1; i < bucketCount-1; i += 7 {
		e := bound(i)
		check(e)
		check(math.Nextafter(e, 0))
		check(math.Nextafter(e, math.Inf(1)))
	}
	for ms, want := range map[float64]int{0: 0, 5e-324: 1, 1e-9: 1, 1e300: bucketCount - 1, math.MaxFloat64: bucketCount - 1} {
		if got := bucketOf(ms, table); got != want {
			t.Errorf("bucket of %v is %d, want %d", ms, got, want)
		}
	}
}

func TestLatencyQuantile(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var d Durations
	var ms []float64
	for range 5000 {
		x := math.Exp(r.NormFloat64() * 2)
		ms = append(ms, x)
		d.Add(x)
	}
	for _, odd := range []float64{math.NaN(), -1, math.Inf(1)} {
		d.Add(odd)
	}
	slices.Sort(ms)
	l := d.View()
	if l.N != 5000 || l.Missing != 3 || l.Min != ms[0] || l.Max != ms[4999] {
		t.Errorf("got %d, %d, %v, %v", l.N, l.Missing, l.Min, l.Max)
	}
	for _, q := range []float64{0, 0.01, 0.5, 0.95, 0.99, 1} {
		want := ms[int(q*4999+0.5)]
		if got := l.Quantile(q); math.Abs(got/want-1) > 0.0014 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if got := l.Quantile(1.5); !math.IsNaN(got) {
		t.Errorf("quantile 1.5 is %v", got)
	}
	none := view.Latency{}
	if got := none.Quantile(0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing is %v", got)
	}
}
