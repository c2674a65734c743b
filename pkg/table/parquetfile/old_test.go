package parquetfile_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"github.com/pierrec/lz4/v4"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// rowsOf reads a file in batches of so many rows, as JSON.
func rowsOf(t *testing.T, raw []byte, rows int64) (*arrow.Schema, string) {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r, err := parquetfile.NewReader(f, rows)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	var out bytes.Buffer
	for r.Next() {
		if err := array.RecordToJSON(r.RecordBatch(), &out); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return r.Schema(), out.String()
}

// Times that pyarrow wrote as INT96, by ../testdata/make.py, in three row groups; also
// those that no nanosecond reaches.
func TestInt96(t *testing.T) {
	raw, err := os.ReadFile("../testdata/int96.parquet")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"at":"1600-01-01T00:00:00Z","in":null,"x":0}
{"at":null,"in":{"at":"1969-12-31T23:59:59.999999Z"},"x":1}
{"at":"1969-12-31T23:59:59.999999Z","in":{"at":null},"x":2}
{"at":"2026-01-05T06:07:08.000009Z","in":{"at":"2026-01-05T06:07:08.000009Z"},"x":3}
{"at":"9999-12-31T23:59:59Z","in":{"at":"1600-01-01T00:00:00Z"},"x":4}
`
	for _, rows := range []int64{1, 2, 3, 100} {
		if _, got := rowsOf(t, raw, rows); got != want {
			t.Errorf("batches of %d:\n%s\nwant\n%s", rows, got, want)
		}
	}
}

// A file packed with LZ4 as Hadoop frames it is read as pages of LZ4 are.
func TestHadoopLZ4(t *testing.T) {
	b := array.NewStringBuilder(mem)
	for i := range 5000 {
		b.Append(fmt.Sprint(i % 50))
	}
	sc := arrow.NewSchema([]arrow.Field{{Name: "s", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, sc, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Lz4), parquet.WithDictionaryDefault(false)))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(array.NewRecordBatch(sc, []arrow.Array{b.NewArray()}, 5000)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, got := rowsOf(t, out.Bytes(), 1000); strings.Count(got, "\n") != 5000 || !strings.HasSuffix(got, "{\"s\":\"49\"}\n") || out.Len() > 5000 {
		t.Errorf("%d rows of %d bytes", strings.Count(got, "\n"), out.Len())
	}
}

// Blocks by hand: two of them framed, and one without a frame as some writers have it.
func TestLZ4Blocks(t *testing.T) {
	codec, err := compress.GetCodec(compress.Codecs.Lz4)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Repeat("leadsman ", 20))
	block := make([]byte, 200)
	n, err := lz4.CompressBlock(text, block, nil)
	if err != nil {
		t.Fatal(err)
	}
	framed := append([]byte{0, 0, 0, byte(len(text)), 0, 0, 0, byte(n)}, block[:n]...)
	for name, c := range map[string]struct{ src, want []byte }{
		"one":      {framed, text},
		"two":      {append(bytes.Clone(framed), framed...), append(bytes.Clone(text), text...)},
		"unframed": {block[:n], text},
		"nothing":  {nil, nil},
	} {
		got, err := compress.Decode(codec, make([]byte, len(c.want)), c.src)
		if err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, src := range [][]byte{framed[:20], {0, 0, 0, 1}, bytes.Repeat([]byte{255}, 30)} {
		if got, err := compress.Decode(codec, make([]byte, len(text)), src); err == nil {
			t.Errorf("%v gives %q", src, got)
		}
	}
}

// A page without values may be packed into no bytes at all.
func TestEmptyPages(t *testing.T) {
	for _, c := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd, compress.Codecs.Lz4Raw, compress.Codecs.Lz4} {
		codec, err := compress.GetCodec(c)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := compress.Decode(codec, nil, nil); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", c, got, err)
		}
	}
}

// A list that is none costs its column, and not the file.
func TestUnreadable(t *testing.T) {
	item := schema.NewInt64Node("item", parquet.Repetitions.Required, -1)
	list, err := schema.NewGroupNodeLogical("odd", parquet.Repetitions.Required, schema.FieldList{item}, schema.NewListLogicalType(), -1)
	if err != nil {
		t.Fatal(err)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{list, schema.NewInt64Node("n", parquet.Repetitions.Required, -1)}, -1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := file.NewParquetWriter(&out, root)
	group, err := w.AppendRowGroupChecked()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c, err := group.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.(*file.Int64ColumnChunkWriter).WriteBatch([]int64{1, 2, 3}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sc, got := rowsOf(t, out.Bytes(), 2)
	why, _ := sc.Field(0).Metadata.GetValue(parquetfile.UnreadKey)
	if want := "{\"n\":1,\"odd\":null}\n{\"n\":2,\"odd\":null}\n{\"n\":3,\"odd\":null}\n"; got != want || why != "list odd: want one repeated child" {
		t.Errorf("%s, %q", got, why)
	}
}

// Whatever the bytes of a block, unpacking ends within the room that it has.
func FuzzLZ4(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 2, 16, 'a'})
	codec, err := compress.GetCodec(compress.Codecs.Lz4)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if got, err := compress.Decode(codec, make([]byte, 1<<10), src); err == nil && len(got) > 1<<10 {
			t.Fatalf("%d bytes", len(got))
		}
	})
}
