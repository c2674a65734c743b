package main

import (
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The page names files of the packages that `make mutation` tries, as they are
// in the tree, and reads as the tool would write it.
func TestPage(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	above, trials, err := parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for file := range trials {
		pkg := path.Dir(file)
		if !slices.Contains([]string{"pkg/stats", "pkg/outcome", "pkg/verdict", "pkg/drift"}, pkg) && path.Dir(pkg) != "pkg/drift" {
			t.Errorf("%s: not of a package that is tried", file)
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%v: delete its lines, or run make mutation", err)
		}
	}
	if !t.Failed() && above+tables(trials) != string(text) {
		t.Errorf("%s: the tables are not what its own rows make", page)
	}
}

func TestNewTrial(t *testing.T) {
	source := []byte("package p\n\nfunc f(a, b int) bool {\n\treturn a < b || a == 0\n}\n")
	result := []byte(`{"files":[{"file_name":"p.go","mutations":[
		{"type":"CONDITIONALS_NEGATION","status":"LIVED","line":4,"column":20},
		{"type":"CONDITIONALS_NEGATION","status":"KILLED","line":4,"column":11},
		{"type":"CONDITIONALS_BOUNDARY","status":"LIVED","line":4,"column":11},
		{"type":"ARITHMETIC_BASE","status":"NOT VIABLE","line":3,"column":1},
		{"type":"INVERT_LOGICAL","status":"TIMED OUT","line":4,"column":15},
		{"type":"INVERT_LOGICAL","status":"NOT COVERED","line":4,"column":15}]}]}`)
	got, err := newTrial("2026-12-01", "x/p.go", source, result)
	if err != nil {
		t.Fatal(err)
	}
	want := trial{"2026-12-01", counts{1, 2, 1, 1, 1}, []string{
		"* `x/p.go:4:11` CONDITIONALS_BOUNDARY `` return a < b || a == 0 ``\n",
		"* `x/p.go:4:20` CONDITIONALS_NEGATION `` return a < b || a == 0 ``\n",
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got, want := got.counts.String(), "5 | 1 | 2 | 1 | 1 | 33.3 % |\n"; got != want {
		t.Errorf("row %q, want %q", got, want)
	}
	if got, err := newTrial("2026-12-01", "x/p.go", source, nil); err != nil || got.counts != (counts{}) {
		t.Errorf("a file without mutants: %v, %v", got, err)
	}
	for _, c := range []struct{ file, result string }{
		{"x/q.go", string(result)},
		{"x/p.go", strings.Replace(string(result), "KILLED", "RUNNABLE", 1)},
		{"x/p.go", strings.Replace(string(result), `"line":3`, `"line":33`, 1)},
	} {
		if _, err := newTrial("", c.file, source, []byte(c.result)); err == nil || !strings.HasPrefix(err.Error(), c.file) {
			t.Errorf("%s: error %v, want one at its place", c.file, err)
		}
	}
}

// What is written is read back, whatever stands in a line of the source.
func TestTablesAreReadBack(t *testing.T) {
	want := map[string]trial{
		"x/a.go": {"2026-11-30", counts{7, 1, 2, 3}, []string{"* `x/a.go:4:11` INVERT_LOGICAL `` s == `|` || a: b ``\n"}},
		"x/b.go": {"2026-12-01", counts{}, nil},
		"y/c.go": {"2026-12-01", counts{3, 0, 0, 0}, nil},
	}
	text := tables(want)
	above, got, err := parse("# Text\n\nabove `it`\n\n" + text)
	if err != nil || above != "# Text\n\nabove `it`\n\n" || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v, %v", above, got, err)
	}
	for _, line := range []string{
		"| [x](#x) | 2026-11-30 to 2026-12-01 | 13 | 7 | 1 | 2 | 3 | 87.5 % |\n",
		"| [y](#y) | 2026-12-01 | 3 | 3 | 0 | 0 | 0 | 100.0 % |\n",
		"| `x/b.go` | 2026-12-01 | 0 | 0 | 0 | 0 | 0 |  |\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %s in\n%s", line, text)
		}
	}
}
