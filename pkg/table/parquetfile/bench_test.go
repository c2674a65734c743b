package parquetfile_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// wide is a table of 200,000 rows and 20 columns, as logs have them.
func wide() arrow.RecordBatch {
	var fields []arrow.Field
	for i := range 20 {
		t := []arrow.DataType{arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float64, arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64, arrow.FixedWidthTypes.Timestamp_us}[i%5]
		fields = append(fields, arrow.Field{Name: string(rune('a' + i)), Type: t, Nullable: true})
	}
	return batch(rand.New(rand.NewPCG(6, 6)), arrow.NewSchema(fields, nil), 200_000)
}

func bigProps() *parquet.WriterProperties {
	return parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(1<<17), parquet.WithDictionaryDefault(false))
}

func BenchmarkRead(b *testing.B) {
	rec := wide()
	var raw bytes.Buffer
	w, err := parquetfile.NewWriter(&raw, rec.Schema(), bigProps())
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for name, open := range map[string]func(*file.Reader) (reader, error){
		"ours": func(f *file.Reader) (reader, error) { return parquetfile.NewReader(f, 1<<14) },
		"pqarrow": func(f *file.Reader) (reader, error) {
			fr, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 14}, mem)
			if err != nil {
				return nil, err
			}
			return fr.GetRecordReader(context.Background(), nil, nil)
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := file.NewParquetReader(bytes.NewReader(raw.Bytes()))
				if err != nil {
					b.Fatal(err)
				}
				r, err := open(f)
				if err != nil {
					b.Fatal(err)
				}
				rows := int64(0)
				for r.Next() {
					rows += r.RecordBatch().NumRows()
				}
				if rows != rec.NumRows() {
					b.Fatalf("%d rows: %v", rows, r.Err())
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	rec := wide()
	for name, open := range map[string]func(*bytes.Buffer) (func(arrow.RecordBatch) error, func() error, error){
		"ours": func(out *bytes.Buffer) (func(arrow.RecordBatch) error, func() error, error) {
			w, err := parquetfile.NewWriter(out, rec.Schema(), bigProps())
			if err != nil {
				return nil, nil, err
			}
			return w.Write, w.Close, nil
		},
		"pqarrow": func(out *bytes.Buffer) (func(arrow.RecordBatch) error, func() error, error) {
			w, err := pqarrow.NewFileWriter(rec.Schema(), out, bigProps(), pqarrow.DefaultWriterProps())
			if err != nil {
				return nil, nil, err
			}
			return w.WriteBuffered, w.Close, nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				write, end, err := open(&out)
				if err != nil {
					b.Fatal(err)
				}
				for from := int64(0); from < rec.NumRows(); from += 1 << 12 {
					if err := write(rec.NewSlice(from, min(from+1<<12, rec.NumRows()))); err != nil {
						b.Fatal(err)
					}
				}
				if err := end(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
