package sim

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/testdata"
)

// engine is a model that was never trained.
type engine struct{ features, outputs int }

func (engine) Engine() string                              { return "none" }
func (e engine) NumFeatures() int                          { return e.features }
func (e engine) Outputs() int                              { return e.outputs }
func (engine) Predict(rows []float64, out []float32) error { return nil }

func TestScorerCheck(t *testing.T) {
	f, err := feature.Parse(strings.NewReader(`{"version": 1, "raw": [{"name": "a", "type": "number"}], "columns": [{"name": "a", "op": "number", "from": "a"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		e    model.Predictor
		want string
	}{
		{engine{1, 1}, ""},
		{engine{2, 1}, "the model takes 2 columns, and the features make 1"},
		{engine{1, 3}, "the model gives a row 3 scores: want one"},
	} {
		got := ""
		if err := (&Scorer{Pipeline: f, Engine: c.e}).Check(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.e, got, c.want)
		}
	}
	_, s := sample()
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestLabel(t *testing.T) {
	s := Scorer{Threshold: 0.5, Labels: [2]string{"cold", "hot"}}
	for score, want := range map[float64]string{0: "cold", 0.499: "cold", 0.5: "hot", 1: "hot"} {
		if got := s.label(score); got != want {
			t.Errorf("%v: %s, want %s", score, got, want)
		}
	}
}

// A Scorer of files is that of their bytes, and what is no model is named.
func TestOpenScorer(t *testing.T) {
	const dir = "../../testdata/"
	s, err := OpenScorer(dir+"model.ubj", dir+"features.json", model.Native)
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadScorer(bytes.NewReader(testdata.Model), bytes.NewReader(testdata.Features))
	if err != nil {
		t.Fatal(err)
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(testdata.Model))
	if s.Version != digest[:12] || read.Version != s.Version || s.Engine.NumFeatures() != len(s.Pipeline.Columns()) {
		t.Errorf("versions %s and %s, want %s", s.Version, read.Version, digest[:12])
	}
	for _, paths := range [][2]string{{dir + "features.json", dir + "features.json"}, {dir + "model.ubj", dir + "none.json"}} {
		if _, err := OpenScorer(paths[0], paths[1], model.Native); err == nil || !strings.HasPrefix(err.Error(), dir) {
			t.Errorf("%v: %v", paths, err)
		}
	}
}
