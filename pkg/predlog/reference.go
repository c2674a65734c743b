package predlog

import (
	"errors"
	"io"
	"maps"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Reference reads the reference rows in the file at path, in any form that
// Decoder.File takes, and gives them to emit as batches of the table
// `reference`, which is the kind whatever o says. A batch is good until emit
// returns.
//
// A row is flat, or a line of the prediction log. Fixed columns of the log
// (score, label, timestamp, …) keep their roles where the file has them; the
// others are features. The kinds of a CSV's columns are inferred over the
// whole file, those of other formats from the first batch; the summary's Retype says
// what all rows say otherwise. A column of strings that is not pinned is free text when
// its values have more than 60 characters on average, or more than 20 and nine in ten
// are distinct.
//
// More than one bad line in a hundred is an error. Where emit returns ErrStop, the
// rows after its batch are not read, and that is no error.
func Reference(path string, o Options, emit func(arrow.RecordBatch) error) (faults.Summary, error) {
	return readReference(o, emit, func(d *Decoder) error { return d.Again(path) })
}

// ErrStop is what emit returns when it wants no more rows.
var ErrStop = errors.New("enough rows")

// ReferenceFrom is Reference for what is open already; name stands for it in
// messages.
func ReferenceFrom(name string, r io.Reader, o Options, emit func(arrow.RecordBatch) error) (faults.Summary, error) {
	return readReference(o, emit, func(d *Decoder) error { return d.From(name, r) })
}

func readReference(o Options, emit func(arrow.RecordBatch) error, read func(*Decoder) error) (faults.Summary, error) {
	o.Mapping.Kind = mapping.References
	d := NewDecoder(o, emit)
	var s faults.Summary
	err := read(d)
	if err != nil {
		s = d.table.Tally.Summary()
	} else {
		s, err = d.Close()
	}
	switch {
	case errors.Is(err, ErrStop):
		return s, nil
	case err != nil:
		return s, err
	}
	return s, s.TooBad(faults.MaxBad, 0)
}

// readings is how often a reference is read at the most until the kinds of its columns
// are those of all rows: a number may turn out to be words, and these free text.
const readings = 3

// ReferenceTypes returns the types of the columns that read reads for another kind by
// the first rows than by all; none where nothing has to be read again. It calls read
// once or more, each time with a decoder of all rows.
func ReferenceTypes(o Options, read func(*Decoder) error) map[string]string {
	types := map[string]string{}
	pins := o.Mapping.Columns
	o.Mapping.Kind, o.Complain, o.Progress = mapping.References, nil, nil
	for range readings - 1 {
		o.Mapping.Columns = mapping.Learn(pins, types, nil)
		var d *Decoder
		d = NewDecoder(o, func(arrow.RecordBatch) error {
			if d.table.Settled() {
				return ErrStop
			}
			return nil
		})
		if read(d) != nil {
			break // what is wrong is told when the rows are read in earnest
		}
		s, err := d.Close()
		again := s.Retype()
		if err != nil || len(again) == 0 {
			break
		}
		maps.Copy(types, again)
	}
	return types
}

// ReferencePins returns the types of a log's input fields that are known
// beforehand: those that o pins, then those of the columns of the reference at
// path, by all its rows.
func ReferencePins(path string, o Options) ([]mapping.Pin, error) {
	again := ReferenceTypes(o, func(d *Decoder) error { return d.Again(path) })
	types, keeps := map[string]string{}, map[string][]string{}
	of := o
	of.Mapping.Columns = mapping.Learn(o.Mapping.Columns, again, nil)
	batches := 0
	if _, err := Reference(path, of, func(rec arrow.RecordBatch) error {
		if batches++; batches > 1 {
			return ErrStop
		}
		for i, f := range rec.Schema().Fields() {
			switch role := table.RoleOf(f); {
			case role == table.Text, role == table.ID:
				types[f.Name] = string(role)
			case role == table.Feature && f.Type.ID() == arrow.FLOAT64:
				types[f.Name] = "number"
			case role == table.Feature:
				types[f.Name] = "category"
				keeps[f.Name] = missingWords(rec.Column(i))
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return mapping.Learn(o.Mapping.Columns, types, func(name string) []string { return keeps[name] }), nil
}

// missingWords returns the categories of a column that are words for missing
// values elsewhere.
func missingWords(col arrow.Array) []string {
	dict, ok := col.(*array.Dictionary)
	if !ok {
		return nil
	}
	var found []string
	names, _ := table.Strings(dict.Dictionary())
	for i := range dict.Dictionary().Len() {
		if name := names(i); spelling.IsMissing(name) {
			found = append(found, strings.Clone(name))
		}
	}
	return found
}
