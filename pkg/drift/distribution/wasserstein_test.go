package distribution

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
)

// SciPy 1.17:
//
//	ref = [(i*37%101)/7 for i in range(200)]
//	wasserstein_distance(ref, [(i*53%97)/7+0.3 for i in range(150)])
//	wasserstein_distance(ref, [(i*53%97)/3-5 for i in range(150)])
func TestWassersteinIsSciPys(t *testing.T) {
	var ref, near, far []float64
	for i := range 200 {
		ref = append(ref, float64(i*37%101)/7)
		if i < 150 {
			near = append(near, float64(i*53%97)/7+0.3)
			far = append(far, float64(i*53%97)/3-5)
		}
	}
	for _, c := range []struct {
		cur  []float64
		want float64
	}{{near, 0.18838095238095207}, {far, 5.161507936507938}} {
		w, lo, hi, ok := wasserstein(kept(ref), kept(c.cur))
		if !ok || math.Abs(w-c.want) > 1e-12*c.want || lo == lo || hi == hi {
			t.Errorf("%v [%v, %v], SciPy says %v", w, lo, hi, c.want)
		}
	}
}

// kept holds all its values.
func kept(x []float64) *view.Number {
	counts := map[float64]int64{}
	for _, v := range x {
		counts[v]++
	}
	distinct := slices.Sorted(maps.Keys(counts))
	n := make([]int64, len(distinct))
	for i, v := range distinct {
		n[i] = counts[v]
	}
	return &view.Number{Values: func() ([]float64, []int64, bool) { return distinct, n, true }}
}

// onGrid counts values on a grid of few edges and keeps none of them.
func onGrid(edges, x []float64) *view.Number {
	n := &view.Number{Edges: edges, At: make([]int64, len(edges)), Open: make([]int64, len(edges)+1), First: make([]float64, len(edges)+1)}
	for _, v := range x {
		if i, on := slices.BinarySearch(edges, v); on {
			n.At[i]++
		} else {
			n.First[i] = (n.First[i]*float64(n.Open[i]) + v) / float64(n.Open[i]+1)
			n.Open[i]++
		}
	}
	n.Values = func() ([]float64, []int64, bool) { return nil, nil, false }
	return n
}

func TestWassersteinInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 4))
	draw := func(n int, shift, scale float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Round((shift+scale*rng.NormFloat64())*16) / 16
		}
		return x
	}
	for trial := range 300 {
		ref, cur := draw(50+rng.IntN(200), 0, 1), draw(50+rng.IntN(200), rng.NormFloat64()/2, 0.5+rng.Float64())
		ones := func(x []float64) []float64 { return slices.Repeat([]float64{1}, len(x)) }
		exact, err := stats.WassersteinWeighted(slices.Sorted(slices.Values(ref)), ones(ref), slices.Sorted(slices.Values(cur)), ones(cur))
		if err != nil {
			t.Fatal(err)
		}
		edges := slices.Clone(ref)
		sort.Float64s(edges)
		least, most := edges[0], edges[len(edges)-1]
		edges = slices.Compact(append(append([]float64{least}, edges[rng.IntN(20):len(edges)-1:len(edges)-1]...), most))
		var few []float64
		for i, e := range edges {
			if i == 0 || i == len(edges)-1 || rng.IntN(6) == 0 {
				few = append(few, e)
			}
		}
		w, lo, hi, ok := wasserstein(onGrid(few, ref), onGrid(few, cur))
		slack := 1e-12 * (1 + exact)
		if !ok || w != lo || exact < lo-slack || exact > hi+slack || hi-lo > 2*(most-least) {
			t.Fatalf("trial %d: %v in [%v, %v], want %v there", trial, w, lo, hi, exact)
		}
	}
	// Without a crossing it is exact on any grid.
	ref, cur := []float64{0, 1, 2, 3, 4}, []float64{10.5, 11, 12.25}
	if _, lo, hi, _ := wasserstein(onGrid([]float64{0, 4}, ref), onGrid([]float64{0, 4}, cur)); lo != hi || math.Abs(lo-9.25) > 1e-12 {
		t.Errorf("[%v, %v], want 9.25", lo, hi)
	}
}
