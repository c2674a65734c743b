package parquetfile_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// read reads a file as the package table does, with indices of words and without: a panic
// is an error, and batches are checked before they are used.
func read(raw []byte) {
	for _, index := range []bool{false, true} {
		readOnce(raw, index)
	}
}

func readOnce(raw []byte, index bool) {
	defer func() { _ = recover() }()
	props := parquet.NewReaderProperties(mem)
	props.BufferedStreamEnabled = true
	f, err := file.NewParquetReader(bytes.NewReader(raw), file.WithReadProps(props))
	if err != nil {
		return
	}
	r, err := parquetfile.NewReader(f, 64)
	if err != nil {
		return
	}
	defer r.Release()
	if index {
		r.Index()
	}
	for range 100 {
		if !r.Next() {
			return
		}
		if array.ValidateRecordFull(r.RecordBatch()) != nil {
			return
		}
		for _, col := range r.RecordBatch().Columns() {
			for i := range col.Len() {
				_ = col.ValueStr(i)
			}
		}
	}
}

func small(t testing.TB, types ...arrow.DataType) []byte {
	rng := rand.New(rand.NewPCG(5, 5))
	var fields []arrow.Field
	for i, dt := range types {
		fields = append(fields, arrow.Field{Name: string(rune('a' + i)), Type: dt, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	return ours(t, schema, batch(rng, schema, 20))
}

// Whatever the bytes, reading ends, in bounded memory, and what passes the check can be
// used.
func FuzzReader(f *testing.F) {
	f.Add(small(f, flat[1:10]...))
	f.Add(small(f, flat[10:]...))
	f.Add(small(f, nested...))
	f.Add(small(f, words, arrow.Null))
	f.Fuzz(func(t *testing.T, raw []byte) { read(raw) })
}

// Bytes of small files are changed, one in three.
func TestFlippedBytes(t *testing.T) {
	step := 3
	if testing.Short() {
		step = 11
	}
	for _, whole := range [][]byte{small(t, arrow.PrimitiveTypes.Int64, arrow.BinaryTypes.String), small(t, nested[0], nested[4]), small(t, words)} {
		for i := 0; i < len(whole); i += step {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 0xff
			read(damaged)
		}
	}
}
