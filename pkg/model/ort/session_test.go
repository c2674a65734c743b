package ort

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// session opens the model on ONNX Runtime. On a machine without, the error must
// say so, and the test ends there; in CI, where it is fetched, the test fails.
func session(t testing.TB, m *model.Model) model.Predictor {
	t.Helper()
	p, err := New(m)
	if errors.Is(err, errUnavailable) {
		if !strings.HasPrefix(err.Error(), "ONNX Runtime is not available: ") {
			t.Errorf("no reason: %v", err)
		}
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func open(t testing.TB, path string) (*model.Model, model.Predictor) {
	t.Helper()
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	native, err := model.Native(m)
	if err != nil {
		t.Fatal(err)
	}
	return m, native
}

// rows are n rows of thresholds, their lower neighbours, missing values, and
// others.
func rows(m *model.Model, n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	thresholds := m.Thresholds()
	out := make([]float64, n*m.NumFeatures)
	for i := range out {
		out[i] = r.NormFloat64()
		if r.IntN(8) == 0 {
			out[i] = math.NaN()
		} else if t := thresholds[i%m.NumFeatures]; len(t) > 0 && r.IntN(4) > 0 {
			out[i] = t[r.IntN(len(t))]
			if r.IntN(2) == 0 {
				out[i] = m.Below(out[i])
			}
		}
	}
	return out
}

// Native is XGBoost to the bit; ONNX Runtime adds up in another order.
func TestAgreesWithNative(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.ubj")
	if err != nil {
		t.Fatal(err)
	}
	lightgbm, err := filepath.Glob("../testdata/*.lightgbm")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 15 || len(lightgbm) < 7 {
		t.Fatalf("only %d and %d models", len(files), len(lightgbm))
	}
	files = append(files, lightgbm...)
	worst := 0.0
	for _, file := range append(files, "../../../testdata/model.ubj") {
		m, native := open(t, file)
		p := session(t, m)
		const n = 1000
		in := rows(m, n)
		want, got := make([]float32, n*m.Outputs()), make([]float32, n*m.Outputs())
		if err := native.Predict(in, want); err != nil {
			t.Fatal(err)
		}
		for _, batch := range []int{n, 7, 1} {
			for at := 0; at < n; at += batch {
				end := min(at+batch, n)
				if err := p.Predict(in[at*m.NumFeatures:end*m.NumFeatures], got[at*m.Outputs():end*m.Outputs()]); err != nil {
					t.Fatal(err)
				}
			}
			for i := range want {
				off := math.Abs(float64(got[i])-float64(want[i])) / max(1, math.Abs(float64(want[i])))
				if !(off <= 1e-6) {
					t.Fatalf("%s, batches of %d, score %d: got %v, want %v", file, batch, i, got[i], want[i])
				}
				worst = max(worst, off)
			}
		}
	}
	version, err := Version()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ONNX Runtime %s: largest difference %.3g", version, worst)
}

func TestRefuses(t *testing.T) {
	m, _ := open(t, "../testdata/softprob.ubj")
	p := session(t, m)
	for _, c := range []struct{ values, scores int }{{3, 3}, {4, 2}, {8, 3}, {4, 0}} {
		if err := p.Predict(make([]float64, c.values), make([]float32, c.scores)); !errors.Is(err, tree.ErrFeatures) {
			t.Errorf("%d values, %d scores: %v", c.values, c.scores, err)
		}
	}
	if err := p.Predict([]float64{0, math.Inf(1), 0, 0}, make([]float32, 3)); !errors.Is(err, tree.ErrFeatures) {
		t.Errorf("infinite: %v", err)
	}
	if err := p.Predict(nil, nil); err != nil {
		t.Errorf("no rows: %v", err)
	}
}

// Goroutines with batches of more sizes than tensors are kept for, and a Close
// meanwhile: scores are right or the session is closed.
func TestConcurrentCalls(t *testing.T) {
	m, native := open(t, "../testdata/logistic.ubj")
	p := session(t, m)
	const n = 40
	in, want := rows(m, n), make([]float32, n)
	if err := native.Predict(in, want); err != nil {
		t.Fatal(err)
	}
	run := func() error {
		out := make([]float32, n)
		for i := range 200 {
			k := 1 + i%n
			if err := p.Predict(in[:k*m.NumFeatures], out[:k]); err != nil {
				return err
			}
			for j := range k {
				if math.Abs(float64(out[j]-want[j])) > 1e-6 {
					t.Errorf("row %d of %d: got %v, want %v", j, k, out[j], want[j])
				}
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := run(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for range 4 {
		wg.Go(func() {
			if err := run(); err != nil && err.Error() != "onnx: the session is closed" {
				t.Error(err)
			}
		})
	}
	for range 2 {
		if err := p.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if err := run(); err == nil || err.Error() != "onnx: the session is closed" {
		t.Errorf("after Close: %v", err)
	}
}

func TestCallsAllocateNothing(t *testing.T) {
	m, _ := open(t, "../testdata/logistic.ubj")
	p := session(t, m)
	in, out := rows(m, 50), make([]float32, 50)
	for _, n := range []int{1, 50} {
		if a := testing.AllocsPerRun(50, func() {
			if err := p.Predict(in[:n*m.NumFeatures], out[:n]); err != nil {
				t.Error(err)
			}
		}); a != 0 {
			t.Errorf("%d rows: %v allocations", n, a)
		}
	}
}

// Graphs of converters are run as they are, those too that leadsman's own engine does
// not know; what is wanted ONNX Runtime said in Python, of a later version.
func TestONNXFiles(t *testing.T) {
	files, err := filepath.Glob("../testdata/onnx/*.onnx")
	if err != nil || len(files) < 70 {
		t.Fatal(err, len(files))
	}
	for _, path := range files {
		m, err := model.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		p := session(t, m)
		rows, want, _ := modeltest.Oracle(t, path)
		got := make([]float32, len(want))
		if err := p.Predict(rows, got); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		one := make([]float32, m.Outputs())
		if err := p.Predict(rows[:m.NumFeatures], one); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for i, w := range append(want, want[:len(one)]...) {
			x := float64(append(got, one...)[i])
			if off := math.Abs(x-w) / max(1, math.Abs(w)); !(off <= 1e-6) && !(w != w && x != x) {
				t.Errorf("%s: row %d: %v, want %v", path, i/m.Outputs(), x, w)
				break
			}
		}
		scorer, err := Scorer(m)
		if want := map[bool]string{true: "native", false: "onnx"}[m.Graph.Native() == nil]; err != nil || scorer.Engine() != want {
			t.Errorf("%s: %v, %v", path, scorer, err)
		}
	}
}
