package arrowlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/logtest"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// streamOf is an Arrow stream of another program: columns by name, type and JSON.
func streamOf(t *testing.T, columns ...any) string {
	t.Helper()
	var fields []arrow.Field
	var cols []arrow.Array
	for i := 0; i < len(columns); i += 3 {
		a, _, err := array.FromJSON(memory.DefaultAllocator, columns[i+1].(arrow.DataType), strings.NewReader(columns[i+2].(string)))
		if err != nil {
			t.Fatal(err)
		}
		fields, cols = append(fields, arrow.Field{Name: columns[i].(string), Type: a.DataType(), Nullable: true}), append(cols, a)
	}
	schema := arrow.NewSchema(fields, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(array.NewRecordBatch(schema, cols, -1)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What a type is read as depends on what its column is for.
func TestTypes(t *testing.T) {
	money, key := &arrow.Decimal128Type{Precision: 12, Scale: 2}, &arrow.Decimal128Type{Precision: 38}
	log := streamOf(t,
		"timestamp", arrow.FixedWidthTypes.Date32, `["2026-01-05", "2026-01-06"]`,
		"score", money, `["0.25", "0.50"]`,
		"inference_ms", &arrow.DurationType{Unit: arrow.Microsecond}, `[1500, 2000]`,
		"lead", key, `["12345678901234567890123", "7"]`,
		"price", money, `["-12.30", null]`,
		"since", arrow.FixedWidthTypes.Date32, `["1970-01-03", null]`,
		"open", arrow.FixedWidthTypes.Time32s, `["01:00:00", null]`,
		"seen", &arrow.TimestampType{Unit: arrow.Millisecond}, `["1970-01-01 00:00:01.5", "9999-12-31 23:59:59"]`,
		"born", arrow.FixedWidthTypes.Date32, `["1990-05-01", null]`,
		"flag", arrow.FixedWidthTypes.Boolean, `[true, false]`,
		"none", arrow.Null, `[null, null]`,
		"embedding", arrow.ListOf(arrow.PrimitiveTypes.Float64), `[[1], [2]]`,
		"__index_level_0__", arrow.PrimitiveTypes.Int64, `[1, 2]`,
		"input", arrow.StructOf(arrow.Field{Name: "n", Type: money, Nullable: true}, arrow.Field{Name: "deep", Type: arrow.StructOf(arrow.Field{Name: "x", Type: money}), Nullable: true}), `[{"n": "1.50"}, null]`,
	)
	var rows []map[string]any
	var schema *arrow.Schema
	o := mapping.Options{Kind: mapping.Predictions, ID: "lead", Columns: []mapping.Pin{{Name: "born", Type: "category"}}}
	d := predlog.NewDecoder(predlog.Options{Mapping: o}, func(rec arrow.RecordBatch) error {
		rows, schema = append(rows, logtest.Rows(t, rec)...), rec.Schema()
		return nil
	})
	if err := d.From("log.arrows", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	sum, err := d.Close()
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{"timestamp": "2026-01-05T00:00:00Z", "score": 0.25, "inference_ms": 1.5, "lead": "12345678901234567890123", "price": -12.3, "since": 2.0, "open": 3600.0, "seen": 1.5, "born": "1990-05-01", "flag": "true", "n": 1.5},
		{"timestamp": "2026-01-06T00:00:00Z", "score": 0.5, "inference_ms": 2.0, "lead": "7", "seen": 253402300799.0, "flag": "false"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	for name, want := range map[string]string{"since": "d", "open": "s", "seen": "s", "inference_ms": "ms", "price": ""} {
		f, _ := schema.FieldsByName(name)
		if unit, _ := f[0].Metadata.GetValue(table.KeyUnit); unit != want {
			t.Errorf("%s: unit %q, want %q", name, unit, want)
		}
	}
	var typed []string
	for _, c := range sum.Typed {
		typed = append(typed, c.String())
	}
	if got, want := strings.Join(typed, "\n"), `log.arrows: column since is date32; read as days since 1970-01-01
log.arrows: column open is time32[s]; read as seconds
log.arrows: column seen is timestamp[ms]; read as seconds since 1970-01-01
log.arrows: column embedding is list<item: float64, nullable>, which cannot be compared; left out
log.arrows: column deep is struct<x: decimal(12, 2)>, which cannot be compared; left out`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := fmt.Sprint(sum.Empty); got != "[none]" {
		t.Errorf("empty: %s", got)
	}
}

// A time that no calendar holds spoils the row that it is the time of, and is null
// elsewhere.
func TestFarTimes(t *testing.T) {
	second := &arrow.TimestampType{Unit: arrow.Second}
	log := streamOf(t, "timestamp", second, `[0, 9223372036854775807]`, "score", arrow.PrimitiveTypes.Float64, `[1, 1]`, "seen", second, `[-9223372036854775807, 5]`)
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions}}, func(arrow.RecordBatch) error { return nil })
	if err := d.From("log.arrows", strings.NewReader(log)); err != nil {
		t.Fatal(err)
	}
	sum, err := d.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(sum.Rejects), "[{log.arrows value seen value: column seen: a time outside the years 1 to 9999 1 1 } {log.arrows line  timestamp: a time outside the years 1 to 9999 1 2 }]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
