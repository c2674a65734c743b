package table

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// keyDir is where every file of a directory that leadsman wrote carries the list
// of the directory's tables, so that a lost one is seen.
const keyDir = "leadsman.directory"

// dirList is that list. It is written when all tables are, and the same in each.
type dirList struct {
	Tables map[string]int64  `json:"tables"`           // name → rows
	Bodies map[string]string `json:"sha256,omitempty"` // name → digest of the file but for its footer
}

// A dirFile is what the end of a Parquet file says of itself.
type dirFile struct {
	table string // by the file's name
	rows  int64
	list  string // of the directory that the file was written with, "" without one
	body  string // digest of what lies before the footer, as the file has it
}

func readDirFile(path string) (d dirFile, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damaged("Parquet file", p)
		}
	}()
	f, err := os.Open(path)
	if err != nil {
		return d, err
	}
	defer f.Close()
	pf, err := file.NewParquetReader(f)
	if err != nil {
		return d, damaged("Parquet file", err)
	}
	d.table, d.rows = strings.TrimSuffix(filepath.Base(path), ".parquet"), pf.NumRows()
	if list := pf.MetaData().KeyValueMetadata().FindValue(keyDir); list != nil {
		d.list = *list
		info, err := f.Stat()
		if err != nil {
			return d, err
		}
		d.body = parquetfile.Body(f, info.Size())
	}
	return d, nil
}

// checkDir holds the Parquet files of a directory to the list that they carry. A
// directory of other programs' files has none; a file of theirs among those of a run is
// an error, as is one that is missing or was changed.
func checkDir(paths []string) error {
	list, first, strange := "", "", ""
	found := map[string]dirFile{}
	for _, path := range paths {
		d, err := readDirFile(path)
		switch {
		case err != nil:
			continue // it is told when the file's turn comes
		case d.list == "":
			strange = path
			continue
		case list == "":
			list, first = d.list, path
		case list != d.list:
			return fmt.Errorf("holds tables of two runs: %s and %s", filepath.Base(first), filepath.Base(path))
		}
		found[d.table] = d
	}
	if list == "" {
		return nil
	}
	var want dirList
	if err := json.Unmarshal([]byte(list), &want); err != nil {
		return fmt.Errorf("%s: its list of tables is damaged", filepath.Base(first))
	}
	for _, name := range slices.Sorted(maps.Keys(want.Tables)) {
		got, ok := found[name]
		switch {
		case !ok && !slices.ContainsFunc(paths, func(p string) bool { return filepath.Base(p) == name+".parquet" }):
			return fmt.Errorf("table %s is missing", name)
		case !ok:
		case got.rows != want.Tables[name]:
			return fmt.Errorf("table %s: has %d rows, was written with %d", name, got.rows, want.Tables[name])
		case want.Bodies != nil && got.body != want.Bodies[name]:
			return fmt.Errorf("table %s: is not the one that was written with the others", name)
		}
	}
	if strange != "" {
		return fmt.Errorf("holds %s, which is no table of the run in %s and the others: move it away", filepath.Base(strange), filepath.Base(first))
	}
	return nil
}

// withoutFile returns s without what its file says of itself and its directory: that is
// not true of where the table goes.
func withoutFile(s *arrow.Schema) *arrow.Schema {
	old := s.Metadata()
	var keys, values []string
	for i, key := range old.Keys() {
		if key != keyDir && key != parquetfile.SealKey {
			keys, values = append(keys, key), append(values, old.Values()[i])
		}
	}
	if len(keys) == old.Len() {
		return s
	}
	meta := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(s.Fields(), &meta)
}

// writtenBefore returns the names of the tables of an earlier run in a directory: files
// that carry a list. Others are none of ours.
func writtenBefore(dir string) (map[string]bool, error) {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.parquet"))
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, path := range paths {
		if d, err := readDirFile(path); err == nil && d.list != "" {
			ours[filepath.Base(path)] = true
		}
	}
	return ours, nil
}
