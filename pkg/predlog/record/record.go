// Package record holds one record of a log or a reference as Go values, its raw
// fields, and writes the lines of leadsman's own logs.
package record

import "math"

// Kind is the kind of one raw value.
type Kind uint8

const (
	Null   Kind = iota // absent or null
	Number             // float64
	String             // text; a JSON bool is the string "true" or "false"
)

func (k Kind) String() string {
	switch k {
	case Number:
		return "number"
	case String:
		return "string"
	}
	return "null"
}

// Value is one raw field as a log or a reference holds it. Num is set when
// Kind is Number, Str when it is String.
type Value struct {
	Kind Kind
	Num  float64
	Str  string
}

// NumberValue returns x as a Value; NaN and infinities, which JSON has no
// words for, are null.
func NumberValue(x float64) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{}
	}
	return Value{Kind: Number, Num: x}
}

// StringValue returns s as a Value.
func StringValue(s string) Value { return Value{Kind: String, Str: s} }

// Field is one named raw value.
type Field struct {
	Name  string
	Value Value
}
