package table

import (
	"math"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Strings returns how to read the text of a column's non-null values: a string
// type, or a dictionary of one. The text is valid as long as the column.
func Strings(col arrow.Array) (func(i int) string, bool) {
	switch a := col.(type) {
	case *array.String:
		return a.Value, true
	case *array.LargeString:
		return a.Value, true
	case *array.StringView:
		return a.Value, true
	case *array.Dictionary:
		text, ok := Strings(a.Dictionary())
		if !ok {
			return nil, false
		}
		return func(i int) string { return text(a.GetValueIndex(i)) }, true
	}
	return nil, false
}

// Integers returns how to read a column of whole numbers. Unsigned values
// beyond the range of int64 become its largest value.
func Integers(col arrow.Array) (func(i int) int64, bool) {
	switch a := col.(type) {
	case *array.Int64:
		return a.Value, true
	case *array.Int32:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Int16:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Int8:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint64:
		return func(i int) int64 { return int64(min(a.Value(i), math.MaxInt64)) }, true
	case *array.Uint32:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint16:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	case *array.Uint8:
		return func(i int) int64 { return int64(a.Value(i)) }, true
	}
	return nil, false
}

// Numbers returns how to read a column of any number type as float64. Integers
// beyond 2^53 are rounded, so readers of raw logs check them before.
func Numbers(col arrow.Array) (func(i int) float64, bool) {
	switch a := col.(type) {
	case *array.Float64:
		return a.Value, true
	case *array.Float32:
		return func(i int) float64 { return float64(a.Value(i)) }, true
	case *array.Float16:
		return func(i int) float64 { return float64(a.Value(i).Float32()) }, true
	case *array.Boolean:
		return nil, false
	}
	if whole, ok := Integers(col); ok {
		return func(i int) float64 { return float64(whole(i)) }, true
	}
	return nil, false
}

// Times returns how to read a column of timestamps as microseconds since 1970,
// UTC; finer units are rounded down.
func Times(col arrow.Array) (func(i int) int64, bool) {
	a, ok := col.(*array.Timestamp)
	if !ok {
		return nil, false
	}
	switch a.DataType().(*arrow.TimestampType).Unit {
	case arrow.Second:
		return func(i int) int64 { return int64(a.Value(i)) * 1e6 }, true
	case arrow.Millisecond:
		return func(i int) int64 { return int64(a.Value(i)) * 1e3 }, true
	case arrow.Nanosecond:
		return func(i int) int64 { return time.Unix(0, int64(a.Value(i))).UnixMicro() }, true
	}
	return func(i int) int64 { return int64(a.Value(i)) }, true
}
