package predlog

import (
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// ReferenceOptions say how reference rows are read.
type ReferenceOptions struct {
	Fields   map[string]string // as in Options: the score may go by another name
	ID       string            // column that identifies a row
	Target   string            // column with the outcome
	Columns  []Pin             // pinned types
	InSample bool              // the scores are those of the model's own training rows
	Complain func(sentence string)
}

// Reference reads the reference rows in the file at path, in any form that
// Decoder.File takes, and gives them to emit as batches of the table
// `reference`. A batch is good until emit returns.
//
// A row is flat, or a line of the prediction log. Fixed columns of the log
// (score, label, timestamp, …) keep their roles where the file has them; the
// others are features. The kinds of a CSV's columns are inferred over the
// whole file, those of other text from the first value. A column of strings
// that is not pinned is free text when its values have more than 60 characters
// on average, or more than 20 and nine in ten are distinct.
//
// More than one bad line in a hundred is an error.
func Reference(path string, o ReferenceOptions, emit func(arrow.RecordBatch) error) (Summary, error) {
	return readReference(o, emit, func(d *Decoder) error { return d.File(path) })
}

// ReferenceFrom is Reference for what is open already; name stands for it in
// messages.
func ReferenceFrom(name string, r io.Reader, o ReferenceOptions, emit func(arrow.RecordBatch) error) (Summary, error) {
	return readReference(o, emit, func(d *Decoder) error { return d.From(name, r) })
}

func readReference(o ReferenceOptions, emit func(arrow.RecordBatch) error, read func(*Decoder) error) (Summary, error) {
	d := NewDecoder(Options{
		Kind: References, Fields: o.Fields, ID: o.ID, Target: o.Target,
		Columns: o.Columns, InSample: o.InSample, Complain: o.Complain,
	}, emit)
	if err := read(d); err != nil {
		return d.summary, err
	}
	s, err := d.Close()
	if err != nil {
		return s, err
	}
	return s, s.TooBad(MaxBad, 0)
}

// MaxBad is the share of bad lines beyond which a log is not taken for one,
// unless its reader says otherwise.
const MaxBad = 0.01

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
