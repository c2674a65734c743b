package pipelines

import (
	"strings"
	"testing"
)

// A plan pins the types of a log's fields, as the settings did that it was made
// with: a postcode stays a category.
func TestPlanPinsTypes(t *testing.T) {
	dir := t.TempDir()
	repo := repository{env: withPath()}
	repo.run(t, dir, `
printf 'columns:\n  zip: {type: category}\n' > monitor.yaml
printf 'zip,size,score\n8001,12,0.5\n8002,13,0.25\n' > ref.csv
printf '{"timestamp":"2026-03-01T12:00:00Z","score":0.5,"input":{"zip":8001,"size":12}}\n' > log.jsonl
driftcalc plan --config monitor.yaml --reference ref.csv -o plan.arrows`)
	out := repo.run(t, dir, "ingest --plan plan.arrows --table predictions --format jsonl log.jsonl")
	if want := `"zip":"8001","size":12}` + "\n"; !strings.HasSuffix(out, want) || strings.Contains(out, "inferred") {
		t.Errorf("got %s, want …%s", out, want)
	}
	out = repo.run(t, dir, "ingest --plan ref.csv log.jsonl 2>&1 || echo status $?")
	if want := "ingest: ref.csv: is neither an Arrow stream nor a Parquet file\nstatus 1\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
}
