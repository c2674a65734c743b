package table

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/table/parquetfile"
)

// Plain returns a column in a form whose nulls IsNull tells and whose values
// Strings, Integers, Numbers or Times read: dictionaries of other things than
// text, runs and extensions as what they hold. Most columns are returned as they
// are, and so are those of the kind unread.
func Plain(col arrow.Array) arrow.Array {
	if KindOf(col.DataType()) == unread {
		return col
	}
	switch a := col.(type) {
	case *array.Dictionary:
		if _, text := Strings(a); text && a.Dictionary().NullN() == 0 {
			return a
		}
		return spread(Plain(a.Dictionary()), a.Len(), func(i int) int {
			if a.IsNull(i) {
				return -1
			}
			return a.GetValueIndex(i)
		})
	case *array.RunEndEncoded:
		return spread(Plain(a.Values()), a.Len(), a.GetPhysicalIndex)
	case *extensions.UUIDArray:
		return a // Strings reads it
	case *extensions.Bool8Array:
		b := array.NewBooleanBuilder(memory.DefaultAllocator)
		for i := range a.Len() {
			if a.IsNull(i) {
				b.AppendNull()
			} else {
				b.Append(a.Value(i))
			}
		}
		return b.NewArray()
	case array.ExtensionArray:
		return Plain(a.Storage())
	}
	return col
}

// spread returns n rows of which row i is the value at(i) of values, null where
// that is null or at(i) negative.
func spread(values arrow.Array, n int, at func(i int) int) arrow.Array {
	// builder and set are those of the type that the values become.
	rows := func(b array.Builder, set func(from int)) arrow.Array {
		for i := range n {
			if from := at(i); from < 0 || values.IsNull(from) {
				b.AppendNull()
			} else {
				set(from)
			}
		}
		return b.NewArray()
	}
	mem := memory.DefaultAllocator
	if text, ok := Strings(values); ok {
		b := array.NewStringBuilder(mem)
		return rows(b, func(from int) { b.Append(text(from)) })
	}
	switch a := values.(type) {
	case *array.Boolean:
		b := array.NewBooleanBuilder(mem)
		return rows(b, func(from int) { b.Append(a.Value(from)) })
	case *array.Uint64:
		b := array.NewUint64Builder(mem)
		return rows(b, func(from int) { b.Append(a.Value(from)) })
	case *array.Date32, *array.Date64:
		days, _ := Amounts(a)
		b := array.NewDate32Builder(mem)
		return rows(b, func(from int) { b.Append(arrow.Date32(days(from))) })
	case *array.Timestamp:
		b := array.NewTimestampBuilder(mem, a.DataType().(*arrow.TimestampType))
		return rows(b, func(from int) { b.Append(a.Value(from)) })
	}
	if whole, ok := Integers(values); ok {
		b := array.NewInt64Builder(mem)
		return rows(b, func(from int) { b.Append(whole(from)) })
	}
	if number, ok := Numbers(values); ok {
		b := array.NewFloat64Builder(mem)
		return rows(b, func(from int) { b.Append(number(from)) })
	}
	return array.NewNull(n)
}

// withNulls returns rec with the buffer that a check of it wants in columns of the
// type null, and that a stream does not have.
func withNulls(rec arrow.RecordBatch) arrow.RecordBatch {
	cols, changed := rec.Columns(), false
	for i, f := range rec.Schema().Fields() {
		if holdsNull(f.Type) {
			if !changed {
				cols, changed = slices.Clone(cols), true
			}
			cols[i] = array.MakeFromData(bufferedNulls(cols[i].Data()))
		}
	}
	if !changed {
		return rec
	}
	return array.NewRecordBatch(rec.Schema(), cols, rec.NumRows())
}

func holdsNull(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.NullType:
		return true
	case *arrow.DictionaryType:
		return holdsNull(t.ValueType)
	case arrow.ExtensionType:
		return holdsNull(t.StorageType())
	case arrow.NestedType:
		return slices.ContainsFunc(t.Fields(), func(f arrow.Field) bool { return holdsNull(f.Type) })
	}
	return false
}

func bufferedNulls(d arrow.ArrayData) arrow.ArrayData {
	buffers := d.Buffers()
	if d.DataType().ID() == arrow.NULL && len(buffers) == 0 {
		buffers = []*memory.Buffer{nil}
	}
	children := make([]arrow.ArrayData, len(d.Children()))
	for i, c := range d.Children() {
		children[i] = bufferedNulls(c)
	}
	if words := d.Dictionary(); d.DataType().ID() == arrow.DICTIONARY {
		return array.NewDataWithDictionary(d.DataType(), d.Len(), buffers, d.NullN(), d.Offset(), bufferedNulls(words).(*array.Data))
	}
	return array.NewData(d.DataType(), d.Len(), buffers, children, d.NullN(), d.Offset())
}

// A Left is a column that nobody reads.
type Left struct {
	Column string
	Why    string // its type, or what is wrong with it
}

// WhyLeft returns why a column is left out by readers of rows: its type as Arrow
// prints it, or what is wrong with it in its file; "" where it is read.
func WhyLeft(f arrow.Field) string {
	if why, ok := f.Metadata.GetValue(parquetfile.UnreadKey); ok {
		return why
	}
	if kind := KindOf(f.Type); kind == unread || kind == record {
		return TypeName(f.Type)
	}
	return ""
}

// Readable returns rec without the columns that no reader of rows takes, which
// it lists, and without a pandas index; the others are Plain, and numbers where
// they are times of another role than Timestamp. Of a batch that leadsman wrote
// nothing changes. The caller releases it.
func Readable(rec arrow.RecordBatch) (arrow.RecordBatch, []Left) {
	schema := rec.Schema()
	var fields []arrow.Field
	var cols []arrow.Array
	var left []Left
	changed := false
	for i, f := range schema.Fields() {
		col, kind := rec.Column(i), KindOf(f.Type)
		if IsIndex(f.Name) {
			changed = true
			continue
		}
		if why := WhyLeft(f); why != "" {
			left, changed = append(left, Left{f.Name, why}), true
			continue
		}
		plain := Plain(col)
		if role := RoleOf(f); kind == Timed && role != Timestamp && (role != "" || f.Name != string(Timestamp)) {
			plain = amounts(plain)
		}
		if plain != col {
			if unit := UnitOf(f.Type); unit != "" && plain.DataType().ID() == arrow.FLOAT64 {
				f.Metadata = arrow.MetadataFrom(withKey(f.Metadata.ToMap(), KeyUnit, unit))
			}
			f.Type, changed = plain.DataType(), true
		}
		fields, cols = append(fields, f), append(cols, plain)
	}
	if !changed {
		rec.Retain()
		return rec, nil
	}
	meta := schema.Metadata()
	return array.NewRecordBatch(arrow.NewSchema(fields, &meta), cols, rec.NumRows()), left
}

func withKey(m map[string]string, key, value string) map[string]string {
	m[key] = value
	return m
}

// amounts returns a column of times as one of numbers.
func amounts(col arrow.Array) arrow.Array {
	number, ok := Amounts(col)
	if !ok {
		return col
	}
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	for i := range col.Len() {
		if col.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(number(i))
		}
	}
	return b.NewArray()
}
