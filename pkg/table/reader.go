package table

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table/frame"
)

// batches is one stream of one schema: an Arrow IPC stream, or a Parquet file.
type batches interface {
	Schema() *arrow.Schema
	Next() bool
	RecordBatch() arrow.RecordBatch
	Err() error
	Release()
}

// A Reader reads the tables of one or more bundles, batch by batch:
//
//	for r.Next() {
//		use(r.Table(), r.Batch())
//	}
//	if err := r.Err(); err != nil { … }
//
// Whatever the bytes, it returns an error and does not panic.
type Reader struct {
	// Plain names the tables of streams that carry no name, as other programs
	// write them; when it is empty, such a stream is an error.
	Plain string

	// Indexed names tables whose columns of words may come as dictionaries where a
	// Parquet file holds them so, whatever type it gives them: cheaper for who counts.
	Indexed []string

	// Void says that an input of no bytes at all, as a pipe gives that nothing was
	// written to, is a bundle without tables; else it is an error.
	Void bool

	inputs []Input
	at     int // index of the next input
	input  string
	buf    *bufio.Reader // the open bundle, nil between inputs
	close  func() error
	ended  bool // the last stream read was `end`, or a plain one
	seen   map[string]int64
	sum    section // of the streams since the last end

	stream batches
	schema *arrow.Schema
	table  string
	plain  bool              // the open stream carries no name
	sealed bool              // the open input is a file of ours that is what was written
	vetted []arrow.ArrayData // by column: the last dictionary that was found whole
	fresh  bool              // no batch of this stream was handed out yet
	batch  arrow.RecordBatch
	retain bool // batch is ours to release
	err    error
}

// An Input is where a Reader finds a bundle: a file or directory, or an open
// stream.
type Input struct {
	Name string    // path, or the stream's name in errors
	From io.Reader // nil to open Name
}

// NewReader returns a Reader of the bundle on r; input names it in errors.
func NewReader(input string, r io.Reader) *Reader {
	return Open(Input{Name: input, From: r})
}

// Open returns a Reader of several inputs, one after another. Each is a
// bundle, a Parquet or Arrow file, or a directory of <table>.parquet; files are
// opened when their turn comes. A directory that leadsman wrote and that has
// lost a table is an error.
func Open(inputs ...Input) *Reader { return &Reader{inputs: inputs} }

// Table returns the name of the table that Batch belongs to.
func (r *Reader) Table() string { return r.table }

// Input returns the name of the input that Batch came from.
func (r *Reader) Input() string { return r.input }

// Foreign says that the table is another program's: its stream carries no name.
func (r *Reader) Foreign() bool { return r.plain }

// Sealed says that the current input is a Parquet file that a leadsman wrote, with a
// digest of its contents that holds. Files of other programs and of earlier versions are
// not sealed; a digest that does not hold is an error of Next.
func (r *Reader) Sealed() bool { return r.sealed }

// Schema returns the schema of the current batch.
func (r *Reader) Schema() *arrow.Schema { return r.schema }

// Batch returns the current batch, valid until the next call of Next: Retain
// it to keep it. A table without rows gives one batch of no rows.
func (r *Reader) Batch() arrow.RecordBatch { return r.batch }

// Err returns the error that ended the run of Next, with the input's name.
func (r *Reader) Err() error { return r.err }

// Next moves to the next batch and reports whether there is one.
func (r *Reader) Next() (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r.err, ok = fmt.Errorf("%s: %w", r.input, damaged("stream", p)), false
		}
	}()
	if r.retain {
		r.batch.Release()
		r.retain = false
	}
	r.batch = nil
	for r.err == nil {
		if r.stream != nil {
			if more, err := r.nextBatch(); err != nil {
				r.fail(err)
				return false
			} else if more {
				return true
			}
			continue
		}
		if r.buf != nil {
			if more, err := r.nextStream(); err != nil {
				r.fail(err)
				return false
			} else if more {
				continue
			}
			if !r.ended {
				r.fail(fmt.Errorf("after table %s: %w", r.table, frame.ErrCut))
				return false
			}
			if err := r.closeInput(); err != nil {
				r.fail(err)
				return false
			}
		}
		if r.at == len(r.inputs) {
			return false
		}
		in := r.inputs[r.at]
		r.at++
		if err := r.openInput(in); err != nil {
			r.input = in.Name
			r.fail(err)
			return false
		}
	}
	return false
}

// Close releases what an unfinished Reader holds.
func (r *Reader) Close() {
	if r.retain {
		r.batch.Release()
		r.retain = false
	}
	if r.stream != nil {
		r.stream.Release()
		r.stream = nil
	}
	if r.close != nil {
		_ = r.close() // reading is over: nothing is lost by a failed close
		r.close = nil
	}
	r.at, r.buf = len(r.inputs), nil
}

func (r *Reader) fail(err error) {
	if r.stream != nil {
		r.stream.Release()
		r.stream = nil
	}
	var path *os.PathError
	if errors.As(err, &path) { // it names the file itself
		r.err = fmt.Errorf("%s: %w", path.Path, path.Err)
		return
	}
	r.err = fmt.Errorf("%s: %w", r.input, err)
}

func (r *Reader) closeInput() error {
	end := r.close
	r.buf, r.close = nil, nil
	if end != nil {
		return end()
	}
	return nil
}

// nextStream opens the next stream of the bundle; false at its clean end.
func (r *Reader) nextStream() (bool, error) {
	if _, err := r.buf.Peek(1); err != nil {
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		return false, err
	}
	messages := frame.NewReader(io.TeeReader(r.buf, r.sum.begin()))
	stream, err := ipc.NewReaderFromMessageReader(messages)
	if err != nil {
		if messages.Cut() {
			return false, frame.ErrCut
		}
		return false, damaged("stream", err)
	}
	return true, r.begin(&ipcStream{stream, messages}, stream.Schema())
}

// begin starts to read a stream of the given schema.
func (r *Reader) begin(stream batches, schema *arrow.Schema) error {
	name := NameOf(schema)
	r.plain = false
	if v, ok := MetaOf(schema, KeyVersion); ok && major(v) != major(Version) {
		stream.Release()
		return fmt.Errorf("table %s: has version %s of the stream, this leadsman reads %s", name, v, Version)
	}
	if name == "" {
		if r.Plain == "" {
			stream.Release()
			return errors.New("a table without a name: say what it is with --table")
		}
		name, schema = r.Plain, Named(r.Plain, schema)
		r.plain = true
	} else if r.buf != nil {
		r.ended = false
	}
	r.stream, r.schema, r.table, r.fresh = stream, schema, name, true
	return nil
}

func major(version string) string {
	m, _, _ := strings.Cut(version, ".")
	return m
}

// nextBatch hands out the stream's next batch; false at its end.
func (r *Reader) nextBatch() (bool, error) {
	if r.stream.Next() {
		rec := withNulls(r.stream.RecordBatch())
		if err := r.vet(rec); err != nil {
			return false, fmt.Errorf("table %s: %w", r.table, damaged("batch", err))
		}
		if r.table == End {
			return false, fmt.Errorf("table %s: has rows", End)
		}
		if !r.plain { // no list has it
			r.seen[r.table] += rec.NumRows()
		}
		r.batch, r.fresh = rec, false
		if r.schema != rec.Schema() {
			r.batch = array.NewRecordBatch(r.schema, rec.Columns(), rec.NumRows())
			r.retain = true
		}
		return true, nil
	}
	err := r.stream.Err()
	r.stream.Release()
	r.stream = nil
	if err != nil {
		return false, fmt.Errorf("table %s: %w", r.table, err)
	}
	if r.table == End {
		return false, r.checkEnd()
	}
	if !r.plain && r.buf != nil {
		r.sum.end()
	}
	if _, ok := r.seen[r.table]; !ok && !r.plain {
		r.seen[r.table] = 0
	}
	if r.fresh {
		r.batch, r.retain = emptyBatch(r.schema), true
		return true, nil
	}
	return false, nil
}

// vet checks every value of a batch, but a dictionary only once as long as it stays.
func (r *Reader) vet(rec arrow.RecordBatch) error {
	r.vetted = slices.Grow(r.vetted[:0], int(rec.NumCols()))[:rec.NumCols()]
	for i, col := range rec.Columns() {
		d, ok := col.(*array.Dictionary)
		if ok && r.vetted[i] != nil && r.vetted[i] == d.Dictionary().Data() {
			if err := vetIndices(d); err != nil {
				return fmt.Errorf("column %s: %w", rec.ColumnName(i), err)
			}
			continue
		}
		if err := array.ValidateFull(col); err != nil {
			return fmt.Errorf("column %s: %w", rec.ColumnName(i), err)
		}
		if r.vetted[i] = nil; ok {
			r.vetted[i] = d.Dictionary().Data()
		}
	}
	return nil
}

func vetIndices(d *array.Dictionary) error {
	if err := array.ValidateFull(d.Indices()); err != nil {
		return err
	}
	n := d.Dictionary().Len()
	if at, ok := d.Indices().(*array.Int32); ok && at.NullN() == 0 {
		var most uint32 // a negative one is great, too
		for _, k := range at.Int32Values() {
			most = max(most, uint32(k))
		}
		if at.Len() > 0 && int64(most) >= int64(n) {
			return fmt.Errorf("index %d of a dictionary of %d", int32(most), n)
		}
		return nil
	}
	for i := range d.Len() {
		if d.IsValid(i) && uint(d.GetValueIndex(i)) >= uint(n) {
			return fmt.Errorf("index %d of a dictionary of %d", d.GetValueIndex(i), n)
		}
	}
	return nil
}

func emptyBatch(schema *arrow.Schema) arrow.RecordBatch {
	cols := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		cols[i] = array.MakeArrayOfNull(memory.DefaultAllocator, f.Type, 0)
	}
	return array.NewRecordBatch(schema, cols, 0)
}

// endList is what the stream `end` says of the bundle before it.
type endList struct {
	Tables map[string]int64 `json:"tables"`         // name → rows
	Digest string           `json:"xxh3,omitempty"` // of the streams' bytes; earlier versions have none
}

const keyEnd = "leadsman.end"

// checkEnd compares the list of the stream `end` with what was read.
func (r *Reader) checkEnd() error {
	var list endList
	text, _ := MetaOf(r.schema, keyEnd)
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("table %s: its list of tables is damaged", End)
	}
	for name, rows := range list.Tables {
		if got, ok := r.seen[name]; !ok {
			return fmt.Errorf("table %s is missing", name)
		} else if got != rows {
			return fmt.Errorf("table %s: has %d rows, was written with %d", name, got, rows)
		}
	}
	for name := range r.seen {
		if _, ok := list.Tables[name]; !ok {
			return fmt.Errorf("table %s is not on the list that closes the stream", name)
		}
	}
	if sum := r.sum.digest(); list.Digest != "" && list.Digest != sum {
		return fmt.Errorf("damaged stream: its digest is not that of its contents")
	}
	r.seen, r.ended = map[string]int64{}, true
	return nil
}

// ipcStream names the errors of an IPC stream.
type ipcStream struct {
	*ipc.Reader
	frames *frame.Reader
}

// fileStream is that of an Arrow file, which it closes.
type fileStream struct {
	ipcStream
	close func() error
}

func (s *fileStream) Release() {
	s.ipcStream.Release()
	_ = s.close() // it was only read
}

func (s *ipcStream) Err() error {
	if s.frames.Cut() {
		return frame.ErrCut
	}
	if err := s.Reader.Err(); err != nil {
		return damaged("stream", err)
	}
	return nil
}
