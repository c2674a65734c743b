package parquetfile

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// putLeaf writes the values of an array that is not nested, under the given levels; rep is
// nil outside lists, def where nothing above can be null. An array with nulls has a slot for
// every level; one without holds what is defined.
func putLeaf(out file.ColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	if ext, ok := a.(array.ExtensionArray); ok {
		a = ext.Storage()
	}
	if d, ok := a.(*array.Dictionary); ok {
		return putDictionary(out, d, def)
	}
	switch out := out.(type) {
	case *file.BooleanColumnChunkWriter:
		return putBooleans(out, a, def, rep)
	case *file.Int32ColumnChunkWriter:
		v, err := int32s(a)
		return write(out, a, v, err, def, rep)
	case *file.Int64ColumnChunkWriter:
		v, err := int64s(a)
		return write(out, a, v, err, def, rep)
	case *file.Float32ColumnChunkWriter:
		v, err := same[float32](a, arrow.FLOAT32)
		return write(out, a, v, err, def, rep)
	case *file.Float64ColumnChunkWriter:
		v, err := same[float64](a, arrow.FLOAT64)
		return write(out, a, v, err, def, rep)
	case *file.ByteArrayColumnChunkWriter:
		return putBytes(out, a, def, rep)
	case *file.FixedLenByteArrayColumnChunkWriter:
		return putFixed(out, a, def, rep)
	}
	return fmt.Errorf("no way to store %s as %s", a.DataType(), out.Type())
}

type columnWriter[T any] interface {
	WriteBatch(values []T, def, rep []int16) (int64, error)
	WriteBatchSpacedWithError(values []T, def, rep []int16, valid []byte, offset int64) (int64, error)
}

// write writes the stored values of a, unless making them failed.
func write[T any](out columnWriter[T], a arrow.Array, values []T, err error, def, rep []int16) error {
	switch {
	case err != nil:
		return err
	case a.DataType().ID() == arrow.NULL:
		_, err = out.WriteBatchSpacedWithError(nil, def, rep, nil, 0)
	case a.NullN() == 0 || def == nil:
		_, err = out.WriteBatch(values, def, rep)
	default:
		_, err = out.WriteBatchSpacedWithError(values, def, rep, a.NullBitmapBytes(), int64(a.Data().Offset()))
	}
	return err
}

// same returns the values of an array as they lie in memory.
func same[T arrow.FixedWidthType](a arrow.Array, types ...arrow.Type) ([]T, error) {
	d := a.Data()
	for _, t := range append(types, arrow.NULL) {
		switch {
		case t != d.DataType().ID():
		case len(d.Buffers()) < 2 || d.Buffers()[1] == nil:
			return nil, nil
		default:
			return arrow.GetData[T](d.Buffers()[1].Bytes())[d.Offset() : d.Offset()+d.Len()], nil
		}
	}
	return nil, fmt.Errorf("no way to store %s here", a.DataType())
}

func converted[In, Out arrow.FixedWidthType](a arrow.Array, convert func(In) Out) ([]Out, error) {
	in, err := same[In](a, a.DataType().ID())
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = convert(v)
	}
	return out, err
}

func int32s(a arrow.Array) ([]int32, error) {
	switch t := a.DataType().(type) {
	case *arrow.Int8Type:
		return converted(a, func(v int8) int32 { return int32(v) })
	case *arrow.Uint8Type:
		return converted(a, func(v uint8) int32 { return int32(v) })
	case *arrow.Int16Type:
		return converted(a, func(v int16) int32 { return int32(v) })
	case *arrow.Uint16Type:
		return converted(a, func(v uint16) int32 { return int32(v) })
	case *arrow.Date64Type:
		return converted(a, func(v int64) int32 { return int32(v / millisPerDay) })
	case *arrow.Time32Type:
		if t.Unit == arrow.Second {
			return converted(a, func(v int32) int32 { return v * 1000 })
		}
	}
	return same[int32](a, arrow.INT32, arrow.UINT32, arrow.DATE32, arrow.TIME32)
}

func int64s(a arrow.Array) ([]int64, error) {
	t, ok := a.DataType().(*arrow.TimestampType)
	if !ok || t.Unit != arrow.Second {
		return same[int64](a, arrow.INT64, arrow.UINT64, arrow.TIME64, arrow.TIMESTAMP)
	}
	in, err := same[int64](a, arrow.TIMESTAMP)
	out := make([]int64, len(in))
	for i, v := range in {
		if a.IsNull(i) {
			continue
		}
		if v > math.MaxInt64/1000 || v < math.MinInt64/1000 {
			return nil, fmt.Errorf("second %d is beyond what milliseconds hold", v)
		}
		out[i] = v * 1000
	}
	return out, err
}

func putBooleans(out *file.BooleanColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	b, ok := a.(*array.Boolean)
	switch {
	case !ok:
		return write(out, a, nil, nil, def, rep)
	case b.Len() > 0 && (b.NullN() == 0 || def == nil):
		_, err := out.WriteBitmapBatch(b.Data().Buffers()[1].Bytes(), int64(b.Data().Offset()), b.Len(), def, rep)
		return err
	}
	values := make([]bool, b.Len())
	for i := range values {
		values[i] = b.Value(i)
	}
	return write(out, a, values, nil, def, rep)
}

func putBytes(out *file.ByteArrayColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	spaced := a.NullN() > 0 && def != nil
	valid, offset := a.NullBitmapBytes(), int64(a.Data().Offset())
	var err error
	switch b := a.(type) {
	case interface {
		ValueOffsets() []int32
		ValueBytes() []byte
	}:
		if !out.SupportsArrowOffsets() {
			return write(out, a, slices32(bytesOf(a), b.ValueOffsets()), nil, def, rep)
		}
		if spaced {
			_, err = out.WriteBatchSpacedArrow(bytesOf(a), b.ValueOffsets(), def, rep, valid, offset)
		} else {
			_, err = out.WriteBatchArrow(bytesOf(a), b.ValueOffsets(), def, rep)
		}
	case interface {
		ValueOffsets() []int64
		ValueBytes() []byte
	}:
		if !out.SupportsArrowOffsets() {
			return write(out, a, slices32(bytesOf(a), b.ValueOffsets()), nil, def, rep)
		}
		if spaced {
			_, err = out.WriteBatchSpacedArrow64(bytesOf(a), b.ValueOffsets(), def, rep, valid, offset)
		} else {
			_, err = out.WriteBatchArrow64(bytesOf(a), b.ValueOffsets(), def, rep)
		}
	case *array.Null:
		return write[parquet.ByteArray](out, a, nil, nil, def, rep)
	default:
		return fmt.Errorf("no way to store %s as bytes", a.DataType())
	}
	return err
}

// bytesOf returns all bytes that the offsets of an array of text point into.
func bytesOf(a arrow.Array) []byte {
	if b := a.Data().Buffers()[2]; b != nil {
		return b.Bytes()
	}
	return []byte{}
}

func slices32[T int32 | int64](b []byte, offsets []T) []parquet.ByteArray {
	out := make([]parquet.ByteArray, max(0, len(offsets)-1))
	for i := range out {
		out[i] = b[offsets[i]:offsets[i+1]]
	}
	return out
}

func putFixed(out *file.FixedLenByteArrayColumnChunkWriter, a arrow.Array, def, rep []int16) error {
	values := make([]parquet.FixedLenByteArray, a.Len())
	width := out.Descr().TypeLength()
	switch a := a.(type) {
	case *array.FixedSizeBinary:
		for i := range values {
			values[i] = a.Value(i)
		}
	case *array.Float16:
		raw := arrow.Float16Traits.CastToBytes(a.Values())
		for i := range values {
			values[i] = raw[2*i : 2*i+2]
		}
	case *array.Decimal128:
		for i := range values {
			v := a.Value(i)
			values[i] = lowest(width, uint64(v.HighBits()), v.LowBits())
		}
	case *array.Decimal256:
		for i := range values {
			w := a.Value(i).Array()
			values[i] = lowest(width, w[3], w[2], w[1], w[0])
		}
	case *array.Null:
	default:
		return fmt.Errorf("no way to store %s as fixed bytes", a.DataType())
	}
	return write(out, a, values, nil, def, rep)
}

// lowest returns the lowest bytes of a number in words, the highest first.
func lowest(bytes int, words ...uint64) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return b[len(b)-bytes:]
}

// dictEncoder is what is used of arrow-go's encoder, whose own interface cannot be named.
type dictEncoder interface {
	NormalizeDict(arrow.Array) (arrow.Array, error)
	PutDictionary(arrow.Array) error
	PreservedDictionary() arrow.Array
	NumEntries() int
}

// putDictionary writes a dictionary as the dictionary page and its indices as they are,
// while the row group's dictionary stays the same; other arrays value by value.
func putDictionary(out file.ColumnChunkWriter, d *array.Dictionary, def []int16) error {
	plain := func() error {
		if out, ok := out.(*file.ByteArrayColumnChunkWriter); ok {
			if words, ok := wordsAt(d); ok {
				return write(out, d, words, nil, def, nil)
			}
		}
		a, err := decoded(d)
		if err != nil {
			return err
		}
		defer a.Release()
		return putLeaf(out, a, def, nil)
	}
	value := d.DataType().(*arrow.DictionaryType).ValueType.ID()
	enc, ok := out.CurrentEncoder().(dictEncoder)
	if !ok || out.CurrentEncoder().Encoding() != parquet.Encodings.PlainDict || !arrow.IsPrimitive(value) && !arrow.IsBaseBinary(value) || d.Dictionary().NullN() > 0 {
		return plain()
	}
	dict, err := enc.NormalizeDict(d.Dictionary())
	if err != nil {
		return err
	}
	defer dict.Release()
	known := enc.PreservedDictionary()
	switch {
	case known == nil:
		if err := enc.PutDictionary(dict); err != nil {
			return err
		}
		if enc.NumEntries() != dict.Len() { // a value stands in it twice: the indices do not fit
			out.FallbackToPlain()
			return plain()
		}
	case !array.Equal(dict, known):
		out.FallbackToPlain()
		return plain()
	}
	if err := countDictionary(out.PageStatistics(), dict, d.Indices(), len(def), known == dict); err != nil {
		return err
	}
	return out.WriteDictIndices(d.Indices(), def, nil)
}

// wordsAt returns the text of each row of a dictionary of texts, where it lies; ok is false
// for another dictionary, and for one with a null.
func wordsAt(d *array.Dictionary) (words []parquet.ByteArray, ok bool) {
	dict, ok := d.Dictionary().(*array.String)
	if !ok || dict.NullN() > 0 || dict.Len() == 0 {
		return nil, false
	}
	text, offsets := bytesOf(dict), dict.ValueOffsets()
	words = make([]parquet.ByteArray, d.Len())
	for i := range words {
		if d.IsNull(i) {
			continue
		}
		at := d.GetValueIndex(i)
		words[i] = text[offsets[at]:offsets[at+1]]
	}
	return words, true
}

// decoded returns the values of a dictionary array, each where its index stands.
func decoded(d *array.Dictionary) (arrow.Array, error) {
	return compute.CastArray(context.Background(), d, compute.SafeCastOptions(d.DataType().(*arrow.DictionaryType).ValueType))
}

// countDictionary adds to a page's statistics the values of a dictionary that occur, or all
// of them where they were counted before.
func countDictionary(stats metadata.TypedStatistics, dict, indices arrow.Array, levels int, before bool) error {
	if stats == nil {
		return nil
	}
	used := dict
	if !before {
		at, err := usedOf(indices, dict.Len())
		if err != nil {
			return err
		}
		defer at.Release()
		if at.Len() != dict.Len() {
			if used, err = compute.TakeArrayOpts(context.Background(), dict, at, compute.TakeOptions{BoundsCheck: true}); err != nil {
				return err
			}
			defer used.Release()
		}
	}
	there := indices.Len() - indices.NullN()
	stats.IncNulls(int64(max(levels-there, 0)))
	stats.IncNumValues(int64(there))
	return stats.UpdateFromArrow(used, false)
}

// usedOf returns which of so many values indices point to, each once.
func usedOf(indices arrow.Array, values int) (arrow.Array, error) {
	rows, ok := indices.(*array.Int32)
	if !ok {
		return compute.UniqueArray(context.Background(), indices)
	}
	used, n := make([]bool, values), 0
	at := array.NewInt32Builder(mem)
	defer at.Release()
	for i, v := range rows.Int32Values() {
		if n == values {
			break
		}
		if uint(v) < uint(values) && !used[v] && rows.IsValid(i) {
			used[v] = true
			at.Append(v)
			n++
		}
	}
	return at.NewArray(), nil
}
