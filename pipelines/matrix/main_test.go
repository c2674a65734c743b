package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/model/ort"
)

// A line for each model; without ONNX Runtime no table, which would say too little.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"kind_xgb_onehot.ubj", "kind_xgb_onehot.csv", "kind_xgb_onehot.contribs", "onnx/forest.onnx", "onnx/forest.csv", "onnx/vectors.onnx", "onnx/vectors.csv"} {
		data, err := os.ReadFile("../../pkg/model/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	err := run([]string{dir}, &b)
	if _, missing := ort.Version(); missing != nil {
		if err == nil || !strings.HasSuffix(err.Error(), missing.Error()) {
			t.Errorf("got %v, want %v", err, missing)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[2], "| forest: TreeEnsembleClassifier | skl2onnx 1.20.0 | 80 | ") || !strings.HasSuffix(lines[2], " (sum) |") ||
		!strings.HasPrefix(lines[3], "| vectors: SVMClassifier | skl2onnx 1.20.0 | 80 | – | – | ") || !strings.HasPrefix(lines[4], "| onehot: binary:logistic | XGBoost | ") {
		t.Errorf("got\n%s", &b)
	}
	for _, line := range lines {
		if strings.Contains(line, "e-0") && (strings.Contains(line, "e-05") || strings.Contains(line, "e-04")) {
			t.Errorf("far off: %s", line)
		}
	}
	if err := run([]string{t.TempDir()}, &b); err == nil {
		t.Error("a table of nothing")
	}
}
