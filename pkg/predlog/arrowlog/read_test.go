package arrowlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

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
	rows, schema, sum := logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{})
	if d, want := logtest.Describe(schema), "timestamp text timestamp, i number feature, f number feature, b text feature, s text feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
	want := []map[string]any{
		{"i": 1.0, "f": 0.5, "b": "true", "timestamp": "1970-01-01T00:00:01Z", "s": "a"},
		{"i": float64(1 << 53), "b": "false", "timestamp": "1970-01-01T00:00:02Z", "s": "b"},
		{"i": float64(1 << 53), "f": 1.0, "b": "true", "timestamp": "1970-01-01T00:00:03Z", "s": "c"},
		{"f": 2.0, "b": "false", "timestamp": "1970-01-01T00:00:04.5Z"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	if s := fmt.Sprint(sum.Rejects, sum.Typed[1]); s != "[] ref.arrows: column i is int64; read as float64, integers beyond 2^53 rounded" {
		t.Errorf("said %s", s)
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
	rows, _, _ := logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{Mapping: mapping.Options{ID: "who"}})
	if s, want := fmt.Sprint(rows), "[map[who:18446744073709551615] map[who:9223372036854775809] map[who:7]]"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	rows, _, sum := logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{})
	if s := fmt.Sprint(rows, sum.Rejects, sum.Typed); s != "[map[who:1.8446744073709552e+19] map[who:9.223372036854776e+18] map[who:7]] [] [ref.arrows: column who is uint64; read as float64, integers beyond 2^53 rounded]" {
		t.Errorf("as numbers: %s", s)
	}
}

// A table that leadsman wrote reads back the same.
func TestTablesAgain(t *testing.T) {
	log := logtest.Line(`{"n":1,"c":"x","who":"a","note":"free"}`) + logtest.Line(`{"n":null,"c":null,"late":2}`)
	o := mapping.Options{Kind: mapping.Predictions, ID: "who", Columns: []mapping.Pin{{Name: "note", Type: "text"}}}
	var bundle bytes.Buffer
	w := table.NewWriter(&bundle)
	d := predlog.NewDecoder(predlog.Options{Mapping: o}, w.Write)
	if err := d.From("log", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	first := logtest.Decode(t, o, strings.NewReader(log))
	var rows []map[string]any
	var schema *arrow.Schema
	d = predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(rec arrow.RecordBatch) error {
		rows, schema = append(rows, logtest.Rows(t, rec)...), rec.Schema()
		return nil
	})
	if err := d.From("log.arrows", &bundle); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(rows) != fmt.Sprint(first.Rows) {
		t.Errorf("got  %v\nwant %v", rows, first.Rows)
	}
	if logtest.Describe(schema) != logtest.Describe(first.Schema) {
		t.Errorf("got  %s\nwant %s", logtest.Describe(schema), logtest.Describe(first.Schema))
	}
}

// A reference keeps saying that its scores are in sample.
func TestInSampleAgain(t *testing.T) {
	var bundle bytes.Buffer
	w := table.NewWriter(&bundle)
	if _, err := predlog.ReferenceFrom("ref.csv", strings.NewReader("score,n\n0.5,1\n"), predlog.Options{InSample: true}, w.Write); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, schema, _ := logtest.Reference(t, "ref.arrows", bundle.String(), predlog.Options{})
	if d, want := logtest.Describe(schema), "score number score in_sample, n number feature"; d != want {
		t.Errorf("got  %s\nwant %s", d, want)
	}
}

// Predictions say nothing of the kind: the mark of another program's table goes.
func TestInSampleIsOfReferences(t *testing.T) {
	at := array.NewTimestampBuilder(memory.DefaultAllocator, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"})
	at.Append(1)
	x := array.NewFloat64Builder(memory.DefaultAllocator)
	x.Append(0.5)
	schema := table.Named("predictions", arrow.NewSchema([]arrow.Field{
		table.Field("timestamp", at.Type(), table.Timestamp), table.Field("score", x.Type(), table.Score, table.KeySample, "in_sample"),
	}, nil))
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if err := errors.Join(w.Write(array.NewRecordBatch(schema, []arrow.Array{at.NewArray(), x.NewArray()}, 1)), w.Close()); err != nil {
		t.Fatal(err)
	}
	text := ""
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(rec arrow.RecordBatch) error {
		text = logtest.Describe(rec.Schema())
		return nil
	})
	if err := d.From("log.arrows", &out); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Close(); err != nil || s.Rows != 1 || !strings.Contains(text, "score number score, ") {
		t.Errorf("%+v, %v, %s", s, err, text)
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
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(arrow.RecordBatch) error { return nil })
	if err := d.From("log.arrows", &empty); err == nil || err.Error() != "log.arrows: has no table predictions" {
		t.Errorf("an empty bundle: %v", err)
	}
	if err := d.From("log.arrows", &rows); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Close(); err != nil || fmt.Sprint(s.Rejects) != "[{log.arrows line  missing timestamp 1 1 }]" {
		t.Errorf("%v, %v", s.Rejects, err)
	}
}

// A named index of pandas is no feature, but may be mapped.
func TestFrameIndex(t *testing.T) {
	var cols []arrow.Array
	var fields []arrow.Field
	for _, name := range []string{"x", "customer"} {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.AppendValues([]float64{1, 2}, nil)
		cols, fields = append(cols, b.NewArray()), append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	}
	meta := arrow.NewMetadata([]string{"pandas"}, []string{`{"index_columns":["customer",{"kind":"range"}],"columns":[]}`})
	schema := table.Named("reference", arrow.NewSchema(fields, &meta))
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if err := errors.Join(w.Write(array.NewRecordBatch(schema, cols, 2)), w.Close()); err != nil {
		t.Fatal(err)
	}
	rows, _, sum := logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{})
	if s, want := fmt.Sprint(rows, sum.Typed), "[map[x:1] map[x:2]] [ref.arrows: column customer is the index of a pandas frame, which is no feature; left out]"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	rows, _, sum = logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{Mapping: mapping.Options{ID: "customer"}})
	if s, want := fmt.Sprint(rows, sum.Typed), "[map[customer:1 x:1] map[customer:2 x:2]] []"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	o := mapping.Options{Fields: map[string]mapping.Field{"score": {Path: "customer"}}}
	if rows, _, _ = logtest.Reference(t, "ref.arrows", out.String(), predlog.Options{Mapping: o}); fmt.Sprint(rows) != "[map[score:1 x:1] map[score:2 x:2]]" {
		t.Errorf("mapped: %v", rows)
	}
}
