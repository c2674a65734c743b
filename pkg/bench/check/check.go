// Package check holds a model and its features against the scores that Python gave
// the same raw rows.
package check

import (
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// maxRows bounds the rows that are compared.
const maxRows = 1 << 20

// A Result says how the scores of rows agree with those wanted.
type Result struct {
	Rows      int     // that were compared
	Differ    int     // of them, by more than the tolerance
	Largest   float64 // difference, above 1 relative to the score wanted
	Tolerance float64
	First     []Difference // in the order of the rows
	Common    []Common     // what the rows that differ have in common, the clearest first
	Missing   float64      // number that all rows are equal with once it is taken for a missing value; NaN where none is
}

// A Difference is a row whose score is another.
type Difference struct {
	Row       int // from 1 on
	Got, Want float64
}

// Common is something that rows hold: Text in the raw field Field.
type Common struct {
	Field, Text   string
	Differ, Equal int // rows that differ, and rows that do not, which hold it
}

// Limits of what is said.
const (
	maxFirst  = 10
	maxCommon = 5
	// Something is common to the rows that differ where this share of them holds
	// it, and at most half as large a share of the others.
	commonShare = 0.9
)

// Run scores the rows, which p makes m's, with an engine of that maker, and compares them with want, one score a
// row. A score is equal where it is off by tolerance at most, above 1 relatively.
func Run(m *model.Model, maker model.Maker, p *feature.Pipeline, rows feature.RawRows, want []float64, tolerance float64) (*Result, error) {
	if k := m.Outputs(); k > 1 {
		return nil, fmt.Errorf("the model gives %d scores a row, one of each class: want one", k)
	}
	engine, err := maker(m)
	if err != nil {
		return nil, err
	}
	values, texts, err := read(p, rows)
	if err != nil {
		return nil, err
	}
	n := len(values) / m.NumFeatures
	if n != len(want) {
		return nil, fmt.Errorf("%s has %d rows, and there are %d scores: want one score a row, in the rows' order", rows.Name, n, len(want))
	}
	got := make([]float32, n)
	if err := engine.Predict(values, got); err != nil {
		return nil, err
	}
	r := &Result{Rows: n, Tolerance: tolerance, Missing: math.NaN()}
	differ := make([]bool, n)
	for i := range got {
		off := difference(float64(got[i]), want[i])
		r.Largest = max(r.Largest, off)
		if differ[i] = !(off <= tolerance); differ[i] {
			r.Differ++
			if len(r.First) < maxFirst {
				r.First = append(r.First, Difference{i + 1, float64(got[i]), want[i]})
			}
		}
	}
	if r.Differ == 0 {
		return r, nil
	}
	r.Common = common(texts, differ, r.Differ)
	r.Missing = r.missing(engine, values, want, differ)
	return r, nil
}

// difference is how far a score is off, infinite where one is no number.
func difference(got, want float64) float64 {
	off := math.Abs(got-want) / max(1, math.Abs(want))
	if off != off {
		return math.Inf(1)
	}
	return off
}

// field is a raw field's text in each row.
type field struct {
	name  string
	texts []string
}

// What a cell without text is called.
const (
	isNull  = "no value"
	isEmpty = "an empty text"
)

// read returns the model's rows, and the raw fields' texts.
func read(p *feature.Pipeline, rows feature.RawRows) (values []float64, fields []field, err error) {
	for _, raw := range p.Raw() {
		fields = append(fields, field{name: raw.Name})
	}
	width := len(p.Columns())
	n := 0
	err = p.Each(rows, func(rec arrow.RecordBatch) (bool, error) {
		k := int(rec.NumRows())
		if n += k; n > maxRows {
			return false, fmt.Errorf("%s: more than %d rows", rows.Name, maxRows)
		}
		more := make([]float64, k*width)
		if err := p.Batch(rec, more); err != nil {
			return false, fmt.Errorf("%s: %w", rows.Name, err)
		}
		values = append(values, more...)
		for i := range fields {
			fields[i].texts = appendTexts(fields[i].texts, rec, fields[i].name)
		}
		return true, nil
	})
	return values, fields, err
}

// Texts are the texts of the field of that name in a batch, and whether it has the
// field.
func Texts(rec arrow.RecordBatch, name string) ([]string, bool) {
	found := len(rec.Schema().FieldIndices(mapping.InputPrefix+name))+len(rec.Schema().FieldIndices(name)) > 0
	return appendTexts(nil, rec, name), found
}

// appendTexts appends the texts of the field of that name.
func appendTexts(texts []string, rec arrow.RecordBatch, name string) []string {
	at := rec.Schema().FieldIndices(mapping.InputPrefix + name)
	if len(at) == 0 {
		at = rec.Schema().FieldIndices(name)
	}
	value := func(int) string { return isNull }
	if len(at) > 0 {
		col := rec.Column(at[0])
		if text, ok := table.Strings(col); ok {
			value = text
		} else if number, ok := table.Numbers(col); ok {
			value = func(row int) string { return strconv.FormatFloat(number(row), 'f', -1, 64) }
		}
		inner := value
		value = func(row int) string {
			if col.IsNull(row) {
				return isNull
			}
			if s := inner(row); s != "" {
				return s
			}
			return isEmpty
		}
	}
	for row := range int(rec.NumRows()) {
		texts = append(texts, value(row))
	}
	return texts
}
