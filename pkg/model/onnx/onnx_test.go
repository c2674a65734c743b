package onnx

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Whatever the bytes: a graph that scores, one that says which operator it leaves to
// ONNX Runtime, or an error of a known kind.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"../testdata/onnx/[a-l]*.onnx", "../testdata/onnx/*_0*.onnx", "../testdata/refused/*.onnx"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
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
		if err := g.Predict(rows, make([]float32, 3*e.Outputs())); err != g.Native() {
			t.Fatal(err)
		}
		for i := range e.Trees {
			e.Walk(&e.Trees[i], rows)
		}
	})
}
