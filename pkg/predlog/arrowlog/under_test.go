package arrowlog_test

import (
	"bytes"
	"fmt"
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

// Paths lead into structs and lists, as they do in JSON lines.
func TestMapped(t *testing.T) {
	features := arrow.StructOf(arrow.Field{Name: "v", Type: arrow.PrimitiveTypes.Float64, Nullable: true})
	request := arrow.StructOf(arrow.Field{Name: "features", Type: features, Nullable: true}, arrow.Field{Name: "user", Type: arrow.BinaryTypes.String, Nullable: true})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "ts", Type: arrow.PrimitiveTypes.Int64}, {Name: "request", Type: request, Nullable: true},
		{Name: "probabilities", Type: arrow.ListOf(arrow.PrimitiveTypes.Float32), Nullable: true}, {Name: "took", Type: arrow.BinaryTypes.String},
	}, nil)
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(`[
		{"ts":1767571200000,"request":{"features":{"v":1},"user":"u"},"probabilities":[0.75,0.25],"took":"0.25"},
		{"ts":1767571200000,"request":{"features":null},"probabilities":[1,0],"took":""},
		{"ts":1767571200000,"request":null,"probabilities":[1],"took":"x"}]`))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if err := w.Write(array.NewRecordBatch(table.Named("predictions", schema), rec.Columns(), rec.NumRows())); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	fields := map[string]mapping.Field{"timestamp": {Path: "ts", Format: "epoch_ms"}, "score": {Path: "probabilities[1]"}, "input": {Path: "request.features"}, "inference_ms": {Path: "took", Unit: "s"}}
	var rows []map[string]any
	d := predlog.NewDecoder(predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, Fields: fields}}, func(rec arrow.RecordBatch) error {
		rows = append(rows, logtest.Rows(t, rec)...)
		return nil
	})
	if err := d.From("log", &out); err != nil {
		t.Fatal(err)
	}
	sum, err := d.Close()
	const at = "timestamp:2026-01-05T00:00:00Z"
	if s, want := fmt.Sprint(rows, err), "[map[inference_ms:250 score:0.25 "+at+" v:1] map[score:0 "+at+"]] <nil>"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if s := fmt.Sprint(sum.Rejects, sum.Unknown); s != "[{log line  missing score 1 3 }] [{request.user 1}]" {
		t.Error(s)
	}
}
