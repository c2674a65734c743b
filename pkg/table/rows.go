package table

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Micros is the type of every timestamp: microseconds, UTC.
var Micros = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

// column is one tagged struct field.
type column struct {
	index int
	field arrow.Field
	null  bool // NaN and "" are written as null
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	wholesType  = reflect.TypeFor[[]int64]()
	numbersType = reflect.TypeFor[[]float64]()
)

// columnsOf reads the tags of the struct T:
//
//	Score float64 `table:"score,null" unit:"1" doc:"score, null where it was not logged"`
//
// Fields are string, bool, int64, float64, a list of either or time.Time; one without the tag is
// left out. It panics on any other type: that is a bug in the struct.
func columnsOf(t reflect.Type) []column {
	var out []column
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("table")
		if !ok {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		var dt arrow.DataType
		switch {
		case f.Type == timeType:
			dt = Micros
		case f.Type.Kind() == reflect.String:
			dt = arrow.BinaryTypes.String
		case f.Type.Kind() == reflect.Bool:
			dt = arrow.FixedWidthTypes.Boolean
		case f.Type.Kind() == reflect.Int64:
			dt = arrow.PrimitiveTypes.Int64
		case f.Type.Kind() == reflect.Float64:
			dt = arrow.PrimitiveTypes.Float64
		case f.Type == wholesType:
			dt = arrow.ListOf(arrow.PrimitiveTypes.Int64)
		case f.Type == numbersType:
			dt = arrow.ListOf(arrow.PrimitiveTypes.Float64)
		default:
			panic(fmt.Sprintf("table: %s.%s: no column type for %s", t.Name(), f.Name, f.Type))
		}
		var extra []string
		if doc := f.Tag.Get("doc"); doc != "" {
			extra = append(extra, KeyDoc, doc)
		}
		if unit := f.Tag.Get("unit"); unit != "" {
			extra = append(extra, KeyUnit, unit)
		}
		out = append(out, column{i, Field(name, dt, "", extra...), option == "null"})
	}
	return out
}

// Schema returns the schema of the table name whose rows are of type T.
func Schema[T any](name string) *arrow.Schema {
	var fields []arrow.Field
	for _, c := range columnsOf(reflect.TypeFor[T]()) {
		fields = append(fields, c.field)
	}
	return Named(name, arrow.NewSchema(fields, nil))
}

// Encode returns rows as one batch of the table name. A zero time is null; a
// NaN, an infinity or an empty string is null in a column tagged null.
func Encode[T any](name string, rows []T) arrow.RecordBatch {
	cols := columnsOf(reflect.TypeFor[T]())
	b := array.NewRecordBuilder(memory.DefaultAllocator, Schema[T](name))
	defer b.Release()
	b.Reserve(len(rows))
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for j, c := range cols {
			appendValue(b.Field(j), row.Field(c.index), c.null)
		}
	}
	return b.NewRecordBatch()
}

func appendValue(b array.Builder, v reflect.Value, null bool) {
	switch b := b.(type) {
	case *array.StringBuilder:
		if null && v.Len() == 0 {
			b.AppendNull()
			return
		}
		b.Append(strings.ToValidUTF8(v.String(), "\uFFFD"))
	case *array.BooleanBuilder:
		b.Append(v.Bool())
	case *array.Int64Builder:
		b.Append(v.Int())
	case *array.Float64Builder:
		x := v.Float()
		if null && (math.IsNaN(x) || math.IsInf(x, 0)) {
			b.AppendNull()
			return
		}
		b.Append(x)
	case *array.ListBuilder:
		b.Append(true)
		switch list := v.Interface().(type) {
		case []int64:
			b.ValueBuilder().(*array.Int64Builder).AppendValues(list, nil)
		case []float64:
			b.ValueBuilder().(*array.Float64Builder).AppendValues(list, nil)
		}
	case *array.TimestampBuilder:
		at := v.Interface().(time.Time)
		if at.IsZero() {
			b.AppendNull()
			return
		}
		b.Append(arrow.Timestamp(at.UnixMicro()))
	}
}

// Decode returns the rows of a batch, matched by column name. Columns that T
// does not know are left out; those that the batch lacks, and nulls, are zero,
// or NaN in a float64 column tagged null. A column of another type is an error.
// Dictionary-encoded strings and other widths of numbers are accepted, as other
// programs write them.
func Decode[T any](rec arrow.RecordBatch) ([]T, error) {
	rows := make([]T, rec.NumRows())
	for _, c := range columnsOf(reflect.TypeFor[T]()) {
		at := rec.Schema().FieldIndices(c.field.Name)
		if len(at) == 0 {
			if c.null && c.field.Type.ID() == arrow.FLOAT64 {
				for i := range rows {
					reflect.ValueOf(&rows[i]).Elem().Field(c.index).SetFloat(math.NaN())
				}
			}
			continue
		}
		col := rec.Column(at[0])
		get, err := reader(col, c.field.Type)
		if err != nil {
			return nil, fmt.Errorf("table %s: column %s: %w", NameOf(rec.Schema()), c.field.Name, err)
		}
		for i := range rows {
			f := reflect.ValueOf(&rows[i]).Elem().Field(c.index)
			if col.IsNull(i) {
				if c.null && f.Kind() == reflect.Float64 {
					f.SetFloat(math.NaN())
				}
				continue
			}
			get(f, i)
		}
	}
	return rows, nil
}

// reader returns how a value of col is put into a struct field of the wanted
// type.
func reader(col arrow.Array, want arrow.DataType) (func(f reflect.Value, i int), error) {
	name := typeWords[want.ID()]
	switch want.ID() {
	case arrow.LIST:
		name = "lists of " + typeWords[want.(*arrow.ListType).Elem().ID()]
		if get := listReader(col, want.(*arrow.ListType).Elem()); get != nil {
			return get, nil
		}
	case arrow.STRING:
		if text, ok := Strings(col); ok {
			return func(f reflect.Value, i int) { f.SetString(strings.Clone(text(i))) }, nil
		}
	case arrow.BOOL:
		if a, ok := col.(*array.Boolean); ok {
			return func(f reflect.Value, i int) { f.SetBool(a.Value(i)) }, nil
		}
	case arrow.INT64:
		if number, ok := Integers(col); ok {
			return func(f reflect.Value, i int) { f.SetInt(number(i)) }, nil
		}
	case arrow.FLOAT64:
		if number, ok := Numbers(col); ok {
			return func(f reflect.Value, i int) { f.SetFloat(number(i)) }, nil
		}
	case arrow.TIMESTAMP:
		if at, ok := Times(col); ok {
			return func(f reflect.Value, i int) { f.Set(reflect.ValueOf(time.UnixMicro(at(i)).UTC())) }, nil
		}
	}
	return nil, fmt.Errorf("want %s, got %s", name, col.DataType())
}

var typeWords = map[arrow.Type]string{arrow.STRING: "text", arrow.BOOL: "true or false", arrow.INT64: "whole numbers", arrow.FLOAT64: "numbers", arrow.TIMESTAMP: "times"}

// listReader is as reader, of a list; it is nil where that cannot be, or where numbers in
// the lists are null.
func listReader(col arrow.Array, want arrow.DataType) func(f reflect.Value, i int) {
	lists, ok := col.(array.ListLike)
	if !ok || lists.ListValues().NullN() > 0 {
		return nil
	}
	whole, isWhole := Integers(lists.ListValues())
	number, isNumber := Numbers(lists.ListValues())
	switch {
	case want.ID() == arrow.INT64 && isWhole:
		return func(f reflect.Value, i int) { f.Set(reflect.ValueOf(listOf(lists, i, whole))) }
	case want.ID() == arrow.FLOAT64 && isNumber:
		return func(f reflect.Value, i int) { f.Set(reflect.ValueOf(listOf(lists, i, number))) }
	}
	return nil
}

func listOf[T any](lists array.ListLike, i int, at func(int) T) []T {
	from, to := lists.ValueOffsets(i)
	out := make([]T, to-from)
	for j := range out {
		out[j] = at(int(from) + j)
	}
	return out
}
