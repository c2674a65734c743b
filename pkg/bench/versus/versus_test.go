package versus

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
)

// What scikit-learn says of both models' predictions on the rows (testdata/make.py).
func TestAgreesWithScikitLearn(t *testing.T) {
	data, err := os.ReadFile("testdata/sklearn.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][2]float64
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	result, err := Run(side(t, "forest"), side(t, "logistic"), Options{Label: "won", Threshold: 0.5, Seed: 1, Maker: model.Native})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Rows) != len(want) {
		t.Fatalf("%d figures, want %d", len(result.Rows), len(want))
	}
	for _, c := range result.Rows {
		w, ok := want[c.Metric]
		if !ok || math.Abs(c.A-w[0]) > 1e-12 || math.Abs(c.B-w[1]) > 1e-12 || c.Difference != c.B-c.A {
			t.Errorf("%s: %v and %v, want %v", c.Metric, c.A, c.B, w)
		}
		if !(c.Lo < c.Difference && c.Difference < c.Hi) {
			t.Errorf("%s: %v is not in %v to %v", c.Metric, c.Difference, c.Lo, c.Hi)
		}
		if c.N != 300 || c.Positives == 0 || c.ModelA == c.ModelB {
			t.Errorf("%+v", c)
		}
	}
	var b strings.Builder
	if err := result.WriteMarkdown(&b); err != nil || strings.Contains(b.String(), "NaN") {
		t.Errorf("%v\n%s", err, &b)
	}
}

func side(t *testing.T, name string) Side {
	t.Helper()
	path := "../../model/testdata/onnx/" + name + ".onnx"
	m, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := feature.Open("../../model/testdata/onnx/features.json")
	if err != nil {
		t.Fatal(err)
	}
	return Side{Source: bench.File(path), Model: m, Pipeline: p, Rows: feature.RawRows{Name: "testdata/holdout.csv", Types: map[string]string{}, Note: func(string) {}}}
}

func TestPositives(t *testing.T) {
	for _, c := range []struct {
		outcomes []string
		positive string
		want     string // an error's beginning, or T and F for each row
	}{
		{[]string{"0", "1", "1"}, "", "FTT"},
		{[]string{"true", "false"}, "", "TF"},
		{[]string{"0", "1"}, "0", "TF"},
		{[]string{"yes", "no"}, "yes", "TF"},
		{[]string{"yes", "no"}, "", "y: outcomes are no, yes: say which is positive with --positive"},
		{[]string{"1", "2"}, "", "y: outcomes are 1, 2: say which"},
		{[]string{"1", "1"}, "", "y: outcomes are 1: say which"},
		{[]string{"a", "b"}, "c", `y: no row has the outcome "c": they are a, b`},
		{[]string{"a", "b", "c"}, "c", "y: 3 outcomes (a, b, c), want two"},
	} {
		got, err := positives(c.outcomes, Options{Label: "y", Positive: c.positive})
		text := ""
		for _, p := range got {
			text += map[bool]string{true: "T", false: "F"}[p]
		}
		if err != nil {
			text = err.Error()
		}
		if !strings.HasPrefix(text, c.want) {
			t.Errorf("%v, %q: %s, want %s", c.outcomes, c.positive, text, c.want)
		}
	}
}
