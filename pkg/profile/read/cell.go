package read

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// Cell returns row i of the batch as a raw value, a text of at most 8,192 bytes.
func (r *Column) Cell(i int) view.Cell {
	if r.col == nil || r.col.IsNull(i) {
		return view.Cell{Null: true}
	}
	if r.number != nil && r.kind == view.NumberKind {
		if r.isNoNumber(r.number(i)) {
			return view.Cell{Null: true}
		}
		return view.Cell{Num: r.number(i)}
	}
	if d, ok := r.col.(*array.Dictionary); ok && d.Dictionary().IsNull(d.GetValueIndex(i)) {
		return view.Cell{Null: true}
	}
	s := r.Text(i)
	if r.isNone(s) {
		return view.Cell{Null: true}
	}
	if r.kind == view.NumberKind {
		switch x, ok := spelling.ParseNumber(s); {
		case math.IsNaN(x):
			return view.Cell{Null: true}
		case ok:
			return view.Cell{Num: x}
		}
	}
	if r.kind == view.CategoryKind {
		if s = spelling.Value(s); len(s) > cellLimit {
			s = Name(s, caps.NameBytes.N)
		}
	}
	return view.Cell{String: true, Str: Shorten(s, cellLimit)}
}

// EntryOf says what a cell that Cell once made amounts to.
func (r *Column) EntryOf(c view.Cell) Entry {
	switch {
	case c.Null:
		return Entry{State: StateMissing, hash: HashMissing}
	case c.String:
		return r.entryOf(c.Str)
	case r.kind != view.NumberKind:
		return r.entryOf(spelling.Number(c.Num))
	case math.IsNaN(c.Num):
		return Entry{State: StateNaN}
	case math.IsInf(c.Num, 1):
		return Entry{State: StatePosInf}
	case math.IsInf(c.Num, -1):
		return Entry{State: StateNegInf}
	}
	return Entry{X: c.Num}
}

// SetCells reads cells that Cell made, for which the chunk has room, in place of a
// batch's rows.
func (r *Column) SetCells(cells []view.Cell) {
	for i, c := range cells {
		e := r.EntryOf(c)
		r.put(i, &e)
	}
	r.Text = func(i int) string { return cells[i].Str }
}
