package sketch

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

type hits struct{ n int64 }

func newHits(k, depth, width int) Names[hits] {
	return NewNames(k, depth, width, func(into, from *hits) { into.n += from.n }, func(h *hits) int64 { return h.n })
}

// state is all that Names hold, as text.
func state(s *Names[hits]) string {
	out := ""
	for n := range s.Kept() {
		out += fmt.Sprintf("%x %s %d\n", n.Hash, n.Name, n.Count.n)
	}
	return out + fmt.Sprint(s.Buckets())
}

// TestNames: in any order and any tree of merges the state is one; what is kept is
// exact, what is not is never less than the truth; all of it adds up to what came.
func TestNames(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		var log []string
		truth := map[string]int64{}
		for range 4000 {
			name := fmt.Sprint("/rare/", r.IntN(1000))
			if r.IntN(3) == 0 {
				name = "/predict"
			}
			log = append(log, name)
			truth[name]++
		}
		count := func(log []string) *Names[hits] {
			s := newHits(50, 3, 64)
			for _, name := range log {
				s.Add(HashString(name), &hits{1}, func() string { return name })
			}
			return &s
		}
		whole := count(log)
		want := state(whole)
		r.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
		var parts []*Names[hits]
		for len(log) > 0 {
			n := min(len(log), 1+r.IntN(900))
			parts = append(parts, count(log[:n]))
			log = log[n:]
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts) - 1)
			parts[i].Merge(parts[i+1])
			parts = slices.Delete(parts, i+1, i+2)
		}
		if got := state(parts[0]); got != want {
			t.Fatalf("seed %d: shards give another state", seed)
		}
		var all int64
		for n := range whole.Kept() {
			all += n.Count.n
		}
		if all += whole.Rest().n; all != 4000 {
			t.Errorf("seed %d: %d are counted, want 4000", seed, all)
		}
		for name, n := range truth {
			c, exact := whole.Of(HashString(name))
			if c == nil || c.n < n || exact && c.n != n {
				t.Errorf("seed %d: %s: got %v, want %d", seed, name, c, n)
			}
		}
		if c, _ := whole.Of(HashString("/predict")); c.n > truth["/predict"]+2*4000/64 {
			t.Errorf("seed %d: %d, want about %d", seed, c.n, truth["/predict"])
		}
		ranked := whole.Ranked(func(yield func(uint64, string) bool) {
			for _, name := range slices.Sorted(maps.Keys(truth)) {
				if !yield(HashString(name), name) {
					return
				}
			}
		})
		if ranked[0].Name != "/predict" || len(ranked) > 60 {
			t.Errorf("seed %d: %d names, the first %s", seed, len(ranked), ranked[0].Name)
		}
		if d := whole.Distinct(); d < int64(len(truth))*2/3 || d > int64(len(truth))*3/2 {
			t.Errorf("seed %d: %d names, want about %d", seed, d, len(truth))
		}
	}
}
