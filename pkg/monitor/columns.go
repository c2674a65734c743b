package monitor

import (
	"bytes"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// otherColumns says that one side is in the columns that features.json makes for the model,
// and the other in those that it makes them of; nil where it is not so, or where there
// is no features.json that can be read, which is said elsewhere.
func otherColumns(o *Options, p *plan.Plan, ref, cur *view.View) *drift.Encoded {
	var rows *feature.Pipeline
	var err error
	switch {
	case p.Sample && o.Sample != nil && o.Sample.Model != nil:
		rows, err = feature.Parse(bytes.NewReader(o.Sample.Features))
	case o.Config.Features == "":
		return nil
	default:
		rows, err = feature.Open(o.Config.Features)
	}
	if err != nil {
		return nil
	}
	raw, made := map[string]bool{}, map[string]bool{}
	for _, r := range rows.Raw() {
		raw[r.Name] = true
	}
	for _, name := range rows.Columns() {
		if !raw[name] {
			made[name] = true
		}
	}
	for _, name := range rows.Columns() { // both kinds of rows have it
		delete(raw, name)
	}
	// gone are features of the reference that no row of the log has, come those that
	// only the log has.
	var gone, come []string
	features := 0
	for i := range ref.Columns {
		if ref.Columns[i].Role == table.Feature {
			features++
		}
	}
	for i := range cur.Columns {
		switch c := &cur.Columns[i]; {
		case c.Role != table.Feature:
		case c.New:
			come = append(come, c.Name)
		case c.Vanished:
			gone = append(gone, c.Name)
		}
	}
	of := func(names []string, kind map[string]bool) []string {
		var out []string
		for _, n := range names {
			if kind[n] {
				out = append(out, n)
			}
		}
		return out
	}
	for _, reference := range []bool{true, false} {
		before, after := made, raw
		if !reference {
			before, after = raw, made
		}
		lost, found := of(gone, before), of(come, after)
		if len(lost) == 0 || len(found) == 0 || len(lost)+len(found) < 3 || 2*len(lost) < features && 2*len(lost) < len(before) {
			continue
		}
		return &drift.Encoded{Reference: reference, Lost: lost, Found: found}
	}
	return nil
}
