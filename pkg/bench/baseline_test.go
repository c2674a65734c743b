package bench

import (
	"math"
	"strings"
	"testing"
)

func TestReadBaseline(t *testing.T) {
	lines := `{"engine": "joblib", "batch_rows": 1, "n_calls": 2000, "p50_ms": 1.5, "mean_ms": 1.75, "memory_bytes": null, "engine_version": "Python 3.11"}

{"engine": "joblib", "batch_rows": 50, "mean_ms": 2, "unknown": [1]}
`
	got, err := ReadBaseline("python.jsonl", strings.NewReader(lines))
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if r := got[0]; r.Engine != "joblib" || r.Calls != 2000 || r.P50MS != 1.5 || r.MeanMS != 1.75 || !math.IsNaN(r.MemoryBytes) || !math.IsNaN(r.P95MS) || r.Version != "Python 3.11" {
		t.Errorf("%+v", r)
	}
	if r := got[1]; r.Batch != 50 || r.MeanMS != 2 || !math.IsNaN(r.P50MS) {
		t.Errorf("%+v", r)
	}

	// one object of engines, as a benchmark script of a service writes it
	one := `{"joblib": {"mean_ms": 10.5, "p95_ms": 12, "load_time_ms": 90, "memory_mb": 3}, "onnx": {"mean": 0.5, "median": 0.4}, "speedup": 21, "model": {"name": "x"}}`
	if got, err = ReadBaseline("results.json", strings.NewReader(one)); err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if r := got[0]; r.Engine != "joblib" || r.Batch != 1 || r.MeanMS != 10.5 || r.P95MS != 12 || r.LoadMS != 90 || r.MemoryBytes != 3e6 {
		t.Errorf("%+v", r)
	}
	if r := got[1]; r.Engine != "onnx (results.json)" || r.MeanMS != 0.5 || r.P50MS != 0.4 {
		t.Errorf("%+v", r)
	}

	for in, want := range map[string]string{
		"":                             "f: no timings",
		"hello":                        "f:1: want JSON lines, or one JSON object of engines",
		`{"engine":"a"}`:               "f:1: want mean_ms or p50_ms",
		`{"mean_ms":1}`:                "f:1: engine: want the name of what was timed",
		`{"engine":"a","mean_ms":-1}`:  "f:1: a time of -1 ms",
		`{"engine":"a","mean_ms":"x"}`: "f:1: mean_ms: got x",
		`{"engine":"a","batch_rows":-2,"mean_ms":1}`: "f:1: batch_rows: want 1 or more, got -2",
		`{"joblib":{"accuracy":1}}`:                  "f: want an object for each engine with mean_ms or p50_ms",
	} {
		if _, err := ReadBaseline("f", strings.NewReader(in)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}
