package parquetfile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/decimal256"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

const millisPerDay = int64(24 * time.Hour / time.Millisecond)

// values hands over what was loaded, as the leaf's type.
func (l *leaf) values() (arrow.Array, error) {
	a, err := l.plain(storageOf(l.Type))
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", l.Name, err)
	}
	return asExtension(l.Type, a), nil
}

func (l *leaf) plain(t arrow.DataType) (arrow.Array, error) {
	physical := l.records.Type()
	switch t := t.(type) {
	case *arrow.NullType:
		return array.NewNull(l.records.ValuesWritten()), nil
	case *arrow.DictionaryType:
		return l.dictionary(t)
	case *arrow.BooleanType:
		values := l.records.(file.BooleanRecordReader).ReleaseValueBitmap()
		defer values.Release()
		return l.fixed(t, values), nil
	case *arrow.StringType, *arrow.BinaryType, *arrow.LargeStringType, *arrow.LargeBinaryType, *arrow.FixedSizeBinaryType, *arrow.Float16Type:
		return l.bytes(t)
	case *arrow.Decimal128Type:
		switch physical {
		case parquet.Types.Int32:
			return widened[int32](l, t, decimal128From[int32]), nil
		case parquet.Types.Int64:
			return widened[int64](l, t, decimal128From[int64]), nil
		}
		return decimals(l, t, bigEndian128)
	case *arrow.Decimal256Type:
		switch physical {
		case parquet.Types.Int32:
			return widened[int32](l, t, decimal256From[int32]), nil
		case parquet.Types.Int64:
			return widened[int64](l, t, decimal256From[int64]), nil
		}
		return decimals(l, t, bigEndian256)
	case *arrow.Date64Type:
		return widened(l, t, func(day int32) int64 { return int64(day) * millisPerDay }), nil
	case *arrow.TimestampType:
		if physical == parquet.Types.Int96 {
			return l.int96(t)
		}
	case *arrow.Int8Type:
		return narrowed[int8](l, t), nil
	case *arrow.Uint8Type:
		return narrowed[uint8](l, t), nil
	case *arrow.Int16Type:
		return narrowed[int16](l, t), nil
	case *arrow.Uint16Type:
		return narrowed[uint16](l, t), nil
	}
	// What is left is as wide in Arrow as in Parquet: no copy is made.
	width, ok := t.(arrow.FixedWidthDataType)
	if stored := map[parquet.Type]int{parquet.Types.Int32: 32, parquet.Types.Float: 32, parquet.Types.Int64: 64, parquet.Types.Double: 64}; !ok || width.BitWidth() != stored[physical] {
		return nil, fmt.Errorf("%s as %s", t, physical)
	}
	values := l.records.ReleaseValues()
	if values != nil {
		defer values.Release()
	}
	return l.fixed(t, values), nil
}

// fixed is an array over the given values and the nulls that were read.
func (l *leaf) fixed(t arrow.DataType, values *memory.Buffer) arrow.Array {
	valid := l.records.ReleaseValidBits()
	if valid != nil {
		defer valid.Release()
	}
	d := array.NewData(t, l.records.ValuesWritten(), []*memory.Buffer{valid, values}, nil, int(l.records.NullCount()), 0)
	defer d.Release()
	return array.MakeFromData(d)
}

// widened is an array of what each stored value becomes.
func widened[In, Out arrow.FixedWidthType](l *leaf, t arrow.DataType, convert func(In) Out) arrow.Array {
	in := arrow.GetData[In](l.records.Values())[:l.records.ValuesWritten()]
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = convert(v)
	}
	return l.fixed(t, memory.NewBufferBytes(arrow.GetBytes(out)))
}

func narrowed[Out int8 | uint8 | int16 | uint16](l *leaf, t arrow.DataType) arrow.Array {
	if l.records.Type() == parquet.Types.Int64 {
		return widened(l, t, func(v int64) Out { return Out(v) })
	}
	return widened(l, t, func(v int32) Out { return Out(v) })
}

func decimal128From[T int32 | int64](v T) decimal128.Num { return decimal128.FromI64(int64(v)) }

func decimal256From[T int32 | int64](v T) decimal256.Num { return decimal256.FromI64(int64(v)) }

func (l *leaf) int96(t arrow.DataType) (arrow.Array, error) {
	in := parquet.Int96Traits.CastFromBytes(l.records.Values())[:l.records.ValuesWritten()]
	out := make([]int64, len(in))
	a := l.fixed(t, memory.NewBufferBytes(arrow.GetBytes(out)))
	for i, v := range in {
		if a.IsNull(i) {
			continue
		}
		at, err := v.ToTimestamp()
		if err != nil {
			a.Release()
			return nil, err
		}
		out[i] = int64(at)
	}
	return a, nil
}

// chunks hands over what a reader of bytes has built, as one array.
func (l *leaf) chunks(t arrow.DataType) (arrow.Array, error) {
	r, ok := l.records.(file.BinaryRecordReader)
	if !ok {
		return nil, fmt.Errorf("%s as %s", t, l.records.Type())
	}
	parts := r.GetBuilderChunks()
	defer func() {
		for _, p := range parts {
			p.Release()
		}
	}()
	switch len(parts) {
	case 0:
		return array.MakeArrayOfNull(mem, t, 0), nil
	case 1:
		parts[0].Retain()
		return parts[0], nil
	}
	return array.Concatenate(parts, mem)
}

func (l *leaf) bytes(t arrow.DataType) (arrow.Array, error) {
	if half, ok := t.(*arrow.Float16Type); ok && (l.records.Type() != parquet.Types.FixedLenByteArray || l.file.MetaData().Schema.Column(l.column).TypeLength() != half.Bytes()) {
		return nil, errors.New("a half-precision number is not of 2 bytes")
	}
	a, err := l.chunks(t)
	if err != nil {
		return nil, err
	}
	defer a.Release()
	d := a.Data() // of bytes, even where its type is text
	if large := arrow.IsLargeBinaryLike(t.ID()); large != arrow.IsLargeBinaryLike(d.DataType().ID()) {
		return nil, fmt.Errorf("%s was read as %s", t, d.DataType())
	}
	as := array.NewData(t, d.Len(), d.Buffers(), nil, d.NullN(), d.Offset())
	defer as.Release()
	return array.MakeFromData(as), nil
}

func (l *leaf) dictionary(t *arrow.DictionaryType) (arrow.Array, error) {
	a, err := l.chunks(t)
	if err != nil || arrow.TypeEqual(a.DataType(), t) {
		return a, err
	}
	defer a.Release()
	d, ok := a.(*array.Dictionary)
	if !ok {
		return nil, fmt.Errorf("%s was read as %s", t, a.DataType())
	}
	indices, err := compute.CastArray(context.Background(), d.Indices(), compute.SafeCastOptions(t.IndexType))
	if err != nil {
		return nil, err
	}
	defer indices.Release()
	return array.NewValidatedDictionaryArray(t, indices, d.Dictionary())
}

// decimals reads decimals that are stored as bytes, the highest first.
func decimals[Num decimal128.Num | decimal256.Num](l *leaf, t arrow.DataType, convert func([]byte) (Num, error)) (arrow.Array, error) {
	a, err := l.chunks(t)
	if err != nil {
		return nil, err
	}
	defer a.Release()
	in, ok := a.(interface{ Value(i int) []byte })
	if !ok {
		return nil, fmt.Errorf("%s was read as %s", t, a.DataType())
	}
	out := make([]Num, a.Len())
	for i := range out {
		if a.IsNull(i) {
			continue
		}
		if out[i], err = convert(in.Value(i)); err != nil {
			return nil, err
		}
	}
	// a starts at 0: it was built just now.
	d := array.NewData(t, a.Len(), []*memory.Buffer{a.Data().Buffers()[0], memory.NewBufferBytes(arrow.GetBytes(out))}, nil, a.NullN(), 0)
	defer d.Release()
	return array.MakeFromData(d), nil
}

// words reads a number in two's complement of at most 8·len(out) bytes, the highest first,
// as words, the lowest first.
func words(b []byte, out []uint64) error {
	if len(b) == 0 || len(b) > 8*len(out) {
		return fmt.Errorf("a decimal of %d bytes", len(b))
	}
	var sign uint64
	if int8(b[0]) < 0 {
		sign = 1<<64 - 1
	}
	for i := range out {
		out[i] = sign
	}
	for i, v := range b {
		at := len(b) - 1 - i // how many bytes are below this one
		shift := 8 * (at % 8)
		out[at/8] = out[at/8]&^(0xff<<shift) | uint64(v)<<shift
	}
	return nil
}

func bigEndian128(b []byte) (decimal128.Num, error) {
	var w [2]uint64
	err := words(b, w[:])
	return decimal128.New(int64(w[1]), w[0]), err
}

func bigEndian256(b []byte) (decimal256.Num, error) {
	var w [4]uint64
	err := words(b, w[:])
	return decimal256.New(w[3], w[2], w[1], w[0]), err
}
