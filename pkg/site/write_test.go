package site

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
)

func TestWriteDirTouchesNothingOfOthers(t *testing.T) {
	r := sitetest.Bare()
	base := t.TempDir()

	foreign := filepath.Join(base, "thesis")
	os.Mkdir(foreign, 0o755)
	os.WriteFile(filepath.Join(foreign, "chapter1.md"), []byte("years of work"), 0o644)
	if err := WriteDir(foreign, r, Options{}); err == nil || !strings.HasSuffix(err.Error(), "thesis: holds files that render did not write; name an empty or a new directory") {
		t.Errorf("a foreign directory: %v", err)
	}
	if got := filesBelow(t, foreign); len(got) != 1 {
		t.Errorf("the foreign directory now holds %d files", len(got))
	}

	file := filepath.Join(base, "file")
	os.WriteFile(file, []byte("x"), 0o644)
	if err := WriteDir(file, r, Options{}); err == nil || !strings.HasSuffix(err.Error(), "file: is a file, want a directory") {
		t.Errorf("a file: %v", err)
	}

	empty := filepath.Join(base, "empty")
	os.Mkdir(empty, 0o755)
	if err := WriteDir(empty, r, Options{}); err != nil {
		t.Errorf("an empty directory: %v", err)
	}
	deep := filepath.Join(base, "a", "b", "site")
	if err := WriteDir(deep, r, Options{}); err != nil {
		t.Errorf("a directory two levels down: %v", err)
	}
}

func TestWriteDirReplacesTheOldSiteWhole(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	dir := filepath.Join(base, "site")
	r := sitetest.Report()
	if err := WriteDir(dir, r, Options{}); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := WriteDir(link, sitetest.Bare(), Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "drift.html")); err == nil {
		t.Error("a page of the old site is still there")
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced instead of what it leads to")
	}
	entries, _ := os.ReadDir(base)
	if _, err := os.Stat(filepath.Join(dir, "data", "findings.parquet")); err == nil {
		t.Error("a table of the old site is still there")
	}
	if len(entries) != 2 {
		t.Errorf("something was left beside the site: %v", entries)
	}
}

func TestWriteDirKeepsWhatOthersPutIntoTheSite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "site")
	if err := WriteDir(dir, sitetest.Report(), Options{}); err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{"CNAME": "example.org", ".nojekyll": "", ".git/HEAD": "ref", "data/mine.csv": "1", "charts/own/a.png": "2", "feature/odd.html": "3"}
	for name, text := range mine {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755)
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)
	}
	for range 2 {
		if err := WriteDir(dir, sitetest.Bare(), Options{}); err != nil {
			t.Fatal(err)
		}
		files := filesBelow(t, dir)
		for name, text := range mine {
			if raw, ok := files[name]; !ok || string(raw) != text {
				t.Errorf("%s is gone", name)
			}
		}
		if _, ok := files["charts/dist-companysize.png"]; ok {
			t.Error("a picture of the old site is still there")
		}
	}
}

// mark is planted wherever a bundle may hold what is not for the public.
const mark = "JOHN-DOE-7731"

// TestNothingPrivateReachesTheSite plants the mark in raw rows, profiles, plans,
// unknown tables, unknown columns, metadata, directories and addresses, and
// looks for it in every file, Parquet decoded.
func TestNothingPrivateReachesTheSite(t *testing.T) {
	t.Parallel()
	r := explained()
	r.Rejects[0].Source = "/home/" + mark + "/predictions.jsonl"
	r.Health[0].URL = "https://" + mark + ":" + mark + "@api.example/health?token=" + mark + "#" + mark
	r.Bench[0].Model = "C:\\" + mark + "\\model.ubj"
	r.Bench[1].Note = "onnx: /home/" + mark + " X/lib.so: cannot open"
	r.Loads[0].URL = "https://" + mark + ":" + mark + "@api.example/predict?token=" + mark
	r.LoadStatuses[1].Error = `Post "http://` + mark + `/predict": connection refused`

	var more []arrow.RecordBatch
	for _, name := range []string{"predictions", "requests", "reference", "outcomes", "counters", "values", "unseen", "rows", "plan", "mystery", mark} {
		more = append(more, marked(table.Named(name, arrow.NewSchema([]arrow.Field{
			table.Field("jobtitle", arrow.BinaryTypes.String, table.Feature, table.KeyDoc, mark),
			table.Field(mark, arrow.BinaryTypes.String, table.Text),
		}, nil))))
	}
	// A second stream of a known table, with a column and metadata of its own.
	for _, name := range []string{"findings", "bins", "statistics", "recent", "health", "rejects", "traffic", "trend", "contributions", "segments", "triggers", "thresholds", "estimates"} {
		schema := table.WithMeta(table.Named(name, arrow.NewSchema([]arrow.Field{
			table.Field("private", arrow.BinaryTypes.String, "", table.KeyDoc, mark),
			table.Field("error", arrow.BinaryTypes.String, ""),
		}, nil)), "origin", mark)
		more = append(more, marked(schema))
	}
	got, err := report.Read(table.NewReader("in", sitetest.Stream(t, r, more...)))
	if err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	dir := filepath.Join(base, "site")
	if err := WriteDir(dir, got, Options{History: history.Tonight(got)}); err != nil {
		t.Fatal(err)
	}
	var single bytes.Buffer
	if err := WriteSingle(&single, got, Options{}); err != nil {
		t.Fatal(err)
	}
	files := filesBelow(t, dir)
	files["single.html"] = single.Bytes()
	for name, raw := range files {
		if bytes.Contains(raw, []byte(mark)) {
			t.Errorf("%s holds the mark", name)
		}
	}
	in := table.Open(table.Input{Name: filepath.Join(dir, "data")})
	defer in.Close()
	tables := 0
	for in.Next() {
		tables++
		if strings.Contains(in.Schema().String(), mark) {
			t.Errorf("data/%s.parquet: the schema holds the mark", in.Table())
		}
		for i, col := range in.Batch().Columns() {
			if text, ok := table.Strings(col); ok {
				for row := range col.Len() {
					if col.IsValid(row) && strings.Contains(text(row), mark) {
						t.Errorf("data/%s.parquet: %s holds the mark", in.Table(), in.Schema().Field(i).Name)
					}
				}
			}
		}
	}
	if err := in.Err(); err != nil || tables < 13 {
		t.Errorf("%d tables in data: %v", tables, err)
	}
}

// marked is a batch of one row with the mark in every column.
func marked(schema *arrow.Schema) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, f := range b.Fields() {
		f.(*array.StringBuilder).Append(mark)
	}
	return b.NewRecordBatch()
}
