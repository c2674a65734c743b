package table_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
)

// writeDir writes tables of so many rows.
func writeDir(t *testing.T, dir string, tables map[string]int) {
	t.Helper()
	d, err := table.NewParquetDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range tables {
		if err := d.Write(table.Encode(name, make([]row, n))); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func ls(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// A directory that lost a table, or got one of another run, is no bundle.
func TestLostTable(t *testing.T) {
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	check := func(what, want string) {
		t.Helper()
		if _, err := read(table.Open(table.Input{Name: one})); fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	write := func() {
		writeDir(t, one, map[string]int{"a": 2, "b": 3, "c": 0})
		writeDir(t, two, map[string]int{"a": 2, "b": 4, "c": 0})
	}
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	write()
	check("whole", "<nil>")
	os.Remove(filepath.Join(one, "b.parquet"))
	check("lost", one+": table b is missing")
	write()
	os.Remove(filepath.Join(one, "c.parquet"))
	check("lost without rows", one+": table c is missing")
	write()
	move(filepath.Join(two, "b.parquet"), filepath.Join(one, "b.parquet"))
	check("of another run", one+": holds tables of two runs: a.parquet and b.parquet")
	write()
	other, err := table.NewParquetDir(two)
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][]row{"a": make([]row, 2), "b": {{}, {N: 1}, {}}, "c": nil} {
		if err := other.Write(table.Encode(name, rows)); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	move(filepath.Join(two, "a.parquet"), filepath.Join(one, "a.parquet"))
	check("of a run of the same shape", one+": holds tables of two runs: a.parquet and b.parquet")
	write()
	move(filepath.Join(one, "a.parquet"), filepath.Join(one, "b.parquet"))
	check("renamed", one+": table a is missing")
	write()
	move(filepath.Join(one, "b.parquet"), filepath.Join(one, "d.parquet"))
	move(filepath.Join(one, "a.parquet"), filepath.Join(one, "b.parquet"))
	move(filepath.Join(one, "d.parquet"), filepath.Join(one, "a.parquet"))
	check("swapped", one+": table a: has 3 rows, was written with 2")
	write()
	if err := os.WriteFile(filepath.Join(one, "b.parquet"), []byte("PAR1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := read(table.Open(table.Input{Name: one})); err == nil || !strings.HasPrefix(err.Error(), filepath.Join(one, "b.parquet")+": damaged Parquet file") {
		t.Errorf("damaged: %v", err)
	}
	// One of the files is a table like any other.
	if _, err := read(table.Open(table.Input{Name: filepath.Join(two, "a.parquet")})); err != nil {
		t.Error(err)
	}
}

// A directory holds one run; what no ParquetDir wrote there stays.
func TestDirReplaces(t *testing.T) {
	dir := t.TempDir()
	writeDir(t, dir, map[string]int{"bench": 1, "run": 1})
	view, err := os.Create(filepath.Join(dir, "history.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	v := table.NewView(view, "history", "parquet")
	if err := v.Write(table.Encode("history", rows)); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	view.Close()
	for _, name := range []string{"notes.txt", "theirs.parquet"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	writeDir(t, dir, map[string]int{"findings": 1, "run": 1})
	if got, want := ls(t, dir), "findings.parquet history.parquet notes.txt run.parquet theirs.parquet"; got != want {
		t.Errorf("the directory holds %s, want %s", got, want)
	}
	os.Remove(filepath.Join(dir, "theirs.parquet"))
	if _, err := read(table.Open(table.Input{Name: dir})); err == nil || err.Error() != dir+": holds history.parquet, which is no table of the run in findings.parquet and the others: move it away" {
		t.Errorf("with a table of its own: %v", err)
	}
	os.Remove(filepath.Join(dir, "history.parquet"))
	got, err := read(table.Open(table.Input{Name: dir}))
	if err != nil || fmt.Sprint(got) != "map[findings:1 run:1]" {
		t.Errorf("%v, %v", got, err)
	}
}

// The list is the directory's: a table that is passed on leaves it behind, also
// where another program has made it part of the table's schema, as pyarrow does.
func TestDirListStays(t *testing.T) {
	path, dir := filepath.Join(t.TempDir(), "a.parquet"), t.TempDir()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	rec := table.Encode("a", rows)
	rec = array.NewRecordBatch(table.WithMeta(rec.Schema(), "leadsman.directory", `{"tables":{"x":1}}`), rec.Columns(), rec.NumRows())
	v := table.NewView(file, "a", "parquet")
	if err := errors.Join(v.Write(rec), v.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	r := table.Open(table.Input{Name: path})
	d, err := table.NewParquetDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for r.Next() {
		if err := d.Write(r.Batch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(r.Err(), d.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := read(table.Open(table.Input{Name: dir})); err != nil {
		t.Error(err)
	}
}
