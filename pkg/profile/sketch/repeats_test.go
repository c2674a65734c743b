package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRepeatsOfFew: what is followed as a whole is exact.
func TestRepeatsOfFew(t *testing.T) {
	r := NewRepeats()
	for i := range 1000 {
		r.Add(Finish(uint64(i % 40)))
	}
	v := r.View()
	if !v.Exact || v.Distinct != 40 || v.Rows != 1000 || v.Error != 0 || len(v.Times) != 40 || v.Times[0] != 25 {
		t.Errorf("got %+v", v)
	}
	// Of 20 drawn of 1000 that are 40 equally frequent ones, 40·(1 - (1-1/50)^25) are different.
	if got, want := v.In(20), 40*(1-math.Pow(0.98, 25)); math.Abs(got-want) > 1e-9 {
		t.Errorf("%v of 20, want %v", got, want)
	}
	if v.In(1000) != 40 || v.In(0) != 0 {
		t.Errorf("%v of all, %v of none", v.In(1000), v.In(0))
	}
}

// TestRepeatsOfMany: the number of different things is within 2 % of the truth
// whatever repeats, and one that comes very often is seen.
func TestRepeatsOfMany(t *testing.T) {
	logs := map[string]func(r *rand.Rand, add func(uint64)) (different, most int){
		"none": func(_ *rand.Rand, add func(uint64)) (int, int) {
			for i := range 200_000 {
				add(uint64(i))
			}
			return 200_000, 0
		},
		"one line resent": func(_ *rand.Rand, add func(uint64)) (int, int) {
			for i := range 25_000 {
				add(uint64(max(5_000, i)))
			}
			return 20_000, 5_001
		},
		"some lines resent": func(_ *rand.Rand, add func(uint64)) (int, int) {
			for i := range 100_000 {
				add(uint64(i))
				for range map[bool]int{true: 99}[i%1000 == 0] {
					add(uint64(i))
				}
			}
			return 100_000, 0
		},
		"each twice": func(_ *rand.Rand, add func(uint64)) (int, int) {
			for i := range 60_000 {
				add(uint64(i / 2))
			}
			return 30_000, 0
		},
		"few times each": func(r *rand.Rand, add func(uint64)) (int, int) {
			seen := map[uint64]bool{}
			for range 90_000 {
				x := uint64(r.IntN(30_000))
				seen[x] = true
				add(x)
			}
			return len(seen), 0
		},
	}
	for name, log := range logs {
		errs := 0.0
		for seed := range uint64(10) {
			r := NewRepeats()
			different, most := log(rand.New(rand.NewPCG(seed, 3)), func(x uint64) { r.Add(Finish(x*2654435761 + seed<<40)) })
			v := r.View()
			err := v.Distinct/float64(different) - 1
			errs += err * err / 10
			if math.Abs(err) > 0.06 || v.Exact {
				t.Errorf("%s: %v different ones, want %d", name, v.Distinct, different)
			}
			if name == "none" && (v.Distinct != 200_000 || len(v.Often) > 0) {
				t.Errorf("%s: %v different ones, often %v", name, v.Distinct, v.Often)
			}
			if most > 0 && (len(v.Often) != 1 || math.Abs(float64(v.Often[0]-int64(most))) > 50) {
				t.Errorf("%s: often %v, want %d", name, v.Often, most)
			}
		}
		if math.Sqrt(errs) > 0.02 {
			t.Errorf("%s: the error is %.3f", name, math.Sqrt(errs))
		}
	}
}
