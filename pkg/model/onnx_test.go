package model

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/modeltest"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// onnxModels are the exports that testdata/onnx_models.py made, with ONNX Runtime's
// own scores beside them.
func onnxModels(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/onnx/*.onnx")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 70 {
		t.Fatalf("only %d ONNX files in testdata", len(files))
	}
	return files
}

// onlyRuntime are those that hold an operator that leadsman does not compute.
var onlyRuntime = map[string]string{
	"vectors.onnx":           `operator SVMClassifier "SVMc": `,
	"isolation.onnx":         `operator Pow "dec_Pow": `,
	"double_normalized.onnx": `operator Sqrt "Sqrt": `,
	"rule_constant.onnx":     `operator Constant "by": `,
}

func TestONNXAgreesWithRuntime(t *testing.T) {
	foreign, trees, explained := 0, 0, 0
	for _, path := range onnxModels(t) {
		m := open(t, path)
		name := filepath.Base(path)
		if err := m.Graph.Native(); err != nil {
			foreign++
			if want, ok := onlyRuntime[name]; !ok || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "only ONNX Runtime computes it: use a leadsman that was built with cgo") {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := Native(m); err == nil {
				t.Errorf("%s: an engine that cannot score it", name)
			}
			continue
		}
		rows, want, _ := modeltest.Oracle(t, path)
		check := func(engine string, predict func([]float64, []float32) error, to float64) {
			got := make([]float32, len(want))
			if err := predict(rows, got); err != nil {
				t.Fatalf("%s: %s: %v", name, engine, err)
			}
			for i, w := range want {
				off := math.Abs(float64(got[i])-w) / max(1, math.Abs(w))
				if !(off <= to) && !(w != w && got[i] != got[i]) {
					t.Errorf("%s: %s: row %d: %v, want %v", name, engine, i/m.Outputs(), got[i], w)
					break
				}
			}
		}
		p, err := Native(m)
		if err != nil {
			t.Fatal(err)
		}
		check("native", p.Predict, 1e-6)
		// The graph itself, node by node, is another way to the same scores.
		check("graph", m.Graph.Predict, 1e-6)
		// Its trees, walked one after another on the rows that they are for, are a third.
		if e, before := m.Explained(); e != nil {
			check("trees", func(rows []float64, out []float32) error {
				rows = before(rows)
				for i := range out {
					margin := e.Margins[i%e.Outputs()]
					for k := range e.Trees {
						if e.Trees[k].Output == i%e.Outputs() {
							margin += e.Walk(&e.Trees[k], rows[i/e.Outputs()*e.NumFeatures:][:e.NumFeatures])
						}
					}
					out[i] = float32(margin)
				}
				tree.Scores(e.Link, out, e.Outputs())
				return nil
			}, 1e-5)
			explained++
		}
		if !m.IsTrees() {
			if _, err := Leaves(m); !errors.Is(err, tree.ErrBooster) {
				t.Errorf("%s: leaves: %v", name, err)
			}
			continue
		}
		trees++
		// leaves adds up in float64, the runtime in float32: values of hundreds that
		// cancel part in the sixth digit.
		if p, err := Leaves(m); err == nil {
			check("leaves", p.Predict, 1e-5)
		} else if m.Outputs() == 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if foreign != len(onlyRuntime) || trees < 40 || explained != trees+1 { // scaled_forest
		t.Errorf("%d for ONNX Runtime alone, %d of trees, %d explained", foreign, trees, explained)
	}
}

// Converters' own files are what they are taken for.
func TestONNXKinds(t *testing.T) {
	for _, c := range []struct {
		file, library, objective string
		outputs, trees           int
		link                     tree.Link
	}{
		{"forest", "skl2onnx", "TreeEnsembleClassifier", 1, 12, tree.Identity},
		{"forest_three", "skl2onnx", "TreeEnsembleClassifier", 3, 24, tree.Identity}, // 8 for each class
		{"forest_value", "skl2onnx", "TreeEnsembleRegressor", 1, 8, tree.Identity},
		{"boosted", "skl2onnx", "TreeEnsembleClassifier", 1, 12, tree.Logistic},
		{"boosted_three", "skl2onnx", "TreeEnsembleClassifier", 3, 54, tree.Softmax},
		{"catboost", "CatBoost", "TreeEnsembleClassifier", 1, 12, tree.Logistic},
		{"catboost_value", "CatBoost", "TreeEnsembleRegressor", 1, 12, tree.Identity},
		{"lightgbm", "OnnxMLTools", "TreeEnsembleClassifier", 1, 8, tree.Logistic},
		{"xgboost_three", "OnnxMLTools", "TreeEnsembleClassifier", 3, 36, tree.Softmax},
		{"logistic", "skl2onnx", "LinearClassifier", 1, 0, tree.Identity},
		{"imputed", "skl2onnx", "Imputer Scaler LinearClassifier", 1, 0, tree.Identity},
		{"logistic_three", "skl2onnx", "LinearClassifier Normalizer", 3, 0, tree.Identity},
	} {
		m := open(t, "testdata/onnx/"+c.file+".onnx")
		if m.Library != c.library || m.Objective != c.objective || m.Outputs() != c.outputs || len(m.Trees) != c.trees || m.Link != c.link || m.NumFeatures != 6 {
			t.Errorf("%s: %s, %s, %d outputs, %d trees, link %d, %d features", c.file, m.Library, m.Objective, m.Outputs(), len(m.Trees), m.Link, m.NumFeatures)
		}
	}
}

// What a graph is not is said by name.
func TestONNXRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/refused/*.onnx")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"two_inputs.onnx": "ONNX with 2 inputs, want one of a row a sample: convert it with one FloatTensorType([None, columns])",
		"texts.onnx":      "X: the input is no tensor of float or double numbers",
		"no_width.onnx":   "X: how many columns a row has is not said",
		"label.onnx":      "ONNX that gives labels and no score: its outputs are label",
		"columns.onnx":    `ONNX with 2 outputs of numbers (i0, i1), want one: for scikit-learn, convert with options={"zipmap": False}`,
		"external.onnx":   "by: the numbers are in another file",
		"feature.onnx":    `TreeEnsembleRegressor "trees": tree: node 0: splits on feature 3 of 3`,
		"circle.onnx":     `TreeEnsembleRegressor "trees": tree: node 1: reached twice`,
		"short.onnx":      `LinearRegressor "line": coefficients: 2 of them and 1 intercepts for 3 columns and 1 outputs`,
		"batch.onnx":      "X: the input takes 32 rows at once, want any number",
	}
	if len(files) != len(want) {
		t.Errorf("%d files, want %d", len(files), len(want))
	}
	for _, path := range files {
		_, err := Open(path)
		if text := want[filepath.Base(path)]; text == "" || err == nil || !strings.HasPrefix(err.Error(), path+": "+text) || !Unreadable(err) {
			t.Errorf("%s: got %v, want %s", path, err, text)
		}
	}
}

// A file that ends early is an error, or the very same model but for names in its
// metadata, which stand last.
func TestONNXCut(t *testing.T) {
	for _, file := range []string{"forest.onnx", "catboost.onnx", "logistic.onnx"} {
		data, err := os.ReadFile("testdata/onnx/" + file)
		if err != nil {
			t.Fatal(err)
		}
		whole := open(t, "testdata/onnx/"+file)
		for n := range data {
			m, err := Read(bytes.NewReader(data[:n]))
			if err != nil {
				if !errors.Is(err, tree.ErrFormat) {
					t.Fatalf("%s, %d bytes: %v", file, n, err)
				}
				continue
			}
			if len(m.Trees) != len(whole.Trees) || m.Outputs() != whole.Outputs() || m.NumFeatures != whole.NumFeatures {
				t.Fatalf("%s, %d bytes: another model", file, n)
			}
		}
	}
}
