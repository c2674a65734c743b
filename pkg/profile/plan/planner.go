package plan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Planner makes a plan of a reference, one batch after another. Its memory is
// bounded: of a number it keeps 2,048 distinct values, and beyond that a sample
// of 8,192 to 16,384 rows and the 64 least and greatest values; of the score, and of all
// where the plan is to be exact, 65,536, 65,536 to 131,072 and 512; names of categories are
// counted exactly, on disk where they are too many.
type Planner struct {
	options    Options
	columns    []*planning
	byName     map[string]*planning
	rows       int64
	values     read.Fingerprint
	provenance string
	days       [7]int64 // rows by day of the week
	first      int64    // microseconds, of the rows with a time
	last       int64
	calendar   *Calendar
	simulated  bool
	importance map[string]float64 // of raw columns to the model; nil: not known
	bytes      int                // of names in memory
	chunk      *read.Chunk        // of one column after another
}

// planning is one raw column as the planner sees it.
type planning struct {
	Column
	read   read.Column
	number spread
	commas spread
	names  names
	held   int64 // rows with a value
}

// NewPlanner returns a planner with no rows.
func NewPlanner(o Options) *Planner {
	chunk := read.NewChunk(read.ChunkRows, view.NumberKind, view.CategoryKind, view.TextKind)
	return &Planner{options: o, byName: make(map[string]*planning), chunk: chunk}
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
		c.read.Chunk = b.chunk
		c.read.Want(c.Kind, nil, nil)
		c.read.Without(c.Missing)
		c.read.Bind(rec.Column(i))
		for lo := 0; lo < int(rec.NumRows()); lo += read.ChunkRows {
			hi := min(lo+read.ChunkRows, int(rec.NumRows()))
			b.bytes += c.add(lo, hi, b.rows+int64(lo))
			if err := b.spill(); err != nil {
				return err
			}
			b.values.AddColumn(&c.read, c.Name, c.Role, hi-lo)
		}
	}
	b.rows += rec.NumRows()
	b.values.AddRows(rec.NumRows())
	return b.addDays(rec)
}

// addDays counts the rows by day of the week.
func (b *Planner) addDays(rec arrow.RecordBatch) error {
	at, err := read.Times(rec, read.FixedOf(rec.Schema(), "", "").At)
	if err != nil {
		return nil // a column of another kind that is called so holds no times
	}
	if b.calendar == nil {
		zone, err := location(b.options.Timezone)
		if err != nil {
			return err
		}
		b.calendar = &Calendar{zone: zone}
	}
	for i := range int(rec.NumRows()) {
		t, ok := at(i)
		if !ok {
			continue
		}
		if b.days == ([7]int64{}) {
			b.first, b.last = t, t
		}
		b.first, b.last = min(b.first, t), max(b.last, t)
		b.days[b.calendar.weekday(t)]++
	}
	return nil
}

// column returns the column of a field, or nil for one that is not compared.
func (b *Planner) column(f arrow.Field) (*planning, error) {
	role := read.RoleOf(f)
	pin := b.options.Columns[f.Name]
	if f.Name == "" || pin.Type == "id" || f.Name == b.options.ID || f.Name == b.options.Entity || f.Name == b.options.Target {
		return nil, nil
	}
	kind := view.NumberKind
	switch role {
	case table.Score, table.ClassScore:
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
		case table.KindOf(f.Type) != table.Numbered:
			kind = view.CategoryKind
		}
		role = table.Feature
	default:
		return nil, nil
	}
	if c := b.byName[f.Name]; c != nil {
		return c, nil
	}
	if len(b.columns) == caps.Columns.N {
		return nil, fmt.Errorf("reference: more than %d columns", caps.Columns.N)
	}
	sample, _ := f.Metadata.GetValue(table.KeySample)
	if text, ok := f.Metadata.GetValue(table.KeyProvenance); ok && role == table.Score {
		b.provenance = text
	}
	c := &planning{Column: Column{Name: f.Name, Role: role, Kind: kind, Public: pin.Public, Missing: pin.Missing, InSample: sample == "in_sample"}}
	seed := sketch.HashString(f.Name)
	fine := finenessOf(role, b.options.Exact)
	c.number, c.commas = newSpread(fine, seed), newSpread(fine, seed)
	b.columns = append(b.columns, c)
	b.byName[f.Name] = c
	return c, nil
}

// spill moves the names of the column that has the most out of memory where all
// together have too many.
func (b *Planner) spill() error {
	if b.bytes <= namesBytes {
		return nil
	}
	most := slices.MaxFunc(b.columns, func(x, y *planning) int { return cmp.Compare(x.names.bytes, y.names.bytes) })
	b.bytes -= most.names.bytes
	return most.names.spill()
}

// SetOutcomes says what the reference's outcomes are, as Options.Outcomes does.
func (b *Planner) SetOutcomes(kind string) { b.options.Outcomes = kind }

// Close releases what the planner holds on disk.
func (b *Planner) Close() {
	for _, c := range b.columns {
		c.names.close()
	}
}

// add reads rows lo to hi; first is the ordinal of row lo in the reference. It
// returns by how many bytes the names in memory grew.
func (c *planning) add(lo, hi int, first int64) (grown int) {
	r := &c.read
	r.Load(lo, hi)
	for i := range hi - lo {
		if r.State[i] != read.StateValue {
			continue
		}
		c.held++
		switch c.Kind {
		case view.NumberKind:
			c.number.add(r.X[i], first+int64(i))
		case view.TextKind:
			c.number.add(r.X[i], first+int64(i))
			c.commas.add(r.Y[i], first+int64(i))
		default:
			grown += c.names.add(r.Name(lo + i))
		}
	}
	return grown
}

// Plan returns the plan of the rows so far. Columns stand in the order score,
// label, the scores of classes, features as they first came, then the segments that the reference lacks. A score and a label are in every plan.
func (b *Planner) Plan() (*Plan, error) {
	o := b.options
	p := &Plan{Window: o.Window, Threshold: o.Threshold, PositiveLabel: spelling.Value(o.PositiveLabel), IDColumn: o.ID, Entity: o.Entity, Target: o.Target, Outcomes: o.Outcomes, Classes: o.Classes, Simulated: b.simulated, Sample: o.Sample, SampleRows: o.SampleRows, Exact: o.Exact, Reference: b.values.String(), Provenance: b.provenance}
	p.Week = Week{Zone: o.Timezone, Days: b.days, Span: time.Duration(b.last-b.first) * time.Microsecond}
	var cols []*planning
	for _, role := range []table.Role{table.Score, table.Label, table.ClassScore, table.Feature} {
		found := false
		for _, c := range b.columns {
			if c.Role == role {
				cols, found = append(cols, c), true
			}
		}
		if !found && (role == table.Score || role == table.Label) && b.byName[string(role)] == nil {
			c := &planning{Column: Column{Name: string(role), Role: role, Kind: view.NumberKind}}
			if role == table.Label {
				c.Kind = view.CategoryKind
			}
			cols = append(cols, c)
		}
	}
	if err := b.lineUp(cols); err != nil {
		return nil, err
	}
	for _, c := range cols {
		switch c.Kind {
		case view.NumberKind:
			var extra []float64
			if c.Role == table.Score && o.Threshold-o.Threshold == 0 { // neither NaN nor infinite
				extra = append(extra, o.Threshold)
			}
			c.Grid = c.number.grid(extra)
		case view.TextKind:
			c.Length, c.Column.Commas = c.number.grid(nil), c.commas.grid(nil)
		case view.CategoryKind:
			if err := c.names.into(&c.Column, o.Exact); err != nil {
				return nil, err
			}
		}
		p.Columns = append(p.Columns, c.Column)
	}
	for _, name := range o.Segments {
		if b.byName[name] == nil && p.Find(name) < 0 && name != o.ID && name != o.Entity && name != o.Target {
			p.Columns = append(p.Columns, Column{Name: name, Role: Segment, Kind: view.CategoryKind})
		}
	}
	for _, name := range o.Segments {
		if p.Splits(name) == nil && !slices.Contains(p.Segments, name) { // what cannot be is told where the log is judged
			p.Segments = append(p.Segments, name)
		}
	}
	if err := p.Complete(); err != nil {
		return nil, err
	}
	return p, nil
}
