package table

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/leadsman/leadsman/pkg/files"
)

// batchRows is how many rows of a file are read at once, and groupRows how
// many a row group holds: they bound the memory of reading and writing.
const (
	batchRows = 1 << 14
	groupRows = 1 << 17
)

// openParquet begins to read a Parquet file as one table, named by its
// metadata, by its file name `<table>.parquet` otherwise.
func (r *Reader) openParquet(f *os.File) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged Parquet file: %v", p)
		}
	}()
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true // else a column of a row group is read at once
	pf, err := file.NewParquetReader(f, file.WithReadProps(props))
	if err != nil {
		return fmt.Errorf("damaged Parquet file: %w", err)
	}
	if err := vetStored(pf.MetaData().KeyValueMetadata().FindValue(keyStored)); err != nil {
		return err
	}
	fr, err := pqarrow.NewFileReader(pf, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("damaged Parquet file: %w", err)
	}
	records, err := fr.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return fmt.Errorf("damaged Parquet file: %w", err)
	}
	schema, err := fr.Schema() // the records' own schema has lost the name
	if err != nil {
		return fmt.Errorf("damaged Parquet file: %w", err)
	}
	schema = withoutDir(schema)
	if NameOf(schema) == "" && r.Plain == "" {
		if base, ok := strings.CutSuffix(filepath.Base(r.input), ".parquet"); ok {
			schema = Named(base, schema)
		}
	}
	return r.begin(&parquetStream{records: records, close: r.closeInput}, schema)
}

// vetStored checks the Arrow schema that a Parquet file carries along, if any.
func vetStored(text *string) error {
	if text == nil {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		return fmt.Errorf("damaged Parquet file: its Arrow schema: %w", err)
	}
	if _, err := (&frames{r: bytes.NewReader(b)}).Message(); err != nil {
		return fmt.Errorf("damaged Parquet file: its Arrow schema: %w", err)
	}
	return nil
}

// parquetStream reads a Parquet file one batch ahead, while the batch before is
// in use. It turns the end of the file, which its reader reports as an error,
// into the end of a stream.
type parquetStream struct {
	records pqarrow.RecordReader
	close   func() error
	next    chan arrow.RecordBatch // nil before the first; closed after the last
	stop    chan struct{}
	batch   arrow.RecordBatch
	err     error // valid when next is closed
}

func (s *parquetStream) Schema() *arrow.Schema { return s.records.Schema() }

func (s *parquetStream) Next() (more bool) {
	if s.next == nil {
		s.next, s.stop = make(chan arrow.RecordBatch), make(chan struct{})
		go s.readAhead()
	}
	s.drop()
	s.batch, more = <-s.next
	return more
}

func (s *parquetStream) readAhead() {
	defer close(s.next)
	defer func() {
		if p := recover(); p != nil {
			s.err = fmt.Errorf("damaged Parquet file: %v", p)
		}
	}()
	for s.records.Next() {
		batch := s.records.RecordBatch()
		batch.Retain()
		select {
		case s.next <- batch:
		case <-s.stop:
			batch.Release()
			return
		}
	}
	if err := s.records.Err(); err != nil && !errors.Is(err, io.EOF) {
		s.err = fmt.Errorf("damaged Parquet file: %w", err)
	}
}

func (s *parquetStream) RecordBatch() arrow.RecordBatch { return s.batch }

// Err returns the error that ended the run of Next.
func (s *parquetStream) Err() error { return s.err }

func (s *parquetStream) drop() {
	if s.batch != nil {
		s.batch.Release()
		s.batch = nil
	}
}

func (s *parquetStream) Release() {
	s.drop()
	if s.next != nil {
		close(s.stop)
		for batch := range s.next { // until the reading has ended
			batch.Release()
		}
	}
	s.records.Release()
	_ = s.close() // the file was only read
}

// parquetWriter writes one Parquet file. Pages are Snappy-compressed; the Arrow
// schema goes along, so that names and roles come back. In it text is plain: a
// dictionary would be read back whole with every batch of its row group.
func parquetWriter(w io.Writer, schema *arrow.Schema) (*pqarrow.FileWriter, error) {
	props := parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Snappy),
		parquet.WithMaxRowGroupLength(groupRows),
		parquet.WithCreatedBy("leadsman"))
	out, err := pqarrow.NewFileWriter(schema, keepOpen{w}, props, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, err
	}
	stored, err := storedSchema(schema)
	if err != nil {
		return nil, err
	}
	return out, out.AppendKeyValueMetadata(keyStored, stored)
}

// keyStored is where Parquet files carry their Arrow schema.
const keyStored = "ARROW:schema"

// storedSchema returns the schema, with dictionaries as what they hold, as
// Parquet files carry it: a message in base64.
func storedSchema(schema *arrow.Schema) (string, error) {
	fields := schema.Fields()
	for i, f := range fields {
		if dict, ok := f.Type.(*arrow.DictionaryType); ok {
			fields[i].Type = dict.ValueType
		}
	}
	meta := schema.Metadata()
	var b bytes.Buffer
	w := ipc.NewWriter(&b, ipc.WithSchema(arrow.NewSchema(fields, &meta)))
	if err := w.Close(); err != nil {
		return "", err
	}
	const marker = 8 // the end of a stream, which is not part of the message
	return base64.StdEncoding.EncodeToString(b.Bytes()[:b.Len()-marker]), nil
}

// keepOpen hides the Close of a writer: the Parquet writer closes what it can.
type keepOpen struct{ io.Writer }

// A part is an unfinished Parquet file of a ParquetDir.
type part struct {
	file   *files.Partial
	out    *pqarrow.FileWriter
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
	return parts[len(parts)-1].out.WriteBuffered(rec)
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

func closeListed(out *pqarrow.FileWriter, list []byte) error {
	if err := out.AppendKeyValueMetadata(keyDir, string(list)); err != nil {
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
		if schema, err = Widen(schema, p.schema); err != nil {
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

func copyPart(out *pqarrow.FileWriter, path string, schema *arrow.Schema) error {
	r := Open(Input{Name: path})
	r.Plain = "part"
	defer r.Close()
	for r.Next() {
		wide := Conform(r.Batch(), schema)
		err := out.WriteBuffered(wide)
		wide.Release()
		if err != nil {
			return err
		}
	}
	return r.Err()
}

// Widen returns the schema a with the columns of b that it lacks behind its
// own. A column whose type differs is an error.
func Widen(a, b *arrow.Schema) (*arrow.Schema, error) {
	fields := a.Fields()
	for _, f := range b.Fields() {
		at := a.FieldIndices(f.Name)
		if len(at) == 0 {
			fields = append(fields, f)
			continue
		}
		if old := a.Field(at[0]); !arrow.TypeEqual(old.Type, f.Type) {
			return nil, fmt.Errorf("column %s: changes its type from %s to %s", f.Name, old.Type, f.Type)
		}
	}
	meta := a.Metadata()
	return arrow.NewSchema(fields, &meta), nil
}

// Conform returns rec under schema, which has all its columns: those that it
// lacks are null. The caller releases it.
func Conform(rec arrow.RecordBatch, schema *arrow.Schema) arrow.RecordBatch {
	cols := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		if at := rec.Schema().FieldIndices(f.Name); len(at) > 0 {
			cols[i] = rec.Column(at[0])
			continue
		}
		null := array.MakeArrayOfNull(memory.DefaultAllocator, f.Type, int(rec.NumRows()))
		defer null.Release()
		cols[i] = null
	}
	return array.NewRecordBatch(schema, cols, rec.NumRows())
}
