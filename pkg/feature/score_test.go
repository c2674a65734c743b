package feature

import (
	"bytes"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/table"
)

func TestScore(t *testing.T) {
	p := parse(t, `{"version": 1, "raw": [{"name": "n", "type": "number"}], "columns": [
		{"name": "a", "op": "number", "from": "n"}, {"name": "b", "op": "number", "from": "n", "scale": 2}]}`)
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.AppendValues([]float64{1, 2, 3}, nil)
	schema := table.Named("reference", arrow.NewSchema([]arrow.Field{table.Field("n", arrow.PrimitiveTypes.Float64, table.Feature)}, nil))
	rec := array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 3)
	sum := func(rows []float64, out []float32) error { // a model that adds its columns: n + 2n
		for i := range out {
			out[i] = float32(rows[2*i] + rows[2*i+1])
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
	if _, err := p.Score(rec, "held_out", func(rows []float64, out []float32) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("got %v", err)
	}
	empty := array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 0)
	if got, err := p.Score(empty, "held_out", sum); err != nil || got.NumRows() != 0 || got.NumCols() != 2 {
		t.Errorf("no rows: %v, %v", got, err)
	}
}

// What a ReferenceScorer says of rows and of the files that it is made of.
func TestReferenceScorer(t *testing.T) {
	const dir = "../../testdata/"
	features := t.TempDir() + "/features.json"
	raw, err := os.ReadFile(dir + "features.json")
	if err != nil {
		t.Fatal(err)
	}
	strange := regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAll(raw, bytes.Repeat([]byte("0"), 64))
	if err := os.WriteFile(features, strange, 0o666); err != nil {
		t.Fatal(err)
	}
	var notes []string
	note := func(s string) { notes = append(notes, s) }
	s, err := OpenReferenceScorer(dir+"features.json", dir+"model.ubj", "held_out", model.Native, note)
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	rows := func(name string) arrow.RecordBatch {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.Append(1)
		schema := table.Named("reference", arrow.NewSchema([]arrow.Field{table.Field(name, arrow.PrimitiveTypes.Float64, table.Feature)}, nil))
		return array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 1)
	}
	for range 2 { // said once
		scored, err := s.Score(rows("llm_quality"))
		if err != nil || scored.Column(0).(*array.Float64).Value(0) <= 0 {
			t.Errorf("%v, %v", scored, err)
		}
	}
	given := rows("score")
	if same, err := s.Score(given); err != nil || same != given {
		t.Errorf("%v, %v", same, err)
	}
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "the reference lacks ") || strings.Contains(notes[0], "llm_quality,") || !strings.HasSuffix(notes[0], ": taken as null") {
		t.Errorf("%q", notes)
	}
	notes = nil
	if s, err = OpenReferenceScorer(features, dir+"model.ubj", "held_out", model.Native, note); err != nil || len(notes) != 1 || notes[0] != features+" was made with another model than "+dir+"model.ubj (their SHA-256 differ)" {
		t.Errorf("%q, %v", notes, err)
	}
	notes = nil
	if _, err = s.Score(given); err != nil || len(notes) != 1 || notes[0] != "the reference has scores of its own; --model is not used" {
		t.Errorf("%q, %v", notes, err)
	}
	other := t.TempDir() + "/features.json"
	if err := os.WriteFile(other, []byte(`{"version": 1, "raw": [{"name": "n", "type": "number"}], "columns": [{"name": "n", "op": "number", "from": "n"}]}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReferenceScorer(other, dir+"model.ubj", "held_out", model.Native, note); err == nil || !strings.HasPrefix(err.Error(), other+": ") {
		t.Errorf("features of another model: %v", err)
	}
}
