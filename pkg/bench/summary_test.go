package bench

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestSummarise(t *testing.T) {
	calls := []time.Duration{3 * time.Millisecond, 5 * time.Millisecond, time.Millisecond, 4 * time.Millisecond, 2 * time.Millisecond}
	before := slices.Clone(calls)
	var r verdict.Timing
	if err := summarise(&r, calls); err != nil {
		t.Fatal(err)
	}
	// Five times 1..5 ms. Type 7: the 95th percentile stands at 0.95·4 = 3.8
	// from the first, between 4 and 5 ms; the 99th at 3.96.
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"mean", r.MeanMS, 3}, {"p50", r.P50MS, 3}, {"p95", r.P95MS, 4.8}, {"p99", r.P99MS, 4.96}, {"min", r.MinMS, 1}, {"max", r.MaxMS, 5},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
	if r.Calls != 5 {
		t.Errorf("calls: got %d, want 5", r.Calls)
	}
	if !slices.Equal(calls, before) {
		t.Error("the times were changed")
	}
}

func TestSummariseOneCall(t *testing.T) {
	var r verdict.Timing
	if err := summarise(&r, []time.Duration{1500}); err != nil {
		t.Fatal(err)
	}
	for _, got := range []float64{r.MeanMS, r.P50MS, r.P95MS, r.P99MS, r.MinMS, r.MaxMS} {
		if got != 0.0015 {
			t.Errorf("got %v, want 0.0015", got)
		}
	}
}

func TestHistogram(t *testing.T) {
	// below 10: first bucket; [10,20): 10, 19; [20,40): 20, 39; from 40 on: 40, 1000
	calls := []time.Duration{40, 5, 10, 1000, 19, 20, 39}
	got := histogram("e", 7, calls, []time.Duration{10, 20, 40})
	want := []verdict.TimingBucket{
		{Engine: "e", Batch: 7, LoMS: 10e-6, HiMS: 20e-6, Count: 3},
		{Engine: "e", Batch: 7, LoMS: 20e-6, HiMS: 40e-6, Count: 2},
		{Engine: "e", Batch: 7, LoMS: 40e-6, HiMS: math.Inf(1), Count: 2},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEdges(t *testing.T) {
	ramp := func(n int, from, step time.Duration) []time.Duration {
		var out []time.Duration
		for i := range n {
			out = append(out, from+time.Duration(i)*step)
		}
		return out
	}
	slow := append(ramp(99, 1000, 1), time.Second)
	for _, c := range []struct {
		name        string
		times       [][]time.Duration
		lo, hi      time.Duration
		least, most int // bounds
	}{
		{"one call", [][]time.Duration{{500}}, 500, 501, 2, 2},
		{"all equal", [][]time.Duration{{500, 500, 500}}, 500, 501, 2, 2},
		{"a clock that reads 0", [][]time.Duration{{0, 0}}, 1, 2, 2, 2},
		{"few nanoseconds apart", [][]time.Duration{ramp(1000, 500, 0), ramp(1, 510, 0)}, 500, 511, 2, 12},
		// 101 times 1000, 1010, … 2000: place 99 of 0..100 holds 1990
		{"narrow", [][]time.Duration{ramp(101, 1000, 10)}, 1000, 1991, 31, 31},
		// ln(10^6)/ln 1.1 is 145 buckets: capped
		{"wide", [][]time.Duration{{1000}, {1_000_000_000}}, 1000, 1_000_000_001, 61, 61},
		// 99 times 1000..1098 and one of a second: place 98.01 holds 1098
		{"one slow call", [][]time.Duration{slow}, 1000, 1099, 25, 31},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := edges(c.times...)
			if got[0] != c.lo || got[len(got)-1] != c.hi {
				t.Errorf("from %d to %d, want %d to %d", got[0], got[len(got)-1], c.lo, c.hi)
			}
			if len(got) < c.least || len(got) > c.most {
				t.Errorf("%d bounds, want %d to %d", len(got), c.least, c.most)
			}
			for i := 1; i < len(got); i++ {
				if got[i] <= got[i-1] {
					t.Errorf("bounds %d and %d do not rise", got[i-1], got[i])
				}
			}
		})
	}
}
