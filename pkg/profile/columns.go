package profile

import (
	"iter"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// columnCounts are a raw column's counters: number of a number, category of a
// category, length and commas of a text.
type columnCounts struct {
	plan           *planColumn
	absent         int64 // rows whose table had no such column
	rejected       int64 // of all rows that were read, judged or not
	number         *numberCounts
	category       *categoryCounts
	length, commas *numberCounts
}

// newColumn returns the column's counters, all zero.
func newColumn(p *planColumn) columnCounts {
	c := columnCounts{plan: p}
	switch p.kind {
	case view.NumberKind:
		c.number = newNumberCounts(p.grid)
	case view.CategoryKind:
		c.category = newCategoryCounts(len(p.names))
	default:
		c.length, c.commas = newNumberCounts(p.length), newNumberCounts(p.commas)
	}
	return c
}

// add counts rows from to to of a loaded chunk that starts at row lo of its
// batch; at is where their values stand, the second of a text's commas.
func (c *columnCounts) add(r *reading, at *[2]*placed, from, to, lo int) {
	switch x, state := r.x[from:to], r.state[from:to]; {
	case c.number != nil:
		c.number.add(x, state, at[0].position[from:to])
	case c.category != nil:
		c.category.add(r, from, to, lo)
	default:
		c.length.add(x, state, at[0].position[from:to])
		c.commas.add(r.y[from:to], state, at[1].position[from:to])
	}
}

// addAbsent counts rows whose table has no such column.
func (c *columnCounts) addAbsent(rows int) { c.absent += int64(rows) }

// addRejected counts values of another type that were taken as null before the
// rows were read; fewer than none are none.
func (c *columnCounts) addRejected(n int64) { c.rejected += max(0, n) }

// merge adds o, which may be c itself.
func (c *columnCounts) merge(o *columnCounts) {
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

// check says whether counters that were set fit together.
func (c *columnCounts) check() bool {
	for _, n := range []*numberCounts{c.number, c.length, c.commas} {
		if n != nil && !n.check() {
			return false
		}
	}
	return true
}

// byValue passes on the values of a number or a category as text, each with its
// number of rows. Values that were not kept are left out.
func (c *columnCounts) byValue() iter.Seq2[string, int64] {
	if c.category != nil {
		return c.category.byValue(c.plan.names)
	}
	return c.number.byValue()
}

// missing returns how many rows have no value in a number or a category.
func (c *columnCounts) missing() int64 {
	if c.category != nil {
		return c.category.state[stateMissing]
	}
	return c.number.state[stateMissing]
}

// view returns what a reader sees of the column in so many rows.
func (c *columnCounts) view(rows int64) view.Column {
	v := c.plan.column()
	v.Absent, v.Rejected = c.absent, c.rejected
	v.Vanished = rows > 0 && c.absent == rows
	switch {
	case c.number != nil:
		countStates(&v, rows, &c.number.state)
		v.Number, v.Classes = c.number.view(), c.plan.grid.byClass(c.number.at)
	case c.category != nil:
		countStates(&v, rows, &c.category.state)
		v.Category, v.Classes = c.category.view(c.plan.names), c.category.byClass(c.plan.classes())
	default:
		countStates(&v, rows, &c.length.state)
		for i, n := range []*numberCounts{c.length, c.commas} {
			d := c.plan.derived(i)
			d.Absent, d.Vanished = v.Absent, v.Vanished
			countStates(&d, rows, &n.state)
			d.Number, d.Classes = n.view(), n.grid.byClass(n.at)
			v.Derived = append(v.Derived, d)
		}
	}
	return v
}

func countStates(c *view.Column, rows int64, state *[states]int64) {
	c.Rows, c.Missing = rows, state[stateMissing]
	c.NaN, c.PosInf, c.NegInf, c.TypeErrors = state[stateNaN], state[statePosInf], state[stateNegInf], state[stateTypeError]
}

// put puts the counters into the column's ledger.
func (c *columnCounts) put(l *ledger) {
	l.sum("absent", c.absent)
	l.sum("rejected", c.rejected)
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

// set sets a counter that put under key.
func (c *columnCounts) set(key string, n int64) bool {
	switch key {
	case "absent":
		return setCount(&c.absent, n)
	case "rejected":
		return setCount(&c.rejected, n)
	}
	if c.category != nil {
		return c.category.set(key, n)
	}
	number := c.numberOf(&key)
	return number != nil && number.set(key, n)
}

// setValue sets a value off the grid that put under key.
func (c *columnCounts) setValue(key string, x float64, n int64) bool {
	if c.category != nil {
		return false
	}
	number := c.numberOf(&key)
	return number != nil && key == "" && number.setValue(x, n)
}

// setName sets a name that put under key.
func (c *columnCounts) setName(key string, hash uint64, n int64, name string) bool {
	return c.category != nil && key == "unseen" && c.category.unseen.put(hash, n, name)
}

// numberOf strips the part of a text from key and returns its counters.
func (c *columnCounts) numberOf(key *string) *numberCounts {
	switch {
	case c.number != nil:
		return c.number
	case take(key, textParts[0]):
		return c.length
	case take(key, textParts[1]):
		return c.commas
	}
	return nil
}
