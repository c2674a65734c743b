package count

import (
	"iter"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A Column counts a raw column: number of a number, category of a category, length
// and commas of a text.
type Column struct {
	plan           *plan.Column
	absent         int64 // rows whose table had no such column
	rejected       int64 // of all rows that were read, judged or not
	number         *numberCounts
	category       *categoryCounts
	length, commas *numberCounts
}

// NewColumn returns the column's counters, all zero.
func NewColumn(p *plan.Column) Column {
	c := Column{plan: p}
	switch p.Kind {
	case view.NumberKind:
		c.number = newNumberCounts(p.Grid, p.Kept)
	case view.CategoryKind:
		c.category = newCategoryCounts(p)
	default:
		c.length, c.commas = newNumberCounts(p.Length, p.Kept), newNumberCounts(p.Commas, p.Kept)
	}
	return c
}

// Add counts rows from to to of a loaded chunk that starts at row lo of its
// batch; at is where their values stand, the second of a text's commas.
func (c *Column) Add(r *read.Column, at *[2]*plan.Placed, from, to, lo int) {
	switch state := r.State[from:to]; {
	case c.number != nil:
		c.number.add(r.X[from:to], state, at[0].Position[from:to])
	case c.category != nil:
		c.category.add(r, from, to, lo)
	default:
		c.length.add(r.X[from:to], state, at[0].Position[from:to])
		c.commas.add(r.Y[from:to], state, at[1].Position[from:to])
	}
}

// AddAbsent counts rows whose table has no such column.
func (c *Column) AddAbsent(rows int) { c.absent += int64(rows) }

// AddRejected counts values of another type that were taken as null before the
// rows were read; fewer than none are none.
func (c *Column) AddRejected(n int64) { c.rejected += max(0, n) }

// Merge adds o, which may be c itself.
func (c *Column) Merge(o *Column) {
	c.absent += o.absent
	c.rejected += o.rejected
	switch {
	case c.number != nil:
		c.number.merge(o.number)
	case c.category != nil:
		c.category.merge(o.category)
	default:
		c.length.merge(o.length)
		c.commas.merge(o.commas)
	}
}

// Check says whether counters that Set, SetValues and SetName have set fit together.
func (c *Column) Check() bool {
	for _, n := range []*numberCounts{c.number, c.length, c.commas} {
		if n != nil && !n.check() {
			return false
		}
	}
	return c.category == nil || c.category.check()
}

// ByValue passes on the values of a number or a category as text, each with its
// number of rows. Values that were not kept are left out. Names are of categories
// that may hold many rows.
func (c *Column) ByValue(names iter.Seq2[uint64, string]) iter.Seq2[string, int64] {
	if c.category != nil {
		return c.category.byValue(c.plan, names)
	}
	return c.number.byValue()
}

// Missing returns how many rows have no value in a number or a category.
func (c *Column) Missing() int64 {
	if c.category != nil {
		return c.category.state[read.StateMissing]
	}
	return c.number.state[read.StateMissing]
}

// Vanished says whether the tables of so many rows, which are all, had no such
// column.
func (c *Column) Vanished(rows int64) bool { return rows > 0 && c.absent == rows }

// View returns what a reader sees of the column in so many rows. Names, with their
// hashes, are of categories that may hold many rows.
func (c *Column) View(rows int64, names iter.Seq2[uint64, string]) view.Column {
	v := c.plan.View()
	v.Absent, v.Rejected = c.absent, c.rejected
	v.Vanished = c.Vanished(rows)
	switch {
	case c.number != nil:
		countStates(&v, rows, &c.number.state)
		v.Number, v.Classes = c.number.view(), c.plan.Grid.ByClass(c.number.at)
	case c.category != nil:
		countStates(&v, rows, &c.category.state)
		v.Category, v.Classes = c.category.view(c.plan, names), c.category.byClass(c.plan.Classes())
	default:
		countStates(&v, rows, &c.length.state)
		for i, n := range []*numberCounts{c.length, c.commas} {
			d := c.plan.Derived(i)
			d.Absent, d.Vanished = v.Absent, v.Vanished
			countStates(&d, rows, &n.state)
			d.Number, d.Classes = n.view(), n.grid.ByClass(n.at)
			v.Derived = append(v.Derived, d)
		}
	}
	return v
}

func countStates(c *view.Column, rows int64, state *[read.States]int64) {
	c.Rows, c.Missing = rows, state[read.StateMissing]
	c.NaN, c.PosInf, c.NegInf, c.TypeErrors = state[read.StateNaN], state[read.StatePosInf], state[read.StateNegInf], state[read.StateTypeError]
}

var stateNames = [read.States]string{"values", "missing", "nan", "pos_inf", "neg_inf", "type_errors"}

func putStates(l *ledger.Ledger, prefix string, state *[read.States]int64) {
	for i, n := range state {
		l.Sum(prefix+stateNames[i], n)
	}
}

func setState(state *[read.States]int64, key string, n ledger.Numbers) bool {
	i := slices.Index(stateNames[:], key)
	return i >= 0 && ledger.SetCount(&state[i], n)
}

// textParts are the prefixes of a text's keys.
var textParts = [2]string{"length/", "commas/"}

// Put puts the counters into the column's ledger.
func (c *Column) Put(l *ledger.Ledger) {
	l.Sum("absent", c.absent)
	l.Sum("rejected", c.rejected)
	switch {
	case c.number != nil:
		c.number.put(l, "")
	case c.category != nil:
		c.category.put(l)
	default:
		c.length.put(l, textParts[0])
		c.commas.put(l, textParts[1])
	}
}

// Set sets a counter that Put has put under key.
func (c *Column) Set(key string, n ledger.Numbers) bool {
	switch key {
	case "absent":
		return ledger.SetCount(&c.absent, n)
	case "rejected":
		return ledger.SetCount(&c.rejected, n)
	}
	if c.category != nil {
		return c.category.set(key, n)
	}
	number := c.numberOf(&key)
	return number != nil && number.set(key, n)
}

// SetValues sets how often values off the grid were there.
func (c *Column) SetValues(key string, x []float64, n []int64) bool {
	if c.category != nil {
		return false
	}
	number := c.numberOf(&key)
	return number != nil && key == "" && number.setValues(x, n)
}

// SetName sets how often a name was there.
func (c *Column) SetName(key string, hash uint64, n int64, name string) bool {
	return c.category != nil && key == "unseen" && setName(&c.category.names, hash, n, name)
}

// numberOf strips the part of a text from key and returns its counters.
func (c *Column) numberOf(key *string) *numberCounts {
	switch {
	case c.number != nil:
		return c.number
	case ledger.Take(key, textParts[0]):
		return c.length
	case ledger.Take(key, textParts[1]):
		return c.commas
	}
	return nil
}
