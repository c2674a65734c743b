package model

import (
	"fmt"
	"math/rand/v2"
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
		t.nodes = append(t.nodes, node{value: r.Float32() - 0.5})
		if level < depth {
			t.nodes[i] = node{feature: r.Int32N(int32(features)), value: r.Float32(), defaultLeft: r.IntN(2) == 0}
			t.nodes[i].left = grow(level + 1)
			t.nodes[i].right = grow(level + 1)
		}
		return i
	}
	grow(0)
	return t
}

// The engines side by side: the sample model, and one of 500 trees of depth 6.
func BenchmarkPredict(b *testing.B) {
	sampleModel := open(b, "../../testdata/model.ubj")
	sampleRows, _ := sample(b, sampleModel)
	large, largeRows := forest(47, 500, 6, 1000)
	for _, c := range []struct {
		name string
		m    *Model
		rows []float32
	}{{"sample", sampleModel, sampleRows}, {"500x6", large, largeRows}} {
		for _, batch := range []int{1, 50, 1000} {
			for _, engine := range engines {
				p, err := engine.make(c.m)
				if err != nil {
					b.Fatal(err)
				}
				b.Run(fmt.Sprintf("model=%s/rows=%d/engine=%s", c.name, batch, engine.name), func(b *testing.B) {
					b.ReportAllocs()
					width := p.NumFeatures()
					n := len(c.rows) / width / batch * batch
					out := make([]float32, batch)
					i := 0
					for b.Loop() {
						if err := p.Predict(c.rows[i*width:(i+batch)*width], out); err != nil {
							b.Fatal(err)
						}
						i = (i + batch) % n
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch), "ns/row")
				})
			}
		}
	}
}
