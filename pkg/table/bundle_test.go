package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/table/frame"
)

type row struct {
	Name string    `table:"name" doc:"who"`
	Note string    `table:"note,null"`
	N    int64     `table:"n"`
	X    float64   `table:"x,null" unit:"ms"`
	Yes  bool      `table:"yes"`
	At   time.Time `table:"at"`
}

var rows = []row{
	{"a", "", 1, 0.5, true, time.Date(2026, 1, 5, 6, 7, 8, 9000, time.UTC)},
	{"é\U0001F600", "n", math.MaxInt64, math.NaN(), false, time.Time{}},
	{"", "x\ny", -1, math.Inf(1), true, time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)},
}

func TestEncodeDecode(t *testing.T) {
	rec := table.Encode("things", rows)
	got, err := table.Decode[row](rec)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(got[1].X) || !math.IsNaN(got[2].X) {
		t.Errorf("x = %v, %v; want NaN for NaN and for an infinity, which JSON cannot hold", got[1].X, got[2].X)
	}
	for i := range got { // NaN differs from itself
		if math.IsNaN(got[i].X) {
			got[i].X = 0
		}
	}
	want := append([]row(nil), rows...)
	want[1].X, want[2].X = 0, 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if name := table.NameOf(rec.Schema()); name != "things" {
		t.Errorf("name = %q", name)
	}
}

func TestDecodeRefusesAnotherType(t *testing.T) {
	type other struct {
		X string `table:"x"`
	}
	_, err := table.Decode[row](table.Encode("things", []other{{"text"}}))
	if err == nil || err.Error() != "table things: column x: want numbers, got utf8" {
		t.Errorf("error = %v", err)
	}
}

// read returns the rows of every table of a bundle.
func read(r *table.Reader) (map[string]int64, error) {
	got := map[string]int64{}
	for r.Next() {
		got[r.Table()] += r.Batch().NumRows()
	}
	return got, r.Err()
}

// bundle holds two tables of rows, one of dictionaries and one without rows,
// in five streams.
func bundle(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	for _, rec := range []arrow.RecordBatch{
		table.Encode("first", rows), table.Encode("first", rows),
		dictionary("words", "a", "b", "a"), dictionary("words", "c", "c"),
		table.Encode[row]("none", nil),
		table.Encode("first", rows[:1]),
	} {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func dictionary(name string, words ...string) arrow.RecordBatch {
	dt := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := table.Named(name, arrow.NewSchema([]arrow.Field{table.Field("word", dt, table.Feature)}, nil))
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, w := range words {
		if err := b.Field(0).(*array.BinaryDictionaryBuilder).AppendString(w); err != nil {
			panic(err)
		}
	}
	return b.NewRecordBatch()
}

var bundleRows = map[string]int64{"first": 7, "words": 5, "none": 0}

func TestBundle(t *testing.T) {
	whole := bundle(t)
	got, err := read(table.NewReader("x", bytes.NewReader(whole)))
	if err != nil || !reflect.DeepEqual(got, bundleRows) {
		t.Fatalf("got %v, %v; want %v", got, err, bundleRows)
	}
	twice := append(append([]byte(nil), whole...), whole...)
	got, err = read(table.NewReader("x", bytes.NewReader(twice)))
	if err != nil || got["first"] != 14 || got["words"] != 10 {
		t.Errorf("cat of two bundles gives %v, %v", got, err)
	}
}

// A bundle cut anywhere is refused, also between two batches and between two
// tables, and so are two bundles of which the second is cut.
func TestCutAtEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("every byte takes seconds")
	}
	whole := bundle(t)
	for n := range whole {
		got, err := read(table.NewReader("x", bytes.NewReader(whole[:n])))
		if err == nil {
			t.Fatalf("cut after %d of %d bytes: no error, tables %v", n, len(whole), got)
		}
		if !strings.HasPrefix(err.Error(), "x: ") {
			t.Fatalf("cut after %d bytes: error %q does not name the input", n, err)
		}
		if n == 0 && !strings.HasSuffix(err.Error(), ": is empty: want an Arrow stream or a Parquet file") || n > 0 && !errors.Is(err, frame.ErrCut) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		if n == 0 {
			continue
		}
		twice := append(append([]byte(nil), whole...), whole[:n]...)
		if got, err := read(table.NewReader("x", bytes.NewReader(twice))); err == nil {
			t.Fatalf("second bundle cut after %d bytes: no error, tables %v", n, got)
		}
	}
}

// A lost table or a lost batch in the middle is seen by the closing list.
func TestLostStream(t *testing.T) {
	var one, two bytes.Buffer
	w := table.NewWriter(&one)
	if err := w.Write(table.Encode("first", rows)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = table.NewWriter(&two)
	for _, name := range []string{"first", "second"} {
		if err := w.Write(table.Encode(name, rows)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// Both bundles begin with the same stream `first`; what follows it in one
	// lists `first` alone, in two it is `second` and the list of both.
	common := 0
	for one.Bytes()[common] == two.Bytes()[common] {
		common++
	}
	closing := one.Bytes()[common&^7:]
	second := two.Bytes()[common&^7:]
	at := bytes.Index(second, []byte("leadsman.end"))
	if at < 0 {
		t.Fatal("no closing list")
	}
	for _, c := range []struct {
		name  string
		bytes []byte
	}{
		{"no first table", closing},
		{"batch changed", bytes.Replace(two.Bytes(), []byte(`"first":3`), []byte(`"first":4`), 1)},
		{"table renamed", bytes.Replace(two.Bytes(), []byte(`"first":3`), []byte(`"frist":3`), 1)},
	} {
		if got, err := read(table.NewReader("x", bytes.NewReader(c.bytes))); err == nil {
			t.Errorf("%s: no error, tables %v", c.name, got)
		}
	}
}

// Whatever is flipped, the reader returns: an error or the right tables.
func TestFlippedBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("every byte takes seconds")
	}
	whole := bundle(t)
	for i := range whole {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			damaged := append([]byte(nil), whole...)
			damaged[i] ^= flip
			r := table.NewReader("x", bytes.NewReader(damaged))
			for r.Next() {
				touch(r.Batch())
			}
			r.Close()
		}
	}
}

// touch reads every value, which panics on arrays that point outside.
func touch(rec arrow.RecordBatch) {
	for _, col := range rec.Columns() {
		for i := range col.Len() {
			_ = col.ValueStr(i)
		}
	}
}

func FuzzReader(f *testing.F) {
	whole := bundle(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("PAR1 and no more"))
	f.Add([]byte("ARROW1\x00\x00"))
	others, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range others {
		whole, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := table.NewReader("x", bytes.NewReader(b))
		r.Plain = "plain"
		defer r.Close()
		for r.Next() {
			touch(r.Batch())
			readable, _ := table.Readable(r.Batch())
			touch(readable)
		}
	})
}

func TestPlainStream(t *testing.T) {
	var buf bytes.Buffer
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.PrimitiveTypes.Float64}}, nil)
	w := ipc.NewWriter(&buf, ipc.WithSchema(schema))
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	b.Field(0).(*array.Float64Builder).AppendValues([]float64{1, 2}, nil)
	if err := w.Write(b.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := table.NewReader("x", bytes.NewReader(buf.Bytes()))
	if _, err := read(r); err == nil || err.Error() != "x: a table without a name: say what it is with --table" {
		t.Errorf("error = %v", err)
	}
	r = table.NewReader("x", bytes.NewReader(buf.Bytes()))
	r.Plain = "predictions"
	if got, err := read(r); err != nil || got["predictions"] != 2 {
		t.Errorf("got %v, %v", got, err)
	}
	for n := 1; n < buf.Len(); n++ {
		r := table.NewReader("x", bytes.NewReader(buf.Bytes()[:n]))
		r.Plain = "predictions"
		if got, err := read(r); err == nil {
			t.Fatalf("plain stream cut after %d of %d bytes: no error, tables %v", n, buf.Len(), got)
		}
	}
}

// A stream without a name needs no place on the list of a bundle beside it.
func TestPlainBesideBundle(t *testing.T) {
	var plain bytes.Buffer
	v := table.NewView(&plain, "first", "arrow")
	if err := v.Write(table.Encode("first", rows)); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	whole := bundle(t)
	for name, both := range map[string][]byte{
		"before": append(append([]byte(nil), plain.Bytes()...), whole...),
		"behind": append(append([]byte(nil), whole...), plain.Bytes()...),
	} {
		r := table.NewReader("x", bytes.NewReader(both))
		r.Plain = "first"
		if got, err := read(r); err != nil || got["first"] != 10 { // 3 and the bundle's 7
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestNotABundle(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "x: is empty: want an Arrow stream or a Parquet file",
		`{"timestamp":"2026"}`:         "x: holds JSON, not Arrow: pass logs through ingest first",
		"a,b\n1,2\n":                   "x: is neither an Arrow stream nor a Parquet file",
		"\x1f\x8b\x08\x00\x00\x00\x00": "x: is compressed: want an Arrow stream or a Parquet file (ingest reads compressed logs)",
	} {
		_, err := read(table.NewReader("x", strings.NewReader(text)))
		if err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestParquetDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d, err := table.NewParquetDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range []arrow.RecordBatch{table.Encode("first", rows), dictionary("words", "a", "b"), dictionary("words", "c"), table.Encode("first", rows[:1]), table.Encode[row]("none", nil)} {
		if err := d.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if visible, _ := filepath.Glob(filepath.Join(dir, "*.parquet")); len(visible) != 0 {
		t.Errorf("before Close there is %v", visible)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("entries %v, %v; want three files and no leftovers", entries, err)
	}
	got, err := read(table.Open(table.Input{Name: dir}))
	if want := map[string]int64{"first": 4, "words": 3, "none": 0}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	f, err := os.Open(filepath.Join(dir, "first.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// Like a pipe, it cannot be sought, and the file's name is not known.
	r := table.NewReader("stdin", struct{ io.Reader }{f})
	if !r.Next() {
		t.Fatal(r.Err())
	}
	back, err := table.Decode[row](r.Batch())
	if err != nil || len(back) != 4 || back[1].Name != rows[1].Name || back[0].At != rows[0].At || back[1].N != math.MaxInt64 {
		t.Errorf("got %v, %v", back, err)
	}
}

// A column that appears late is null in the rows before it.
func TestParquetDirWidens(t *testing.T) {
	type narrow struct {
		X int64 `table:"x"`
	}
	type wide struct {
		X int64  `table:"x"`
		Y string `table:"y"`
	}
	dir := t.TempDir()
	d, err := table.NewParquetDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range []arrow.RecordBatch{table.Encode("t", []narrow{{1}}), table.Encode("t", []wide{{2, "b"}}), table.Encode("t", []narrow{{3}})} {
		if err := d.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	r := table.Open(table.Input{Name: dir})
	var got []wide
	var nulls int
	for r.Next() {
		rows, err := table.Decode[wide](r.Batch())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rows...)
		nulls += r.Batch().Column(1).NullN()
	}
	if want := []wide{{1, ""}, {2, "b"}, {3, ""}}; r.Err() != nil || !reflect.DeepEqual(got, want) || nulls != 2 {
		t.Errorf("got %v with %d nulls, %v; want %v with 2", got, nulls, r.Err(), want)
	}
}

func TestParquetDirAbort(t *testing.T) {
	dir := t.TempDir()
	d, err := table.NewParquetDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(table.Encode("first", rows)); err != nil {
		t.Fatal(err)
	}
	d.Abort()
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("Abort leaves %v", entries)
	}
}

func TestView(t *testing.T) {
	for format, want := range map[string]string{
		"jsonl": `{"name":"a","note":null,"n":1,"x":0.5,"yes":true,"at":"2026-01-05T06:07:08.000009Z"}
{"name":"é😀","note":"n","n":9223372036854775807,"x":null,"yes":false,"at":null}
{"name":"","note":"x\ny","n":-1,"x":null,"yes":true,"at":"1969-12-31T00:00:00Z"}
`,
		"csv": "name,note,n,x,yes,at\na,,1,0.5,true,2026-01-05T06:07:08.000009Z\né😀,n,9223372036854775807,,false,\n,\"x\ny\",-1,,true,1969-12-31T00:00:00Z\n",
	} {
		var buf bytes.Buffer
		v := table.NewView(&buf, "things", format)
		for _, rec := range []arrow.RecordBatch{dictionary("words", "a"), table.Encode("things", rows)} {
			if err := v.Write(rec); err != nil {
				t.Fatal(err)
			}
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		if buf.String() != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, buf.String(), want)
		}
	}
}

func TestViewOfArrowIsPlain(t *testing.T) {
	for _, format := range []string{"arrow", "parquet"} {
		var buf bytes.Buffer
		v := table.NewView(&buf, "things", format)
		if err := v.Write(table.Encode("things", rows)); err != nil {
			t.Fatal(err)
		}
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		r := table.NewReader("x", &buf)
		r.Plain = "things"
		if got, err := read(r); err != nil || got["things"] != 3 {
			t.Errorf("%s: got %v, %v", format, got, err)
		}
	}
}

func TestViewOfNothing(t *testing.T) {
	err := table.NewView(io.Discard, "things", "csv").Close()
	if err == nil || err.Error() != "table things: is not in the output" {
		t.Errorf("error = %v", err)
	}
}

func BenchmarkReader(b *testing.B) {
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	many := make([]row, 1<<16)
	for i := range many {
		many[i] = row{Name: fmt.Sprint(i), N: int64(i), X: float64(i)}
	}
	for range 4 {
		if err := w.Write(table.Encode("t", many)); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(table.NewReader("x", bytes.NewReader(buf.Bytes()))); err != nil {
			b.Fatal(err)
		}
	}
}

// A bit that flips in a bundle is noticed, whatever it means; streams of other programs
// may stand between those of ours.
func TestBundleIsHeldToItsDigest(t *testing.T) {
	var raw bytes.Buffer
	w := table.NewWriter(&raw)
	for _, name := range []string{"a", "b"} {
		if err := w.Write(table.Encode(name, rows)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	key := bytes.Index(raw.Bytes(), []byte("xxh3"))
	taken := 0
	for at := range raw.Len() {
		damaged := bytes.Clone(raw.Bytes())
		damaged[at] ^= 1 << (at % 8)
		if _, err := read(table.NewReader("x", bytes.NewReader(damaged))); err == nil {
			// What the closing stream holds beside its list has no meaning, nor has
			// padding there, and a flipped key is no digest at all.
			if at < bytes.LastIndex(raw.Bytes(), []byte("leadsman.end"))-400 {
				t.Errorf("byte %d of %d, digest at %d", at, raw.Len(), key)
			}
			taken++
		}
	}
	if taken > 300 {
		t.Errorf("%d bits of the closing stream are taken", taken)
	}
	var plain bytes.Buffer
	v := table.NewView(&plain, "c", "arrow")
	if err := errors.Join(v.Write(table.Encode("c", rows)), v.Close()); err != nil {
		t.Fatal(err)
	}
	r := table.NewReader("x", io.MultiReader(&plain, bytes.NewReader(raw.Bytes()), bytes.NewReader(raw.Bytes())))
	r.Plain = "c"
	if got, err := read(r); err != nil || got["a"] != int64(2*len(rows)) {
		t.Errorf("%v, %v", got, err)
	}
}
