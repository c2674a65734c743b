package sim

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
)

// engine is a model that was never trained.
type engine struct{ features, outputs int }

func (engine) Engine() string                              { return "none" }
func (e engine) NumFeatures() int                          { return e.features }
func (e engine) Outputs() int                              { return e.outputs }
func (engine) Predict(rows []float32, out []float32) error { return nil }

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
		if got := s.Label(score); got != want {
			t.Errorf("%v: %s, want %s", score, got, want)
		}
	}
}
