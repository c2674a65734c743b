package table

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// A part is an unfinished Parquet file of a ParquetDir.
type part struct {
	file   *files.Partial
	out    *parquetfile.Writer
	schema *arrow.Schema
}

// A ParquetDir is the Sink that writes `<table>.parquet` into a directory. The
// files appear when it is closed, and replace all those that an earlier
// ParquetDir left there: a directory holds one run. Each carries the list of
// them, by which a Reader of the directory sees that one is lost. A table that gains columns on the way is
// written in parts and joined at the end, with nulls where a part lacks a
// column.
type ParquetDir struct {
	dir   string
	parts map[string][]*part
	rows  map[string]int64
}

// NewParquetDir returns a ParquetDir, and makes the directory.
func NewParquetDir(dir string) (*ParquetDir, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return &ParquetDir{dir: dir, parts: map[string][]*part{}, rows: map[string]int64{}}, nil
}

// Write implements Sink.
func (d *ParquetDir) Write(rec arrow.RecordBatch) error {
	name := NameOf(rec.Schema())
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("table %q: want a name that can be a file's", name)
	}
	parts := d.parts[name]
	if len(parts) == 0 || !sameSchema(parts[len(parts)-1].schema, rec.Schema()) {
		if len(parts) > 0 {
			if err := parts[len(parts)-1].out.Close(); err != nil {
				return err
			}
		}
		p, err := d.newPart(rec.Schema())
		if err != nil {
			return err
		}
		parts = append(parts, p)
		d.parts[name] = parts
	}
	d.rows[name] += rec.NumRows()
	return parts[len(parts)-1].out.Write(rec)
}

func (d *ParquetDir) newPart(schema *arrow.Schema) (*part, error) {
	f, err := files.Begin(d.dir, ".*.parquet.tmp")
	if err != nil {
		return nil, err
	}
	out, err := parquetWriter(f, schema)
	if err != nil {
		f.Remove()
		return nil, err
	}
	return &part{f, out, schema}, nil
}

// Close completes the files and gives them their names.
func (d *ParquetDir) Close() error {
	names := make([]string, 0, len(d.parts))
	for name := range d.parts {
		names = append(names, name)
	}
	sort.Strings(names)
	list, err := json.Marshal(endList{Tables: d.rows})
	if err != nil {
		return err
	}
	for _, name := range names {
		parts := d.parts[name]
		if err := closeListed(parts[len(parts)-1].out, list); err != nil {
			return err
		}
		if len(parts) > 1 {
			joined, err := d.join(parts, list)
			if err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			parts = append(parts, joined)
			d.parts[name] = parts
		}
	}
	for _, name := range names {
		parts := d.parts[name]
		whole := parts[len(parts)-1].file
		if err := whole.Commit(filepath.Join(d.dir, name+".parquet")); err != nil {
			return err
		}
		d.parts[name] = parts[:len(parts)-1]
	}
	d.Abort()
	return removeOld(d.dir, names)
}

func closeListed(out *parquetfile.Writer, list []byte) error {
	if err := out.SetMetadata(keyDir, string(list)); err != nil {
		return err
	}
	return out.Close()
}

// Abort removes what is not complete.
func (d *ParquetDir) Abort() {
	for _, parts := range d.parts {
		for _, p := range parts {
			p.file.Remove()
		}
	}
	d.parts = map[string][]*part{}
}

// join writes the parts of one table as one file under the schema of all.
func (d *ParquetDir) join(parts []*part, list []byte) (*part, error) {
	schema := parts[0].schema
	for _, p := range parts[1:] {
		var err error
		if schema, err = widen(schema, p.schema); err != nil {
			return nil, err
		}
	}
	whole, err := d.newPart(schema)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if err := copyPart(whole.out, p.file.Name(), schema); err != nil {
			whole.file.Remove()
			return nil, err
		}
	}
	if err := closeListed(whole.out, list); err != nil {
		whole.file.Remove()
		return nil, err
	}
	return whole, nil
}

func copyPart(out *parquetfile.Writer, path string, schema *arrow.Schema) error {
	r := Open(Input{Name: path})
	r.Plain = "part"
	defer r.Close()
	for r.Next() {
		wide := conform(r.Batch(), schema)
		err := out.Write(wide)
		wide.Release()
		if err != nil {
			return err
		}
	}
	return r.Err()
}
