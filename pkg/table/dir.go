package table

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// keyDir is where every file of a directory that leadsman wrote carries the list
// of the directory's tables, so that a lost one is seen.
const keyDir = "leadsman.directory"

// A dirFile is what the end of a Parquet file says of itself.
type dirFile struct {
	table string // by the file's name
	rows  int64
	list  string // of the directory that the file was written with, "" without one
}

func readDirFile(path string) (d dirFile, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged Parquet file: %v", p)
		}
	}()
	f, err := os.Open(path)
	if err != nil {
		return d, err
	}
	defer f.Close()
	pf, err := file.NewParquetReader(f)
	if err != nil {
		return d, fmt.Errorf("damaged Parquet file: %w", err)
	}
	d.table, d.rows = strings.TrimSuffix(filepath.Base(path), ".parquet"), pf.NumRows()
	if list := pf.MetaData().KeyValueMetadata().FindValue(keyDir); list != nil {
		d.list = *list
	}
	return d, nil
}

// checkDir holds the Parquet files of a directory to the list that they carry.
// Files of other programs carry none, and may lie beside them.
func checkDir(paths []string) error {
	list, first := "", ""
	rows := map[string]int64{}
	for _, path := range paths {
		d, err := readDirFile(path)
		switch {
		case err != nil:
			continue // it is told when the file's turn comes
		case d.list == "":
			continue
		case list == "":
			list, first = d.list, path
		case list != d.list:
			return fmt.Errorf("holds tables of two runs: %s and %s", filepath.Base(first), filepath.Base(path))
		}
		rows[d.table] = d.rows
	}
	if list == "" {
		return nil
	}
	var want endList
	if err := json.Unmarshal([]byte(list), &want); err != nil {
		return fmt.Errorf("%s: its list of tables is damaged", filepath.Base(first))
	}
	names := make([]string, 0, len(want.Tables))
	for name := range want.Tables {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		got, ok := rows[name]
		if !ok && !slices.ContainsFunc(paths, func(p string) bool { return filepath.Base(p) == name+".parquet" }) {
			return fmt.Errorf("table %s is missing", name)
		} else if ok && got != want.Tables[name] {
			return fmt.Errorf("table %s: has %d rows, was written with %d", name, got, want.Tables[name])
		}
	}
	return nil
}

// withoutDir returns s without the list of a directory: it is no longer true of
// where the table goes.
func withoutDir(s *arrow.Schema) *arrow.Schema {
	old := s.Metadata()
	at := old.FindKey(keyDir)
	if at < 0 {
		return s
	}
	meta := arrow.NewMetadata(slices.Delete(slices.Clone(old.Keys()), at, at+1), slices.Delete(slices.Clone(old.Values()), at, at+1))
	return arrow.NewSchema(s.Fields(), &meta)
}

// removeOld removes the tables of an earlier run from a directory: files that
// carry a list, and are none of names. Others are none of ours.
func removeOld(dir string, names []string) error {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.parquet"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		d, err := readDirFile(path)
		if err != nil || d.list == "" || slices.Contains(names, d.table) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
