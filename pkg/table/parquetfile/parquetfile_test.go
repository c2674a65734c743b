package parquetfile_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/decimal256"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

var mem = memory.DefaultAllocator

var flat = []arrow.DataType{
	arrow.Null, arrow.FixedWidthTypes.Boolean,
	arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
	arrow.PrimitiveTypes.Uint8, arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Uint64,
	arrow.FixedWidthTypes.Float16, arrow.PrimitiveTypes.Float32, arrow.PrimitiveTypes.Float64,
	arrow.BinaryTypes.String, arrow.BinaryTypes.LargeString, arrow.BinaryTypes.Binary, arrow.BinaryTypes.LargeBinary,
	&arrow.FixedSizeBinaryType{ByteWidth: 5}, extensions.NewUUIDType(),
	&arrow.Decimal128Type{Precision: 7, Scale: 2}, &arrow.Decimal128Type{Precision: 38, Scale: 10},
	&arrow.Decimal256Type{Precision: 20, Scale: 1}, &arrow.Decimal256Type{Precision: 76, Scale: 3},
	arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Date64,
	arrow.FixedWidthTypes.Time32s, arrow.FixedWidthTypes.Time32ms, arrow.FixedWidthTypes.Time64us, arrow.FixedWidthTypes.Time64ns,
	&arrow.TimestampType{Unit: arrow.Second}, &arrow.TimestampType{Unit: arrow.Millisecond},
	&arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "Europe/Berlin"},
}

var words = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

var nested = []arrow.DataType{
	arrow.ListOf(arrow.PrimitiveTypes.Int64),
	arrow.ListOfNonNullable(arrow.BinaryTypes.String),
	arrow.LargeListOf(arrow.FixedWidthTypes.Boolean),
	arrow.FixedSizeListOf(3, arrow.PrimitiveTypes.Float32),
	arrow.StructOf(
		arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		arrow.Field{Name: "b", Type: arrow.StructOf(arrow.Field{Name: "c", Type: arrow.BinaryTypes.String}, arrow.Field{Name: "d", Type: words, Nullable: true}), Nullable: true},
	),
	arrow.ListOf(arrow.ListOf(arrow.BinaryTypes.String)),
	arrow.ListOf(arrow.StructOf(
		arrow.Field{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		arrow.Field{Name: "y", Type: arrow.ListOf(arrow.FixedWidthTypes.Timestamp_us), Nullable: true})),
	arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int16),
	arrow.StructOf(arrow.Field{Name: "l", Type: arrow.ListOf(arrow.PrimitiveTypes.Uint8), Nullable: true}),
	arrow.StructOf(arrow.Field{Name: "n", Type: arrow.Null, Nullable: true}, arrow.Field{Name: "u", Type: extensions.NewUUIDType(), Nullable: true}),
}

// fill appends n random values, a third of them null where nulls are allowed.
func fill(rng *rand.Rand, b array.Builder, nullable bool, n int) {
	for range n {
		if nullable && rng.IntN(3) == 0 {
			b.AppendNull()
			continue
		}
		v := rng.Int64N(40) - 20
		switch b := b.(type) {
		case *array.NullBuilder:
			b.AppendNull()
		case *array.BooleanBuilder:
			b.Append(v > 0)
		case *array.Int8Builder:
			b.Append(int8(v))
		case *array.Int16Builder:
			b.Append(int16(v * 1500))
		case *array.Int32Builder:
			b.Append(int32(v * 1e8))
		case *array.Int64Builder:
			b.Append(v * 1e17)
		case *array.Uint8Builder:
			b.Append(uint8(v))
		case *array.Uint16Builder:
			b.Append(uint16(v))
		case *array.Uint32Builder:
			b.Append(uint32(v))
		case *array.Uint64Builder:
			b.Append(uint64(v))
		case *array.Float16Builder:
			b.Append(float16.New(float32(v)))
		case *array.Float32Builder:
			b.Append(float32(v) / 8)
		case *array.Float64Builder:
			b.Append([]float64{float64(v) / 7, math.Inf(1), 0, math.Copysign(0, -1)}[rng.IntN(4)])
		case *array.StringBuilder:
			b.Append(strings.Repeat("ö", rng.IntN(3)) + fmt.Sprint(v)[:rng.IntN(2)])
		case *array.LargeStringBuilder:
			b.Append(fmt.Sprint("word ", v))
		case *array.BinaryBuilder:
			b.Append([]byte{byte(v), 0, 255}[:rng.IntN(4)])
		case *array.FixedSizeBinaryBuilder:
			b.Append(bytes.Repeat([]byte{byte(v)}, b.Type().(*arrow.FixedSizeBinaryType).ByteWidth))
		case *extensions.UUIDBuilder:
			b.AppendBytes([16]byte{byte(v), 15: 7})
		case *array.Decimal128Builder:
			b.Append(decimal128.FromI64(v * 1234))
		case *array.Decimal256Builder:
			b.Append(decimal256.FromI64(v * 1234))
		case *array.Date32Builder:
			b.Append(arrow.Date32(v * 400))
		case *array.Date64Builder:
			b.Append(arrow.Date64(v * 400 * 86_400_000))
		case *array.Time32Builder:
			b.Append(arrow.Time32(v + 100))
		case *array.Time64Builder:
			b.Append(arrow.Time64(v + 1e6))
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v * 1e9))
		case *array.BinaryDictionaryBuilder:
			_ = b.AppendString(fmt.Sprint("w", v))
		case *array.StructBuilder:
			b.Append(true)
			for i := range b.NumField() {
				fill(rng, b.FieldBuilder(i), b.Type().(*arrow.StructType).Field(i).Nullable, 1)
			}
		case *array.FixedSizeListBuilder:
			b.Append(true)
			fill(rng, b.ValueBuilder(), true, int(b.Type().(*arrow.FixedSizeListType).Len()))
		case *array.MapBuilder:
			b.Append(true)
			for range rng.IntN(3) {
				fill(rng, b.KeyBuilder(), false, 1)
				fill(rng, b.ItemBuilder(), true, 1)
			}
		case array.ListLikeBuilder:
			b.(interface{ Append(bool) }).Append(true)
			fill(rng, b.ValueBuilder(), b.Type().(arrow.ListLikeType).ElemField().Nullable, rng.IntN(4))
		default:
			panic(fmt.Sprintf("%T", b))
		}
	}
}

func batch(rng *rand.Rand, schema *arrow.Schema, rows int) arrow.RecordBatch {
	cols := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		b := array.NewBuilder(mem, f.Type)
		fill(rng, b, f.Nullable, rows)
		cols[i] = b.NewArray()
	}
	return array.NewRecordBatch(schema, cols, int64(rows))
}

// schemas holds each type alone, with and without nulls, under metadata.
func schemas(types []arrow.DataType) map[string]*arrow.Schema {
	all := map[string]*arrow.Schema{}
	for i, t := range types {
		for _, nullable := range []bool{true, false} {
			if t.ID() == arrow.NULL && !nullable {
				continue
			}
			meta := arrow.NewMetadata([]string{"k"}, []string{"v"})
			f := arrow.Field{Name: "c", Type: t, Nullable: nullable, Metadata: arrow.NewMetadata([]string{"role"}, []string{fmt.Sprint(i)})}
			all[fmt.Sprintf("%d %s %v", i, t, nullable)] = arrow.NewSchema([]arrow.Field{f}, &meta)
		}
	}
	return all
}

func props() *parquet.WriterProperties {
	return parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(700))
}

func ours(t testing.TB, schema *arrow.Schema, parts ...arrow.RecordBatch) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, schema, props())
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range parts {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func theirs(t testing.TB, stored bool, schema *arrow.Schema, parts ...arrow.RecordBatch) []byte {
	t.Helper()
	var out bytes.Buffer
	arrowProps := pqarrow.DefaultWriterProps()
	if stored {
		arrowProps = pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())
	}
	w, err := pqarrow.NewFileWriter(schema, &out, props(), arrowProps)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range parts {
		if err := w.WriteBuffered(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AppendKeyValueMetadata(parquetfile.SealKey, noSeal); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// noSeal stands in the place of the digests that a file carries of itself.
var noSeal = strings.Repeat("0", 128)

var seal = regexp.MustCompile(parquetfile.SealKey + `(?s:...)[0-9a-f]{128}`)

// unsealed is a file with zeros for its digests.
func unsealed(raw []byte) []byte {
	return seal.ReplaceAllFunc(raw, func(entry []byte) []byte {
		return append(bytes.Clone(entry[:len(entry)-len(noSeal)]), noSeal...)
	})
}

type reader interface {
	Next() bool
	RecordBatch() arrow.RecordBatch
	Err() error
}

func drain(t testing.TB, r reader) (all []arrow.RecordBatch) {
	t.Helper()
	for r.Next() {
		rec := r.RecordBatch()
		rec.Retain()
		all = append(all, rec)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// sameReading reads a file as pqarrow does and as we do, and compares.
func sameReading(t *testing.T, raw []byte) []arrow.RecordBatch {
	t.Helper()
	open := func() *file.Reader {
		f, err := file.NewParquetReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	fr, err := pqarrow.NewFileReader(open(), pqarrow.ArrowReadProperties{BatchSize: 256}, mem)
	if err != nil {
		t.Fatal(err)
	}
	records, err := fr.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := fr.Schema()
	if err != nil {
		t.Fatal(err)
	}
	r, err := parquetfile.NewReader(open(), 256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if got := r.Schema(); !got.Equal(schema) || got.String() != schema.String() {
		t.Fatalf("schema\n%s\nwant\n%s", got, schema)
	}
	got, want := drain(t, r), drain(t, records)
	if len(got) != len(want) {
		t.Fatalf("%d batches, want %d", len(got), len(want))
	}
	for i := range got {
		if err := array.ValidateRecordFull(got[i]); err != nil {
			t.Fatal(err)
		}
		for c, col := range got[i].Columns() {
			if !array.Equal(col, want[i].Column(c)) {
				t.Fatalf("batch %d column %d:\n%v\nwant\n%v", i, c, col, want[i].Column(c))
			}
		}
	}
	indexed, err := parquetfile.NewReader(open(), 256)
	if err != nil {
		t.Fatal(err)
	}
	defer indexed.Release()
	indexed.Index()
	for i, rec := range drain(t, indexed) {
		for c, col := range rec.Columns() {
			for row := range col.Len() {
				if got, want := col.ValueStr(row), got[i].Column(c).ValueStr(row); got != want {
					t.Fatalf("batch %d column %d row %d by indices: %s, want %s", i, c, row, got, want)
				}
			}
		}
	}
	return got
}

// Files of flat columns are pqarrow's byte for byte, whatever the batches' cuts, and are
// read as pqarrow reads them, with and without an Arrow schema.
func TestFlat(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	for name, schema := range schemas(append(flat, words)) {
		t.Run(name, func(t *testing.T) {
			long := batch(rng, schema, 900)
			parts := []arrow.RecordBatch{batch(rng, schema, 0), long, batch(rng, schema, 1), long.NewSlice(13, 500), batch(rng, schema, 800)}
			if schema.Field(0).Type == words { // of one dictionary, so that it is written as it is
				parts = []arrow.RecordBatch{long, long.NewSlice(13, 500)}
			}
			raw := ours(t, schema, parts...)
			if want := theirs(t, false, schema, parts...); !bytes.Equal(unsealed(raw), want) {
				t.Errorf("%d bytes differ from pqarrow's %d", len(raw), len(want))
			}
			sameReading(t, raw)
			sameReading(t, theirs(t, true, schema, parts...))
		})
	}
}

// Columns of numbers whose row groups are long are read a batch at a time, not whole as
// those of TestFlat.
func TestLong(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 8))
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "a", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "b", Type: arrow.PrimitiveTypes.Int32},
		{Name: "c", Type: arrow.FixedWidthTypes.Boolean, Nullable: true}, {Name: "d", Type: arrow.PrimitiveTypes.Int64},
	}, nil)
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, schema, parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(50_000)))
	if err != nil {
		t.Fatal(err)
	}
	rec := batch(rng, schema, 33_000)
	for _, part := range []arrow.RecordBatch{rec, rec, rec.NewSlice(5, 17)} {
		if err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sameReading(t, out.Bytes())
}

// Nested columns come back as they were written, and pqarrow reads the same. What it
// writes we read as it does, but for lists of a fixed length: it refuses nulls among them,
// and forgets where a slice begins.
func TestNested(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 8))
	for name, schema := range schemas(nested) {
		t.Run(name, func(t *testing.T) {
			parts := []arrow.RecordBatch{batch(rng, schema, 900), batch(rng, schema, 0), batch(rng, schema, 3), batch(rng, schema, 700).NewSlice(100, 400)}
			raw := ours(t, schema, parts...)
			if got, want := texts(sameReading(t, raw)), texts(parts); !slices.Equal(got, want) {
				t.Errorf("%d rows, want %d:\n%v\nwant\n%v", len(got), len(want), got, want)
			}
			if schema.Field(0).Type.ID() == arrow.FIXED_SIZE_LIST {
				if schema.Field(0).Nullable {
					return
				}
				parts = parts[:3]
			}
			sameReading(t, theirs(t, true, schema, parts...))
		})
	}
}

func texts(parts []arrow.RecordBatch) (all []string) {
	for _, p := range parts {
		for i := range int(p.NumRows()) {
			all = append(all, p.Column(0).ValueStr(i))
		}
	}
	return all
}

// A dictionary that changes, one with a value twice, and narrow indices.
func TestDictionaries(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 8))
	narrow := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	numbers := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.PrimitiveTypes.Int64}
	of := func(t arrow.DataType) *arrow.Schema {
		return arrow.NewSchema([]arrow.Field{{Name: "c", Type: t, Nullable: true}}, nil)
	}
	twice := func() arrow.RecordBatch {
		values, indices := array.NewStringBuilder(mem), array.NewInt32Builder(mem)
		values.AppendValues([]string{"a", "b", "a"}, nil)
		indices.AppendValues([]int32{0, 1, 2, 2, 0}, []bool{true, true, true, false, true})
		col := array.NewDictionaryArray(words, indices.NewArray(), values.NewArray())
		return array.NewRecordBatch(of(words), []arrow.Array{col}, 5)
	}
	numbered := func() arrow.RecordBatch {
		values, indices := array.NewInt64Builder(mem), array.NewInt32Builder(mem)
		values.AppendValues([]int64{5, 1 << 40, -3}, nil)
		indices.AppendValues([]int32{2, 1, 1}, nil)
		col := array.NewDictionaryArray(numbers, indices.NewArray(), values.NewArray())
		return array.NewRecordBatch(of(numbers), []arrow.Array{col}, 3)
	}
	for name, parts := range map[string][]arrow.RecordBatch{
		"changing": {batch(rng, of(words), 300), batch(rng, of(words), 300)},
		"narrow":   {batch(rng, of(narrow), 300)},
		"twice":    {twice()},
		"numbers":  {numbered(), numbered()},
	} {
		t.Run(name, func(t *testing.T) {
			schema := parts[0].Schema()
			raw := ours(t, schema, parts...)
			if want := theirs(t, false, schema, parts...); !bytes.Equal(unsealed(raw), want) {
				t.Errorf("%d bytes differ from pqarrow's %d", len(raw), len(want))
			}
			sameReading(t, raw)
			sameReading(t, theirs(t, true, schema, parts...))
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		t    arrow.DataType
		want string
	}{
		{arrow.StructOf(), "column c: a struct without fields, which Parquet cannot hold"},
		{arrow.FixedWidthTypes.MonthInterval, "column c: no type in Parquet for month_interval"},
		{arrow.SparseUnionOf(nil, nil), "column c: no type in Parquet for sparse_union<>"},
	} {
		schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: c.t, Nullable: true}}, nil)
		if _, err := parquetfile.NewWriter(&bytes.Buffer{}, schema, props()); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
	var out bytes.Buffer
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: arrow.PrimitiveTypes.Int64}}, nil)
	w, err := parquetfile.NewWriter(&out, schema, props())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(batch(rand.New(rand.NewPCG(1, 1)), schema, 1)); err == nil {
		t.Error("a closed Writer takes a batch")
	}
}

// A dictionary that grows from batch to batch, as those of a stream do, is one dictionary
// page, and what is written is the caller's again; one that is another ends that, and the
// rows stay in their order.
func TestGrowingDictionaries(t *testing.T) {
	names := make([]string, 0, 100)
	for i := range 100 {
		names = append(names, fmt.Sprintf("name %d", i))
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: words, Nullable: true}}, nil)
	for name, reset := range map[string]int{"grows": 100, "begins anew": 3} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w, err := parquetfile.NewWriter(&out, schema, parquet.NewWriterProperties())
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			scratch := make([]int32, 400) // which each batch has its indices in
			for n := range 5 {
				from := 0
				if n >= reset {
					from = 50
				}
				dict := array.NewStringBuilder(mem)
				dict.AppendValues(names[from:from+10*(n+1)], nil)
				for i := range scratch {
					scratch[i] = int32(i*7) % int32(10*(n+1))
					want = append(want, names[from+int(scratch[i])])
				}
				data := array.NewData(arrow.PrimitiveTypes.Int32, len(scratch), []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(scratch))}, nil, 0, 0)
				col := array.NewDictionaryArray(words, array.MakeFromData(data), dict.NewArray())
				if err := w.Write(array.NewRecordBatch(schema, []arrow.Array{col}, int64(len(scratch)))); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			f, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			r, err := parquetfile.NewReader(f, 1<<14)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, rec := range drain(t, r) {
				for i := range int(rec.NumRows()) {
					got = append(got, rec.Column(0).ValueStr(i))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d values, want %d; the first are %v", len(got), len(want), got[:min(len(got), 5)])
			}
			chunk, err := f.MetaData().RowGroup(0).ColumnChunk(0)
			if err != nil {
				t.Fatal(err)
			}
			// A dictionary and its indices are shorter than the names.
			plain := chunk.TotalUncompressedSize() > 5*400*4
			if want := reset < 5; plain != want {
				t.Errorf("pages without a dictionary: %v, want %v", plain, want)
			}
		})
	}
}
