package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// A part is an unfinished Parquet file of a ParquetDir.
type part struct {
	file   *files.Part
	out    *parquetfile.Writer
	schema *arrow.Schema
}

// A ParquetDir is the Sink that writes `<table>.parquet` into a directory, which appears
// whole when it is closed, and replaces what an earlier ParquetDir wrote there: a
// directory holds one run. Each file carries the list of
// them with a digest over all, by which a Reader of the directory sees that one is lost, changed, or of
// another run. A table that gains columns on the way is
// written in parts and joined at the end, with nulls where a part lacks a
// column.
type ParquetDir struct {
	dir   *files.Dir
	below string // of dir; ends in a slash, or is empty
	alone bool   // dir is this ParquetDir's own
	path  string
	parts map[string][]*part
	count int // of parts
	rows  map[string]int64
}

// NewParquetDir returns a ParquetDir, and makes the directory's parents.
func NewParquetDir(path string) (*ParquetDir, error) {
	dir, err := files.CreateDir(path)
	if err != nil {
		return nil, err
	}
	d := ParquetIn(dir, "")
	d.alone, d.path = true, path
	return d, nil
}

// ParquetIn returns a ParquetDir that writes into a directory which somebody else
// completes: into what below names, with slashes.
func ParquetIn(dir *files.Dir, below string) *ParquetDir {
	if below != "" {
		below += "/"
	}
	return &ParquetDir{dir: dir, below: below, parts: map[string][]*part{}, rows: map[string]int64{}}
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
			last := parts[len(parts)-1]
			if err := errors.Join(last.out.Close(), last.file.Close()); err != nil {
				return err
			}
		}
		p, err := d.newPart(name, rec)
		if err != nil {
			return err
		}
		parts = append(parts, p)
		d.parts[name] = parts
	}
	d.rows[name] += rec.NumRows()
	return parts[len(parts)-1].out.Write(rec)
}

// newPart begins a file: the table's own, or one beside it where there is one already.
func (d *ParquetDir) newPart(name string, rec arrow.RecordBatch) (*part, error) {
	file := fmt.Sprintf("%s%s.parquet", d.below, name)
	if len(d.parts[name]) > 0 {
		d.count++
		file = fmt.Sprintf("%s.%s.%d.part", d.below, name, d.count)
	}
	f, err := d.dir.Create(file)
	if err != nil {
		return nil, err
	}
	out, err := parquetWriter(f, rec)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &part{f, out, rec.Schema()}, nil
}

// Close completes the files, and the directory unless somebody else does.
func (d *ParquetDir) Close() error {
	names := slices.Sorted(maps.Keys(d.parts))
	list := dirList{Tables: d.rows, Bodies: map[string]string{}}
	for _, name := range names {
		whole, err := d.whole(name)
		if err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
		body, err := whole.out.Body()
		if err != nil {
			return err
		}
		list.Bodies[name] = body
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	for _, name := range names {
		whole := d.parts[name][0]
		if err := whole.out.SetMetadata(keyDir, string(text)); err != nil {
			return err
		}
		if err := errors.Join(whole.out.Close(), whole.file.Close()); err != nil {
			return err
		}
	}
	if !d.alone {
		return nil
	}
	old, err := writtenBefore(d.path)
	if err != nil {
		return err
	}
	return d.dir.Commit(old)
}

// Abort removes what is not complete.
func (d *ParquetDir) Abort() {
	for _, parts := range d.parts {
		for _, p := range parts {
			_ = p.file.Close() // it goes
		}
	}
	d.parts = map[string][]*part{}
	if d.alone {
		d.dir.Abort()
	}
}

// whole returns the file of a table with all its rows but without its end, and joins
// parts for it.
func (d *ParquetDir) whole(name string) (*part, error) {
	parts := d.parts[name]
	if len(parts) == 1 {
		return parts[0], nil
	}
	last := parts[len(parts)-1]
	if err := errors.Join(last.out.Close(), last.file.Close()); err != nil {
		return nil, err
	}
	schema := parts[0].schema
	for _, p := range parts[1:] {
		var err error
		if schema, err = widen(schema, p.schema); err != nil {
			return nil, err
		}
	}
	empty := emptyBatch(schema)
	defer empty.Release()
	whole, err := d.newPart(name, empty)
	if err != nil {
		return nil, err
	}
	d.parts[name] = append(parts, whole)
	for _, p := range parts {
		if err := copyPart(whole.out, p.file.Name(), schema); err != nil {
			return nil, err
		}
		if err := os.Remove(p.file.Name()); err != nil {
			return nil, err
		}
	}
	if err := os.Rename(whole.file.Name(), parts[0].file.Name()); err != nil {
		return nil, err
	}
	d.parts[name] = []*part{whole}
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
