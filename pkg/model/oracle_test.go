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

// oracle reads rows and the scores that XGBoost gave them (testdata/models.py).
func oracle(t testing.TB, path string) (rows, scores []float32) {
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
			if i == len(line)-1 {
				scores = append(scores, float32(v))
			} else {
				rows = append(rows, float32(v))
			}
		}
	}
	return rows, scores
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
	if len(files) < 30 {
		t.Fatalf("only %d models in testdata", len(files))
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

// tolerance: float64 against float32 sums and float32 exp, on scores below 1;
// relative above (a regression's scores have the target's scale).
func tolerance(want float32) float64 { return 1e-6 * max(1, math.Abs(float64(want))) }

func TestLeavesAgreesWithXGBoost(t *testing.T) {
	worst := 0.0
	for _, path := range models(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m := open(t, path)
			p, err := Leaves(m)
			if err != nil {
				t.Fatal(err)
			}
			rows, want := oracle(t, strings.TrimSuffix(path, filepath.Ext(path))+".csv")
			got := make([]float32, len(want))
			if err := p.Predict(rows, got); err != nil {
				t.Fatal(err)
			}
			for i := range want {
				diff := math.Abs(float64(got[i]) - float64(want[i]))
				if !(diff <= tolerance(want[i])) {
					t.Errorf("row %d: got %v, XGBoost has %v", i, got[i], want[i])
				}
				worst = max(worst, diff/max(1, math.Abs(float64(want[i]))))
			}
		})
	}
	t.Logf("largest difference %.3g", worst)
}

// One row at a time and all at once are the same calls to the trees.
func TestPredictSingleRows(t *testing.T) {
	p, err := Leaves(open(t, "testdata/logistic.ubj"))
	if err != nil {
		t.Fatal(err)
	}
	rows, scores := oracle(t, "testdata/logistic.csv")
	all := make([]float32, len(scores))
	if err := p.Predict(rows, all); err != nil {
		t.Fatal(err)
	}
	n := p.NumFeatures()
	for i, want := range all {
		var got [1]float32
		if err := p.Predict(rows[i*n:(i+1)*n], got[:]); err != nil {
			t.Fatal(err)
		}
		if got[0] != want {
			t.Errorf("row %d: alone %v, in a batch %v", i, got[0], want)
		}
	}
}
