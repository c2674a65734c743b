package bench

import (
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
)

func TestRawBodies(t *testing.T) {
	p, err := feature.Parse(strings.NewReader(`{"version": 1,
		"raw": [{"name": "n", "type": "number"}, {"name": "c", "type": "category"}, {"name": "x", "type": "number"}],
		"columns": [{"name": "n", "op": "number", "from": "n"}, {"name": "is", "op": "present", "from": "c"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	rows := func(text string) feature.RawRows {
		return feature.RawRows{Name: "a.csv", From: strings.NewReader(text), Note: func(string) {}}
	}
	got, err := RawBodies(p, rows("c,n,other\n007,1.5,q\n,inf,q\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`{"c":"007","n":1.5}`, `{"c":null,"n":null}`} // JSON has no infinity
	if len(got) != 2 || string(got[0]) != want[0] || string(got[1]) != want[1] {
		t.Errorf("got %s", got)
	}
	if got, err := RawBodies(p, rows("n\n"+strings.Repeat("1\n", MaxBodies+1))); err != nil || len(got) != MaxBodies {
		t.Errorf("%d bodies, %v", len(got), err)
	}
	if _, err := RawBodies(p, rows("n\n")); err == nil || err.Error() != "a.csv: no rows" {
		t.Errorf("no rows: %v", err)
	}
}

// A drawn body, read again, is the row that Generate drew.
func TestDrawnBodies(t *testing.T) {
	for file, first := range map[string]string{"names.ubj": "alpha", "logistic.ubj": "f0"} {
		m := sample(t, file)
		p, bodies, err := DrawnBodies(m, 3)
		if err != nil || len(bodies) != MaxBodies || p.Columns()[0] != first {
			t.Fatalf("%s: %d bodies for %q, %v", file, len(bodies), p.Columns(), err)
		}
		var lines strings.Builder
		for _, b := range bodies[:100] {
			lines.Write(append(b, '\n'))
		}
		got, _, err := p.Values(feature.RawRows{Name: "bodies.jsonl", From: strings.NewReader(lines.String()), Note: func(s string) { t.Error(s) }}, MaxValues)
		if err != nil {
			t.Fatal(err)
		}
		want := Generate(m, 1, 3).Values[:100*m.NumFeatures]
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", file, len(got), len(want))
		}
		for i := range want {
			if math.Float64bits(got[i]) != math.Float64bits(want[i]) && want[i] == want[i] {
				t.Errorf("%s: value %d: got %v, want %v", file, i, got[i], want[i])
			}
		}
	}
}

func TestProfileRequests(t *testing.T) {
	m := sample(t, "logistic.ubj")
	broken := Engine{Name: "broken", New: func(*model.Model) (model.Predictor, error) { return nil, errors.New("no library") }}
	status := http.StatusOK
	serve := func(p model.Predictor) (http.Handler, error) {
		row, out := make([]float64, m.NumFeatures), make([]float32, 1)
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			for range 1000 {
				if err := p.Predict(row, out); err != nil {
					t.Error(err)
				}
			}
			w.WriteHeader(status)
		}), nil
	}
	bodies := [][]byte{[]byte("{}")}
	spots, all, err := ProfileRequests(m, append([]Engine{broken}, Engines...), serve, bodies, 200*time.Millisecond)
	if err != nil || all == nil {
		t.Fatal(err)
	}
	scored := map[string]bool{}
	for _, s := range spots {
		scored[s.Engine] = scored[s.Engine] || s.Stage == "score"
	}
	if len(scored) != 2 || !scored["leaves"] || !scored["native"] {
		t.Errorf("engines with the stage score: %v", scored)
	}
	status = http.StatusTeapot
	if _, _, err := ProfileRequests(m, Engines, serve, bodies, time.Second); err == nil || err.Error() != "request 0: status 418" {
		t.Errorf("got %v", err)
	}
	refuses := func(model.Predictor) (http.Handler, error) { return nil, errors.New("want one score") }
	if _, _, err := ProfileRequests(m, Engines, refuses, bodies, time.Second); err == nil || err.Error() != "want one score" {
		t.Errorf("got %v", err)
	}
}
