package parquetfile

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// A Writer writes record batches as one Parquet file. Batches are gathered in memory, as
// they come to be encoded, until a row group is full.
type Writer struct {
	out    *file.Writer
	to     *sealer
	schema *arrow.Schema
	group  file.BufferedRowGroupWriter // nil before the first batch
	closed bool
	levels []int16 // memory for those of a column
	rows   int64   // of the group
	held   map[int]*heldColumn
}

// NewWriter returns a Writer on w of batches of the given schema. The schema's metadata
// becomes the file's. The file carries digests of itself, see Verify. Closing the Writer
// leaves w open.
func NewWriter(w io.Writer, s *arrow.Schema, props *parquet.WriterProperties) (*Writer, error) {
	root, err := nodesOf(s, props)
	if err != nil {
		return nil, err
	}
	meta := metadata.KeyValueMetadata{}
	for i, key := range s.Metadata().Keys() {
		if key == SealKey {
			continue // of the file that the schema came from
		}
		if err := meta.Append(key, s.Metadata().Values()[i]); err != nil {
			return nil, err
		}
	}
	to := newSealer(w)
	out, err := file.NewParquetWriterWithError(to, root, file.WithWriterProps(props), file.WithWriteMetadata(meta))
	if err != nil {
		return nil, err
	}
	return &Writer{out: out, to: to, schema: s}, nil
}

// SetMetadata adds a key to the file's metadata.
func (w *Writer) SetMetadata(key, value string) error {
	return w.out.AppendKeyValueMetadata(key, value)
}

// Write adds a batch of the Writer's schema. After an error the Writer is closed.
func (w *Writer) Write(rec arrow.RecordBatch) error {
	if w.closed {
		return errors.New("the Parquet file is closed")
	}
	if !rec.Schema().Equal(w.schema) {
		return fmt.Errorf("a batch of another schema\n%s\nthan the Parquet file's\n%s", rec.Schema(), w.schema)
	}
	err := w.write(rec)
	if err != nil {
		return errors.Join(err, w.Close())
	}
	return nil
}

func (w *Writer) write(rec arrow.RecordBatch) error {
	if w.group == nil {
		if err := w.nextGroup(); err != nil {
			return err
		}
	}
	most := w.out.Properties().MaxRowGroupLength()
	for from := int64(0); ; {
		n := min(rec.NumRows()-from, most-w.rows)
		part := rec.NewSlice(from, from+n)
		err := w.append(part)
		part.Release()
		w.rows += n
		if from += n; err != nil || from >= rec.NumRows() {
			return err
		}
		if err := w.nextGroup(); err != nil {
			return err
		}
	}
}

func (w *Writer) nextGroup() (err error) {
	if err := w.endRows(); err != nil {
		return err
	}
	w.rows = 0
	w.group, err = w.out.AppendBufferedRowGroupChecked()
	return err
}

func (w *Writer) append(rec arrow.RecordBatch) error {
	at := 0 // the next column of the file
	for i, col := range rec.Columns() {
		f := rec.Schema().Field(i)
		for _, path := range pathsOf(f.Type) {
			out, err := w.group.Column(at)
			if err != nil {
				return err
			}
			at++
			if rec.NumRows() == 0 {
				continue
			}
			if d, ok := col.(*array.Dictionary); ok {
				if held, err := w.hold(at-1, d, f.Nullable); held || err != nil {
					if err != nil {
						return err
					}
					continue
				}
			}
			if err := put(out, col, f.Nullable, path, &w.levels); err != nil {
				return fmt.Errorf("column %s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// Body ends the rows and returns the digest of the file so far, which is all of it but
// for the footer: SHA-256, in hexadecimal. Metadata can be set until Close.
func (w *Writer) Body() (string, error) {
	if err := w.endRows(); err != nil {
		return "", err
	}
	return w.to.body(), nil
}

func (w *Writer) endRows() error {
	if w.group == nil {
		return nil
	}
	group := w.group
	w.group = nil
	if err := w.writeHeld(group); err != nil {
		return errors.Join(err, group.Close())
	}
	return group.Close()
}

// Close writes what is left and the end of the file. The second call does nothing.
func (w *Writer) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	if err := w.endRows(); err != nil {
		return err
	}
	w.to.holdFooter()
	if err := w.out.AppendKeyValueMetadata(SealKey, blankSeal); err != nil {
		return err
	}
	if err := w.out.Close(); err != nil {
		return err
	}
	return w.to.finish()
}
