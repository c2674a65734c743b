package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Logs are known by how their names begin, whatever they are written in and whoever
// rotates and packs them.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range strings.Fields("predictions.jsonl predictions.jsonl.1 predictions.jsonl-old.gz predictions-2.parquet predictions_3.csv.xz predictions.arrow predictions.txt .predictions.parquet.crc api_requests.feather api_requests.jsonl.2.gz requests.csv outcomes.parquet outcomes.csv reference.csv") {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "predictions_by_day"), 0o777); err != nil {
		t.Fatal(err)
	}
	var n night
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
	if got := names(outcomes); got != "outcomes.csv" {
		t.Errorf("outcomes %s", got)
	}
}
