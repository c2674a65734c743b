//go:build corpora

// Package corpora reads the golden files of the Arrow and Parquet projects
// (github.com/apache/arrow-testing and parquet-testing), which are not shipped: clone
// them, and name the folder.
package corpora

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/table"
)

// endings are those of files to read; streams are Arrow's.
var endings = []string{".parquet", ".arrow_file", ".arrow", ".feather", ".stream", ".arrows"}

// damaged are the folders and files that are meant to be refused: fuzzed, encrypted, or with
// wrong checksums.
func damaged(path string) bool {
	return slices.ContainsFunc([]string{"bad_data", "fuzz", "crash", "encrypted", "-corrupt-"}, func(part string) bool { return strings.Contains(path, part) })
}

// read reads all rows of a file as a reader of logs does.
func read(path string) (rows int64, left []table.Left, err error) {
	r := table.Open(table.Input{Name: path})
	r.Plain = "rows"
	defer r.Close()
	for r.Next() {
		rec, without := table.Readable(r.Batch())
		rows, left = rows+rec.NumRows(), without
		rec.Release()
	}
	return rows, left, r.Err()
}

// TestCorpora counts the files in DIR that are read and refused; with FILES each is
// named, with the columns that are left out of it. docs/formats.md has the refusals.
func TestCorpora(t *testing.T) {
	dir := os.Getenv("DIR")
	if dir == "" {
		t.Fatal("want DIR, a folder of files")
	}
	read, refused, columns := readAll(t, dir)
	fmt.Printf("%d files read, %d columns of them left out, %d files refused\n", read, columns, refused)
	if read+refused == 0 {
		t.Fatalf("%s: no files that end in %s", dir, strings.Join(endings, ", "))
	}
	if refused > 5 {
		t.Errorf("%d files are refused, at most 5 may be", refused)
	}
}

func readAll(t *testing.T, dir string) (done, refused, columns int) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(endings, filepath.Ext(path)) || damaged(path) {
			return err
		}
		rows, left, err := read(path)
		if err != nil {
			refused++
			fmt.Printf("refused: %v\n", err)
			return nil
		}
		done++
		columns += len(left)
		if os.Getenv("FILES") != "" {
			fmt.Printf("%s: %d rows, left out: %v\n", path, rows, left)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return done, refused, columns
}
