package feature

import (
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Sources returns, for each of Columns, the name of the raw field that it is made
// of, and "" for a column that is made of none.
func (p *Pipeline) Sources() []string {
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		if c.op != zero && c.from >= 0 {
			names[i] = p.raw[c.from].Name
		}
	}
	return names
}

// Rows writes the model's rows for n rows of raw values to out, row after row.
// names are the raw columns' names, and value returns what the row holds in the
// column at that place of names; it is asked for no others. As in Batch, raw
// fields are found by name, one that names lacks is null in every row, and names
// that have none of them are an error.
func (p *Pipeline) Rows(names []string, n int, value func(row, column int) record.Value, out []float64) error {
	width := len(p.columns)
	if len(out) != n*width {
		return fmt.Errorf("feature: want room for %d×%d values, got %d", n, width, len(out))
	}
	places, found := make([]int, len(p.raw)), false
	for i, raw := range p.raw {
		places[i] = slices.Index(names, mapping.InputPrefix+raw.Name)
		if places[i] < 0 {
			places[i] = slices.Index(names, raw.Name)
		}
		found = found || places[i] >= 0
	}
	if !found {
		return fmt.Errorf("feature: the rows have none of the model's %d raw columns", len(p.raw))
	}
	in := make([]record.Value, len(p.raw))
	for r := range n {
		for i, at := range places {
			if at >= 0 {
				in[i] = value(r, at)
			}
		}
		if err := p.Row(in, out[r*width:(r+1)*width]); err != nil {
			return err
		}
	}
	return nil
}
