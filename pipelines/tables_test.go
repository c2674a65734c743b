package pipelines

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/table"
)

var update = flag.Bool("update", false, "write the documents that are made from the code")

// groups are the tables in the order in which a reader meets them.
var groups = []struct {
	title  string
	tables []string
}{
	{"Rows in", []string{"predictions", "requests", "reference"}},
	{"How the logs were read", []string{"lines", "rejects", "health"}},
	{"The verdict", []string{"run", "findings", "bins", "score_bins", "statistics", "correlations", "trend", "latency", "traffic", "recent", "thresholds"}},
	{"Why, where, and what to do", []string{"contributions", "segments", "triggers"}},
	{"How good the model still is", []string{"estimates", "outcomes", "unmet", "skew_rows"}},
	{"The benchmark", []string{"bench", "bench_latency", "hotspots", "api_load", "api_status", "comparison"}},
	{"The nights", []string{"history", "standing"}},
	{"Plans and profiles, never published", []string{"plan", "plan_columns", "plan_grids", "plan_categories", "plan_known", "counters", "values", "unseen", "rows", "newest", "entities", "labels", "joined", "scores", "shards", "seal"}},
}

// docs/tables.md lists every column of every table that the commands write, as
// the schemas themselves describe it.
func TestTablesDoc(t *testing.T) {
	schemas := writtenSchemas(t)
	var b strings.Builder
	b.WriteString(`# The tables

What passes between the commands, and what a site offers under ` + "`data/`" + `, column by column. This page is made from the schemas
that the commands write: ` + "`make docs`" + `.

A bundle is a run of Arrow IPC streams, each one table, named in its schema's metadata (` + "`leadsman.table`" + `); a column's role
stands in its field's metadata (` + "`leadsman.role`" + `). The stream ` + "`end`" + ` closes a bundle and lists its tables and rows. Times
are in microseconds, UTC.
`)
	seen := map[string]bool{}
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n", g.title)
		for _, name := range g.tables {
			s, ok := schemas[name]
			if !ok {
				t.Errorf("no command wrote table %s", name)
				continue
			}
			seen[name] = true
			describe(&b, name, s)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if !seen[name] {
			t.Errorf("table %s is written and stands in no group", name)
		}
	}
	path := "../docs/tables.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/tables.md is not what the schemas say: run make docs")
	}
}

// What shells complete after --table are the documented tables that ingest and driftcalc
// write, each of them.
func TestCompletedTables(t *testing.T) {
	var want []string
	for _, g := range groups {
		switch g.title {
		case "The benchmark", "The nights", "Plans and profiles, never published": // of other commands
		default:
			want = append(want, g.tables...)
		}
	}
	slices.Sort(want)
	repo := repository{env: withPath()}
	for _, command := range []string{"ingest", "driftcalc", "driftcalc compare"} {
		if got := strings.Fields(repo.run(t, t.TempDir(), command+" --table '' --complete")); !slices.Equal(got, want) {
			t.Errorf("%s offers %q, want %q", command, got, want)
		}
	}
}

func describe(b *strings.Builder, name string, s *arrow.Schema) {
	fmt.Fprintf(b, "\n### %s\n\n| column | type | role | what |\n| --- | --- | --- | --- |\n", name)
	features := 0
	for _, f := range s.Fields() {
		role := table.RoleOf(f)
		if role == table.Feature || role == table.Text {
			features++
			continue
		}
		what, _ := f.Metadata.GetValue(table.KeyDoc)
		if unit, ok := f.Metadata.GetValue(table.KeyUnit); ok && unit != "1" {
			what += ", in " + unit
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, typeName(f.Type), role, strings.TrimPrefix(what, ", "))
	}
	if features > 0 {
		b.WriteString("| one per input field | number or text | feature, text | as the log or the file has it |\n")
	}
}

func typeName(t arrow.DataType) string {
	switch t.ID() {
	case arrow.STRING, arrow.DICTIONARY:
		return "text"
	case arrow.FLOAT64:
		return "number"
	case arrow.INT64:
		return "whole number"
	case arrow.BOOL:
		return "true or false"
	case arrow.TIMESTAMP:
		return "time"
	case arrow.LIST:
		return "list of " + typeName(t.(*arrow.ListType).Elem()) + "s"
	}
	return t.String()
}

// writtenSchemas runs every command that writes tables and returns the schemas
// by table.
func writtenSchemas(t *testing.T) map[string]*arrow.Schema {
	t.Helper()
	dir := t.TempDir()
	models, err := filepath.Abs("../pkg/model/testdata/onnx")
	if err != nil {
		t.Fatal(err)
	}
	repo := repository{env: append(withPath(), "MODELS="+models)}
	repo.run(t, dir, `
simulate predictions --rows 200 -o p.jsonl
simulate requests --rows 200 -o r.jsonl
simulate reference --rows 50 -o ref.csv
simulate outcomes --rows 200 -o o.csv
ingest --health http://127.0.0.1:9/health p.jsonl -o p.arrows
ingest --kind requests r.jsonl -o r.arrows
ingest --kind reference ref.csv -o ref.arrows
perfbench model --n 50 --hotspots --profile-for 200ms -o bench.arrows
printf 'x0,x1,x2,x3,x4,x5,y\n1,0,0,0,0,0,1\n0,1,0,0,0,0,0\n0,0,1,0,0,0,1\n0,0,0,1,0,0,0\n' >holdout.csv
perfbench compare "$MODELS/forest.onnx" "$MODELS/boosted.onnx" --rows holdout.csv --label y --features "$MODELS/features.json" --n 0 -o comparison/
simulate api --addr 127.0.0.1:0 2>api.log & server=$!
until grep -q listening api.log; do sleep 0.05; done
perfbench api "$(grep -o 'http://[0-9.:]*' api.log)" --burst 5 --rate 0 -o api.arrows
kill $server
wait $server
driftcalc --outcomes o.csv p.arrows r.arrows bench.arrows -o drift.arrows
render -o site --history site/data/history.parquet drift.arrows
simulate predictions --rows 300 --scenario vanished-column | ingest | driftcalc | render -o lost --history lost.parquet
simulate predictions --rows 300 --scenario stale-host | ingest | driftcalc -o stale.arrows
driftcalc plan --reference ref.csv -o plan.arrows
driftcalc profile --plan plan.arrows --shard a p.arrows r.arrows -o a.arrows
`)
	found := map[string]*arrow.Schema{}
	inputs, err := filepath.Glob(filepath.Join(dir, "*.arrows"))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range append(inputs, filepath.Join(dir, "site/data/history.parquet"), filepath.Join(dir, "lost/data/standing.parquet"), filepath.Join(dir, "comparison/comparison.parquet")) {
		r := table.Open(table.Input{Name: in})
		for r.Next() {
			if _, ok := found[r.Table()]; !ok {
				found[r.Table()] = r.Schema()
			}
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}
