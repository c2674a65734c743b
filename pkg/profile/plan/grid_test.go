package plan

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/caps"
)

// randomEdge draws from all finite float64s, by their bits.
func randomEdge(r *rand.Rand) float64 {
	for {
		if x := math.Float64frombits(r.Uint64()); x-x == 0 {
			return x
		}
	}
}

// TestPosition compares the search table with a walk along the edges, at, an
// ulp below and an ulp above every edge.
func TestPosition(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		var edges []float64
		for range 1 + r.IntN(300) {
			switch seed % 4 {
			case 0:
				edges = append(edges, randomEdge(r))
			case 1:
				edges = append(edges, r.NormFloat64())
			case 2:
				edges = append(edges, 1.7e9+float64(r.IntN(1000)))
			default:
				edges = append(edges, []float64{
					0, 1, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 1e300, -1e300, 1e-300,
				}[r.IntN(10)])
			}
		}
		slices.Sort(edges)
		edges = slices.Compact(edges)
		g := &Grid{Edges: edges, Inverse: 1}
		g.finish()
		for range 400 {
			x := edges[r.IntN(len(edges))]
			switch r.IntN(4) {
			case 0:
				x = math.Nextafter(x, math.Inf(1))
			case 1:
				x = math.Nextafter(x, math.Inf(-1))
			case 2:
				x = randomEdge(r)
			}
			if x-x != 0 { // beyond the greatest number
				continue
			}
			want := 0
			for _, e := range edges {
				if x == e {
					want++
				} else if x > e {
					want += 2
				}
			}
			if got := g.search.position(x); got != want {
				t.Fatalf("seed %d: position of %v is %d, want %d", seed, x, got, want)
			}
		}
	}
}

// TestNormalScores: the scores of a reference are those of middle ranks.
func TestNormalScores(t *testing.T) {
	// Ranks of 1, 2, 2, 3: middles 0.5/4, 2/4 and 3.5/4. Their normal quantiles
	// are -1.1503, 0 and 1.1503; a cell between has its edges' rank.
	g := newGrid([]float64{1, 2, 3}, []int64{1, 2, 1}, 0, nil, nil, nil)
	want := []float64{math.Inf(-1), -1.15035, -0.67449, 0, 0.67449, 1.15035, math.Inf(1)}
	for p, z := range g.Normal {
		w := want[p]
		if math.IsInf(w, 0) { // outside: half a rank from the end
			w = math.Copysign(1.15035, w)
		}
		if math.Abs(float64(z)/normalSteps-w) > 2.0/normalSteps {
			t.Errorf("position %d scores %v, want %v", p, float64(z)/normalSteps, w)
		}
	}
}

// TestSizeOfTheSampleInTheID: plans of the usual size keep the bytes of the ID
// that they had before there was a choice.
func TestSizeOfTheSampleInTheID(t *testing.T) {
	for _, n := range []int64{0, int64(caps.SampleRows.N), 100, AllRows} {
		p := &Plan{SampleRows: n}
		if err := p.Complete(); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Contains(string(p.canonical()), "sample rows"), n == 100 || n == AllRows; got != want {
			t.Errorf("%d rows are in the bytes of the ID: %v, want %v", n, got, want)
		}
	}
}
