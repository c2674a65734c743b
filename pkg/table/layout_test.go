package table_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// Each kind of column is stored as its values ask for, and read back as it was.
func TestLayout(t *testing.T) {
	words := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	columns := []struct {
		name string
		kind arrow.DataType
		want parquet.Encoding
		add  func(b array.Builder, r *rand.Rand, row int)
	}{
		{"moments", arrow.FixedWidthTypes.Timestamp_us, parquet.Encodings.DeltaBinaryPacked, func(b array.Builder, _ *rand.Rand, row int) {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(1_767_571_200_000_000 + 864_000*row))
		}},
		{"ids", arrow.PrimitiveTypes.Int64, parquet.Encodings.DeltaBinaryPacked, func(b array.Builder, r *rand.Rand, _ int) { b.(*array.Int64Builder).Append(r.Int64()) }},
		{"digits", arrow.PrimitiveTypes.Float64, parquet.Encodings.Plain, func(b array.Builder, r *rand.Rand, _ int) { b.(*array.Float64Builder).Append(r.NormFloat64()) }},
		{"prices", arrow.PrimitiveTypes.Float64, parquet.Encodings.Plain, func(b array.Builder, r *rand.Rand, _ int) {
			b.(*array.Float64Builder).Append(float64(r.IntN(1e7)) / 100)
		}},
		{"short", arrow.PrimitiveTypes.Float32, parquet.Encodings.Plain, func(b array.Builder, r *rand.Rand, _ int) { b.(*array.Float32Builder).Append(r.Float32()) }},
		{"stars", arrow.PrimitiveTypes.Float64, parquet.Encodings.RLEDict, func(b array.Builder, r *rand.Rand, _ int) { b.(*array.Float64Builder).Append(float64(r.IntN(6))) }},
		{"text", arrow.BinaryTypes.String, parquet.Encodings.DeltaLengthByteArray, func(b array.Builder, r *rand.Rand, row int) {
			b.(*array.StringBuilder).Append(fmt.Sprint("about ", row, " and ", r.Int()))
		}},
		{"interned", words, parquet.Encodings.DeltaLengthByteArray, func(b array.Builder, r *rand.Rand, row int) {
			if err := b.(*array.BinaryDictionaryBuilder).AppendString(fmt.Sprint("about ", row, " and ", r.Int())); err != nil {
				t.Fatal(err)
			}
		}},
		{"word", words, parquet.Encodings.RLEDict, func(b array.Builder, r *rand.Rand, _ int) {
			if err := b.(*array.BinaryDictionaryBuilder).AppendString(fmt.Sprint("word ", r.IntN(9))); err != nil {
				t.Fatal(err)
			}
		}},
	}
	var fields []arrow.Field
	for _, c := range columns {
		fields = append(fields, table.Field(c.name, c.kind, table.Feature))
	}
	schema := table.Named("predictions", arrow.NewSchema(fields, nil))
	var batches []arrow.RecordBatch
	r := rand.New(rand.NewPCG(1, 2))
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema) // its dictionaries grow
	defer b.Release()
	for range 3 {
		for row := range 2000 {
			for i, c := range columns {
				if r.IntN(20) == 0 {
					b.Field(i).AppendNull()
				} else {
					c.add(b.Field(i), r, row)
				}
			}
		}
		batches = append(batches, b.NewRecordBatch())
	}
	var out bytes.Buffer
	w := table.NewView(&out, "predictions", "parquet")
	for _, rec := range batches {
		if err := w.Write(rec); err != nil {
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
	for i, c := range columns {
		chunk, err := f.MetaData().RowGroup(0).ColumnChunk(i)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(chunk.Encodings(), c.want) || chunk.HasDictionaryPage() != (c.want == parquet.Encodings.RLEDict) {
			t.Errorf("%s: encodings %v, want %v", c.name, chunk.Encodings(), c.want)
		}
	}
	back, err := parquetfile.NewReader(f, 2000)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range batches {
		if !back.Next() {
			t.Fatal("the file ends early: ", back.Err())
		}
		for i, c := range columns {
			for row := range int(rec.NumRows()) {
				want, got := rec.Column(i), back.RecordBatch().Column(i)
				if want.ValueStr(row) != got.ValueStr(row) {
					t.Fatalf("%s, row %d: %s, want %s", c.name, row, got.ValueStr(row), want.ValueStr(row))
				}
			}
		}
	}
}
