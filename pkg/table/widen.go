package table

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// widen returns the schema a with the columns of b that it lacks behind its
// own. A column whose type differs is an error.
func widen(a, b *arrow.Schema) (*arrow.Schema, error) {
	fields := a.Fields()
	for _, f := range b.Fields() {
		at := a.FieldIndices(f.Name)
		if len(at) == 0 {
			fields = append(fields, f)
			continue
		}
		if old := a.Field(at[0]); !arrow.TypeEqual(old.Type, f.Type) {
			return nil, fmt.Errorf("column %s: changes its type from %s to %s", f.Name, old.Type, f.Type)
		}
	}
	meta := a.Metadata()
	return arrow.NewSchema(fields, &meta), nil
}

// conform returns rec under schema, which has all its columns: those that it
// lacks are null. The caller releases it.
func conform(rec arrow.RecordBatch, schema *arrow.Schema) arrow.RecordBatch {
	cols := make([]arrow.Array, schema.NumFields())
	for i, f := range schema.Fields() {
		if at := rec.Schema().FieldIndices(f.Name); len(at) > 0 {
			cols[i] = rec.Column(at[0])
			continue
		}
		null := array.MakeArrayOfNull(memory.DefaultAllocator, f.Type, int(rec.NumRows()))
		defer null.Release()
		cols[i] = null
	}
	return array.NewRecordBatch(schema, cols, rec.NumRows())
}
