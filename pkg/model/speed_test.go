package model

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// forest makes a model of complete trees, and rows that split them evenly: no
// branch of a walk can be foreseen.
func forest(features, trees, depth, rows int) (*Model, []float32) {
	r := rand.New(rand.NewPCG(1, 2))
	m := &Model{Objective: "binary:logistic", Booster: "gbtree", NumFeatures: features, link: logistic, margins: []float32{0}}
	for range trees {
		m.trees = append(m.trees, complete(r, features, depth))
	}
	values := make([]float32, rows*features)
	for i := range values {
		values[i] = r.Float32()
	}
	return m, values
}

// complete makes a tree in which every leaf is as deep as the others.
func complete(r *rand.Rand, features, depth int) tree {
	t := tree{weight: 1, depth: depth}
	var grow func(level int) int32
	grow = func(level int) int32 {
		i := int32(len(t.nodes))
		t.nodes = append(t.nodes, node{value: r.Float32() - 0.5, cover: float32(int(1) << (depth - level))})
		if level < depth {
			t.nodes[i] = node{feature: r.Int32N(int32(features)), value: r.Float32(), defaultLeft: r.IntN(2) == 0, cover: t.nodes[i].cover}
			t.nodes[i].left = grow(level + 1)
			t.nodes[i].right = grow(level + 1)
		}
		return i
	}
	grow(0)
	return t
}

// The engines side by side: the sample model, and one of 500 trees of depth 6;
// under testdata/speed.py, its model and its rows.
func BenchmarkPredict(b *testing.B) {
	if *marginsDir != "" {
		m := open(b, filepath.Join(*marginsDir, "large.ubj"))
		benchmark(b, "", m, floats(b, filepath.Join(*marginsDir, "rows.f32")), 1, 1000, 10_000)
		return
	}
	small := open(b, "../../testdata/model.ubj")
	smallRows, _ := sample(b, small)
	large, largeRows := forest(47, 500, 6, 1000)
	benchmark(b, "model=sample/", small, smallRows, 1, 50, 1000)
	benchmark(b, "model=500x6/", large, largeRows, 1, 50, 1000)
}

func benchmark(b *testing.B, prefix string, m *Model, rows []float32, batches ...int) {
	for _, batch := range batches {
		for _, engine := range engines {
			p, err := engine.make(m)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%srows=%d/engine=%s", prefix, batch, engine.name), func(b *testing.B) {
				b.ReportAllocs()
				width := p.NumFeatures()
				n := len(rows) / width / batch * batch
				out := make([]float32, batch)
				i := 0
				for b.Loop() {
					if err := p.Predict(rows[i*width:(i+batch)*width], out); err != nil {
						b.Fatal(err)
					}
					i = (i + batch) % n
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch), "ns/row")
			})
		}
	}
}
