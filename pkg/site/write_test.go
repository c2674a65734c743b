package site

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestWriteDirTouchesNothingOfOthers(t *testing.T) {
	r := bare()
	base := t.TempDir()

	foreign := filepath.Join(base, "thesis")
	os.Mkdir(foreign, 0o755)
	os.WriteFile(filepath.Join(foreign, "chapter1.md"), []byte("years of work"), 0o644)
	if err := r.WriteDir(foreign, Options{}); err == nil || !strings.HasSuffix(err.Error(), "thesis: holds files that render did not write; name an empty or a new directory") {
		t.Errorf("a foreign directory: %v", err)
	}
	if got := filesBelow(t, foreign); len(got) != 1 {
		t.Errorf("the foreign directory now holds %d files", len(got))
	}

	file := filepath.Join(base, "file")
	os.WriteFile(file, []byte("x"), 0o644)
	if err := r.WriteDir(file, Options{}); err == nil || !strings.HasSuffix(err.Error(), "file: is a file, want a directory") {
		t.Errorf("a file: %v", err)
	}

	empty := filepath.Join(base, "empty")
	os.Mkdir(empty, 0o755)
	if err := r.WriteDir(empty, Options{}); err != nil {
		t.Errorf("an empty directory: %v", err)
	}
	deep := filepath.Join(base, "a", "b", "site")
	if err := r.WriteDir(deep, Options{}); err != nil {
		t.Errorf("a directory two levels down: %v", err)
	}
}

func TestWriteDirReplacesTheOldSiteWhole(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "site")
	r := fixture()
	if err := r.WriteDir(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := bare().WriteDir(link, Options{}); err != nil {
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
	dir := filepath.Join(t.TempDir(), "site")
	if err := fixture().WriteDir(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{"CNAME": "example.org", ".nojekyll": "", ".git/HEAD": "ref", "data/mine.csv": "1", "charts/own/a.png": "2", "feature/odd.html": "3"}
	for name, text := range mine {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755)
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)
	}
	for range 2 {
		if err := bare().WriteDir(dir, Options{}); err != nil {
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

func TestHistoryKeepsOneOfEachNight(t *testing.T) {
	r := fixture()
	old := nights(r, 3)
	perNight := len(r.Tonight())
	if len(old) != 3*perNight {
		t.Fatalf("%d rows of 3 nights, want %d", len(old), 3*perNight)
	}
	once := MergeHistory(old, r.Tonight())
	r.Run.Headline = "second try"
	twice := MergeHistory(once, r.Tonight())
	if len(twice) != 4*perNight {
		t.Errorf("%d rows after the same night twice, want %d", len(twice), 4*perNight)
	}
	if last := twice[len(twice)-1]; last.Headline != "second try" {
		t.Errorf("the night was not replaced: %q", last.Headline)
	}
	other := *r
	other.Run.Site = "another"
	if got := MergeHistory(twice, other.Tonight()); len(got) != 5*perNight || len(nightly(got, "harbour")) != 4 {
		t.Errorf("%d rows with another site's night, want %d", len(got), 5*perNight)
	}

	var file bytes.Buffer
	if err := WriteHistory(&file, twice); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "history.parquet")
	os.WriteFile(path, file.Bytes(), 0o644)
	in := table.Open(table.Input{Name: path})
	in.Plain = HistoryTable
	defer in.Close()
	back, err := ReadHistory(in)
	if err != nil || len(back) != len(twice) {
		t.Fatalf("%d rows read back, want %d: %v", len(back), len(twice), err)
	}
	for i, n := range back {
		if n.Sentence != twice[i].Sentence || n.Bins != twice[i].Bins || !n.PeriodEnd.Equal(twice[i].PeriodEnd) || math.IsNaN(n.Effect) != math.IsNaN(twice[i].Effect) {
			t.Fatalf("row %d came back as %+v", i, n)
		}
	}
}

func TestHistoryHoldsTheBinsOfAnOldNight(t *testing.T) {
	for _, n := range fixture().Tonight() {
		if n.Subject == "industry" && n.Check == verdict.CheckDistribution {
			// The fixture's counts, by hand.
			want := `[["category",null,null,"Software",115,250],["category",null,null,"Finance",70,240],["category",null,null,"Health",50,190],` +
				`["category",null,null,"Education",40,150],["rare",null,null,"rare",22,93],["missing",null,null,"missing",6,91]]`
			if n.Bins != want {
				t.Errorf("bins %s, want %s", n.Bins, want)
			}
			return
		}
	}
	t.Error("no row of industry")
}

// mark is planted wherever a bundle may hold what is not for the public.
const mark = "JOHN-DOE-7731"

// TestNothingPrivateReachesTheSite plants the mark in raw rows, profiles, plans,
// unknown tables, unknown columns, metadata, directories and addresses, and
// looks for it in every file, Parquet decoded.
func TestNothingPrivateReachesTheSite(t *testing.T) {
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
	got, err := Read(table.NewReader("in", stream(t, r, more...)))
	if err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	dir := filepath.Join(base, "site")
	if err := got.WriteDir(dir, Options{History: got.Tonight()}); err != nil {
		t.Fatal(err)
	}
	var single bytes.Buffer
	if err := got.WriteSingle(&single, Options{}); err != nil {
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

func TestSlugsAreUniqueAndPlain(t *testing.T) {
	names := []string{"a", "A", "a ", "a/b", "a-b", "a_b", "../../etc/passwd", "..", "", "con", "名前", "名後", strings.Repeat("x", 300), strings.Repeat("x", 299), "a\x00b"}
	s := newSlugs(names)
	seen := map[string]string{}
	for _, n := range names {
		slug := s.of(n)
		if other, twice := seen[slug]; twice {
			t.Errorf("%q and %q are both %q", n, other, slug)
		}
		seen[slug] = n
		if slug == "" || len(slug) > 60 || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			t.Errorf("%q became %q", n, slug)
		}
		if s.of(n) != slug {
			t.Errorf("%q has two file names", n)
		}
	}
	if s.of("a") != "a" || s.of("a_b") != "a_b" {
		t.Error("a plain name did not keep its name")
	}
}

func TestNamesAndAddressesForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{listed([]string{"a"}), "a"}, {listed([]string{"a", "b", "c"}), "a, b and c"}, {listed([]string{"a", "b", "c", "d", "e"}), "a, b, c and 2 more"},
		{publicURL("https://u:p@h:8/x?q#f"), "https://h:8/x"}, {publicURL("::"), ""}, {baseName("/a/b.json"), "b.json"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
