package bench

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// report has one engine that was measured at two batch sizes, and one that
// could not load.
func report(t *testing.T) *Report {
	nan := math.NaN()
	r := verdict.Timing{
		Model: "m.ubj", ModelHash: "ab", Engine: "a", Batch: 1, Calls: 1000, MeanMS: 0.0025, P50MS: 0.002, P95MS: 0.004, P99MS: 0.005,
		MinMS: 0.001, MaxMS: 1.5, CPUMS: nan, LoadMS: 12, FileBytes: 6516, MemoryBytes: 2_500_000, Allocs: 2, AllocBytes: 48, Trees: 1, Features: 4,
	}
	batch := r
	batch.Batch, batch.Calls, batch.P50MS = 50, 100, 0.2
	broken := verdict.Timing{Model: "m.ubj", Engine: "b", Batch: 1, MeanMS: nan, P50MS: nan, P95MS: nan, P99MS: nan, MinMS: nan, MaxMS: nan,
		CPUMS: nan, LoadMS: nan, MemoryBytes: nan, Allocs: nan, AllocBytes: nan, Note: "no library"}
	return &Report{
		Model: sample(t, "logistic.ubj"), Rows: 10_000, Origin: "made by hand", Clock: 30 * time.Nanosecond, PeakBytes: 80e6,
		Agreement: Agreement{Rows: 10_000, Engines: 1}, Results: []verdict.Timing{r, broken, batch},
	}
}

func TestWriteJSON(t *testing.T) {
	b := &strings.Builder{}
	if err := report(t).WriteJSON(b); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Calls    int64          `json:"n_calls"`
		Clock    float64        `json:"clock_ms"`
		Peak     float64        `json:"peak_rss_mb"`
		Baseline map[string]any `json:"baseline"`
		Engines  []map[string]any
		Model    map[string]any
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	if doc.Calls != 1000 || doc.Clock != 0.00003 || doc.Peak != 80 || len(doc.Engines) != 3 || doc.Model["name"] != "m.ubj" {
		t.Errorf("got %s", b)
	}
	for key, want := range map[string]any{
		"engine": "a", "batch_rows": 1.0, "n_calls": 1000.0, "mean_ms": 0.0025, "p50_ms": 0.002, "p95_ms": 0.004, "p99_ms": 0.005,
		"min_ms": 0.001, "max_ms": 1.5, "memory_mb": 2.5, "load_ms": 12.0, "cpu_ms": nil, "allocs_per_call": 2.0,
	} {
		if got, ok := doc.Baseline[key]; !ok || got != want {
			t.Errorf("baseline.%s: got %v, want %v", key, got, want)
		}
	}
	if e := doc.Engines[1]; e["note"] != "no library" || e["p50_ms"] != nil {
		t.Errorf("the engine that did not load: %v", e)
	}
}

func TestWriteText(t *testing.T) {
	b := &strings.Builder{}
	if err := report(t).WriteText(b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"m.ubj: XGBoost", "1 tree, depth", "4 features, 6.52 kB\n", "10\u202f000 rows made by hand\n",
		// 1 row in 2 µs, 50 in 200 µs
		"2 µs", "1.5 ms", "500 k", "250 k", "2.5 MB", "b, batch 1: not measured: no library\n", "adds 30 ns",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
	if strings.Contains(b.String(), "flatter") {
		t.Errorf("10\u202f000 rows are few:\n%s", b)
	}
	if strings.Contains(b.String(), "speed") || strings.Contains(b.String(), "agree") {
		t.Errorf("one engine is compared with itself:\n%s", b)
	}
}

func TestWriteTextOfFewRows(t *testing.T) {
	rep := report(t)
	rep.Rows = 303
	b := &strings.Builder{}
	if err := rep.WriteText(b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Fewer than 1000 rows flatter") {
		t.Errorf("got\n%s", b)
	}
}

func TestWriteTextCompares(t *testing.T) {
	rep := report(t)
	other := rep.Results[0]
	other.Engine, other.P50MS = "c", 0.0005
	rep.Results[1] = other
	rep.Agreement = Agreement{Rows: 10_000, Engines: 2, Largest: 2.5e-7}
	b := &strings.Builder{}
	if err := rep.WriteText(b); err != nil {
		t.Fatal(err)
	}
	// 2 µs over 0.5 µs
	for _, want := range []string{"  1x\n", "  4x\n", "All engines agree on all rows, to 2.5e-07. Speed is against a.\n", "Rows/s and speed go by p50.\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}

	// CPU times of 3 µs and 2 µs decide where all are known; 50 rows in 100 µs
	// are 500,000 a second.
	rep.Results[0].CPUMS, rep.Results[1].CPUMS, rep.Results[2].CPUMS = 0.003, 0.002, 0.1
	b.Reset()
	if err := rep.WriteText(b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  1.5x\n", " 500 k ", "speed go by CPU time"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}

func TestWriteTextOnABusyMachine(t *testing.T) {
	rep := report(t)
	for _, c := range []struct {
		cpu  float64
		want bool
	}{{0.0025, false}, {0.001, true}, {0, false}, {math.NaN(), false}} {
		rep.Results[0].CPUMS = c.cpu // of 0.0025 wall time
		b := &strings.Builder{}
		if err := rep.WriteText(b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "other work: calls took up to"); got != c.want {
			t.Errorf("CPU time %v: said %v, want %v", c.cpu, got, c.want)
		}
		if c.want && !strings.Contains(b.String(), "up to 2.5 times") {
			t.Errorf("got\n%s", b)
		}
	}
}

func TestNamesSteerNoTerminal(t *testing.T) {
	if a, b := printable("a b"), printable("a\x1b[2J"); a != "a b" || b != `"a\x1b[2J"` {
		t.Errorf("%s and %s", a, b)
	}
}

func TestNumberIsPlain(t *testing.T) {
	for x, want := range map[number]string{0: "0", 2: "2", 100: "100", 0.00003: "0.00003", -1.5: "-1.5", 1.0 / 3: "0.333333333"} {
		if got, err := x.MarshalJSON(); err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v, want %s", float64(x), got, err, want)
		}
	}
}

// Names and values in benchstat's format, of the engine that was measured.
func TestWriteBench(t *testing.T) {
	b := &strings.Builder{}
	rep := report(t)
	rep.Results[0].Threads, rep.Results[0].RowsPerS = 1, 400_000
	if err := rep.WriteBench(b); err != nil {
		t.Fatal(err)
	}
	// 0.0025 ms are 2500 ns; CPU times are not known
	want := "BenchmarkPredict/engine=a/batch=1-1\t1000\t2500 ns/op\t2000 p50-ns/op\t4000 p95-ns/op\t5000 p99-ns/op\t400000 rows/s\t48 B/op\t2 allocs/op\n"
	if !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "\nmodel: m.ubj\n") || strings.Contains(b.String(), "engine=b") || strings.Contains(b.String(), "NaN") {
		t.Errorf("no %q in\n%s", want, b)
	}
}

// The engines by their names, at the baseline's batch size; half the mean is
// twice the speed.
func TestJSONNamesEngines(t *testing.T) {
	rep := report(t)
	rep.ONNXBytes = 3500
	fast, wide := rep.Results[0], rep.Results[2]
	fast.Engine, fast.MeanMS = "onnx", 0.00125
	wide.Engine = "native"
	rep.Results = append(rep.Results, fast, wide)
	b := &strings.Builder{}
	if err := rep.WriteJSON(b); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if onnx, ok := doc["onnx"].(map[string]any); !ok || onnx["mean_ms"] != 0.00125 || doc["speedup_mean"] != 2.0 || doc["onnx_model_size_kb"] != 3.5 {
		t.Errorf("%s", b)
	}
	if _, ok := doc["native"]; ok || doc["speedup_native"] != nil {
		t.Errorf("native was not measured at the baseline's batch size: %s", b)
	}
}
