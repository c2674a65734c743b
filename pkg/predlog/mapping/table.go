package mapping

import (
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Table is the table that a log is read into: its keys, its batches and what is
// wrong with its lines.
type Table struct {
	Kind    Kind
	Columns bool   // the log is a file of columns, of which those that are not mapped are input fields
	Top, In Object // keys of the record, and of the input in it
	Rows    *batch.Builder
	Tally   *faults.Tally

	pins      map[string]Pin // by field
	lines     []int64        // of the batch's rows
	sources   []faults.Place // rows of the batch, as Line, where a source begins
	options   Options
	required  []*batch.Column
	fields    []partition // of all rows of the source
	settled   bool        // which columns are required was decided by the first lines
	unread    string      // where the input seems to be, of a log whose first line has none
	classes   classes
	explained []string // columns that a line lacked, of which it was said what it has instead
}

// New returns the Table of a log. Batches go to emit, as a batch.Builder gives
// them, and the first few bad lines to complain, if it is not nil, in words that
// hold values of the log.
func New(o Options, complain func(sentence string), emit func(arrow.RecordBatch) error) *Table {
	for name, of := range map[string]*string{"id": &o.ID, "entity": &o.Entity} {
		if f, said := o.Fields[name]; said {
			*of = f.at(name)
		}
	}
	t := &Table{
		Kind: o.Kind, options: o, pins: map[string]Pin{},
		Top: Object{Keys: map[string]*Key{}}, In: Object{Keys: map[string]*Key{}, Inputs: true},
		Rows: batch.NewBuilder(string(o.Kind), emit), Tally: faults.NewTally(complain),
	}
	for _, p := range o.Columns {
		t.pins[p.Name] = p
	}
	t.Rows.Odd = t.late
	t.addInput()
	t.addFixed()
	t.addClasses()
	t.addVector()
	t.addRest()
	return t
}

// add makes a key known unless its name is taken.
func (t *Table) add(k *Key) {
	if _, taken := t.Top.Keys[k.Name]; !taken {
		t.Top.Keys[k.Name] = k
	}
}

// addInput makes the key that leads to the input fields.
func (t *Table) addInput() {
	if t.Kind == Requests {
		return
	}
	t.Top.Inputs = t.Kind == References
	field, ok := t.options.Fields["input"]
	own := newKey("input", Input)
	own.Under, own.AsInput = &t.In, t.Top.Inputs && ok
	t.In.Path = "input."
	if !ok {
		t.add(own)
		return
	}
	where := field.at("input")
	if where == "" || where == line {
		t.Top.Inputs = true
		return
	}
	t.In.Path = where + "."
	t.lead(where, func() *Key {
		k := newKey(where, Input)
		k.Under = &t.In
		return k
	})
	if field.predictions {
		t.add(own)
	}
}

// addVector makes the keys of an input that is a list.
func (t *Table) addVector() {
	field := t.options.Fields["input"]
	if t.Kind == Requests || field.Names == nil {
		return
	}
	var items []*Key
	for _, name := range field.Names {
		items = append(items, t.InputKey(name))
	}
	t.eachKey(&t.Top, func(k *Key) {
		if k.Action == Input {
			k.Items, k.Vector = items, true
		}
	})
}

// eachKey passes the keys of an object and of what they hold.
func (t *Table) eachKey(o *Object, use func(*Key)) {
	var each func(k *Key)
	each = func(k *Key) {
		if k == nil {
			return
		}
		use(k)
		for _, item := range k.Items {
			each(item)
		}
		if k.Under != nil {
			t.eachKey(k.Under, use)
		}
	}
	for _, k := range o.Keys {
		each(k)
	}
}

// addFixed makes the fixed columns and the keys that lead to them.
func (t *Table) addFixed() {
	for _, f := range fixed[t.Kind] {
		if f.name == t.options.Target {
			continue
		}
		c := &batch.Column{Name: f.name, Role: f.role, Shape: f.shape, Pinned: true, Optional: t.Kind == References}
		t.Rows.Add(c)
		field, said := t.options.Fields[f.name]
		path := field.at(f.name)
		if said && path == "" || !said && slices.Contains(t.options.Ignore, f.name) {
			c.Optional = true
			if field.predictions {
				t.add(newKey(f.name, Drop)) // what the log has not is not compared
			}
			continue
		}
		if f.required && t.Kind != References {
			t.required = append(t.required, c)
		}
		own := func(name string) *Key {
			k := newKey(name, f.action)
			k.Required, k.Col = f.required, c
			return k
		}
		if !said {
			t.add(own(f.name))
			if f.alias != "" {
				t.add(own(f.alias))
			}
			continue
		}
		keys := t.lead(path, func() *Key {
			k := own(path)
			k.Format, k.Scale = field.format(), field.scale()
			return k
		})
		if field.predictions && path != f.name {
			instead := own(f.name)
			instead.Instead = true
			rivals(append(keys, instead))
			// A path such as score[1] leads through the field: a reference may have the number itself.
			if k := t.Top.Keys[f.name]; k != nil && k.Action == Inner {
				instead.Under, instead.Items = k.Under, k.Items
				t.Top.Keys[f.name] = instead
			}
			t.add(instead)
		}
	}
	t.add(newKey("simulated", Simulated))
}

// format is that of a timestamp; nil where nothing is said of it.
func (f Field) format() *timestamp.Format {
	if f.Format == "" {
		return nil
	}
	format, err := timestamp.ParseFormat(f.Format)
	if err != nil {
		panic(err) // which Check has said
	}
	return format
}

// scale is that of a latency; 0 where it is in milliseconds.
func (f Field) scale() float64 {
	if f.Unit == "ms" {
		return 0
	}
	return scales[f.Unit]
}

// addName makes the keys of an id or an entity, which may stand beside the input or
// in it; its column appears with its first value, unless a path leads there.
func (t *Table) addName(name string) {
	if name == "" || t.Kind == Requests {
		return
	}
	list, err := steps(name)
	nested := err == nil && len(list) > 1 && t.Top.Keys[name] == nil
	if t.Top.Inputs && !nested {
		return // it is met among the input fields
	}
	var c *batch.Column
	if nested {
		c = t.NewColumn(name)
	}
	t.lead(name, func() *Key {
		k := newKey(name, Word)
		k.Col = c
		return k
	})
}

// addRest makes the keys of the id and the entity beside the input, and of what is
// left out.
func (t *Table) addRest() {
	t.addName(t.options.ID)
	if t.options.Entity != t.options.ID {
		t.addName(t.options.Entity)
	}
	for _, name := range t.options.Keys {
		t.addName(name)
	}
	if t.Kind == Predictions && !t.Top.Inputs {
		for _, name := range t.options.Beside {
			t.lead(name, func() *Key {
				k := newKey(name, Inner)
				k.AsInput = true
				return k
			})
		}
	}
	for _, name := range t.options.Ignore {
		drop := func() *Key { return newKey(name, Drop) }
		t.lead(name, drop)
		if t.In.Keys[name] == nil {
			t.In.Keys[name] = drop()
		}
	}
}

// Required tells whether name is that of a field without which a log is none.
func (t *Table) Required(name string) bool {
	k := t.Top.Keys[name]
	return k != nil && k.Required
}

// Column returns the key of a column of a file whose columns have these names, where
// it is no input field; nil for one that is, or that is not known.
func (t *Table) Column(name string, all []string) *Key {
	k := t.Top.Keys[name]
	if k == nil {
		return nil
	}
	switch k.Action {
	case Input, Inner, Simulated, Ignore:
		return nil
	}
	if k.Instead && slices.Contains(all, k.Rivals[0].Name) {
		return nil
	}
	k.Line = 1 // for Close: it was met
	return k
}

// Marks tells that a column of a file says whether its rows are simulated, as the field
// of a line does. The settings may name an input field so.
func (t *Table) Marks(name string) bool {
	k := t.Top.Keys[name]
	return k != nil && k.Action == Simulated && !t.IsNamed(name)
}

// InputName returns the input field that a column of a file is, of which the others
// have these names: what follows the path of the input and a dot, as
// pandas.json_normalize names the columns of nested fields, else its name.
func (t *Table) InputName(column string, all []string) string {
	if name, ok := strings.CutPrefix(column, t.In.Path); ok && name != "" && t.options.Fields["input"].Path != "" && !slices.Contains(all, name) {
		return name
	}
	return column
}

// NewInput says what to do with a field of o, which holds input fields, that is met
// first, and makes its column if it has one. What stands beside the mapped fields of a
// file of columns has the name that it has without a program.
func (t *Table) NewInput(o *Object, field string) (Action, *batch.Column) {
	if t.Columns && o == &t.Top {
		if field == "" || table.IsIndex(field) {
			return Drop, nil
		}
		field = t.InputName(field, nil)
	}
	return Feature, t.NewColumn(field)
}

// InputKey returns the key of an input field that stands in a column of its own,
// and makes it known when it is new; nil when there are too many columns.
func (t *Table) InputKey(field string) *Key {
	k := t.In.Keys[field]
	if k == nil {
		if t.Full() {
			return nil
		}
		k = newKey(field, Feature)
		k.Col = t.NewColumn(field)
		t.In.Keys[field] = k
	}
	return k
}

// IsNamed tells that the settings name an input field: the id, the target, or one
// with a type.
func (t *Table) IsNamed(field string) bool {
	pin, pinned := t.pins[field]
	return field == t.options.ID || field == t.options.Entity || field == t.options.Target || slices.Contains(t.options.Keys, field) || pinned && !pin.Learnt
}

// Full tells that the table has as many columns as a table may have.
func (t *Table) Full() bool { return len(t.Rows.Columns()) >= batch.MaxColumns }

// NewColumn makes the column of an input field. It has no shape before its
// first value, unless its type is pinned.
func (t *Table) NewColumn(field string) *batch.Column {
	c := &batch.Column{Name: field, Role: table.Feature, Settles: t.Kind == References}
	for slices.ContainsFunc(t.Rows.Columns(), func(o *batch.Column) bool { return o.Name == c.Name }) {
		c.Name = InputPrefix + c.Name
	}
	if field == t.options.ID && field != "" {
		c.Role, c.Shape, c.AsText, c.Pinned = table.ID, batch.Texts, true, true
	} else if field == t.options.Entity && field != "" {
		c.Role, c.Shape, c.AsText, c.Pinned = table.Entity, batch.Texts, true, true
	}
	pin, pinned := t.pins[field]
	if !pinned && c.Role == table.Feature && slices.Contains(t.options.Keys, field) {
		c.Role, c.Shape, c.AsText, c.Pinned = table.Key, batch.Texts, true, true
	}
	c.SetNone(pin.Missing)
	c.Learnt = pin.Learnt
	switch pin.Type {
	case "number":
		c.Shape, c.Pinned = batch.Floats, true
	case "category":
		c.Shape, c.AsText, c.Pinned = batch.Words, true, true
		c.KeepsAll, c.Keeps = !pin.Learnt, pin.Keeps
	case "text":
		c.Shape, c.AsText, c.Pinned, c.Role = batch.Texts, true, true, table.Text
	case "id":
		c.Shape, c.AsText, c.Pinned = batch.Texts, true, true
		if c.Role != table.Entity {
			c.Role = table.ID
		}
	}
	if field == t.options.Target && field != "" {
		c.Role = table.Target
	}
	t.Rows.Add(c)
	return c
}

// Begin sets out on the line of that number within its source; 0 is the one
// behind the last.
func (t *Table) Begin(line int64) {
	t.Rows.Begin()
	t.Tally.Line(line)
}

// Met notes how the line's timestamp was written.
func (t *Table) Met(r timestamp.Reading) {
	if r == timestamp.Zoneless {
		t.Tally.Zoneless()
	} else if unit := r.Unit(); unit != "" {
		t.Tally.Epoch(unit)
	}
}

// Missing is the fault of the row if a column has no value that must have one. What
// follows from others is in the row from then on.
func (t *Table) Missing() faults.Fault {
	t.classes.settle(t.Rows)
	for _, c := range t.required {
		if !c.Has(t.Rows.Row()) {
			return faults.Missing(c.Name)
		}
	}
	return faults.Fault{}
}

// Commit keeps the row, which was made of size bytes. Its error is emit's.
func (t *Table) Commit(size int) error {
	if t.fields != nil {
		t.setPartition()
	}
	here := t.Tally.Here()
	if n := len(t.sources); n == 0 || t.sources[n-1].Source != here.Source {
		t.sources = append(t.sources, faults.Place{Source: here.Source, Line: int64(len(t.lines))})
	}
	t.lines = append(t.lines, here.Line)
	t.Tally.Keep()
	err := t.Rows.Commit(size)
	if t.Rows.Row() == 0 {
		t.lines, t.sources = t.lines[:0], t.sources[:0]
	}
	return err
}

// TakeText takes a text for the row in a column of numbers.
func (t *Table) TakeText(c *batch.Column, text string) {
	switch c.TakeText(t.Rows.Row(), text) {
	case batch.NotFinite:
		t.Tally.NotFinite(c.Name, faults.Quote([]byte(text)))
	case batch.Stray:
		t.Tally.Stray(c.Name, faults.Quote([]byte(text)))
	}
}

// late notes a value of a row that was kept before.
func (t *Table) late(c *batch.Column, row int, text string, why batch.Odd) {
	got := faults.Quote([]byte(text))
	at := faults.Place{Line: t.lines[row]}
	for _, s := range t.sources {
		if s.Line <= int64(row) {
			at.Source = s.Source
		}
	}
	if why == batch.NotFinite {
		t.Tally.LateNotFinite(at, c.Name, got)
	} else {
		t.Tally.LateStray(at, c.Name, got)
	}
}

// Skip counts the line as one of which no row was to be made.
func (t *Table) Skip() {
	t.Rows.Undo()
	t.Tally.Skip()
}

// Reject counts the line as bad, which begins at position from and took more
// lines with it, and takes back what it set.
func (t *Table) Reject(f faults.Fault, from int, more int64) {
	t.Rows.Undo()
	t.Tally.Reject(f, from, more)
}

// Close gives the last batch to emit, an empty one when the log had no rows, and
// returns what was seen.
func (t *Table) Close() (faults.Summary, error) {
	err := t.Rows.Close()
	s := t.Tally.Summary()
	for _, k := range t.Top.Keys {
		if k.Instead && k.Line > 0 && !slices.ContainsFunc(k.Rivals[:len(k.Rivals)-1], func(mapped *Key) bool { return mapped.Line > 0 }) {
			s.Resolved = append(s.Resolved, faults.Resolved{Own: k.Name, Mapped: k.Rivals[0].Name})
		}
	}
	if s.Rows > 0 && len(s.Unknown) > 0 {
		s.Unread = t.unreadInput()
	}
	slices.SortFunc(s.Resolved, func(a, b faults.Resolved) int { return strings.Compare(a.Own, b.Own) })
	for _, c := range t.Rows.Columns() {
		if free, known := c.Free(); known && free != (c.Role == table.Text) {
			s.Texts = append(s.Texts, faults.Text{Column: c.Name, Free: free})
		}
		if k := t.kind(c); c.Role == table.Feature || c.Role == table.Target || k.Tidied != "" {
			if k.Odd != nil || k.Format != "" || k.Tidied != "" || k.Numbers > 0 || len(k.Missing) > 0 {
				s.Kinds = append(s.Kinds, k)
			}
		}
		if c.Shape == batch.Unset {
			s.Empty = append(s.Empty, c.Name)
			if !c.Pinned && !c.Decided {
				s.Rare = append(s.Rare, c.Name)
			}
		} else if !c.Pinned {
			s.Inferred++
		}
	}
	return s, err
}

// Settled tells that nothing that comes later changes the kind of a column: each is
// pinned, or was decided by all rows of the one source.
func (t *Table) Settled() bool {
	for _, c := range t.Rows.Columns() {
		if !c.Decided && (!c.Pinned || c.Learnt) && (c.Role == table.Feature || c.Role == table.Text) {
			return false
		}
	}
	return len(t.sources) <= 1
}

// kind is what there is to say about how a column was read.
func (t *Table) kind(c *batch.Column) faults.Kind {
	k := faults.Kind{Column: c.Name, Number: c.Shape == batch.Floats, Pinned: c.Pinned, Decided: c.Decided, Values: c.Values, Numbers: c.Numbers, Odd: t.Tally.Odd(c.Name), Tidied: c.Tidied, Missing: t.Tally.MissingWords(c.Name)}
	if c.Format != spelling.Plain {
		k.Format = c.Format.String()
	} else if c.Quoted {
		k.Format = "quotes around them"
	}
	return k
}
