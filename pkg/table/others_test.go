package table_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/leadsman/leadsman/pkg/table"
)

// Files that other programs wrote, by testdata/make.py, from a path and from a
// stream that cannot be sought.
func TestOtherWriters(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.arrow*")
	if err != nil || len(paths) != 4 {
		t.Fatalf("%v, %v", paths, err)
	}
	want := `{"timestamp":"2026-01-05T00:00:00Z","score":0.25,"plan":"basic","none":null}
{"timestamp":"2026-01-05T00:01:00Z","score":0.5,"plan":null,"none":null}
{"timestamp":"2026-01-05T00:02:00Z","score":0.75,"plan":"plus, with a longer name","none":null}
`
	for _, path := range paths {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []table.Input{{Name: path}, {Name: path, From: bytes.NewReader(whole)}} {
			r := table.Open(in)
			r.Plain = "t"
			var out bytes.Buffer
			v := table.NewView(&out, "t", "jsonl")
			for r.Next() {
				if err := v.Write(r.Batch()); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.Err(); err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			if err := v.Close(); err != nil || out.String() != want {
				t.Errorf("%s: %v, %s", path, err, out.String())
			}
		}
		if !table.IsTable(whole) {
			t.Errorf("%s: is not seen to be a table", path)
		}
	}
}
