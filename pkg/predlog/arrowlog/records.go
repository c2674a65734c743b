package arrowlog

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// Records gives each row that Read would take over to each, with its number and a
// size in bytes: an object of its columns, with moments as RFC 3339 text, and lists
// and structs as what they are.
func Records(t *mapping.Table, in *table.Reader, each func(row int64, record any, size int) error) error {
	of, row := "", int64(0)
	return batches(t, in, func(source string, rec arrow.RecordBatch) error {
		if source != of {
			of, row = source, 0
		}
		values := make([]func(i int) any, rec.NumCols())
		for j, column := range rec.Columns() {
			values[j] = valuesOf(column)
		}
		for i := range int(rec.NumRows()) {
			record, size := make(map[string]any, len(values)), 0
			for j, f := range rec.Schema().Fields() {
				v := values[j](i)
				if record[f.Name] = v; v != nil {
					size += 16
					if text, ok := v.(string); ok {
						size += len(text)
					}
				}
			}
			row++
			if err := each(row, record, size); err != nil {
				return err
			}
		}
		return nil
	})
}

// valuesOf returns how to read the values of a column as a program takes them.
func valuesOf(values arrow.Array) func(i int) any {
	values = table.Plain(values)
	read := present(values)
	return func(i int) any {
		if values.IsNull(i) {
			return nil
		}
		return read(i)
	}
}

func present(values arrow.Array) func(i int) any {
	if at, ok := table.Times(values); ok {
		return func(i int) any { return time.UnixMicro(at(i)).UTC().Format(time.RFC3339Nano) }
	}
	if text, ok := table.Strings(values); ok {
		return func(i int) any { return strings.Clone(text(i)) }
	}
	switch a := values.(type) {
	case *array.Boolean:
		return func(i int) any { return a.Value(i) }
	case *array.Uint64:
		return func(i int) any { return json.Number(fmt.Sprint(a.Value(i))) }
	case *array.Struct:
		fields := make(map[string]func(i int) any, a.NumField())
		for j, f := range a.DataType().(*arrow.StructType).Fields() {
			fields[f.Name] = valuesOf(a.Field(j))
		}
		return func(i int) any {
			object := make(map[string]any, len(fields))
			for name, read := range fields {
				object[name] = read(i)
			}
			return object
		}
	case array.ListLike:
		read := valuesOf(a.ListValues())
		return func(i int) any {
			from, to := a.ValueOffsets(i)
			list := make([]any, 0, to-from)
			for j := from; j < to; j++ {
				list = append(list, read(int(j)))
			}
			return list
		}
	}
	if whole, ok := table.Integers(values); ok {
		return func(i int) any { return int(whole(i)) }
	}
	if number, ok := table.Numbers(values); ok {
		return func(i int) any {
			if x := number(i); !math.IsNaN(x) {
				return x
			}
			return nil // as pandas writes null
		}
	}
	return func(i int) any { return values.ValueStr(i) }
}
