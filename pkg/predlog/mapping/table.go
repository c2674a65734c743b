package mapping

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Table is the table that a log is read into: its keys, its batches and what is
// wrong with its lines.
type Table struct {
	Kind    Kind
	Top, In Object // keys of the record, and of the input in it
	Rows    *batch.Builder
	Tally   *faults.Tally

	options  Options
	kinds    map[string]string // pinned types
	required []*batch.Column
}

// New returns the Table of a log. Batches go to emit, as a batch.Builder gives
// them, and the first few bad lines to complain, if it is not nil, in words that
// hold values of the log.
func New(o Options, complain func(sentence string), emit func(arrow.RecordBatch) error) *Table {
	t := &Table{
		Kind: o.Kind, options: o, kinds: map[string]string{},
		Top: Object{Keys: map[string]*Key{}}, In: Object{Keys: map[string]*Key{}, Inputs: true},
		Rows: batch.NewBuilder(string(o.Kind), emit), Tally: faults.NewTally(complain),
	}
	for _, p := range o.Columns {
		t.kinds[p.Name] = p.Type
	}
	t.addFixed()
	t.addInput()
	return t
}

// add makes a key known unless its name is taken.
func (t *Table) add(k *Key) {
	if _, taken := t.Top.Keys[k.Name]; !taken {
		t.Top.Keys[k.Name] = k
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
		names := []string{f.name}
		if f.alias != "" {
			names = append(names, f.alias)
		}
		if configured, ok := t.options.Fields[f.name]; ok {
			names = []string{configured}
		}
		for _, n := range names {
			k := newKey(n, f.action)
			k.Required, k.Col = f.required, c
			t.add(k)
		}
		if f.required && t.Kind != References {
			t.required = append(t.required, c)
		}
	}
	t.add(newKey("simulated", Simulated))
}

// addInput makes the keys that lead to the input fields, and that of the id
// beside them.
func (t *Table) addInput() {
	if t.Kind == Requests {
		return
	}
	t.Top.Inputs = t.Kind == References
	where, ok := t.options.Fields["input"]
	switch {
	case !ok:
		t.add(newKey("input", Input))
	case where == "":
		t.Top.Inputs = true
	default:
		t.add(newKey(where, Input))
	}
	if id := t.options.ID; id != "" && !t.Top.Inputs {
		// The id may stand beside the input or in it; its column appears
		// with its first value.
		t.add(newKey(id, Word))
	}
}

// Required tells whether name is that of a field without which a log is none.
func (t *Table) Required(name string) bool {
	k := t.Top.Keys[name]
	return k != nil && k.Required
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
	}
	switch t.kinds[field] {
	case "number":
		c.Shape, c.Pinned = batch.Floats, true
	case "category":
		c.Shape, c.AsText, c.Pinned = batch.Words, true, true
	case "text":
		c.Shape, c.AsText, c.Pinned, c.Role = batch.Texts, true, true, table.Text
	case "id":
		c.Shape, c.AsText, c.Pinned, c.Role = batch.Texts, true, true, table.ID
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

// Missing is the fault of the row if a column has no value that must have one.
func (t *Table) Missing() faults.Fault {
	for _, c := range t.required {
		if !c.Has(t.Rows.Row()) {
			return faults.Missing(c.Name)
		}
	}
	return faults.Fault{}
}

// Commit keeps the row, which was made of size bytes. Its error is emit's.
func (t *Table) Commit(size int) error {
	t.Tally.Keep()
	return t.Rows.Commit(size)
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
	for _, c := range t.Rows.Columns() {
		if c.Shape == batch.Unset {
			s.Empty = append(s.Empty, c.Name)
		} else if !c.Pinned {
			s.Inferred++
		}
	}
	return s, err
}
