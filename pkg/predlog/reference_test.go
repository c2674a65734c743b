package predlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/klauspost/compress/gzip"

	"github.com/leadsman/leadsman/pkg/table"
)

func reference(t testing.TB, name, text string, o ReferenceOptions) (rows []map[string]any, schema *arrow.Schema, s Summary) {
	t.Helper()
	s, err := ReferenceFrom(name, strings.NewReader(text), o, func(rec arrow.RecordBatch) error {
		rows, schema = append(rows, rowsOf(t, rec)...), rec.Schema()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, schema, s
}

func describe(s *arrow.Schema) string {
	var list []string
	for _, f := range s.Fields() {
		kind := "text"
		if f.Type.ID() == arrow.FLOAT64 {
			kind = "number"
		}
		d := f.Name + " " + kind + " " + string(table.RoleOf(f))
		if m, ok := f.Metadata.GetValue(table.KeySample); ok {
			d += " " + m
		}
		list = append(list, d)
	}
	return strings.Join(list, ", ")
}

func TestReferenceCSV(t *testing.T) {
	csv := "\ufeff,n,mixed,none,big,note,score,y,who\r\n" +
		"0,1.5,1,,9007199254740993,\"" + strings.Repeat("long, ", 20) + "\",0.25,1,7\r\n" +
		"1,,x,,1,\"two\nlines\",0.5,0,8\r\n"
	rows, schema, s := reference(t, "ref.csv", csv, ReferenceOptions{Target: "y", ID: "who", InSample: true})
	// 120 and 9 characters: more than 60 on average.
	if d, want := describe(schema), "score number score in_sample, n number feature, mixed text feature, big text feature, note text text, y number target, who text id"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	want := []map[string]any{
		{"n": 1.5, "mixed": "1", "big": "9007199254740993", "note": strings.Repeat("long, ", 20), "score": 0.25, "y": 1.0, "who": "7"},
		{"mixed": "x", "big": "1", "note": "two\nlines", "score": 0.5, "y": 0.0, "who": "8"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	if fmt.Sprint(s.Empty) != "[none]" || fmt.Sprint(s.Unknown) != "[{ 2}]" {
		t.Errorf("%+v", s)
	}

	_, schema, _ = reference(t, "stdin", "a\n007\n8\n", ReferenceOptions{Columns: []Pin{{"a", "category"}}})
	if d := describe(schema); d != "a text feature" {
		t.Errorf("pinned: %s", d)
	}
	rows, schema, _ = reference(t, "stdin", "a,b\n", ReferenceOptions{})
	if len(rows) != 0 || schema.NumFields() != 0 {
		t.Errorf("no rows: %v, %v", rows, schema)
	}
}

// A reference is whole but for one line in a hundred.
func TestReferenceTooBad(t *testing.T) {
	for _, test := range []struct {
		good, bad int
		want      string
	}{
		{99, 1, ""},
		{98, 1, "ref.csv:2: wrong number of fields; 1 of 99 lines are bad, more than 1 %"},
		{0, 3, "ref.csv:2: wrong number of fields; all 3 lines are bad"},
	} {
		text := "a,b\n" + strings.Repeat("1\n", test.bad) + strings.Repeat("1,2\n", test.good)
		s, err := ReferenceFrom("ref.csv", strings.NewReader(text), ReferenceOptions{}, func(arrow.RecordBatch) error { return nil })
		if got := fmt.Sprint(err); got != test.want && (err != nil || test.want != "") {
			t.Errorf("%d and %d: %s", test.good, test.bad, got)
		}
		if s.Bad != int64(test.bad) || s.Rows != int64(test.good) {
			t.Errorf("%d and %d: %+v", test.good, test.bad, s)
		}
	}
}

// Excel writes semicolons where the comma is decimal, databases write tabs.
func TestSeparators(t *testing.T) {
	for _, test := range []struct{ text, schema string }{
		{"a;\"b;, c\";score\n1;x,y;0.5\n", "score number score held_out, a number feature, b;, c text feature"},
		{"a\tb;\tscore\n1\tx;y\t0.5\n", "score number score held_out, a number feature, b; text feature"},
		{"a;b,c;d\n1,2\n", "a;b number feature, c;d number feature"},
		{"a\n1;2\n", "a text feature"},
	} {
		_, schema, s := reference(t, "ref.csv", test.text, ReferenceOptions{})
		if d := describe(schema); d != test.schema || s.Rows != 1 {
			t.Errorf("%q: %s, %+v", test.text, d, s)
		}
	}
	d := NewDecoder(Options{Kind: Predictions}, func(rec arrow.RecordBatch) error {
		if rec.NumRows() != 1 {
			t.Errorf("%d rows", rec.NumRows())
		}
		return nil
	})
	if err := d.From("stdin", strings.NewReader("timestamp;score\n2026-03-01T12:00:00Z;0.5\n")); err != nil {
		t.Error(err)
	}
	if _, err := d.Close(); err != nil {
		t.Error(err)
	}
}

// The words are those of pandas 3.1's documentation of read_csv, na_values.
func TestMissing(t *testing.T) {
	text := "n,c\n"
	words := []string{"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}
	for _, w := range words {
		text += w + ",\"" + w + "\"\n"
	}
	rows, schema, s := reference(t, "ref.csv", text+"1,na\n", ReferenceOptions{})
	if d := describe(schema); d != "n number feature, c text feature" || s.TypeErrors != 0 || s.Rows != 20 {
		t.Errorf("%s, %+v", d, s)
	}
	for i, row := range rows {
		if want := map[bool]string{true: "map[]", false: "map[c:na n:1]"}[i < len(words)]; fmt.Sprint(row) != want {
			t.Errorf("row %d: %v", i, row)
		}
	}
}

// A score that is no number spoils its row, so that a column of words under that
// name is no reference's score.
func TestReferenceScoreOfText(t *testing.T) {
	const row = `{"score":"high"}` + "\n"
	for name, text := range map[string]string{"ref.csv": "score,a\nhigh,1\nlow,2\n", "ref.jsonl": row + row} {
		_, err := ReferenceFrom(name, strings.NewReader(text), ReferenceOptions{}, func(arrow.RecordBatch) error { return nil })
		if err == nil || !strings.HasSuffix(err.Error(), ": score: want a number; all 2 lines are bad") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if rows, _, s := reference(t, "ref.csv", "score,a\n,1\nNaN,2\n", ReferenceOptions{}); len(rows) != 2 || s.Bad != 0 {
		t.Errorf("without scores: %+v", s)
	}
}

// A stray quote takes all the lines along that it swallows.
func TestStrayQuotes(t *testing.T) {
	rows := func(n int) string { return strings.Repeat("1,x\n", n) }
	read := func(text string) (Summary, error) {
		return ReferenceFrom("ref.csv", strings.NewReader("a,b\n"+text), ReferenceOptions{}, func(arrow.RecordBatch) error { return nil })
	}
	if _, err := read(rows(99) + "1,\"x\n" + rows(400)); fmt.Sprint(err) != "ref.csv:101: a quote is not closed" {
		t.Errorf("to the end: %v", err)
	}
	// It is closed, wrongly, by the quote of line 106.
	s, err := read(rows(99) + "1,\"x\n" + rows(4) + "2,\"y\"\n" + rows(2000))
	if err != nil || s.Lines != 2105 || s.Bad != 6 || fmt.Sprint(s.Rejects) != "[{ref.csv stray quote 1 101}]" {
		t.Errorf("to the next quote: %+v, %v", s, err)
	}
	s, err = read(rows(200) + "1,\"x")
	if err != nil || s.Bad != 1 || s.Rows != 200 {
		t.Errorf("in the last line: %+v, %v", s, err)
	}
	if s, err = read("1,\"two\nlines\"\n" + rows(3)); err != nil || s.Lines != 4 || s.Bad != 0 {
		t.Errorf("a text of two lines: %+v, %v", s, err)
	}
}

// The JSON forms: flat rows, and a prediction log taken as reference.
func TestReferenceJSON(t *testing.T) {
	flat := `{"n":1,"c":"x","score":0.5,"y":true}` + "\n" + `{"n":2,"c":"` + strings.Repeat("y", 200) + `"}` + "\n"
	_, schema, _ := reference(t, "ref.jsonl", flat, ReferenceOptions{Target: "y"})
	if d, want := describe(schema), "score number score held_out, n number feature, c text text, y text target"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	_, schema, _ = reference(t, "ref.jsonl", predictionLine(`{"n":1}`), ReferenceOptions{})
	if d, want := describe(schema), "timestamp text timestamp, score number score held_out, label text label, inference_ms number latency, model_version text version, n number feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
}

func TestReferenceArrow(t *testing.T) {
	mem := memory.DefaultAllocator
	i := array.NewInt64Builder(mem)
	i.AppendValues([]int64{1, 1 << 53, 1<<53 + 1, 4}, []bool{true, true, true, false})
	f := array.NewFloat32Builder(mem)
	f.AppendValues([]float32{0.5, float32(math.NaN()), 1, 2}, nil)
	b := array.NewBooleanBuilder(mem)
	b.AppendValues([]bool{true, false, true, false}, nil)
	at := array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Millisecond})
	at.AppendValues([]arrow.Timestamp{1000, 2000, 3000, 4500}, nil)
	s := array.NewLargeStringBuilder(mem)
	s.AppendValues([]string{"a", "b", "c", ""}, []bool{true, true, true, false})
	l := array.NewListBuilder(mem, arrow.PrimitiveTypes.Int64)
	for range 4 {
		l.AppendNull()
	}
	inner := array.NewStructArray
	in, err := inner([]arrow.Array{f.NewArray()}, []string{"f"})
	if err != nil {
		t.Fatal(err)
	}
	cols := []arrow.Array{i.NewArray(), in, b.NewArray(), at.NewArray(), s.NewArray(), l.NewArray()}
	names := []string{"i", "in", "b", "timestamp", "s", "l"}
	fields := make([]arrow.Field, len(cols))
	for j := range fields {
		fields[j] = arrow.Field{Name: names[j], Type: cols[j].DataType(), Nullable: true}
	}
	rec := array.NewRecordBatch(arrow.NewSchema(fields, nil), cols, 4)
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if err := w.Write(array.NewRecordBatch(table.Named("reference", rec.Schema()), cols, 4)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, schema, sum := reference(t, "ref.arrows", out.String(), ReferenceOptions{})
	if d, want := describe(schema), "timestamp text timestamp, i number feature, f number feature, b text feature, s text feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	want := []map[string]any{
		{"i": 1.0, "f": 0.5, "b": "true", "timestamp": "1970-01-01T00:00:01Z", "s": "a"},
		{"i": float64(1 << 53), "b": "false", "timestamp": "1970-01-01T00:00:02Z", "s": "b"},
		{"f": 1.0, "b": "true", "timestamp": "1970-01-01T00:00:03Z", "s": "c"},
		{"f": 2.0, "b": "false", "timestamp": "1970-01-01T00:00:04.5Z"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	if s := fmt.Sprint(sum.Rejects); s != "[{ref.arrows value: column i: integer beyond 2^53 1 3}]" {
		t.Errorf("rejects %s", s)
	}
}

// Unsigned integers that int64 does not hold keep their digits in an id.
func TestUnsignedID(t *testing.T) {
	b := array.NewUint64Builder(memory.DefaultAllocator)
	b.AppendValues([]uint64{1<<64 - 1, 1<<63 + 1, 7}, nil)
	schema := table.Named("reference", arrow.NewSchema([]arrow.Field{{Name: "who", Type: arrow.PrimitiveTypes.Uint64, Nullable: true}}, nil))
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if err := errors.Join(w.Write(array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 3)), w.Close()); err != nil {
		t.Fatal(err)
	}
	rows, _, _ := reference(t, "ref.arrows", out.String(), ReferenceOptions{ID: "who"})
	if s, want := fmt.Sprint(rows), "[map[who:18446744073709551615] map[who:9223372036854775809] map[who:7]]"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	rows, _, sum := reference(t, "ref.arrows", out.String(), ReferenceOptions{})
	if s := fmt.Sprint(rows, sum.Rejects); s != "[map[] map[] map[who:7]] [{ref.arrows value: column who: integer beyond 2^53 2 1 2}]" {
		t.Errorf("as numbers: %s", s)
	}
}

// A row that lacks several names the first, as a line does, and a bundle without
// the table is named.
func TestMissingInTables(t *testing.T) {
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.AppendNull()
	schema := table.Named("predictions", arrow.NewSchema([]arrow.Field{{Name: "score", Type: arrow.PrimitiveTypes.Float64, Nullable: true}}, nil))
	var rows, empty bytes.Buffer
	w := table.NewWriter(&rows)
	if err := errors.Join(w.Write(array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 1)), w.Close(), table.NewWriter(&empty).Close()); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(Options{Kind: Predictions}, func(arrow.RecordBatch) error { return nil })
	if err := d.From("log.arrows", &empty); err == nil || err.Error() != "log.arrows: has no table predictions" {
		t.Errorf("an empty bundle: %v", err)
	}
	if err := d.From("log.arrows", &rows); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Close(); err != nil || fmt.Sprint(s.Rejects) != "[{log.arrows missing timestamp 1 1}]" {
		t.Errorf("%v, %v", s.Rejects, err)
	}
}

// A table that leadsman wrote reads back the same.
func TestTablesAgain(t *testing.T) {
	log := predictionLine(`{"n":1,"c":"x","who":"a","note":"free"}`) + predictionLine(`{"n":null,"c":null,"late":2}`)
	o := Options{Kind: Predictions, ID: "who", Columns: []Pin{{"note", "text"}}}
	var bundle bytes.Buffer
	w := table.NewWriter(&bundle)
	d := NewDecoder(o, w.Write)
	if err := d.From("log", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	first := decode(t, o, strings.NewReader(log))
	var rows []map[string]any
	var schema *arrow.Schema
	d = NewDecoder(Options{Kind: Predictions}, func(rec arrow.RecordBatch) error {
		rows, schema = append(rows, rowsOf(t, rec)...), rec.Schema()
		return nil
	})
	if err := d.From("log.arrows", &bundle); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(rows) != fmt.Sprint(first.rows) {
		t.Errorf("got  %v\nwant %v", rows, first.rows)
	}
	if describe(schema) != describe(first.schema) {
		t.Errorf("got  %s\nwant %s", describe(schema), describe(first.schema))
	}
}

// A reference keeps saying that its scores are in sample.
func TestInSampleAgain(t *testing.T) {
	var bundle bytes.Buffer
	w := table.NewWriter(&bundle)
	if _, err := ReferenceFrom("ref.csv", strings.NewReader("score,n\n0.5,1\n"), ReferenceOptions{InSample: true}, w.Write); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, schema, _ := reference(t, "ref.arrows", bundle.String(), ReferenceOptions{})
	if d, want := describe(schema), "score number score in_sample, n number feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"x.jsonl", "x.jsonl.1", "x.jsonl.2.gz", "x.jsonl.10.zst", "y.jsonl", "y.jsonl-20260301", "y.jsonl-20260302.gz", "z-2026-03-02.jsonl", "z-2026-03-01.jsonl", "odd[1].jsonl"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for operands, want := range map[string]string{
		"x.jsonl*":              "x.jsonl.10.zst x.jsonl.2.gz x.jsonl.1 x.jsonl",
		"x.jsonl x.jsonl.1":     "x.jsonl.1 x.jsonl",
		"y.jsonl*":              "y.jsonl-20260301 y.jsonl-20260302.gz y.jsonl",
		"z-*.jsonl":             "z-2026-03-01.jsonl z-2026-03-02.jsonl",
		"y.jsonl x.jsonl.1 y.*": "y.jsonl-20260301 y.jsonl-20260302.gz y.jsonl y.jsonl x.jsonl.1",
		"odd[1].jsonl":          "odd[1].jsonl",
		"none.jsonl":            "none.jsonl", // opening it will say so
	} {
		var list []string
		for _, o := range strings.Fields(operands) {
			list = append(list, filepath.Join(dir, o))
		}
		got, err := Files(list)
		if err != nil {
			t.Fatal(err)
		}
		if s := strings.ReplaceAll(strings.Join(got, " "), dir+string(filepath.Separator), ""); s != want {
			t.Errorf("%s:\ngot  %s\nwant %s", operands, s, want)
		}
	}
	for operand, want := range map[string]string{"none*": "none*: no file matches", "[": "[: bad pattern"} {
		if _, err := Files([]string{operand}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", operand, err)
		}
	}
}

// A packed log of many blocks is the log; a reader that stops early leaves no
// goroutine waiting.
func TestPacked(t *testing.T) {
	var log []byte
	for i := range 20_000 {
		log = AppendPrediction(log, Prediction{Score: float64(i), Input: []Field{{"t", StringValue(fmt.Sprintf("%x", i*i*i))}}})
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(log); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	read := func(data []byte, fail error) (rows []map[string]any, err error) {
		d := NewDecoder(Options{Kind: Predictions}, func(rec arrow.RecordBatch) error {
			rows = append(rows, rowsOf(t, rec)...)
			return fail
		})
		d.limit = 1000
		if err := d.From("log", bytes.NewReader(data)); err != nil {
			return nil, err
		}
		_, err = d.Close()
		return rows, err
	}
	want, err := read(log, nil)
	if err != nil || len(want) != 20_000 {
		t.Fatal(len(want), err)
	}
	got, err := read(packed.Bytes(), nil)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d rows, %v", len(got), err)
	}
	before := runtime.NumGoroutine()
	if _, err := read(packed.Bytes(), errors.New("full")); err == nil || err.Error() != "full" {
		t.Errorf("got %v", err)
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines, %d before", now, before)
	}
	for _, cut := range []int{3, 20, packed.Len() / 2, packed.Len() - 1} {
		if _, err := read(packed.Bytes()[:cut], nil); err == nil || err.Error() != "log: the compressed file is cut short" {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

func TestNoLog(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(predictionLine("{}"))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		packed.String() + "this is no gzip at all": "log: behind the compressed data is something else",
		"\xff\xfe{\x00": "log: is UTF-16: want UTF-8",
		"\xfe\xff\x00{": "log: is UTF-16: want UTF-8",
	} {
		d := NewDecoder(Options{Kind: Predictions}, func(arrow.RecordBatch) error { return nil })
		if err := d.From("log", strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
}

// A quote that is never closed does not take the whole file into memory.
func TestLongRecord(t *testing.T) {
	_, err := ReferenceFrom("x.csv", io.MultiReader(strings.NewReader("a,b\n1,\""), io.LimitReader(endless{}, 100<<20)), ReferenceOptions{}, func(arrow.RecordBatch) error { return nil })
	if err == nil || err.Error() != "x.csv: record longer than 16 MiB: is a quote not closed?" {
		t.Errorf("got %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// An error of emit comes back as it is, without the name of the source.
func TestEmitError(t *testing.T) {
	for _, text := range []string{strings.Repeat(predictionLine(`{"n":1}`), batchRows+1), "score\n" + strings.Repeat("1\n", batchRows+1)} {
		want := fmt.Errorf("disk full")
		d := NewDecoder(Options{Kind: References}, func(arrow.RecordBatch) error { return want })
		if err := d.From("x", strings.NewReader(text)); err == nil || err.Error() != "disk full" {
			t.Errorf("got %v", err)
		}
	}
}

// Whatever the bytes of a file, there are rows or an error, and no panic.
func FuzzFile(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\n"), uint8(2))
	f.Add([]byte("timestamp,score\n2026-03-01T12:00:00Z,1\n"), uint8(0))
	f.Add([]byte(predictionLine(`{"n":1}`)), uint8(0))
	f.Add([]byte("0\n\"0"), uint8(2))
	f.Add([]byte("\x1f\x8b\x08\x00"), uint8(1))
	f.Add([]byte("PAR1PAR1"), uint8(2))
	f.Add([]byte("\x28\xb5\x2f\xfd"), uint8(1))
	f.Add([]byte("\xff\xff\xff\xff\x10\x00\x00\x00"), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		kind := []LogKind{Predictions, Requests, References}[which%3]
		rows := int64(0)
		d := NewDecoder(Options{Kind: kind, ID: "id", Target: "y"}, func(rec arrow.RecordBatch) error {
			rows += rec.NumRows()
			return array.ValidateRecordFull(rec)
		})
		start := time.Now()
		err := d.From("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		s, err := d.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s.Rows != rows || s.Rows+s.Bad != s.Lines {
			t.Fatalf("%d rows out, %+v", rows, s)
		}
		if e := time.Since(start); e > 20*time.Second {
			t.Fatalf("took %v", e)
		}
	})
}
