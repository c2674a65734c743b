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
	// Beside are names, or paths, of fields beside the input that are read like its
	// own where they are there.
	Beside []string
	// Ignore are names, or paths, of fields that are left out.
	Ignore []string
	// ID names the field, beside the input or in it, that identifies a row.
	ID string
	// Entity names the field, beside the input or in it, that says whom a row belongs
	// to. Fields may have it, and the id, elsewhere.
	Entity string
	// Keys name fields, beside the input or in it, by whose values rows are found again.
	// They are read as text where their type is not pinned.
	Keys []string
	// Columns pins types. Other input fields have the kind of their first
	// value.
	Columns []Pin
	// Classes are the names of those that the model scores each, in the order of its
	// scores; none where it gives one score.
	Classes []string
	// Target names the outcome among the columns of a reference.
	Target string
}

// A Pin fixes how an input field is read.
type Pin struct {
	Name, Type string // number, category, text or id; empty: no type is fixed
	// Learnt says that the type is a plan's or a reference's, not its owner's word:
	// in a category, words such as NA then stand for missing values, as they do
	// where no type is pinned, except Keeps, which the reference has as categories.
	Learnt bool
	Keeps  []string
	// Missing are values that stand for missing ones.
	Missing []string
}

// Pins returns types by name in the order of the names.
func Pins(types map[string]string) []Pin {
	var pins []Pin
	for name, t := range types {
		if t != "" {
			pins = append(pins, Pin{Name: name, Type: t})
		}
	}
	slices.SortFunc(pins, func(a, b Pin) int { return strings.Compare(a.Name, b.Name) })
	return pins
}

// Learn adds the types of a plan or a reference to pins, for columns whose type is
// not pinned. keeps, when it is not nil, gives a pin's Keeps.
func Learn(pins []Pin, types map[string]string, keeps func(name string) []string) []Pin {
	pins = slices.Clone(pins)
	for _, p := range Pins(types) {
		if p.Learnt = true; keeps != nil {
			p.Keeps = keeps(p.Name)
		}
		i := slices.IndexFunc(pins, func(q Pin) bool { return q.Name == p.Name })
		switch {
		case i < 0:
			pins = append(pins, p)
		case pins[i].Type == "":
			p.Missing = pins[i].Missing
			pins[i] = p
		}
	}
	return pins
}

// InputPrefix stands before the name of an input field that is also the name
// of a fixed column, like a feature called score.
const InputPrefix = "input."

// MaxName is the length in bytes from which a field's name is not kept.
const MaxName = 1024
