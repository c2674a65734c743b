package known

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/jsontext"
)

// made runs the program of a format on each line of a log, and returns what it made,
// a line each, or why it made nothing behind the number of the line.
func made(t *testing.T, name, log string) []string {
	t.Helper()
	f, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	program, err := Program(name, f.Kind)
	if err != nil {
		t.Fatal(err)
	}
	pipeline := jq.Pipeline{Stages: []jq.Stage{{Name: "from " + name, Program: program}}}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		var record any = strings.TrimSuffix(line, "\n")
		if line[0] == '{' {
			value, fault := jq.Decode(append([]byte(line), make([]byte, jsontext.Slack)...))
			if fault.Reason != "" {
				t.Fatalf("%s:%d: %s", log, number, fault.Reason)
			}
			record = value
		}
		out, ends, fault := pipeline.Run(record, len(line))
		if fault.Reason != "" {
			lines = append(lines, fmt.Sprintf("%d: %s", number, fault.Reason))
		}
		from := 0
		for _, end := range ends {
			lines = append(lines, string(out[from:end]))
			from = end
		}
	}
	return lines
}

// The rows beside a log were written by hand, by the documented schema: nginx' after
// what it wrote.
func TestDocumentedLogs(t *testing.T) {
	rows, err := filepath.Glob("testdata/*.rows")
	if err != nil || len(rows) < 9 {
		t.Fatal(rows, err)
	}
	for _, path := range rows {
		stem := strings.TrimSuffix(path, ".rows")
		name, _, _ := strings.Cut(filepath.Base(stem), "-")
		logs, _ := filepath.Glob(stem + ".[jl]*")
		if len(logs) != 1 {
			t.Fatalf("%s: %v", path, logs)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(made(t, name, logs[0]), "\n") + "\n"; got != string(want) {
			t.Errorf("%s:\n%swant\n%s", logs[0], got, want)
		}
	}
}

// docs/logs.md has a row for each format.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range All() {
		if !strings.Contains(string(text), "\n| `"+f.Name+"` | ") {
			t.Errorf("docs/logs.md has no row for %s", f.Name)
		}
	}
}

// What pipelines/interop/logs/rows.py logs through each library.
const logged = `[
	{"input": {"age": 33, "income": 41000.5, "country": "DE"}, "score": 0.25, "label": "no"},
	{"input": {"age": 58, "income": 12.0, "country": "FR"}, "score": 0.75, "label": "yes"},
	{"input": {"age": 21, "income": 30000.25, "country": "Österreich, \"A\""}, "score": 0.5, "label": "no"},
	{"input": {"age": 47, "income": 0.125, "country": "DE"}, "score": 0.0625, "label": "no"}
]`

// The logs were written by the libraries themselves, as pipelines/interop/logs does
// again; each holds other records, too, which are left out.
func TestRealLogs(t *testing.T) {
	var want []map[string]any
	if err := json.Unmarshal([]byte(logged), &want); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bentoml", "loguru", "mlflow", "otlp", "structlog"} {
		got := made(t, name, "testdata/"+name+".jsonl")
		if len(got) != len(want) {
			t.Errorf("%s: %d rows, want %d: %q", name, len(got), len(want), got)
			continue
		}
		for i, line := range got {
			var row map[string]any
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			input := row["input"].(map[string]any)
			// bentoml.monitor logs a sequence besides, and MLflow no label.
			if name == "bentoml" && (input["embedding_0"] != want[i]["score"] || input["embedding_1"] != 1-want[i]["score"].(float64)) {
				t.Errorf("%s: row %d: %s", name, i, line)
			}
			delete(input, "embedding_0")
			delete(input, "embedding_1")
			if !reflect.DeepEqual(input, want[i]["input"]) || row["score"] != want[i]["score"] || name != "mlflow" && row["label"] != want[i]["label"] {
				t.Errorf("%s: row %d: %s, want %v", name, i, line, want[i])
			}
			if at, _ := row["timestamp"].(string); !strings.HasPrefix(at, "2026-12-01T00:39:") {
				t.Errorf("%s: row %d: timestamp %v", name, i, row["timestamp"])
			}
			if _, ok := row["inference_ms"].(float64); !ok && name != "bentoml" {
				t.Errorf("%s: row %d: no inference_ms: %s", name, i, line)
			}
		}
	}
}

// Each format's condition holds for its own logs and for those of no other.
func TestIs(t *testing.T) {
	logs, _ := filepath.Glob("testdata/*.[jl]*")
	for _, log := range logs {
		own, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(log), filepath.Ext(log)), "-")
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, `"request": ""`) || strings.Contains(line, "nonsense") {
				continue // asked of MLflow, and no request of its
			}
			var record any = strings.TrimSuffix(line, "\n")
			if line[0] == '{' {
				record, _ = jq.Decode(append([]byte(line), make([]byte, jsontext.Slack)...))
			}
			for _, f := range All() {
				where, err := jq.CompileCondition(f.Is)
				if err != nil {
					t.Fatal(err)
				}
				_, ends, fault := (&jq.Pipeline{Where: where}).Run(record, len(line))
				if is := len(ends) == 1; is != (f.Name == own) {
					t.Errorf("%s: is it %s? %v (%s)\n%s", log, f.Name, is, fault.Reason, line)
				}
			}
		}
	}
}
