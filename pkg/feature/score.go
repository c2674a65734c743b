package feature

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

// Score returns rec with a score column that predict gives: predict fills out
// with one score for each row of rows, which hold Columns values each. sample
// is held_out or in_sample, whichever is true of these rows and the model. The
// column stands first.
func (p *Pipeline) Score(rec arrow.RecordBatch, sample string, predict func(rows, out []float32) error) (arrow.RecordBatch, error) {
	n := int(rec.NumRows())
	rows, out := make([]float32, n*len(p.columns)), make([]float32, n)
	if n > 0 {
		if err := p.Batch(rec, rows); err != nil {
			return nil, err
		}
		if err := predict(rows, out); err != nil {
			return nil, fmt.Errorf("scores of the reference: %w", err)
		}
	}
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.Reserve(n)
	for _, x := range out {
		b.Append(float64(x))
	}
	old := rec.Schema()
	meta := old.Metadata()
	field := table.Field("score", arrow.PrimitiveTypes.Float64, table.Score, table.KeySample, sample)
	schema := arrow.NewSchema(append([]arrow.Field{field}, old.Fields()...), &meta)
	return array.NewRecordBatch(schema, slices.Concat([]arrow.Array{b.NewArray()}, rec.Columns()), rec.NumRows()), nil
}
