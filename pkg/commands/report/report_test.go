package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
)

// Logs are known by how their names begin, whatever they are written in and whoever
// rotates and packs them.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range strings.Fields("predictions.jsonl predictions.jsonl.1 predictions.jsonl-old.gz predictions-2.parquet predictions_3.csv.xz predictions.arrow predictions.txt .predictions.parquet.crc api_requests.feather api_requests.jsonl.2.gz requests.csv outcomes.parquet outcomes.csv reference.csv predictions.jsonl~ predictions.jsonl.bak predictions.csv.part predictions.jsonl.swp api_requests.jsonl.tmp predictions.jsonl.gz predictions-2.parquet.zst") {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "predictions_by_day"), 0o777); err != nil {
		t.Fatal(err)
	}
	var notes strings.Builder
	n := night{env: &cli.Env{Stderr: &notes}}
	outcomes, err := n.find(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := func(paths ...string) string {
		return strings.ReplaceAll(strings.Join(paths, " "), dir+string(filepath.Separator), "")
	}
	if got, want := names(n.predictions...), "predictions-2.parquet predictions.arrow predictions.jsonl predictions.jsonl-old.gz predictions.jsonl.1 predictions_3.csv.xz predictions_by_day"; got != want {
		t.Errorf("predictions %s, want %s", got, want)
	}
	if got, want := names(n.requests...), "api_requests.feather api_requests.jsonl.2.gz"; got != want {
		t.Errorf("requests %s, want %s", got, want)
	}
	if said := notes.String(); strings.Count(said, "\n") != 2 || !strings.Contains(said, "predictions.jsonl.gz: left out: predictions.jsonl is there too\n") {
		t.Errorf("of packed files beside plain ones was said %q", said)
	}
	if got := names(outcomes); got != "outcomes.csv" {
		t.Errorf("outcomes %s", got)
	}
}

// What is no directory is the log itself, and a table that only its own log explains is
// refused.
func TestFindOther(t *testing.T) {
	for _, log := range []string{"/dev/stdin", os.DevNull} {
		n := night{env: &cli.Env{Stderr: &strings.Builder{}}}
		if _, err := n.find(log); err != nil || len(n.predictions) != 1 {
			t.Errorf("%s: %q, %v", log, n.predictions, err)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "_delta_log"), 0o777); err != nil {
		t.Fatal(err)
	}
	var n night
	if _, err := n.find(dir); err == nil || !strings.Contains(err.Error(), dir+": is a Delta table") {
		t.Error(err)
	}
}
