// Package outcometest makes rows for tests of outcomes.
package outcometest

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table"
)

// Batch makes rows of columns by role: strings, numbers or times.
func Batch(t *testing.T, columns map[table.Role]any) arrow.RecordBatch {
	t.Helper()
	var fields []arrow.Field
	var data []arrow.Array
	rows := int64(0)
	for _, role := range []table.Role{table.ID, table.Entity, table.Timestamp, table.Score, table.Target} {
		switch v := columns[role].(type) {
		case []string:
			b := array.NewStringBuilder(memory.DefaultAllocator)
			for _, s := range v {
				if s == "" {
					b.AppendNull()
				} else {
					b.Append(s)
				}
			}
			fields, data = append(fields, table.Field(string(role), arrow.BinaryTypes.String, role)), append(data, b.NewArray())
			rows = int64(len(v))
		case []float64:
			b := array.NewFloat64Builder(memory.DefaultAllocator)
			b.AppendValues(v, nil)
			fields, data = append(fields, table.Field(string(role), arrow.PrimitiveTypes.Float64, role)), append(data, b.NewArray())
			rows = int64(len(v))
		case []int64:
			b := array.NewTimestampBuilder(memory.DefaultAllocator, table.Micros)
			for _, x := range v {
				b.Append(arrow.Timestamp(x))
			}
			fields, data = append(fields, table.Field(string(role), table.Micros, role)), append(data, b.NewArray())
			rows = int64(len(v))
		}
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), data, rows)
}
