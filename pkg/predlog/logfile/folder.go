package logfile

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// endings are those of logs, before the endings of rotated and packed ones.
var endings = []string{".jsonl", ".ndjson", ".json", ".log", ".csv", ".tsv", ".parquet", ".arrow", ".arrows", ".feather", ".ipc"}

// IsLog tells by its name a file that holds a log, rotated or packed ones too. Names
// that begin with a dot or an underscore are those of other things, as Spark has it.
func IsLog(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return false
	}
	stem, _ := rotation(name)
	ending := filepath.Ext(Stem(stem))
	return slices.Contains(endings, strings.ToLower(ending))
}

// Folder returns the logs in a folder and in the folders in it, in the order of their
// names, rotated ones oldest first; none is an error. Folders whose names begin with
// a dot or an underscore are passed over.
func Folder(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")):
			return filepath.SkipDir
		case !d.IsDir() && IsLog(d.Name()):
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: is a directory without logs", dir)
	}
	return inOrder(found), nil
}
