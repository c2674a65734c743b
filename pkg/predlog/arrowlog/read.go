// Package arrowlog takes rows that are Arrow already, leadsman's own tables and those
// of other programs, into a table.
package arrowlog

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/timestamp"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Read reads the rows of in into t and closes it: the table of t's kind, or one
// without a name; a reference may be a table of predictions. Other tables are
// passed over. Columns are read as the kinds that the package table gives their
// types: numbers become float64, booleans and dictionaries of text words, the fields
// of a struct input fields. Those that nobody reads are left out, noted, and
// their values counted as nested. The row numbers of pandas are passed over, and so is
// a named index unless it is mapped, which is noted.
func Read(t *mapping.Table, in *table.Reader) error {
	return batches(t, in, NewConverter(t).Rows)
}

// batches gives each batch of t's rows in the input to use, with the name of its
// source, and closes the input.
func batches(t *mapping.Table, in *table.Reader, use func(source string, rec arrow.RecordBatch) error) error {
	defer in.Close()
	kind := string(t.Kind)
	in.Plain = kind
	source, found := "", false
	for in.Next() {
		if in.Input() != source || !found {
			source = in.Input()
			t.Tally.Begin(source)
		}
		if name := in.Table(); name != kind && (t.Kind != mapping.References || name != string(mapping.Predictions)) {
			continue
		}
		found = true
		if s, _ := table.MetaOf(in.Schema(), table.KeySimulated); s == "true" {
			t.Rows.Mark()
		}
		if err := use(source, in.Batch()); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%s: has no table %s", in.Input(), kind)
	}
	return nil
}

// A Converter takes rows over, as Read does, of batches that somebody else reads.
type Converter struct {
	table   *mapping.Table
	clock   timestamp.Clock
	settled bool            // the first rows were shown to the table
	index   map[string]bool // columns that are the index of a pandas frame
}

// NewConverter returns a Converter into t.
func NewConverter(t *mapping.Table) *Converter { return &Converter{table: t} }

// A source is a column whose values are taken over.
type source struct {
	key    *mapping.Key
	values arrow.Array
	set    func(i int) faults.Fault // sets the value at i in the current row; nil for a type that no log holds
}

// Rows takes over the rows of a batch; input names it in errors.
func (a *Converter) Rows(input string, rec arrow.RecordBatch) error {
	a.settle(rec)
	a.index = table.IndexOf(rec.Schema())
	var sources []source
	var names []string
	for _, f := range rec.Schema().Fields() {
		names = append(names, f.Name)
	}
	for i, f := range rec.Schema().Fields() {
		if !a.column(f, rec.Column(i), names, &sources) {
			return fmt.Errorf("%s: %s", input, faults.ManyColumns)
		}
	}
	for i := range int(rec.NumRows()) {
		a.table.Begin(0)
		if bad := a.row(sources, i); bad.Reason != "" {
			if bad.Lacks != "" && a.table.Tally.Explains() {
				bad = a.table.Explain(bad, seen(rec, i))
			}
			a.table.Reject(bad, 0, 0)
		} else if err := a.table.Commit(16 * len(sources)); err != nil {
			return err
		}
	}
	return nil
}

// row sets the current row to row i of the batch.
func (a *Converter) row(sources []source, i int) faults.Fault {
	for _, s := range sources {
		if s.values.IsNull(i) {
			continue
		}
		if s.set == nil {
			a.table.Tally.Nested(s.key.Name)
		} else if bad := s.set(i); bad.Reason != "" {
			return bad
		}
	}
	return a.table.Missing()
}

// column finds where the values of a column go, which is one of those called names,
// or none of them but the field of a struct. It returns false when there are too many
// columns.
func (a *Converter) column(f arrow.Field, values arrow.Array, names []string, to *[]source) bool {
	t := a.table
	if k := t.Top.Keys[f.Name]; k != nil && names != nil && (k.Under != nil || k.Items != nil) {
		if done, ok := a.under(k, values, to); done {
			return ok
		}
	}
	if nested, ok := values.(*array.Struct); ok && names != nil {
		return a.fields(nested, to)
	}
	if names != nil && t.Marks(f.Name) {
		a.mark(values, to)
		return true
	}
	var k *mapping.Key
	if names != nil {
		k = t.Column(f.Name, names)
	}
	switch {
	case k != nil:
		if k.Col == nil && k.Action == mapping.Word {
			k.Col = t.NewColumn(f.Name)
		}
	case t.Kind == mapping.Requests:
		k = &mapping.Key{Name: f.Name, Lost: faults.Unknown{Name: f.Name}}
		*to = append(*to, source{k, values, func(int) faults.Fault {
			t.Tally.Unknown(&k.Lost)
			return faults.Fault{}
		}})
		return true
	case names != nil && a.index[f.Name] && !t.IsNamed(f.Name):
		t.Tally.Typed(f.Name, faults.FrameIndex, "")
		return true
	default:
		return a.input(t.InputName(f.Name, names), f, values, to)
	}
	return a.source(k, f, values, to)
}

// mark lets a column mark the table where it is true.
func (a *Converter) mark(values arrow.Array, to *[]source) {
	values = table.Plain(values)
	is := func(int) bool { return false }
	if b, ok := values.(*array.Boolean); ok {
		is = b.Value
	} else if text, ok := table.Strings(values); ok {
		is = func(i int) bool { return spelling.Value(text(i)) == "true" }
	}
	*to = append(*to, source{new(mapping.Key), values, func(i int) faults.Fault {
		if is(i) {
			a.table.Rows.Mark()
		}
		return faults.Fault{}
	}})
}

// input adds the column of an input field. One that nobody reads gets none in the
// table, and a pandas index is none.
func (a *Converter) input(name string, f arrow.Field, values arrow.Array, to *[]source) bool {
	t := a.table
	k := t.In.Keys[name]
	switch {
	case k == nil && table.IsIndex(name):
		return true
	case k == nil && table.WhyLeft(f) != "":
		k = &mapping.Key{Name: name}
	default:
		if k = t.InputKey(name); k == nil {
			return false
		}
	}
	return a.source(k, f, values, to)
}

// source adds a column whose key is known.
func (a *Converter) source(k *mapping.Key, f arrow.Field, values arrow.Array, to *[]source) bool {
	t := a.table
	switch {
	case k.Action == mapping.Drop:
		return true
	case table.WhyLeft(f) != "":
		t.Tally.Typed(f.Name, table.WhyLeft(f), "")
		*to = append(*to, source{key: k, values: values})
		return true
	case table.KindOf(f.Type) == table.Empty:
		return true
	}
	// What leadsman wrote says itself what a column is for.
	switch role := table.RoleOf(f); {
	case k.Action == mapping.Measure && role == table.Score:
		if s, _ := f.Metadata.GetValue(table.KeySample); (s == "in_sample" || s == table.Production) && t.Kind == mapping.References {
			t.Rows.Sample = s
			t.Rows.Provenance, _ = f.Metadata.GetValue(table.KeyProvenance)
		}
	case k.Action == mapping.Feature && !k.Col.Pinned && (role == table.Text || role == table.ID || role == table.Entity || role == table.Key || role == table.Target):
		k.Col.Role, k.Col.Settles = role, false
	}
	values = table.Plain(values)
	if unit := table.UnitOf(f.Type); unit != "" && k.Col.Unit != unit && k.Col.Role != table.Latency && (k.Col.Shape == batch.Unset || k.Col.Shape == batch.Floats) {
		k.Col.Unit = unit
		t.Tally.Typed(f.Name, table.TypeName(f.Type), unitWords(f.Type))
	}
	*to = append(*to, source{k, values, a.setter(k, values)})
	return true
}

// unitWords says what the numbers of a column of times are.
func unitWords(t arrow.DataType) string {
	switch {
	case table.UnitOf(t) == "d":
		return "days since 1970-01-01"
	case table.KindOf(t) == table.Timed:
		return "seconds since 1970-01-01"
	}
	return "seconds"
}

// fields finds where the values of a struct's fields go.
func (a *Converter) fields(nested *array.Struct, to *[]source) bool {
	from := len(*to)
	for i, child := range nested.DataType().(*arrow.StructType).Fields() {
		if !a.column(child, nested.Field(i), nil, to) {
			return false
		}
	}
	hide(nested, (*to)[from:])
	return true
}

// hide leaves out what the fields of a null hold.
func hide(nested arrow.Array, sources []source) {
	if nested.NullN() == 0 {
		return
	}
	for i := range sources {
		set := sources[i].set
		if set == nil {
			continue
		}
		sources[i].set = func(i int) faults.Fault {
			if nested.IsNull(i) {
				return faults.Fault{}
			}
			return set(i)
		}
	}
}
