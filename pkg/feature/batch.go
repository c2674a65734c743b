package feature

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/table"
)

// missing returns the raw fields for which s has no column.
func (p *Pipeline) missing(s *arrow.Schema) []string {
	var names []string
	for i := range p.raw {
		if p.find(s, i) < 0 {
			names = append(names, p.raw[i].Name)
		}
	}
	return names
}

// find returns the place in s of raw field i, or -1. An input field that has
// the name of a fixed column is there under mapping.InputPrefix.
func (p *Pipeline) find(s *arrow.Schema, i int) int {
	for _, name := range []string{mapping.InputPrefix + p.raw[i].Name, p.raw[i].Name} {
		if at := s.FieldIndices(name); len(at) > 0 {
			return at[0]
		}
	}
	return -1
}

// Batch writes the model's rows for rec to out, row after row; out holds rec's
// rows times the model's columns. Raw fields are found by name. One that rec
// lacks is null in every row; a batch that has none of them is an error, as is
// a column that holds neither numbers nor text.
func (p *Pipeline) Batch(rec arrow.RecordBatch, out []float64) error {
	rows, width := int(rec.NumRows()), len(p.columns)
	if len(out) != rows*width {
		return fmt.Errorf("feature: want room for %d×%d values, got %d", rows, width, len(out))
	}
	if len(p.missing(rec.Schema())) == len(p.raw) {
		return fmt.Errorf("feature: the table has none of the model's %d raw columns", len(p.raw))
	}
	if rows == 0 {
		return nil
	}
	for i := range p.columns {
		c := &p.columns[i]
		at := -1
		if c.from >= 0 {
			at = p.find(rec.Schema(), c.from)
		}
		if at < 0 {
			x := c.value(record.Value{})
			for r := range rows {
				out[r*width+i] = x
			}
			continue
		}
		if err := c.fill(rec.Column(at), out[i:], width); err != nil {
			return fmt.Errorf("column %s: %w", rec.ColumnName(at), err)
		}
	}
	p.forget(out)
	return nil
}

// fill writes c's value of every row of a to out, width apart.
func (c *column) fill(a arrow.Array, out []float64, width int) error {
	null := c.value(record.Value{})
	switch a := a.(type) {
	case *array.Null:
		for r := range a.Len() {
			out[r*width] = null
		}
	case *array.Dictionary:
		words := make([]float64, a.Dictionary().Len())
		if err := c.fill(a.Dictionary(), words, 1); err != nil {
			return err
		}
		for r := range a.Len() {
			if a.IsNull(r) {
				out[r*width] = null
				continue
			}
			k := a.GetValueIndex(r)
			if k < 0 || k >= len(words) {
				return fmt.Errorf("row %d: dictionary index %d of %d", r, k, len(words))
			}
			out[r*width] = words[k]
		}
	case *array.Boolean:
		for r := range a.Len() {
			out[r*width] = null
			if a.IsValid(r) {
				out[r*width] = c.ofText(map[bool]string{false: "false", true: "true"}[a.Value(r)])
			}
		}
	default:
		if text, ok := table.Strings(a); ok {
			for r := range a.Len() {
				out[r*width] = null
				if a.IsValid(r) {
					out[r*width] = c.ofText(text(r))
				}
			}
			return nil
		}
		number, ok := table.Numbers(a)
		if !ok {
			return fmt.Errorf("want numbers or text, got %s", a.DataType())
		}
		for r := range a.Len() {
			out[r*width] = null
			if a.IsValid(r) {
				if x := number(r); !math.IsNaN(x) {
					out[r*width] = c.value(record.Value{Kind: record.Number, Num: x})
				}
			}
		}
	}
	return nil
}
