// Package logtest is what the tests of predlog's rooms share: lines of a log, and
// batches as maps.
package logtest

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/jsonl"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// Line is a good line of the prediction log with the given input, an object.
func Line(input string) string {
	return `{"timestamp":"2026-03-01T12:00:00Z","input":` + input + `,"score":0.5,"label":"hot","inference_ms":1.5,"model_version":"v1"}` + "\n"
}

// Decoded is what a log became.
type Decoded struct {
	Rows      []map[string]any // their values that are not null
	Batches   int
	Schema    *arrow.Schema // of the last batch
	Sentences []string      // about bad lines
	Summary   faults.Summary
}

// Decode reads JSON lines under the name log.
func Decode(t testing.TB, o mapping.Options, r io.Reader) Decoded {
	t.Helper()
	var out Decoded
	rows := mapping.New(o, func(s string) { out.Sentences = append(out.Sentences, s) }, func(rec arrow.RecordBatch) error {
		out.Batches++
		out.Schema = rec.Schema()
		out.Rows = append(out.Rows, Rows(t, rec)...)
		return nil
	})
	if err := jsonl.NewReader(rows).Read("log", r); err != nil {
		t.Fatal(err)
	}
	var err error
	if out.Summary, err = rows.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Reference reads text as a reference of that name, without an error.
func Reference(t testing.TB, name, text string, o predlog.Options) (rows []map[string]any, schema *arrow.Schema, s faults.Summary) {
	t.Helper()
	s, err := predlog.ReferenceFrom(name, strings.NewReader(text), o, func(rec arrow.RecordBatch) error {
		rows, schema = append(rows, Rows(t, rec)...), rec.Schema()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, schema, s
}

// Rows copies a batch out of its memory: of each row the values that are not
// null. Moments are text.
func Rows(t testing.TB, rec arrow.RecordBatch) []map[string]any {
	rows := make([]map[string]any, rec.NumRows())
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for j, col := range rec.Columns() {
		if int64(col.Len()) != rec.NumRows() {
			t.Fatalf("column %s has %d rows of %d", rec.ColumnName(j), col.Len(), rec.NumRows())
		}
		nulls := 0
		for i := range rows {
			if col.IsNull(i) {
				nulls++
				if words, ok := col.(*array.Dictionary); ok && words.GetValueIndex(i) != 0 {
					t.Fatalf("column %s row %d: null stands over word %d", rec.ColumnName(j), i, words.GetValueIndex(i))
				}
				continue
			}
			if text, ok := table.Strings(col); ok {
				rows[i][rec.ColumnName(j)] = strings.Clone(text(i))
			} else if at, ok := table.Times(col); ok {
				rows[i][rec.ColumnName(j)] = time.UnixMicro(at(i)).UTC().Format(time.RFC3339Nano)
			} else if x, ok := table.Numbers(col); ok {
				rows[i][rec.ColumnName(j)] = x(i)
			}
		}
		if nulls != col.NullN() {
			t.Errorf("column %s says %d nulls and has %d", rec.ColumnName(j), nulls, col.NullN())
		}
	}
	return rows
}

// Describe lists the columns of a schema: name, number or text, role, and whether
// scores are held out.
func Describe(s *arrow.Schema) string {
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
