package parquetfile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// A heldColumn is a column of dictionaries in a row group, whose indices wait for the end
// of the group: the dictionaries of a stream grow, and the last one has all values, so
// that each index is written as it is. A dictionary that is none of these ends that.
type heldColumn struct {
	nullable bool
	kind     arrow.DataType
	dict     arrow.Array   // a copy: what was written is the caller's again
	indices  []arrow.Array // copies
	over     bool          // what comes is written at once
}

// hold keeps the array for the end of the row group, and tells whether it did. Where it
// does not, what was held of the column is written.
func (w *Writer) hold(at int, d *array.Dictionary, nullable bool) (bool, error) {
	h := w.held[at]
	if h == nil {
		if w.held == nil {
			w.held = map[int]*heldColumn{}
		}
		h = &heldColumn{nullable: nullable, kind: d.DataType()}
		w.held[at] = h
		h.over = !w.out.Properties().DictionaryEnabledFor(w.out.Schema.Column(at).Path())
	}
	if h.over {
		return false, nil
	}
	dict := d.Dictionary()
	switch n := int64(dict.Len()); {
	case h.dict == nil, n > int64(h.dict.Len()) && array.SliceEqual(dict, 0, int64(h.dict.Len()), h.dict, 0, int64(h.dict.Len())):
		h.dict = copyOf(dict)
	case n <= int64(h.dict.Len()) && array.SliceEqual(dict, 0, n, h.dict, 0, n):
	default:
		h.over = true
		return false, w.writeColumn(w.group, at, h)
	}
	h.indices = append(h.indices, copyOf(d.Indices()))
	return true, nil
}

// writeHeld writes the columns that wait for the end of a row group.
func (w *Writer) writeHeld(group file.BufferedRowGroupWriter) error {
	defer func() { w.held = nil }()
	for _, at := range slices.Sorted(maps.Keys(w.held)) {
		if err := w.writeColumn(group, at, w.held[at]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) writeColumn(group file.BufferedRowGroupWriter, at int, h *heldColumn) error {
	if len(h.indices) == 0 {
		return nil
	}
	out, err := group.Column(at)
	if err != nil {
		return err
	}
	for _, indices := range h.indices {
		d := array.NewDictionaryArray(h.kind, indices, h.dict)
		err := put(out, d, h.nullable, nil, &w.levels)
		d.Release()
		if err != nil {
			return fmt.Errorf("column %s: %w", w.out.Schema.Column(at).Name(), err)
		}
	}
	h.indices = nil
	return nil
}

// copyOf returns an array that is not nested in memory of its own.
func copyOf(a arrow.Array) arrow.Array {
	d := a.Data()
	buffers := make([]*memory.Buffer, len(d.Buffers()))
	for i, b := range d.Buffers() {
		if b != nil {
			buffers[i] = memory.NewBufferBytes(bytes.Clone(b.Bytes()))
		}
	}
	data := array.NewData(d.DataType(), d.Len(), buffers, nil, a.NullN(), d.Offset())
	defer data.Release()
	return array.MakeFromData(data)
}
