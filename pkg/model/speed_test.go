package model

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

// The engines side by side: the sample model, and one of 500 trees of depth 6;
// under testdata/speed.py, its model and its rows.
func BenchmarkPredict(b *testing.B) {
	if *marginsDir != "" {
		m := open(b, filepath.Join(*marginsDir, "large.ubj"))
		benchmark(b, "", m, modeltest.Floats(b, filepath.Join(*marginsDir, "rows.f32")), 1, 1000, 10_000)
		return
	}
	small := open(b, "../../testdata/model.ubj")
	smallRows, _ := sample(b, small)
	forest, largeRows := modeltest.Forest(47, 500, 6, 1000)
	large := &Model{Ensemble: forest}
	benchmark(b, "model=sample/", small, smallRows, 1, 50, 1000)
	benchmark(b, "model=500x6/", large, largeRows, 1, 50, 1000)
}

func benchmark(b *testing.B, prefix string, m *Model, rows []float64, batches ...int) {
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
