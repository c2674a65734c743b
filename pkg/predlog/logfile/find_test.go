package logfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"x.jsonl", "x.jsonl.1", "x.jsonl.2.gz", "x.jsonl.10.zst", "y.jsonl", "y.jsonl-20260301", "y.jsonl-20260302.gz", "z-2026-03-02.jsonl", "z-2026-03-01.jsonl", "odd[1].jsonl"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for operands, want := range map[string]string{
		"x.jsonl*":              "x.jsonl.10.zst x.jsonl.2.gz x.jsonl.1 x.jsonl",
		"x.jsonl x.jsonl.1":     "x.jsonl.1 x.jsonl",
		"y.jsonl*":              "y.jsonl-20260301 y.jsonl-20260302.gz y.jsonl",
		"z-*.jsonl":             "z-2026-03-01.jsonl z-2026-03-02.jsonl",
		"y.jsonl x.jsonl.1 y.*": "y.jsonl-20260301 y.jsonl-20260302.gz y.jsonl y.jsonl x.jsonl.1",
		"odd[1].jsonl":          "odd[1].jsonl",
		"none.jsonl":            "none.jsonl", // opening it will say so
	} {
		var list []string
		for _, o := range strings.Fields(operands) {
			list = append(list, filepath.Join(dir, o))
		}
		got, err := Find(list)
		if err != nil {
			t.Fatal(err)
		}
		if s := strings.ReplaceAll(strings.Join(got, " "), dir+string(filepath.Separator), ""); s != want {
			t.Errorf("%s:\ngot  %s\nwant %s", operands, s, want)
		}
	}
	for operand, want := range map[string]string{"none*": "none*: no file matches", "[": "[: bad pattern"} {
		if _, err := Find([]string{operand}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", operand, err)
		}
	}
}
