package table

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// lakes are the formats whose tables are folders in which not every file counts:
// rows that were deleted or replaced lie in them, and only the table's own log says
// which.
var lakes = []struct {
	name   string
	marker string // a pattern within the folder
	scan   string // DuckDB's function for it
}{
	{"a Delta table", "_delta_log", "delta_scan"},
	{"an Iceberg table", "metadata/*.metadata.json", "iceberg_scan"},
	{"a Hudi table", ".hoodie", ""},
}

// NoLake returns an error where path is a Delta, Iceberg or Hudi table, or a file
// of one, with what reads it.
func NoLake(path string) error {
	dir := filepath.Clean(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	for {
		if err := noLake(dir); err != nil {
			return err
		}
		switch base := filepath.Base(dir); {
		case base == "data", strings.Contains(base, "="): // a partition, or where Iceberg has its files
			dir = filepath.Dir(dir)
		default:
			return nil
		}
	}
}

func noLake(dir string) error {
	for _, l := range lakes {
		found, err := filepath.Glob(filepath.Join(escapeGlob(dir), l.marker))
		if err != nil || len(found) == 0 {
			continue
		}
		why := fmt.Sprintf("is %s: its files hold rows that were deleted or replaced, and only its log says which", l.name)
		if l.scan == "" {
			return errors.New(why + ": export its rows, and read those")
		}
		return fmt.Errorf(`%s; let DuckDB read it: duckdb -c "COPY (FROM %s('%s')) TO 'log.parquet'"`, why, l.scan, dir)
	}
	return nil
}
