package onnx

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Whatever the bytes: a graph that scores, one that says which operator it leaves to
// ONNX Runtime, or an error of a known kind.
func FuzzRead(f *testing.F) {
	modeltest.Seed(f, "../testdata/onnx/[a-l]*.onnx", "../testdata/onnx/*_0*.onnx", "../testdata/onnx/sum_*.onnx", "../testdata/refused/*.onnx")
	f.Fuzz(func(t *testing.T, data []byte) {
		g, e, err := Read(data)
		if err != nil {
			for _, kind := range []error{tree.ErrFormat, tree.ErrObjective, tree.ErrBooster, tree.ErrFeatures} {
				if errors.Is(err, kind) {
					return
				}
			}
			t.Fatalf("an error of no kind: %v", err)
		}
		g.Tensor()
		if e.NumFeatures > 1000 || e.Outputs() > 1000 {
			return
		}
		rows := make([]float64, 3*e.NumFeatures)
		for i := range e.NumFeatures {
			rows[i] = math.NaN()
		}
		if err := g.Predict(rows, make([]float32, 3*e.Outputs())); !errors.Is(err, g.Native()) {
			t.Fatal(err)
		}
		if g.Linear() != nil {
			g.Addends(rows)
		}
		for i := range e.Trees {
			e.Walk(&e.Trees[i], rows)
		}
	})
}

// A row of zeros has no norm, and stays as it is; the largest of a row below 0 is below 0.
func TestNormalize(t *testing.T) {
	for _, c := range []struct {
		norm      string
		row, want []float64
	}{
		{"L1", []float64{0, 0}, []float64{0, 0}},
		{"L2", []float64{0, 0}, []float64{0, 0}},
		{"MAX", []float64{0, -3}, []float64{0, -3}},
		{"L1", []float64{1, -3}, []float64{0.25, -0.75}},
		{"L2", []float64{3, -4}, []float64{0.6, -0.8}},
		{"MAX", []float64{-4, -2}, []float64{2, 1}},
	} {
		got := make([]float64, 2)
		normalize(c.norm, c.row, got)
		for i, w := range c.want {
			if math.Abs(got[i]-w) > 1e-7 {
				t.Errorf("%s of %v: %v, want %v", c.norm, c.row, got, c.want)
				break
			}
		}
	}
}

// A graph of float rows sees numbers as float32, to the bit.
func TestRowsAreFloat(t *testing.T) {
	data, err := os.ReadFile("../testdata/onnx/min_max.onnx")
	if err != nil {
		t.Fatal(err)
	}
	g, e, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rows, rounded := make([]float64, 200*e.NumFeatures), make([]float64, 200*e.NumFeatures)
	for i := range rows {
		rows[i] = rng.NormFloat64()
		rounded[i] = float64(float32(rows[i]))
	}
	var got [2][200]float32
	for i, r := range [][]float64{rows, rounded} {
		if err := g.Predict(r, got[i][:]); err != nil {
			t.Fatal(err)
		}
	}
	if got[0] != got[1] {
		t.Error("rows that are one in float32 have two scores")
	}
}
