package model

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

// scikit-learn's linear models with scalers and imputers before them are explained: what
// the columns add makes the library's own scores, and what one column adds is what the
// score changes by when that column alone is another row's.
func TestLinearModelsAreExplained(t *testing.T) {
	for name, logistic := range map[string]bool{"logistic": true, "logistic_tensor": true, "imputed": true, "min_max": true, "linear_value": false, "columns": true, "sgd": true} {
		path := "testdata/onnx/" + name + ".onnx"
		m := open(t, path)
		l, addends := m.Linear()
		if l == nil {
			t.Errorf("%s: is not taken for linear", name)
			continue
		}
		if l.Logistic != logistic {
			t.Errorf("%s: %+v", name, l)
		}
		rows, scores, _ := modeltest.Oracle(t, path)
		p, err := Native(m)
		if err != nil {
			t.Fatal(err)
		}
		width := m.NumFeatures
		made := addends(rows)
		n := make([]int64, len(scores))
		for i := range n {
			n[i] = 1
		}
		means := make([]float64, width)
		if explain.Means(made, n, means) < 30 {
			t.Fatalf("%s: too few rows", name)
		}
		margin := func(score float64) float64 {
			if logistic {
				return math.Log(score / (1 - score))
			}
			return score
		}
		added := make([]float64, len(scores)*(width+1))
		explain.Sum(l.Bias, means, made, added)
		checked := 0
		for i, score := range scores {
			sum := 0.0
			for _, v := range added[i*(width+1):][:width+1] {
				sum += v
			}
			if score != score || logistic && (score < 1e-4 || score > 1-1e-4) { // log-odds of a float32 are rough there
				continue
			}
			checked++
			if want := margin(score); !(math.Abs(sum-want) <= 2e-3*math.Max(1, math.Abs(want))) {
				t.Errorf("%s: row %d: %v, want %v", name, i, sum, want)
			}
			if i == 0 || scores[0] != scores[0] {
				continue
			}
			for j := range width {
				swapped := append([]float64(nil), rows[i*width:][:width]...)
				swapped[j] = rows[j]
				var own [1]float32
				if err := p.Predict(swapped, own[:]); err != nil {
					t.Fatal(err)
				}
				if s := float64(own[0]); !logistic || s > 1e-3 && s < 1-1e-3 && score > 1e-3 && score < 1-1e-3 {
					got, want := added[j]-added[i*(width+1)+j], margin(s)-margin(score)
					if !(math.Abs(got-want) <= 2e-3*math.Max(1, math.Abs(margin(score)))) {
						t.Errorf("%s: row %d, column %d: %v, want %v", name, i, j, got, want)
					}
				}
			}
		}
		if checked < 30 {
			t.Errorf("%s: only %d rows", name, checked)
		}
	}
	// What is no sum over columns, or gives several scores, is not.
	for _, name := range []string{"normalized", "normalized_l1", "logistic_three", "network", "forest", "scaled_forest", "calibrated", "poisson", "sum_beside"} {
		if l, _ := open(t, "testdata/onnx/"+name+".onnx").Linear(); l != nil {
			t.Errorf("%s is taken for linear", name)
		}
	}
}

// What columns add to the margins of scikit-learn's exports, with one-hot codes, chosen
// columns and principal components between, and of graphs written as products, is its own
// coefficients times what the columns are made into, less the mean.
func TestAddendsAreScikitLearns(t *testing.T) {
	for name, logistic := range map[string]bool{
		"codes": true, "codes_value": false, "codes_but_first": true, "pieces": true, "sgd": true, "components": true,
		"product": true, "gemm": true, "softmax": true,
	} {
		m := open(t, "testdata/onnx/sum_"+name+".onnx")
		l, addends := m.Linear()
		if l == nil || l.Logistic != logistic {
			t.Errorf("%s: %+v", name, l)
			continue
		}
		f, err := os.Open("testdata/linear/sum_" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		rows, scores, _ := modeltest.Oracle(t, "testdata/onnx/sum_"+name+".onnx")
		n, means := make([]int64, len(scores)), make([]float64, m.NumFeatures)
		for i := range n {
			n[i] = 1
		}
		made := addends(rows)
		if explain.Means(made, n, means) != 80 || len(lines) != 81 {
			t.Fatalf("%s: %d rows", name, len(lines)-1)
		}
		got := make([]float64, len(scores)*(m.NumFeatures+1))
		explain.Sum(l.Bias, means, made, got)
		for i, line := range lines[1:] {
			for j, cell := range line {
				want, err := strconv.ParseFloat(cell, 64)
				if err != nil {
					t.Fatal(err)
				}
				if v := got[i*len(line)+j]; !(math.Abs(v-want) <= 1e-5) { // coefficients are float32 in the file
					t.Fatalf("%s: row %d, column %d: %v, want %v", name, i, j, v, want)
				}
			}
		}
	}
}
