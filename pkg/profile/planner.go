package profile

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Planner makes a plan of a reference, one batch after another. Its memory is
// bounded: of a number it keeps 65,536 distinct values, and beyond that a sample
// of as many rows and the 512 least and greatest values; of a category the
// 65,536 names of smallest hash.
type Planner struct {
	options   Options
	columns   []*planning
	byName    map[string]*planning
	rows      int64
	values    fingerprint
	simulated bool
}

// planning is one raw column as the planner sees it.
type planning struct {
	planColumn
	read   reading
	number spread
	commas spread
	names  bottom[string]
}

// NewPlanner returns a planner with no rows.
func NewPlanner(o Options) *Planner {
	return &Planner{options: o, byName: make(map[string]*planning)}
}

// Add reads a batch of the reference. Columns may be added by later batches.
func (b *Planner) Add(rec arrow.RecordBatch) error {
	schema := rec.Schema()
	if v, _ := table.MetaOf(schema, table.KeySimulated); v == "true" {
		b.simulated = true
	}
	for i, f := range schema.Fields() {
		c, err := b.column(f)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		c.read.kind = c.kind
		c.read.bind(rec.Column(i))
		for lo := 0; lo < int(rec.NumRows()); lo += chunkRows {
			hi := min(lo+chunkRows, int(rec.NumRows()))
			c.add(lo, hi, b.rows+int64(lo))
			b.values.column(&c.read, c.name, c.role, hi-lo)
		}
	}
	b.rows += rec.NumRows()
	b.values.rows(rec.NumRows())
	return nil
}

// column returns the column of a field, or nil for one that is not compared.
func (b *Planner) column(f arrow.Field) (*planning, error) {
	role := roleOf(f)
	pin := b.options.Columns[f.Name]
	if f.Name == "" || pin.Type == "id" || f.Name == b.options.ID || f.Name == b.options.Target {
		return nil, nil
	}
	kind := view.NumberKind
	switch role {
	case table.Score:
	case table.Label:
		kind = view.CategoryKind
	case table.Feature, table.Text, "":
		if role != table.Text {
			role = table.Feature
		}
		switch {
		case pin.Type != "":
			kind = view.Kind(pin.Type)
		case role == table.Text:
			kind = view.TextKind
		case !isNumeric(f.Type):
			kind = view.CategoryKind
		}
		role = table.Feature
	default:
		return nil, nil
	}
	if c := b.byName[f.Name]; c != nil {
		return c, nil
	}
	if len(b.columns) == maxColumns {
		return nil, fmt.Errorf("reference: more than %d columns", maxColumns)
	}
	sample, _ := f.Metadata.GetValue(table.KeySample)
	c := &planning{planColumn: planColumn{name: f.Name, role: role, kind: kind, public: pin.Public, inSample: sample == "in_sample"}}
	seed := hashString(f.Name)
	c.number, c.commas, c.names = newSpread(seed), newSpread(seed), newBottom[string](maxNames)
	b.columns = append(b.columns, c)
	b.byName[f.Name] = c
	return c, nil
}

// add reads rows lo to hi; first is the ordinal of row lo in the reference.
func (c *planning) add(lo, hi int, first int64) {
	r := &c.read
	r.load(lo, hi)
	for i := range hi - lo {
		if r.state[i] != stateValue {
			continue
		}
		switch c.kind {
		case view.NumberKind:
			c.number.add(r.x[i], first+int64(i))
		case view.TextKind:
			c.number.add(r.x[i], first+int64(i))
			c.commas.add(r.y[i], first+int64(i))
		default:
			text := r.text(lo + i)
			c.names.add(r.hash[i], 1, func() string { return shorten(text, nameLimit) })
		}
	}
}

// Plan returns the plan of the rows so far. Columns stand in the order score,
// label, features as they first came. A score and a label are in every plan.
func (b *Planner) Plan() (*Plan, error) {
	o := b.options
	p := &Plan{Window: o.Window, Threshold: o.Threshold, PositiveLabel: o.PositiveLabel, idColumn: o.ID, target: o.Target, Simulated: b.simulated, Sample: o.Sample, SampleRows: o.SampleRows, reference: b.values.String()}
	var cols []*planning
	for _, role := range []table.Role{table.Score, table.Label, table.Feature} {
		found := false
		for _, c := range b.columns {
			if c.role == role {
				cols, found = append(cols, c), true
			}
		}
		if !found && role != table.Feature && b.byName[string(role)] == nil {
			c := &planning{planColumn: planColumn{name: string(role), role: role, kind: view.NumberKind}}
			if role == table.Label {
				c.kind = view.CategoryKind
			}
			cols = append(cols, c)
		}
	}
	for _, c := range cols {
		switch c.kind {
		case view.NumberKind:
			var extra []float64
			if c.role == table.Score && o.Threshold-o.Threshold == 0 { // neither NaN nor infinite
				extra = append(extra, o.Threshold)
			}
			c.grid = c.number.grid(extra)
		case view.TextKind:
			c.length, c.planColumn.commas = c.number.grid(nil), c.commas.grid(nil)
		case view.CategoryKind:
			for _, u := range names(&c.names) {
				c.planColumn.names = append(c.planColumn.names, u.Name)
			}
			c.planColumn.names = distinctNames(c.planColumn.names)
		}
		p.columns = append(p.columns, c.planColumn)
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	return p, nil
}

// distinctNames drops names that shortening made equal to an earlier one.
func distinctNames(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}
