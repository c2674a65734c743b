package parquetfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// TestIndex reads words of files that pqarrow writes in every way that it has: the words
// are those that went in, and the batches of a row group share its dictionary.
func TestIndex(t *testing.T) {
	const rows, group, batch = 5000, 1700, 256
	for _, c := range []struct {
		name     string
		distinct int
		nulls    int // one in so many; 0: the column has none
		options  []parquet.WriterProperty
	}{
		{"few words", 7, 0, nil},
		{"one word", 1, 0, nil},
		{"few words, nulls", 20, 3, nil},
		{"pages of version 2", 300, 5, []parquet.WriterProperty{parquet.WithDataPageVersion(parquet.DataPageV2)}},
		{"short pages", 300, 40, []parquet.WriterProperty{parquet.WithDataPageSize(100), parquet.WithBatchSize(64)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			b := array.NewStringBuilder(mem)
			for range rows {
				if c.nulls > 0 && rng.IntN(c.nulls) == 0 {
					b.AppendNull()
				} else {
					b.Append(fmt.Sprint("word ", rng.IntN(c.distinct)))
				}
			}
			want := b.NewStringArray()
			schema := arrow.NewSchema([]arrow.Field{{Name: "w", Type: arrow.BinaryTypes.String, Nullable: c.nulls > 0}}, nil)
			var out bytes.Buffer
			w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(append(c.options, parquet.WithMaxRowGroupLength(group))...), pqarrow.DefaultWriterProps())
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(array.NewRecordBatch(schema, []arrow.Array{want}, rows)); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			dicts := sameWords(t, out.Bytes(), batch, want)
			// Three row groups, and the two batches that span them.
			if n := len(dicts); n != 5 {
				t.Errorf("%d dictionaries, want 5", n)
			}
		})
	}
}

// TestIndexGivenUp reads a chunk whose first pages are indices and whose last ones are words.
func TestIndexGivenUp(t *testing.T) {
	raw, err := os.ReadFile("testdata/given-up.parquet")
	if err != nil {
		t.Fatal(err)
	}
	b := array.NewStringBuilder(mem)
	for i := range 2000 { // as given-up.py has it
		switch {
		case i%7 == 3:
			b.AppendNull()
		case i < 900:
			b.Append(fmt.Sprint("word ", i%20))
		default:
			b.Append(fmt.Sprint("word ", i))
		}
	}
	sameWords(t, raw, 256, b.NewStringArray())
}

// sameWords holds the words that a file's first column is read as by indices against those
// that it was made of, and returns the dictionaries.
func sameWords(t *testing.T, raw []byte, batch int64, want *array.String) map[arrow.ArrayData]bool {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r, err := parquetfile.NewReader(f, batch)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	r.Index()
	if id := r.Schema().Field(0).Type.ID(); id != arrow.DICTIONARY {
		t.Fatalf("the words come as %s", id)
	}
	at, dicts := 0, map[arrow.ArrayData]bool{}
	for _, rec := range drain(t, r) {
		if err := array.ValidateRecordFull(rec); err != nil {
			t.Fatal(err)
		}
		d := rec.Column(0).(*array.Dictionary)
		dicts[d.Dictionary().Data()] = true
		nulls := 0
		for i := range d.Len() {
			if d.IsNull(i) != want.IsNull(at) || !want.IsNull(at) && d.ValueStr(i) != want.Value(at) {
				t.Fatalf("row %d: %s, want %s", at, d.ValueStr(i), want.ValueStr(at))
			}
			if at++; d.IsNull(i) {
				nulls++
			}
		}
		if d.NullN() != nulls {
			t.Fatalf("says %d nulls, has %d", d.NullN(), nulls)
		}
	}
	if at != want.Len() {
		t.Errorf("%d rows, want %d", at, want.Len())
	}
	return dicts
}
