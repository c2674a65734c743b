package table

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// A Sink takes tables, batch by batch. The table's name stands in the schema's
// metadata; a change of name or schema begins a new stream.
type Sink interface {
	// Write takes a batch; it is the caller's again when Write returns.
	Write(rec arrow.RecordBatch) error
	// Close completes the output. It is called last and only when everything
	// was written: the end it writes is a promise that nothing is missing.
	Close() error
	// Abort ends an output that is not complete: a file is not created, a
	// stream is left without its end. After Close it does nothing.
	Abort()
}

// A Writer is the Sink that writes a bundle.
type Writer struct {
	out    *bufio.Writer
	sum    section
	stream *ipc.Writer
	schema *arrow.Schema
	rows   map[string]int64
}

// NewWriter returns a Writer of a bundle on w.
func NewWriter(w io.Writer) *Writer {
	return &Writer{out: bufio.NewWriterSize(w, 1<<20), rows: map[string]int64{}}
}

// Write implements Sink.
func (w *Writer) Write(rec arrow.RecordBatch) error {
	name := NameOf(rec.Schema())
	if name == "" || name == End {
		return fmt.Errorf("table %q cannot be written: want a name", name)
	}
	if w.schema == nil || !sameSchema(w.schema, rec.Schema()) {
		if err := w.endStream(); err != nil {
			return err
		}
		w.schema = rec.Schema()
		options := []ipc.Option{ipc.WithSchema(w.schema)}
		if codec, _ := MetaOf(w.schema, keyPacked); codec == "zstd" {
			options = append(options, ipc.WithZstd())
		}
		w.stream = ipc.NewWriter(io.MultiWriter(w.out, w.sum.begin()), options...)
	}
	w.rows[name] += rec.NumRows()
	return w.stream.Write(rec)
}

// Close writes the closing stream and flushes.
func (w *Writer) Close() error {
	if err := w.endStream(); err != nil {
		return err
	}
	list, err := json.Marshal(endList{Tables: w.rows, Digest: w.sum.digest()}) // maps are written in the order of their keys
	if err != nil {
		return err
	}
	end := WithMeta(Named(End, arrow.NewSchema(nil, nil)), keyEnd, string(list))
	if err := ipc.NewWriter(w.out, ipc.WithSchema(end)).Close(); err != nil {
		return err
	}
	return w.out.Flush()
}

// Abort implements Sink. What was flushed stays; it has no end.
func (w *Writer) Abort() {}

func (w *Writer) endStream() error {
	if w.stream == nil {
		return nil
	}
	stream := w.stream
	w.stream, w.schema = nil, nil
	if err := stream.Close(); err != nil {
		return err
	}
	w.sum.end()
	return nil
}

// sameSchema tells whether batches of a and b belong to one stream.
func sameSchema(a, b *arrow.Schema) bool {
	return a == b || a.Equal(b) && a.Metadata().Equal(b.Metadata()) && sameFieldMeta(a, b)
}

func sameFieldMeta(a, b *arrow.Schema) bool {
	for i := range a.NumFields() {
		if !a.Field(i).Metadata.Equal(b.Field(i).Metadata) {
			return false
		}
	}
	return true
}
