package model

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// oracle reads rows, and the scores and margins that XGBoost gave them
// (testdata/models.py).
func oracle(t testing.TB, path string) (rows, scores, margins []float32) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		for i, cell := range line {
			v := math.NaN()
			if cell != "" {
				if v, err = strconv.ParseFloat(cell, 32); err != nil {
					t.Fatal(err)
				}
			}
			switch header := lines[0][i]; {
			case strings.HasPrefix(header, "score"):
				scores = append(scores, float32(v))
			case strings.HasPrefix(header, "margin"):
				margins = append(margins, float32(v))
			default:
				rows = append(rows, float32(v))
			}
		}
	}
	return rows, scores, margins
}

// oracleOf is the oracle of the model in that file.
func oracleOf(t testing.TB, path string) (rows, scores, margins []float32) {
	t.Helper()
	return oracle(t, strings.TrimSuffix(path, filepath.Ext(path))+".csv")
}

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
func tolerance(want float32) float64 { return 1e-6 * max(1, math.Abs(float64(want))) }

func TestEnginesAgreeWithTrainer(t *testing.T) {
	for _, engine := range engines {
		worst := 0.0
		for _, path := range append(models(t), lightgbmModels(t)...) {
			t.Run(engine.name+"/"+filepath.Base(path), func(t *testing.T) {
				p, err := engine.make(open(t, path))
				if err != nil {
					t.Fatal(err)
				}
				rows, want, _ := oracleOf(t, path)
				if p.Engine() != engine.name || len(rows) != len(want)/p.Outputs()*p.NumFeatures() {
					t.Fatalf("%s of %d outputs, %d features", p.Engine(), p.Outputs(), p.NumFeatures())
				}
				got := make([]float32, len(want))
				if err := p.Predict(rows, got); err != nil {
					t.Fatal(err)
				}
				for i := range want {
					diff := math.Abs(float64(got[i]) - float64(want[i]))
					if !(diff <= tolerance(want[i])) {
						t.Errorf("score %d: got %v, want %v", i, got[i], want[i])
					}
					worst = max(worst, diff/max(1, math.Abs(float64(want[i]))))
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
			rows, scores, _ := oracleOf(t, path)
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
