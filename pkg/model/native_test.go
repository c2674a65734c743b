package model

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
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
			f := p.(*Flat)
			rows, _, want := oracleOf(t, path)
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
					if err := f.Margins(rows[at*width:end*width], got[at*outputs:end*outputs]); err != nil {
						t.Fatal(err)
					}
				}
				for i := range want {
					if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
						t.Errorf("batches of %d, margin %d: got %v, XGBoost has %v", batch, i, got[i], want[i])
					}
				}
			}
		})
	}
}

// walk is XGBoost's rule, without any of Flat's devices.
func walk(m *Model, row []float32) float32 {
	sum := m.margins[0]
	for _, t := range m.trees {
		i := int32(0)
		for t.nodes[i].left != 0 {
			n, x := t.nodes[i], row[t.nodes[i].feature]
			left := x < n.value
			if x != x {
				left = n.defaultLeft
			}
			if i = n.right; left {
				i = n.left
			}
		}
		leaf := t.nodes[i].value * t.weight
		sum += leaf
	}
	return sum
}

// ragged makes a tree of the given depth in which only one way goes all the way
// down, and of the rest the more the fuller.
func ragged(r *rand.Rand, features, depth int, full float64, thresholds []float32) tree {
	t := tree{weight: r.Float32(), depth: depth}
	var grow func(level int, main bool) int32
	grow = func(level int, main bool) int32 {
		i := int32(len(t.nodes))
		t.nodes = append(t.nodes, node{value: r.Float32() - 0.5})
		if level < depth && (main || r.Float64() < full) {
			t.nodes[i] = node{feature: r.Int32N(int32(features)), value: thresholds[r.IntN(len(thresholds))], defaultLeft: r.IntN(2) == 0}
			left := r.IntN(2) == 0
			t.nodes[i].left = grow(level+1, main && left)
			t.nodes[i].right = grow(level+1, main && !left)
		}
		return i
	}
	grow(0, true)
	return t
}

// Trees of all shapes, values at their thresholds, and the floats that are not
// like others.
func TestMarginsOfAnyTree(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	negative := float32(math.Copysign(0, -1))
	values := []float32{negative, 0, 1, -1, 0.5, math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32}
	r := rand.New(rand.NewPCG(5, 6))
	const features, rows = 7, 77
	plain, padded := 0, 0
	for range 200 {
		m := &Model{NumFeatures: features, margins: []float32{r.Float32()}}
		for range 1 + r.IntN(20) {
			m.trees = append(m.trees, ragged(r, features, r.IntN(12), r.Float64(), append(values, inf, -inf)))
		}
		p, err := Native(m)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range p.(*Flat).groups {
			nodes := 0
			for _, t := range m.trees[i*lanes : min((i+1)*lanes, len(m.trees))] {
				nodes += len(t.nodes)
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
		in := make([]float32, rows*features)
		for i := range in {
			in[i] = append(values, nan)[r.IntN(len(values)+1)]
		}
		out := make([]float32, rows)
		for _, n := range []int{rows, 1} {
			if err := p.(*Flat).Margins(in[:n*features], out[:n]); err != nil {
				t.Fatal(err)
			}
			for i := range n {
				if want := walk(m, in[i*features:(i+1)*features]); out[i] != want {
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
	m := &Model{NumFeatures: 3, margins: []float32{0}, trees: []tree{ragged(r, 3, maxDepth, 0, []float32{0, 1})}}
	p, err := Native(m)
	if err != nil {
		t.Fatal(err)
	}
	row, out := []float32{-1, 0.5, 2}, make([]float32, 1)
	if err := p.(*Flat).Margins(row, out); err != nil || out[0] != walk(m, row) {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestKeyKeepsOrder(t *testing.T) {
	negative := float32(math.Copysign(0, -1))
	ascending := []float32{float32(math.Inf(-1)), -math.MaxFloat32, -1, -math.SmallestNonzeroFloat32, 0, math.SmallestNonzeroFloat32, 1, math.MaxFloat32, float32(math.Inf(1))}
	for i, x := range ascending {
		if k := key(x); k == math.MinInt32 || k == math.MaxInt32 || i > 0 && k <= key(ascending[i-1]) {
			t.Errorf("%v: %d", x, k)
		}
	}
	if key(negative) != key(0) {
		t.Error("-0 is not 0")
	}
}

// A call allocates nothing, whatever its size, and goroutines do not disturb
// each other.
func TestNativeCalls(t *testing.T) {
	p, err := Native(open(t, "testdata/softprob.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	rows, _, want := oracleOf(t, "testdata/softprob.ubj")
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
				if err := p.(*Flat).Margins(rows, out); err != nil || !slices.Equal(out, want) {
					t.Errorf("other margins in a goroutine: %v", err)
				}
			}
		})
	}
	wg.Wait()
}
