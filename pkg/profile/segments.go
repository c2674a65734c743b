package profile

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
)

// A partKey tells parts apart, whatever the values read like.
type partKey struct {
	kind view.PartKind
	name string // the value as it is
}

func (k partKey) shown() string {
	switch k.kind {
	case view.MissingRows:
		return view.MissingPart
	case view.OtherRows:
		return view.OtherPart
	}
	bare := k.name
	for len(bare) >= 2 && bare[0] == '"' && bare[len(bare)-1] == '"' {
		bare = bare[1 : len(bare)-1]
	}
	if bare == view.MissingPart || bare == view.OtherPart {
		return `"` + k.name + `"`
	}
	return k.name
}

const (
	mostParts = 20  // parts with a name
	mostTimes = 1.5 // see Part.Clustered
)

// Segments takes the row samples of two profiles of one plan apart by a column,
// for which Splits is nil. A value seen fewer than k times on each side, by all
// rows, goes to OtherPart, and so do those beyond the 20 with the most rows on
// both sides together; a k of 0 means 5, a negative one 1. Rows without a value
// are MissingPart. Texts are counted as the sample keeps them: 8,192 bytes of
// them, and bytes that are no UTF-8 as one character.
func Segments(ref, cur *Profile, column string, k int64) (view.Split, error) {
	p := ref.plan
	if err := p.Splits(column); err != nil {
		return view.Split{}, err
	}
	if p.ID() != cur.plan.ID() {
		return view.Split{}, fmt.Errorf("segments: profile of plan %.12s, want plan %.12s", cur.plan.ID(), p.ID())
	}
	if k == 0 {
		k = 5
	}
	by := p.place(column)
	s := view.Split{Column: column, RefRows: ref.rows, CurRows: cur.rows}
	place := make(map[partKey]int)
	other := view.Part{Name: view.OtherPart, Kind: view.OtherRows, RefRows: ref.rows, CurRows: cur.rows}
	for i, part := range parts(&ref.columns[by], &cur.columns[by], k) {
		other.RefRows -= part.RefRows
		other.CurRows -= part.CurRows
		place[part.key] = i
		s.Parts = append(s.Parts, part.Part)
	}
	if other.RefRows > 0 || other.CurRows > 0 {
		place[partKey{kind: view.OtherRows}] = len(s.Parts)
		s.Parts = append(s.Parts, other)
	}
	var sides [2][][]*kept[rawRow]
	var whole [2]bool
	for i, f := range []*Profile{ref, cur} {
		var n int64
		var err error
		if sides[i], n, err = f.sampleBy(by, place, len(s.Parts)); err != nil {
			return view.Split{}, err
		}
		whole[i] = n == f.rows
	}
	for i := range s.Parts {
		part := &s.Parts[i]
		part.Ref, part.Cur = sampleView(p, sides[0][i]), sampleView(p, sides[1][i])
		part.Clustered = !whole[0] && clustered(sides[0][i]) || !whole[1] && clustered(sides[1][i])
	}
	r := &cellReader{placed: [2]*placed{new(placed), new(placed)}}
	for j := range p.columns {
		for i := range s.Parts {
			part := &s.Parts[i]
			r.bind(&p.columns[j], j, sides[0][i], sides[1][i])
			part.Ref.Columns = append(part.Ref.Columns, r.count(sides[0][i], part.Ref.Rows))
			part.Cur.Columns = append(part.Cur.Columns, r.count(sides[1][i], part.Cur.Rows))
		}
	}
	return s, nil
}

// A keyedPart is a part and what its rows are known by.
type keyedPart struct {
	view.Part
	key partKey
}

// parts returns the values that have a part of their own, without their rows,
// by all rows' counts.
func parts(ref, cur *columnCounts, k int64) []keyedPart {
	byKey := make(map[partKey]*keyedPart)
	get := func(key partKey) *keyedPart {
		if byKey[key] == nil {
			byKey[key] = &keyedPart{view.Part{Name: key.shown(), Kind: key.kind}, key}
		}
		return byKey[key]
	}
	for name, n := range ref.byValue() {
		get(partKey{view.ValueRows, name}).RefRows += n
	}
	for name, n := range cur.byValue() {
		get(partKey{view.ValueRows, name}).CurRows += n
	}
	if n := ref.missing(); n > 0 {
		get(partKey{kind: view.MissingRows}).RefRows = n
	}
	if n := cur.missing(); n > 0 {
		get(partKey{kind: view.MissingRows}).CurRows = n
	}
	var parts []keyedPart
	for _, part := range byKey {
		if part.RefRows >= k || part.CurRows >= k {
			parts = append(parts, *part)
		}
	}
	slices.SortFunc(parts, func(a, b keyedPart) int {
		return cmp.Or(cmp.Compare(b.RefRows+b.CurRows, a.RefRows+a.CurRows), strings.Compare(a.Name, b.Name))
	})
	return parts[:min(len(parts), mostParts)]
}

// sampleBy sorts the sampled rows into n parts by their values of column by;
// place is of OtherRows and of what has a part of its own. It returns how many
// rows the sample stands for as well. More than there are cannot be: a profile
// that says so was not counted.
func (f *Profile) sampleBy(by int, place map[partKey]int, n int) (rows [][]*kept[rawRow], all int64, err error) {
	rows = make([][]*kept[rawRow], n)
	c := &f.plan.columns[by]
	var r reading
	r.want(c.kind, c.index)
	for _, row := range f.sample.all() {
		if row.n > f.rows-all {
			return nil, 0, errors.New("segments: the profile's row sample holds more rows than were counted")
		}
		all += row.n
		cell := row.value.cells[by]
		key := partKey{kind: view.OtherRows}
		switch e := r.entryOfCell(cell); {
		case e.state == stateMissing:
			key.kind = view.MissingRows
		case e.state != stateValue:
		case c.kind == view.NumberKind:
			key = partKey{name: formatNumber(e.x + 0)}
		case e.code >= 0:
			key = partKey{name: c.names[e.code]}
		default:
			key = partKey{name: shorten(cell.Str, nameLimit)}
		}
		i, ok := place[key]
		if !ok {
			i, ok = place[partKey{kind: view.OtherRows}]
		}
		if ok {
			rows[i] = append(rows[i], row)
		}
	}
	return rows, all, nil
}

// clustered is the measure of Part.Clustered.
func clustered(rows []*kept[rawRow]) bool {
	n := make([]int64, len(rows))
	for i, row := range rows {
		n[i] = row.n
	}
	effect, err := stats.DesignEffect(n)
	return err == nil && effect > mostTimes
}

// sampleView is a view of sampled rows, yet without columns.
func sampleView(p *Plan, rows []*kept[rawRow]) view.View {
	v := view.View{Names: p.Names()}
	for _, row := range rows {
		v.Rows += row.n
	}
	v.Read = v.Rows
	return v
}

// A cellReader counts one column of sampled rows, on a grid with those of the
// plan's edges that tell the rows apart: a whole grid for each part of a large
// reference would be too much.
type cellReader struct {
	reading
	column planColumn
	at     int // of the column in a row's cells
	placed [2]*placed
}

func (r *cellReader) bind(c *planColumn, at int, sides ...[]*kept[rawRow]) {
	r.want(c.kind, c.index)
	r.column, r.at = *c, at
	var x, y []float64
	if c.kind != view.CategoryKind {
		for _, rows := range sides {
			for _, row := range rows {
				if e := r.entryOfCell(row.value.cells[at]); e.state == stateValue {
					x, y = append(x, e.x), append(y, e.y)
				}
			}
		}
	}
	switch c.kind {
	case view.NumberKind:
		r.column.grid = c.grid.around(x)
	case view.TextKind:
		r.column.length, r.column.commas = c.length.around(x), c.commas.around(y)
	}
}

// count counts rows that bind knows of and returns their view. A row that was
// seen n times is counted in the turns of n's binary digits, between which all
// counts are doubled.
func (r *cellReader) count(rows []*kept[rawRow], total int64) view.Column {
	c := newColumn(&r.column)
	most := int64(0)
	for _, row := range rows {
		most = max(most, row.n)
	}
	chunk := make([]view.Cell, 0, chunkRows)
	for digit := bits.Len64(uint64(most)) - 1; digit >= 0; digit-- {
		c.merge(&c)
		for _, row := range rows {
			if row.n>>digit&1 == 0 {
				continue
			}
			if chunk = append(chunk, row.value.cells[r.at]); len(chunk) == chunkRows {
				r.add(&c, chunk)
				chunk = chunk[:0]
			}
		}
		r.add(&c, chunk)
		chunk = chunk[:0]
	}
	return c.view(total)
}

func (r *cellReader) add(c *columnCounts, cells []view.Cell) {
	r.setCells(cells)
	r.column.place(&r.reading, len(cells), &r.placed)
	c.add(&r.reading, &r.placed, 0, len(cells), 0)
}
