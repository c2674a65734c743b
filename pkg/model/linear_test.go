package model

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/model/modeltest"
)

// scikit-learn's linear models with scalers and imputers before them are explained: what
// the columns add makes the library's own scores, and what one column adds is what the
// score changes by when that column alone is another row's.
func TestLinearModelsAreExplained(t *testing.T) {
	for name, logistic := range map[string]bool{"logistic": true, "logistic_tensor": true, "imputed": true, "min_max": true, "linear_value": false} {
		path := "testdata/onnx/" + name + ".onnx"
		m := open(t, path)
		l, before := m.Linear()
		if l == nil {
			t.Errorf("%s: is not taken for linear", name)
			continue
		}
		if l.Logistic != logistic || len(l.Weights) != m.NumFeatures {
			t.Errorf("%s: %+v", name, l)
		}
		rows, scores, _ := modeltest.Oracle(t, path)
		p, err := Native(m)
		if err != nil {
			t.Fatal(err)
		}
		width := m.NumFeatures
		made := before(rows)
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
		explain.Sum(l.Weights, l.Bias, means, made, added)
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
	for _, name := range []string{"normalized", "normalized_l1", "logistic_three", "network", "forest", "scaled_forest", "columns"} {
		if l, _ := open(t, "testdata/onnx/"+name+".onnx").Linear(); l != nil {
			t.Errorf("%s is taken for linear", name)
		}
	}
}
