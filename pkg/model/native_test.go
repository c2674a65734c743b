package model

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// The promise of the engine: XGBoost's own bits, row by row and in batches of
// any size.
func TestMarginsAreXGBoosts(t *testing.T) {
	for _, path := range models(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p, err := Native(open(t, path))
			if err != nil {
				t.Fatal(err)
			}
			f := p.(*native)
			rows, _, want := modeltest.Oracle(t, path)
			if len(want) == 0 {
				t.Fatal("no margins")
			}
			got := make([]float32, len(want))
			width, outputs := f.NumFeatures(), f.Outputs()
			n := len(want) / outputs
			for _, batch := range []int{1, 2, 3, 4, 5, 7, 8, 9, 64, 65, 71, n} {
				clear(got)
				for at := 0; at < n; at += batch {
					end := min(at+batch, n)
					if err := f.single.margins(rows[at*width:end*width], got[at*outputs:end*outputs]); err != nil {
						t.Fatal(err)
					}
				}
				for i := range want {
					if math.Float32bits(got[i]) != math.Float32bits(float32(want[i])) {
						t.Errorf("batches of %d, margin %d: got %v, XGBoost has %v", batch, i, got[i], want[i])
					}
				}
			}
		})
	}
}

// walk is XGBoost's rule, without any of flat's devices.
func walk(m *Model, row []float64) float64 {
	sum := float32(m.Margins[0])
	for _, t := range m.Trees {
		i := int32(0)
		for t.Nodes[i].Left != 0 {
			n, x := t.Nodes[i], float32(row[t.Nodes[i].Feature])
			left := x < float32(n.Value)
			if x != x {
				left = n.DefaultLeft
			}
			if i = n.Right; left {
				i = n.Left
			}
		}
		sum += float32(t.Nodes[i].Value)
	}
	return float64(sum)
}

// ragged makes a tree of the given depth in which only one way goes all the way
// down, and of the rest the more the fuller.
func ragged(r *rand.Rand, features, depth int, full float64, thresholds []float64) tree.Tree {
	t := tree.Tree{Depth: depth}
	var grow func(level int, main bool) int32
	grow = func(level int, main bool) int32 {
		i := int32(len(t.Nodes))
		t.Nodes = append(t.Nodes, tree.Node{Value: float64(r.Float32() - 0.5)})
		if level < depth && (main || r.Float64() < full) {
			t.Nodes[i] = tree.Node{Feature: r.Int32N(int32(features)), Value: thresholds[r.IntN(len(thresholds))], DefaultLeft: r.IntN(2) == 0}
			left := r.IntN(2) == 0
			t.Nodes[i].Left = grow(level+1, main && left)
			t.Nodes[i].Right = grow(level+1, main && !left)
		}
		return i
	}
	grow(0, true)
	return t
}

// Trees of all shapes, values at their thresholds, and the floats that are not
// like others.
func TestMarginsOfAnyTree(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	negative := math.Copysign(0, -1)
	values := []float64{negative, 0, 1, -1, 0.5, math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-60}
	r := rand.New(rand.NewPCG(5, 6))
	const features, rows = 7, 77
	plain, padded := 0, 0
	for range 200 {
		m := &Model{Ensemble: &tree.Ensemble{NumFeatures: features, Margins: []float64{float64(r.Float32())}}}
		for range 1 + r.IntN(20) {
			m.Trees = append(m.Trees, ragged(r, features, r.IntN(12), r.Float64(), append(values, inf, -inf)))
		}
		p, err := Native(m)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range p.(*native).single.groups {
			nodes := 0
			for _, t := range m.Trees[i*lanes : min((i+1)*lanes, len(m.Trees))] {
				nodes += len(t.Nodes)
			}
			if len(g.nodes) > max(512, 8*nodes) || g.plain && g.depth <= 6 {
				t.Errorf("%d nodes in trees of depth %d became %d", nodes, g.depth, len(g.nodes))
			}
			if g.plain {
				plain++
			} else {
				padded++
			}
		}
		in := make([]float64, rows*features)
		for i := range in {
			in[i] = append(values, nan)[r.IntN(len(values)+1)]
		}
		out := make([]float32, rows)
		for _, n := range []int{rows, 1} {
			if err := p.(*native).single.margins(in[:n*features], out[:n]); err != nil {
				t.Fatal(err)
			}
			for i := range n {
				if want := walk(m, in[i*features:(i+1)*features]); float64(out[i]) != want {
					t.Fatalf("row %d of %d: got %v, want %v", i, n, out[i], want)
				}
			}
		}
	}
	if plain < 50 || padded < 50 {
		t.Errorf("%d plain and %d padded groups", plain, padded)
	}
}

// 2 to the power of the depth would be no number.
func TestMarginsOfDeepTree(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	m := &Model{Ensemble: &tree.Ensemble{NumFeatures: 3, Margins: []float64{0}, Trees: []tree.Tree{ragged(r, 3, 1024, 0, []float64{0, 1})}}}
	p, err := Native(m)
	if err != nil {
		t.Fatal(err)
	}
	row, out := []float64{-1, 0.5, 2}, make([]float32, 1)
	if err := p.(*native).single.margins(row, out); err != nil || float64(out[0]) != walk(m, row) {
		t.Errorf("got %v, %v", out, err)
	}
}

// A call allocates nothing, whatever its size, and goroutines do not disturb
// each other.
func TestNativeCalls(t *testing.T) {
	p, err := Native(open(t, "testdata/softprob.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	rows, _, want := modeltest.Oracle(t, "testdata/softprob.ubj")
	out := make([]float32, len(want))
	for _, n := range []int{1, 3, len(want) / 3} {
		if a := testing.AllocsPerRun(100, func() {
			if err := p.Predict(rows[:n*4], out[:n*3]); err != nil {
				t.Error(err)
			}
		}); a >= 1 && !raced { // a collection may empty the pool
			t.Errorf("%d rows: %v allocations", n, a)
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			out := make([]float32, len(want))
			for range 20 {
				if err := p.(*native).single.margins(rows, out); err != nil || !slices.EqualFunc(out, want, func(got float32, want float64) bool { return got == float32(want) }) {
					t.Errorf("other margins in a goroutine: %v", err)
				}
			}
		})
	}
	wg.Wait()
}
