package model

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// models are the files of testdata that have an oracle.
func models(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, ext := range []string{"json", "ubj", "joblib", "protocol5"} {
		found, err := filepath.Glob("testdata/*." + ext)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 42 {
		t.Fatalf("only %d models in testdata", len(files))
	}
	return files
}

// lightgbmModels are those that LightGBM made (testdata/lightgbm_models.py).
func lightgbmModels(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.lightgbm")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 7 {
		t.Fatalf("only %d models of LightGBM in testdata", len(files))
	}
	return files
}

func open(t testing.TB, path string) *Model {
	t.Helper()
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// engines are those of this package.
var engines = []struct {
	name string
	make func(*Model) (Predictor, error)
}{{"leaves", Leaves}, {"native", Native}}

// tolerance: float64 against float32 sums and float32 exp, on scores below 1;
// relative above (a regression's scores have the target's scale).
func tolerance(want float64) float64 { return 1e-6 * max(1, math.Abs(want)) }

func TestEnginesAgreeWithTrainer(t *testing.T) {
	for _, engine := range engines {
		worst := 0.0
		for _, path := range append(models(t), lightgbmModels(t)...) {
			t.Run(engine.name+"/"+filepath.Base(path), func(t *testing.T) {
				p, err := engine.make(open(t, path))
				if err != nil {
					t.Fatal(err)
				}
				rows, want, _ := modeltest.Oracle(t, path)
				if p.Engine() != engine.name || len(rows) != len(want)/p.Outputs()*p.NumFeatures() {
					t.Fatalf("%s of %d outputs, %d features", p.Engine(), p.Outputs(), p.NumFeatures())
				}
				got := make([]float32, len(want))
				if err := p.Predict(rows, got); err != nil {
					t.Fatal(err)
				}
				for i := range want {
					diff := math.Abs(float64(got[i]) - want[i])
					if !(diff <= tolerance(want[i])) {
						t.Errorf("score %d: got %v, want %v", i, got[i], want[i])
					}
					worst = max(worst, diff/max(1, math.Abs(want[i])))
				}
			})
		}
		t.Logf("%s: largest difference %.3g", engine.name, worst)
	}
}

// One row at a time and all at once are the same sums.
func TestPredictSingleRows(t *testing.T) {
	for _, engine := range engines {
		for _, path := range []string{"testdata/logistic.ubj", "testdata/softprob.ubj"} {
			p, err := engine.make(open(t, path))
			if err != nil {
				t.Fatal(err)
			}
			rows, scores, _ := modeltest.Oracle(t, path)
			all := make([]float32, len(scores))
			if err := p.Predict(rows, all); err != nil {
				t.Fatal(err)
			}
			width, outputs := p.NumFeatures(), p.Outputs()
			got := make([]float32, len(scores))
			for i := range len(scores) / outputs {
				if err := p.Predict(rows[i*width:(i+1)*width], got[i*outputs:(i+1)*outputs]); err != nil {
					t.Fatal(err)
				}
			}
			for i := range all {
				if got[i] != all[i] {
					t.Errorf("%s, %s, score %d: alone %v, in a batch %v", engine.name, path, i, got[i], all[i])
				}
			}
		}
	}
}

func TestPredictRefuses(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		rows []float64
		n    int
		want string
	}{
		{[]float64{1, 2, 3}, 1, "rows: 3 values for 1 rows of 4 features"},
		{[]float64{1, 2, 3, 4}, 0, "rows: 4 values for 0 rows of 4 features"},
		{[]float64{1, 2, 3, 4, 5, 6, inf, 8}, 2, "row 1: gamma is infinite"},
		{[]float64{-inf, 2, 3, 4}, 1, "row 0: alpha is infinite"},
		{[]float64{1, 1e39, 3, 4}, 1, "row 0: beta is infinite"},
	} {
		for _, engine := range engines {
			p, err := engine.make(open(t, "testdata/names.ubj"))
			if err != nil {
				t.Fatal(err)
			}
			err = p.Predict(c.rows, make([]float32, c.n))
			if !errors.Is(err, tree.ErrFeatures) || err.Error() != c.want {
				t.Errorf("%s: got %v, want %s", engine.name, err, c.want)
			}
			if err := p.Predict(nil, nil); err != nil {
				t.Errorf("%s: no rows: %v", engine.name, err)
			}
		}
	}
	for _, engine := range engines {
		p, err := engine.make(open(t, "testdata/softprob.ubj"))
		if err != nil {
			t.Fatal(err)
		}
		err = p.Predict(make([]float64, 4), make([]float32, 2))
		if !errors.Is(err, tree.ErrFeatures) || err.Error() != "out: 2 scores for rows of 3 outputs" {
			t.Errorf("%s: got %v", engine.name, err)
		}
	}
}

func TestLeavesWantsEqualClasses(t *testing.T) {
	text, err := os.ReadFile("testdata/softprob.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(bytes.NewReader(bytes.Replace(text, []byte(`"tree_info":[0,`), []byte(`"tree_info":[1,`), 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Leaves(m); !errors.Is(err, tree.ErrObjective) || err.Error() != "leaves: tree_info: 3 trees of output 0, 5 of output 1: want as many" {
		t.Errorf("got %v", err)
	}
}
