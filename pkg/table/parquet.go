package table

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/leadsman/leadsman/pkg/table/frame"
	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// The rows of a file that are read at once, fewer of very many columns, and those that a
// row group holds bound the memory of reading and writing.
const (
	batchRows  = 1 << 14
	batchCells = 1 << 20
	groupRows  = 1 << 17
)

// openParquet begins to read a Parquet file as one table, named by its
// metadata, by its file name `<table>.parquet` otherwise.
func (r *Reader) openParquet(f *os.File) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damaged("Parquet file", p)
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sealed, err := parquetfile.Verify(f, info.Size())
	if err != nil {
		return damaged("Parquet file", err)
	}
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true // else a column of a row group is read at once
	pf, err := file.NewParquetReader(f, file.WithReadProps(props))
	if err != nil {
		return damaged("Parquet file", err)
	}
	if !sealed {
		if err := parquetfile.CheckPages(f, info.Size(), pf); err != nil {
			return damaged("Parquet file", err)
		}
	}
	if err := vetStored(pf.MetaData().KeyValueMetadata().FindValue(parquetfile.SchemaKey)); err != nil {
		return err
	}
	records, err := parquetfile.NewReader(pf, min(batchRows, max(1, batchCells/int64(max(1, pf.MetaData().Schema.NumColumns())))))
	if err != nil {
		return damaged("Parquet file", err)
	}
	schema := withoutFile(records.Schema())
	if NameOf(schema) == "" && r.Plain == "" {
		if base, ok := strings.CutSuffix(filepath.Base(r.input), ".parquet"); ok {
			schema = Named(base, schema)
		}
	}
	if name := NameOf(schema); slices.Contains(r.Indexed, name) || name == "" && slices.Contains(r.Indexed, r.Plain) {
		records.Index()
		meta := schema.Metadata()
		schema = arrow.NewSchema(withoutFile(records.Schema()).Fields(), &meta)
	}
	r.sealed = sealed
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
	if _, err := frame.NewReader(bytes.NewReader(b)).Message(); err != nil {
		return fmt.Errorf("damaged Parquet file: its Arrow schema: %w", err)
	}
	return nil
}

// parquetStream reads a Parquet file one batch ahead, while the batch before is
// in use.
type parquetStream struct {
	records *parquetfile.Reader
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
			s.err = damaged("Parquet file", p)
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
	if err := s.records.Err(); err != nil {
		s.err = damaged("Parquet file", err)
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

// parquetWriter writes one Parquet file, whose first batch rec is; it does not write it.
// Pages are compressed by zstd; the Arrow
// schema goes along, so that names and roles come back. In it text is plain: a
// dictionary would be read back whole with every batch of its row group.
func parquetWriter(w io.Writer, rec arrow.RecordBatch) (*parquetfile.Writer, error) {
	options := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(zstdLevel),
		parquet.WithMaxRowGroupLength(groupRows),
		parquet.WithCreatedBy(parquetfile.Creator),
	}
	for i, f := range rec.Schema().Fields() {
		options = append(options, layout(parquet.ColumnPath{f.Name}, rec.Column(i))...)
	}
	schema := rec.Schema()
	out, err := parquetfile.NewWriter(w, schema, parquet.NewWriterProperties(options...))
	if err != nil {
		return nil, err
	}
	stored, err := storedSchema(schema)
	if err != nil {
		return nil, err
	}
	return out, out.SetMetadata(parquetfile.SchemaKey, stored)
}

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
