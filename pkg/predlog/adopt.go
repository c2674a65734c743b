package predlog

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/table"
)

// readTables reads rows that are Arrow already: the table of the kind that is
// read, or one without a name; a reference may be a table of predictions.
// Other tables are passed over. Numbers become float64, bools and dictionaries
// text, the fields of a struct input fields; columns of other types are left
// out and counted as nested.
func (d *Decoder) readTables(r *table.Reader) error {
	defer r.Close()
	kind := string(d.options.Kind)
	r.Plain = kind
	found := false
	for r.Next() {
		if r.Input() != d.source || !found {
			d.source, d.number = r.Input(), 0
		}
		if t := r.Table(); t != kind && (d.options.Kind != References || t != string(Predictions)) {
			continue
		}
		found = true
		if s, _ := table.MetaOf(r.Schema(), table.KeySimulated); s == "true" && !d.marked {
			d.marked, d.schema = true, nil
		}
		if err := d.adopt(r.Batch()); err != nil {
			return err
		}
	}
	if err := r.Err(); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%s: has no table %s", r.Input(), kind)
	}
	return nil
}

// A reader of one column sets row i of it in the decoder's row.
type setter struct {
	col *key
	arr arrow.Array
	set func(i int) fault
}

func (d *Decoder) adopt(rec arrow.RecordBatch) error {
	var set []setter
	for i, f := range rec.Schema().Fields() {
		if err := d.adoptColumn(f, rec.Column(i), false, &set); err != nil {
			return err
		}
	}
	for row := range int(rec.NumRows()) {
		d.begin()
		bad := fault{}
		for _, s := range set {
			if s.arr.IsNull(row) {
				continue
			}
			if s.set == nil {
				d.pending = append(d.pending, typeError{reason: "nested: column " + s.col.name + ": left out"})
			} else if f := s.set(row); f.reason != "" {
				bad = f
				break
			}
		}
		if bad.reason == "" {
			for _, c := range d.required {
				if !c.has(d.rows) {
					bad = fault{reason: "missing " + c.name}
					break
				}
			}
		}
		var err error
		if bad.reason != "" {
			err = d.reject(bad, 0)
		} else {
			err = d.commit(16 * len(set))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// adoptColumn finds how to set the values of a column.
func (d *Decoder) adoptColumn(f arrow.Field, arr arrow.Array, inside bool, set *[]setter) error {
	if nested, ok := arr.(*array.Struct); ok && !inside {
		for i, child := range nested.DataType().(*arrow.StructType).Fields() {
			// A struct that is null hides what its fields hold.
			if err := d.adoptColumn(child, nested.Field(i), true, set); err != nil {
				return err
			}
			last := &(*set)[len(*set)-1]
			if child := last.set; child != nil && nested.NullN() > 0 {
				last.set = func(i int) fault {
					if nested.IsNull(i) {
						return fault{}
					}
					return child(i)
				}
			}
		}
		return nil
	}
	k := d.top.keys[f.Name]
	switch {
	case k != nil && !inside && (k.action == timestamp || k.action == measure || k.action == code || k.action == word):
		if k.col == nil {
			k.col, d.idKey = d.newColumn(f.Name), k
		}
	case d.options.Kind == Requests:
		k = &key{name: f.Name, action: ignore}
		*set = append(*set, setter{k, arr, func(int) fault {
			d.unknown = append(d.unknown, k)
			return fault{}
		}})
		return nil
	default:
		if k = d.in.keys[f.Name]; k == nil {
			if len(d.cols) >= maxColumns {
				return fmt.Errorf("%s: %s", d.source, reasonColumns)
			}
			k = &key{name: f.Name, literal: string(appendString(nil, f.Name)), action: feature, col: d.newColumn(f.Name)}
			d.in.keys[f.Name] = k
		}
	}
	c := k.col
	// What leadsman wrote says itself what a column is for.
	switch role := table.RoleOf(f); {
	case k.action == measure && role == table.Score:
		if s, _ := f.Metadata.GetValue(table.KeySample); s == "in_sample" {
			d.options.InSample = true
		}
	case k.action == feature && !c.pinned && (role == table.Text || role == table.ID || role == table.Target):
		c.role = role
	}
	*set = append(*set, setter{k, arr, d.setterOf(k, arr)})
	return nil
}

// setterOf returns how to set a value of arr, or nil when its type is none that
// a log holds.
func (d *Decoder) setterOf(k *key, arr arrow.Array) func(i int) fault {
	c := k.col
	wrong := func(want, got string) fault {
		if k.vital {
			return fault{reason: k.name + ": want " + want, got: got}
		}
		d.mismatched(c, want, got)
		return fault{}
	}
	setText := func(s string) fault {
		d.scratch = append(append(d.scratch[:0], s...), make([]byte, slack)...)
		if !c.setText(d.rows, d.scratch, 0, len(s)) {
			return fault{reason: reasonUTF8}
		}
		return fault{}
	}
	if at, ok := table.Times(arr); ok {
		return func(i int) fault {
			if c.shape == times {
				c.setInt(d.rows, at(i))
				return fault{}
			}
			return wrong("a number or text", "a timestamp")
		}
	}
	text, ok := table.Strings(arr)
	if b, isBool := arr.(*array.Boolean); isBool {
		text, ok = func(i int) string { return map[bool]string{false: "false", true: "true"}[b.Value(i)] }, true
	}
	if ok {
		return func(i int) fault {
			switch c.shape {
			case unset:
				d.shape(c, words)
			case floats, ints:
				return wrong("a number", quote([]byte(text(i))))
			case times:
				micros, zone, ok := d.clock.parse([]byte(text(i)))
				if !ok {
					return wrong("an RFC 3339 timestamp", quote([]byte(text(i))))
				}
				d.zoneless = d.zoneless || !zone
				c.setInt(d.rows, micros)
				return fault{}
			}
			return setText(text(i))
		}
	}
	number, ok := table.Numbers(arr)
	if !ok {
		return nil
	}
	whole, isWhole := table.Integers(arr)
	unsigned, isUnsigned := arr.(*array.Uint64) // which int64 does not hold
	unfit := func(reason string) fault {
		if k.vital {
			return fault{reason: k.name + ": " + reason}
		}
		d.unfit(c, reason, "")
		return fault{}
	}
	return func(i int) fault {
		x := number(i)
		if c.shape == unset {
			d.shape(c, floats)
		}
		switch {
		case math.IsNaN(x):
			return fault{} // as pandas writes null
		case c.shape == words || c.shape == texts:
			if !c.asText && !c.isFixed() {
				return wrong("a string", fmt.Sprint(x))
			}
			switch {
			case isUnsigned:
				return setText(fmt.Sprint(unsigned.Value(i)))
			case isWhole:
				return setText(fmt.Sprint(whole(i)))
			}
			return setText(string(appendRepr(nil, x)))
		case c.shape == times:
			return wrong("an RFC 3339 timestamp", fmt.Sprint(x))
		case math.IsInf(x, 0):
			return unfit(reasonNaN)
		case isWhole && math.Abs(x) >= 1<<53 && (whole(i) > 1<<53 || whole(i) < -1<<53):
			return unfit(reasonBigInteger)
		case c.shape == ints:
			if x != float64(int64(x)) {
				return wrong("a whole number", fmt.Sprint(x))
			}
			c.setInt(d.rows, int64(x))
			return fault{}
		}
		c.setFloat(d.rows, x)
		return fault{}
	}
}
