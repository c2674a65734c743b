package table

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
)

// A Kind is what readers of rows take the values of a column for.
type Kind string

// The kinds of columns.
const (
	Numbered Kind = "number"
	worded   Kind = "text"
	boolean  Kind = "boolean"
	Timed    Kind = "time"   // a number where no moment is wanted: see UnitOf
	record   Kind = "struct" // its fields are input fields; nothing elsewhere
	Empty    Kind = "empty"  // no values
	unread   Kind = ""       // nobody reads it
)

// kinds are the kinds of Arrow's types, but for those that are made of another.
var kinds = map[arrow.Type]Kind{
	arrow.INT8: Numbered, arrow.INT16: Numbered, arrow.INT32: Numbered, arrow.INT64: Numbered,
	arrow.UINT8: Numbered, arrow.UINT16: Numbered, arrow.UINT32: Numbered, arrow.UINT64: Numbered,
	arrow.FLOAT16: Numbered, arrow.FLOAT32: Numbered, arrow.FLOAT64: Numbered,
	arrow.DECIMAL32: Numbered, arrow.DECIMAL64: Numbered, arrow.DECIMAL128: Numbered, arrow.DECIMAL256: Numbered,
	arrow.TIME32: Numbered, arrow.TIME64: Numbered, arrow.DURATION: Numbered,
	arrow.STRING: worded, arrow.LARGE_STRING: worded, arrow.STRING_VIEW: worded,
	arrow.BOOL:   boolean,
	arrow.DATE32: Timed, arrow.DATE64: Timed, arrow.TIMESTAMP: Timed,
	arrow.STRUCT: record,
	arrow.NULL:   Empty,
}

// KindOf returns the kind of a column of type t: every number, text, boolean and
// time is read, and dictionaries, runs and extensions as what they hold. Lists,
// maps, bytes, unions and calendar intervals are unread.
func KindOf(t arrow.DataType) Kind {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return withoutFields(KindOf(t.ValueType))
	case *arrow.RunEndEncodedType:
		return withoutFields(KindOf(t.Encoded()))
	case *extensions.UUIDType:
		return worded
	case *extensions.Bool8Type:
		return boolean
	case *extensions.JSONType:
		return KindOf(t.StorageType())
	case arrow.ExtensionType:
		return withoutFields(KindOf(t.StorageType()))
	}
	return kinds[t.ID()]
}

// withoutFields is the kind of what holds values of kind k: structs in it are
// not taken apart.
func withoutFields(k Kind) Kind {
	if k == record {
		return unread
	}
	return k
}

// UnitOf returns the unit of the numbers that Numbers and Amounts make of a
// column of type t: "d" for days since 1970, "s" for seconds (of a day, of a
// duration, or since 1970); "" for what is a number itself.
func UnitOf(t arrow.DataType) string {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return UnitOf(t.ValueType)
	case *arrow.RunEndEncodedType:
		return UnitOf(t.Encoded())
	case arrow.ExtensionType:
		return UnitOf(t.StorageType())
	}
	switch t.ID() {
	case arrow.DATE32, arrow.DATE64:
		return "d"
	case arrow.TIME32, arrow.TIME64, arrow.DURATION, arrow.TIMESTAMP:
		return "s"
	}
	return ""
}

// TypeName returns the name that Arrow prints of a type; of a long one, such as a
// struct of many fields, the first word.
func TypeName(t arrow.DataType) string {
	const most = 80
	if s := t.String(); len(s) <= most {
		return s
	}
	return t.Name()
}

// IsIndex tells the names under which pandas saves the row numbers of a frame, in
// Parquet and in a CSV file that it read before. They are not data.
func IsIndex(name string) bool {
	if level, ok := strings.CutPrefix(name, "__index_level_"); ok {
		n, ok := strings.CutSuffix(level, "__")
		return ok && areDigits(n)
	}
	n, ok := strings.CutPrefix(name, "Unnamed: 0.")
	return name == "Unnamed: 0" || ok && areDigits(n)
}

func areDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
