package monitor

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// Given the models of the error that NannyML trained, direct loss estimation agrees with
// NannyML's to 1e-6: testdata/dle/make.py wrote both. Without such a model nothing is
// estimated.
func TestNannyML(t *testing.T) {
	text, err := os.ReadFile("testdata/dle/want.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		Value         float64
		SamplingError float64 `json:"sampling_error"`
	}
	if err := json.Unmarshal(text, &want); err != nil || len(want) != 2 {
		t.Fatalf("%v: %v", want, err)
	}
	for name, settings := range map[string]string{
		"with":    "outcomes: {error_model: testdata/dle/absolute.txt, squared_error_model: testdata/dle/squared.txt, error_features: testdata/dle/errors.json}\n",
		"without": "outcomes: {kind: regression}\n",
	} {
		c, err := config.Parse("monitor.yaml", []byte("target: price\n"+settings))
		if err != nil {
			t.Fatal(err)
		}
		var in bytes.Buffer
		tables := table.NewWriter(&in)
		d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, tables.Write)
		log, err := os.ReadFile("testdata/dle/log.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.From("log", bytes.NewReader(log)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if err := tables.Close(); err != nil {
			t.Fatal(err)
		}
		n := NewNight(Options{Config: c, Reference: "testdata/dle/reference.csv"})
		defer n.Close()
		if err := n.Read(table.NewReader("log", &in), drop); err != nil {
			t.Fatal(err)
		}
		r, err := n.Judge()
		if err != nil {
			t.Fatal(err)
		}
		got := r.Quality.Estimates
		if name == "without" {
			if len(got) != 1 || got[0].Metric != "" || got[0].Note == "" {
				t.Errorf("without a model: %+v", got)
			}
			continue
		}
		if len(got) != 2 {
			t.Fatalf("%d estimates", len(got))
		}
		for _, e := range got {
			w := want[e.Metric]
			if e.N != 400 || !(math.Abs(e.Value-w.Value) <= 1e-6*w.Value) || !(math.Abs(e.SamplingError-w.SamplingError) <= 1e-6*w.SamplingError) {
				t.Errorf("%s of %d rows: %v, sampling error %v; want %v, %v", e.Metric, e.N, e.Value, e.SamplingError, w.Value, w.SamplingError)
			}
		}
	}
}
