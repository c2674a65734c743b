package parquetfile

import (
	"errors"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// A Reader reads the rows of a Parquet file as record batches of one size, which may span
// row groups. It is used by one goroutine.
type Reader struct {
	schema  *arrow.Schema
	file    *file.Reader
	fields  []*field
	columns []column
	rows    int64 // of a batch
	batch   arrow.RecordBatch
	err     error
}

var mem = memory.DefaultAllocator

// NewReader returns a Reader of f in batches of so many rows, the last one shorter. A file
// without columns is an error; a column of a type that Arrow lacks is one of nulls, whose
// field says why under UnreadKey.
func NewReader(f *file.Reader, rows int64) (*Reader, error) {
	fields, meta, err := fieldsOf(f.MetaData().Schema, f.MetaData().KeyValueMetadata())
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, errors.New("it has no columns")
	}
	r := &Reader{file: f, fields: fields, rows: max(1, min(rows, f.NumRows()))}
	top := make([]arrow.Field, len(fields))
	for i, c := range fields {
		top[i] = c.Field
		col, err := topColumnOf(f, c)
		if err != nil {
			r.Release()
			return nil, err
		}
		r.columns = append(r.columns, col)
	}
	r.schema = arrow.NewSchema(top, meta)
	return r, nil
}

// Index has columns of words that the file holds as dictionaries read as such, at most a
// dictionary a row group, which its batches share. It comes before the first Next.
func (r *Reader) Index() {
	fields, meta := r.schema.Fields(), r.schema.Metadata()
	for i, c := range r.fields {
		if isIndexed(r.file, c) {
			r.columns[i].release()
			r.columns[i] = &indexed{field: c, file: r.file}
			fields[i].Type = indexedType
		}
	}
	r.schema = arrow.NewSchema(fields, &meta)
}

// Schema returns the schema of all batches. Fields carry Parquet's field_id.
func (r *Reader) Schema() *arrow.Schema { return r.schema }

// Next reads the next batch and reports whether there is one.
func (r *Reader) Next() bool {
	r.drop()
	if r.err != nil {
		return false
	}
	cols := make([]arrow.Array, len(r.columns))
	defer func() {
		for _, c := range cols {
			if c != nil {
				c.Release()
			}
		}
	}()
	for i, c := range r.columns {
		if r.err = c.load(r.rows); r.err != nil {
			return false
		}
		if cols[i], r.err = c.build(r.rows); r.err != nil {
			return false
		}
		if cols[i].Len() == 0 {
			r.err = io.EOF
			return false
		}
	}
	r.batch = array.NewRecordBatch(r.schema, cols, -1)
	return true
}

// RecordBatch returns the current batch, good until the next call of Next.
func (r *Reader) RecordBatch() arrow.RecordBatch { return r.batch }

// Err returns what ended the run of Next, nil at the end of the file.
func (r *Reader) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return r.err
}

// Release frees the buffers. The file stays open.
func (r *Reader) Release() {
	r.drop()
	for _, c := range r.columns {
		c.release()
	}
	r.columns = nil
}

func (r *Reader) drop() {
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
}

// A column reads one field of a file, batch by batch.
type column interface {
	// load reads the values of so many rows, or of as many as are left.
	load(rows int64) error
	// build returns what was loaded; length bounds it.
	build(length int64) (arrow.Array, error)
	// levels are those of the leaf that knows most about the column's own nulls.
	levels() (def, rep []int16)
	repeats() bool // whether a list is in it
	release()
}

// topColumnOf is columnOf for a column that lies in no other.
func topColumnOf(f *file.Reader, c *field) (column, error) {
	if isShort(f, c) {
		return &short{field: c, file: f}, nil
	}
	return columnOf(f, c)
}

func columnOf(f *file.Reader, c *field) (column, error) {
	switch {
	case len(c.children) > 0:
	case c.column < 0:
		return &nothing{left: f.NumRows()}, nil
	case f.MetaData().Schema.Column(c.column).PhysicalType() == parquet.Types.Int96 && c.levels.RepLevel == 0:
		return &int96{field: c, file: f}, nil
	default:
		return newLeaf(f, c, 0, f.NumRowGroups())
	}
	var children []column
	for _, child := range c.children {
		col, err := columnOf(f, child)
		if err != nil {
			for _, open := range children {
				open.release()
			}
			return nil, err
		}
		children = append(children, col)
	}
	storage := storageOf(c.Type)
	if _, ok := storage.(*arrow.StructType); ok {
		return newStruct(c, storage, children), nil
	}
	return &list{field: c, item: children[0], storage: storage}, nil
}

// nothing is a column of nulls in place of one that is not read.
type nothing struct{ left, loaded int64 }

func (c *nothing) load(rows int64) error {
	c.loaded = min(rows, c.left)
	c.left -= c.loaded
	return nil
}

func (c *nothing) build(int64) (arrow.Array, error) { return array.NewNull(int(c.loaded)), nil }

func (c *nothing) levels() (def, rep []int16) { return nil, nil }

func (c *nothing) repeats() bool { return false }

func (c *nothing) release() {}

// storageOf is what an extension type is made of, and any other type itself.
func storageOf(t arrow.DataType) arrow.DataType {
	if ext, ok := t.(arrow.ExtensionType); ok {
		return ext.StorageType()
	}
	return t
}

// asExtension wraps an array of an extension type's storage, which it takes over.
func asExtension(t arrow.DataType, storage arrow.Array) arrow.Array {
	ext, ok := t.(arrow.ExtensionType)
	if !ok {
		return storage
	}
	defer storage.Release()
	return array.NewExtensionArrayWithStorage(ext, storage)
}

// A leaf reads one column of the file, row group by row group.
type leaf struct {
	*field
	file    *file.Reader
	group   int // the next one
	end     int // and the one after the last
	records file.RecordReader
}

// newLeaf reads the row groups from group up to end.
func newLeaf(f *file.Reader, c *field, group, end int) (*leaf, error) {
	l := &leaf{field: c, file: f, group: group, end: end}
	l.records = file.NewRecordReader(f.MetaData().Schema.Column(c.column), c.levels, storageOf(c.Type), mem, f.BufferPool())
	if err := l.nextGroup(); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

func (l *leaf) nextGroup() error {
	var pages file.PageReader
	if l.group < l.end {
		var err error
		if pages, err = l.file.RowGroup(l.group).GetColumnPageReader(l.column); err != nil {
			return err
		}
		l.group++
	}
	return l.records.(file.RecordReaderWithError).SetPageReaderWithError(pages)
}

func (l *leaf) load(rows int64) error {
	l.records.Reset()
	if err := l.records.Reserve(rows); err != nil {
		return err
	}
	for rows > 0 && l.records.HasMore() {
		n, err := l.records.ReadRecords(rows)
		if err != nil {
			return err
		}
		if n == 0 {
			if err := l.nextGroup(); err != nil {
				return err
			}
		}
		rows -= n
	}
	return nil
}

func (l *leaf) build(int64) (arrow.Array, error) { return l.values() }

func (l *leaf) levels() (def, rep []int16) {
	n := int(l.records.LevelsPos())
	def, rep = l.records.DefLevels(), l.records.RepLevels()
	return def[:n], rep[:min(n, len(rep))]
}

func (l *leaf) repeats() bool { return false }

func (l *leaf) release() { l.records.Release() }
