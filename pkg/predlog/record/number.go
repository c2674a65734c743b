package record

import "github.com/leadsman/leadsman/pkg/spelling"

// Text returns v as text: "" for null, a number in its one spelling.
func (v Value) Text() string {
	if v.Kind == Number {
		return spelling.Number(v.Num)
	}
	return v.Str
}
