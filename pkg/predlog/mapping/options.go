package mapping

import (
	"slices"
	"strings"
)

// A Kind is what the rows of a log are; it is also the name of their table.
type Kind string

// The kinds of logs.
const (
	Predictions Kind = "predictions"
	Requests    Kind = "requests"
	References  Kind = "reference" // raw rows without a record around them, or predictions taken as such
)

// Options say what the fields of a log are.
type Options struct {
	Kind Kind
	// Fields says where the log has a fixed column, or "input".
	Fields map[string]Field
	// Ignore are names, or paths, of fields that are left out.
	Ignore []string
	// ID names the field, beside the input or in it, that identifies a row.
	ID string
	// Columns pins types. Other input fields have the kind of their first
	// value.
	Columns []Pin
	// Target names the outcome among the columns of a reference.
	Target string
}

// A Pin fixes the type of an input field: number, category, text or id.
type Pin struct{ Name, Type string }

// Pins returns types by name in the order of the names.
func Pins(types map[string]string) []Pin {
	var pins []Pin
	for name, t := range types {
		if t != "" {
			pins = append(pins, Pin{name, t})
		}
	}
	slices.SortFunc(pins, func(a, b Pin) int { return strings.Compare(a.Name, b.Name) })
	return pins
}

// InputPrefix stands before the name of an input field that is also the name
// of a fixed column, like a feature called score.
const InputPrefix = "input."

// MaxName is the length in bytes from which a field's name is not kept.
const MaxName = 1024
