package profile

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// cell returns row i of the batch as a raw value.
func (r *reading) cell(i int) view.Cell {
	if r.col == nil || r.col.IsNull(i) {
		return view.Cell{Null: true}
	}
	if r.number != nil && r.kind == view.NumberKind {
		return view.Cell{Num: r.number(i)}
	}
	if d, ok := r.col.(*array.Dictionary); ok && d.Dictionary().IsNull(d.GetValueIndex(i)) {
		return view.Cell{Null: true}
	}
	s := r.text(i)
	if r.kind == view.NumberKind {
		if x, ok := parseNumber(s); ok {
			return view.Cell{Num: x}
		}
	}
	return view.Cell{String: true, Str: shorten(s, cellLimit)}
}

// entryOfCell says what a cell that the reading once made amounts to.
func (r *reading) entryOfCell(c view.Cell) entry {
	switch {
	case c.Null:
		return entry{state: stateMissing, hash: hashMissing}
	case c.String:
		return r.entryOf(c.Str)
	case r.kind != view.NumberKind:
		return r.entryOf(formatNumber(c.Num))
	case math.IsNaN(c.Num):
		return entry{state: stateNaN}
	case math.IsInf(c.Num, 1):
		return entry{state: statePosInf}
	case math.IsInf(c.Num, -1):
		return entry{state: stateNegInf}
	}
	return entry{x: c.Num}
}

// setCells reads cells that cell made, in place of a batch's rows.
func (r *reading) setCells(cells []view.Cell) {
	for i, c := range cells {
		e := r.entryOfCell(c)
		r.state[i], r.x[i], r.y[i], r.code[i], r.hash[i] = e.state, e.x, e.y, e.code, e.hash
	}
	r.text = func(i int) string { return cells[i].Str }
}
