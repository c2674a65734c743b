package profile

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/words"
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

// Splits says why rows cannot be taken apart by a column, or returns nil: they
// can be by a category, and by a number with at most ten distinct values in the
// reference.
func (p *Plan) Splits(column string) error {
	i := p.place(column)
	if i < 0 {
		return &optionError{"segments." + column, fmt.Sprintf("segments: the reference has no column %q%s", column, words.DidYouMean(column, p.Names()))}
	}
	what := ""
	switch c := &p.columns[i]; {
	case c.kind == view.TextKind:
		what = "is free text"
	case c.kind == view.NumberKind && !c.grid.discrete:
		what = fmt.Sprintf("has more than %d distinct values in the reference", discreteUpTo)
	default:
		return nil
	}
	return &optionError{"segments." + column, fmt.Sprintf("segments: %s %s: want a category, or a number with at most %d values", column, what, discreteUpTo)}
}

func (p *Plan) place(column string) int {
	return slices.IndexFunc(p.columns, func(c planColumn) bool { return c.name == column })
}

// Segments takes the row samples of two profiles of one plan apart by a column,
// for which Splits is nil. A value seen fewer than k times on each side, by all
// rows, goes to OtherPart, and so do those beyond the 20 with the most rows on
// both sides together; a k of 0 means view.K, a negative one 1. Rows without a value
// are MissingPart. Texts are counted as the sample keeps them: 8,192 bytes of
// them, and bytes that are no UTF-8 as one character.
func Segments(ref, cur *Profile, column string, k int64) (view.Split, error) {
	p := ref.plan
	if err := p.Splits(column); err != nil {
		return view.Split{}, err
	}
	if p.id != cur.plan.id {
		return view.Split{}, fmt.Errorf("segments: profile of plan %.12s, want plan %.12s", cur.plan.id, p.id)
	}
	if k == 0 {
		k = view.K
	}
	by := p.place(column)
	s := view.Split{Column: column, RefRows: ref.rows, CurRows: cur.rows}
	place := make(map[partKey]int)
	other := view.Part{Name: view.OtherPart, Kind: view.OtherRows, RefRows: ref.rows, CurRows: cur.rows}
	for i, part := range p.columns[by].parts(&ref.columns[by], &cur.columns[by], k) {
		other.RefRows -= part.RefRows
		other.CurRows -= part.CurRows
		place[part.key] = i
		s.Parts = append(s.Parts, part.Part)
	}
	if other.RefRows > 0 || other.CurRows > 0 {
		place[partKey{kind: view.OtherRows}] = len(s.Parts)
		s.Parts = append(s.Parts, other)
	}
	sides := [2][][]*kept[rawRow]{ref.sampleBy(by, place, len(s.Parts)), cur.sampleBy(by, place, len(s.Parts))}
	whole := [2]bool{}
	for i, f := range []*Profile{ref, cur} {
		n, err := f.sampled()
		if err != nil {
			return view.Split{}, err
		}
		whole[i] = n == f.rows
	}
	for i := range s.Parts {
		part := &s.Parts[i]
		part.Ref, part.Cur = p.sampleView(sides[0][i]), p.sampleView(sides[1][i])
		part.Clustered = !whole[0] && clustered(sides[0][i]) || !whole[1] && clustered(sides[1][i])
	}
	r := new(cellReader)
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
func (c *planColumn) parts(ref, cur *columnCounts, k int64) []keyedPart {
	byKey := make(map[partKey]*keyedPart)
	get := func(key partKey) *keyedPart {
		if byKey[key] == nil {
			byKey[key] = &keyedPart{view.Part{Name: key.shown(), Kind: key.kind}, key}
		}
		return byKey[key]
	}
	for _, v := range ref.named(c) {
		get(v.key).RefRows += v.n
	}
	for _, v := range cur.named(c) {
		get(v.key).CurRows += v.n
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

// A keyedCount is how many rows go by a key.
type keyedCount struct {
	key partKey
	n   int64
}

// named counts the rows by value, and those without one. Values that were not
// kept are left out.
func (c *columnCounts) named(p *planColumn) []keyedCount {
	var out []keyedCount
	add := func(kind view.PartKind, name string, n int64) {
		if n > 0 {
			out = append(out, keyedCount{partKey{kind, name}, n})
		}
	}
	if c.category != nil {
		for i, n := range c.category.counts {
			add(view.ValueRows, p.names[i], n)
		}
		for _, u := range names(&c.category.unseen) {
			add(view.ValueRows, u.Name, u.Count)
		}
		add(view.MissingRows, "", c.category.state[stateMissing])
		return out
	}
	for i, e := range c.number.grid.edges {
		add(view.ValueRows, formatNumber(e), c.number.at[2*i+1])
	}
	for _, v := range c.number.extra.sorted() {
		add(view.ValueRows, formatNumber(v.x), v.n)
	}
	add(view.MissingRows, "", c.number.state[stateMissing])
	return out
}

// sampleBy sorts the sampled rows into n parts by their values of column by;
// place is of OtherRows and of what has a part of its own.
func (f *Profile) sampleBy(by int, place map[partKey]int, n int) [][]*kept[rawRow] {
	rows := make([][]*kept[rawRow], n)
	c := &f.plan.columns[by]
	r := reading{kind: c.kind, index: c.index}
	for _, h := range f.sample.hashes() {
		row := f.sample.item[h]
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
	return rows
}

// sampled returns how many rows the sample stands for. More than there are
// cannot be: a profile that says so was not counted.
func (f *Profile) sampled() (int64, error) {
	var n int64
	for _, row := range f.sample.item {
		if row.n > f.rows-n {
			return 0, errors.New("segments: the profile's row sample holds more rows than were counted")
		}
		n += row.n
	}
	return n, nil
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
func (p *Plan) sampleView(rows []*kept[rawRow]) view.View {
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
	placed [2]placed
}

func (r *cellReader) bind(c *planColumn, at int, sides ...[]*kept[rawRow]) {
	r.kind, r.index, r.column, r.at = c.kind, c.index, *c, at
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
	c := r.column.counts()
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
	return c.view(&r.column, total)
}

func (r *cellReader) add(c *columnCounts, cells []view.Cell) {
	for i, cell := range cells {
		e := r.entryOfCell(cell)
		r.state[i], r.x[i], r.y[i], r.code[i], r.hash[i] = e.state, e.x, e.y, e.code, e.hash
	}
	n := len(cells)
	state := r.state[:n]
	number := func(to *numberCounts, x []float64, at *placed) {
		to.grid.place(x, state, at)
		to.add(x, state, at.position[:n])
	}
	switch {
	case c.number != nil:
		number(c.number, r.x[:n], &r.placed[0])
	case c.category != nil:
		r.text = func(i int) string { return cells[i].Str }
		c.category.add(&r.reading, 0, n, 0)
	default:
		number(c.length, r.x[:n], &r.placed[0])
		number(c.commas, r.y[:n], &r.placed[1])
	}
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

// around returns the grid with its outermost edges, its bins' and those next to
// the values: every value stands on the same edge, or between the same two, as
// before.
func (g *grid) around(values []float64) *grid {
	if len(g.edges) == 0 {
		return g
	}
	keep := make([]bool, len(g.edges))
	keep[0], keep[len(keep)-1] = true, true
	for _, v := range values {
		p := g.search.position(v)
		keep[min(p/2, len(keep)-1)] = true
		if p&1 == 0 && p > 0 {
			keep[p/2-1] = true
		}
	}
	for _, b := range g.bins {
		if i, ok := slices.BinarySearch(g.edges, b); ok {
			keep[i] = true
		}
	}
	out := &grid{exact: g.exact, discrete: g.discrete, bins: g.bins, center: g.center, inverse: g.inverse}
	for i, e := range g.edges {
		if keep[i] {
			out.edges = append(out.edges, e)
		}
	}
	out.finish()
	return out
}
