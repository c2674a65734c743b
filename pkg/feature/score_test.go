package feature

import (
	"errors"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

func TestScore(t *testing.T) {
	p := parse(t, `{"version": 1, "raw": [{"name": "n", "type": "number"}], "columns": [
		{"name": "a", "op": "number", "from": "n"}, {"name": "b", "op": "number", "from": "n", "scale": 2}]}`)
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.AppendValues([]float64{1, 2, 3}, nil)
	schema := table.Named("reference", arrow.NewSchema([]arrow.Field{table.Field("n", arrow.PrimitiveTypes.Float64, table.Feature)}, nil))
	rec := array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 3)
	sum := func(rows, out []float32) error { // a model that adds its columns: n + 2n
		for i := range out {
			out[i] = rows[2*i] + rows[2*i+1]
		}
		return nil
	}
	got, err := p.Score(rec, "in_sample", sum)
	if err != nil {
		t.Fatal(err)
	}
	f := got.Schema().Field(0)
	sample, _ := f.Metadata.GetValue(table.KeySample)
	if f.Name != "score" || table.RoleOf(f) != table.Score || sample != "in_sample" || table.NameOf(got.Schema()) != "reference" || got.NumCols() != 2 {
		t.Errorf("schema %v", got.Schema())
	}
	for i, want := range []float64{3, 6, 9} {
		if x := got.Column(0).(*array.Float64).Value(i); x != want {
			t.Errorf("row %d: want %v, got %v", i, want, x)
		}
	}
	bad := errors.New("no")
	if _, err := p.Score(rec, "held_out", func(rows, out []float32) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("got %v", err)
	}
	empty := array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 0)
	if got, err := p.Score(empty, "held_out", sum); err != nil || got.NumRows() != 0 || got.NumCols() != 2 {
		t.Errorf("no rows: %v, %v", got, err)
	}
}
