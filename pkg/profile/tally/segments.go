package tally

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
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
	mostTimes = 1.5 // see Part.Clustered
)

// Segments takes the rows of two profiles of one plan apart by a column, for which
// Splits is nil: where the row samples hold all rows, by them; else by what was counted of
// each value over all rows, if the plan takes rows apart by the column, and by the row
// samples what was not. A value seen fewer than k times on each side, by all
// rows, goes to OtherPart, and so do those beyond the caps.SegmentValues with the most rows on
// both sides together; a k of 0 means view.K, a negative one 1. Rows without a value
// are MissingPart. Where the reference has no value of the column, each part of cur
// is held against all of ref. Texts are counted as the sample keeps them: 8,192 bytes of
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
		k = view.K
	}
	by := p.Find(column)
	if p.Columns[by].Role == plan.Segment && cur.columns[by].Vanished(cur.rows) {
		return view.Split{}, p.Unknown(column)
	}
	s := view.Split{Column: column, RefRows: ref.rows, CurRows: cur.rows, Whole: ref.rows > 0 && ref.columns[by].Missing() == ref.rows}
	place := make(map[partKey]int)
	other := view.Part{Name: view.OtherPart, Kind: view.OtherRows, RefRows: ref.rows, CurRows: cur.rows}
	before := &ref.columns[by]
	if s.Whole {
		before = new(count.Column)
		*before = count.NewColumn(&p.Columns[by])
	}
	names := [2]iter.Seq2[uint64, string]{ref.sampled(by), cur.sampled(by)}
	var named []keyedPart
	named, s.Values = partsBy(before, &cur.columns[by], names, k)
	s.Together = s.Values - len(named)
	for i, part := range named {
		other.RefRows -= part.RefRows
		other.CurRows -= part.CurRows
		place[part.key] = i
		s.Parts = append(s.Parts, part.Part)
	}
	if other.RefRows > 0 && !s.Whole || other.CurRows > 0 {
		place[partKey{kind: view.OtherRows}] = len(s.Parts)
		s.Parts = append(s.Parts, other)
	}
	var sides [2][][]*sketch.Kept[Row]
	var whole [2]bool
	for i, f := range []*Profile{ref, cur} {
		var n int64
		var err error
		if sides[i], n, err = f.sampleBy(by, place, len(s.Parts)); err != nil {
			return view.Split{}, err
		}
		whole[i] = n == f.rows
	}
	var all []*sketch.Kept[Row]
	if s.Whole {
		for _, row := range ref.sample.All() {
			all = append(all, row)
		}
	}
	for i := range s.Parts {
		if s.Whole {
			s.Parts[i].RefRows, sides[0][i] = ref.rows, all
		}
	}
	keys := make([]partKey, len(s.Parts))
	for key, i := range place {
		keys[i] = key
	}
	ofRef, ofCur := ref.apart(column), cur.apart(column)
	if s.Whole {
		ofRef = ref.together()
	}
	fill(p, &s, sides, whole, func(i int) [2]counted {
		return [2]counted{ofRef(keys[i], s.Parts[i].RefRows), ofCur(keys[i], s.Parts[i].CurRows)}
	})
	return s, nil
}

// counted is a side of a part as it was counted over all rows.
type counted struct {
	columns []view.Column
	buckets []int64
	ok      bool
}

// apart finds the rows with a value of a column among those that were counted by it.
func (f *Profile) apart(column string) func(key partKey, rows int64) counted {
	by := f.parts.By(column)
	return func(key partKey, rows int64) (c counted) {
		if by == nil || key.kind == view.OtherRows {
			return c
		}
		var at int
		if key.kind == view.MissingRows {
			at = by.Missing(rows)
		} else {
			at = by.Slot(key.name, rows)
		}
		if at >= 0 {
			c.buckets = by.Buckets(at)
			c.columns, c.ok = by.Columns(at)
		}
		return c
	}
}

// together finds all rows in the place of those of any part.
func (f *Profile) together() func(partKey, int64) counted {
	var all counted
	return func(partKey, int64) counted {
		if !all.ok {
			all.ok = true
			for i := range f.columns {
				if f.plan.Columns[i].Role != plan.Segment {
					all.columns = append(all.columns, f.parts.Coarse(i, f.columns[i].View(f.rows, nobody)))
				}
			}
		}
		return all
	}
}

// nobody passes on no names.
func nobody(func(uint64, string) bool) {}

// fill makes the views of the parts' sides. Where the samples hold all rows, the sampled
// ones are counted on the plan's grid; where they do not, of says how a part was counted
// over all rows, and what was not is of the sampled rows, too. whole says which side's
// sample holds all of its rows.
func fill(p *plan.Plan, s *view.Split, sides [2][][]*sketch.Kept[Row], whole [2]bool, of func(i int) [2]counted) {
	for i := range s.Parts {
		part := &s.Parts[i]
		part.Clustered = !whole[0] && clustered(sides[0][i]) || !whole[1] && clustered(sides[1][i])
		if whole != [2]bool{true, true} {
			if both := of(i); both[0].ok && both[1].ok {
				part.Ref, part.Cur = view.View{Names: p.Names(), Rows: part.RefRows, Read: part.RefRows, Columns: both[0].columns}, view.View{Names: p.Names(), Rows: part.CurRows, Read: part.CurRows, Columns: both[1].columns}
				part.Buckets = [2][]int64{both[0].buckets, both[1].buckets}
				nameUnseen(p, part.Cur.Columns, sides[1][i])
				sides[0][i], sides[1][i] = nil, nil
				continue
			}
		}
		part.Ref, part.Cur = sampleView(p, sides[0][i]), sampleView(p, sides[1][i])
	}
	r := &cellReader{placed: plan.NewPlaced(read.ChunkRows, view.TextKind)}
	r.Chunk = read.NewChunk(read.ChunkRows, view.NumberKind, view.CategoryKind, view.TextKind)
	for j := range p.Columns {
		if p.Columns[j].Role == plan.Segment {
			continue
		}
		for i := range s.Parts {
			part := &s.Parts[i]
			if sides[0][i] == nil && sides[1][i] == nil && len(part.Ref.Columns) > j {
				continue // it was counted
			}
			r.bind(&p.Columns[j], j, sides[0][i], sides[1][i])
			part.Ref.Columns = append(part.Ref.Columns, r.count(sides[0][i], part.Ref.Rows))
			part.Cur.Columns = append(part.Cur.Columns, r.count(sides[1][i], part.Cur.Rows))
		}
	}
}

// nameUnseen names the categories that the reference lacks by the sampled rows of a part,
// each with its share of them.
func nameUnseen(p *plan.Plan, columns []view.Column, rows []*sketch.Kept[Row]) {
	for i := range columns {
		k := columns[i].Category
		if k == nil || k.UnseenTotal == 0 {
			continue
		}
		at := p.Find(columns[i].Name)
		c := &p.Columns[at]
		var r read.Column
		r.Want(c.Kind, c.Index, c.Rest())
		r.Without(c.Missing)
		var all int64
		n := make(map[string]int64)
		for _, row := range rows {
			if e := r.EntryOf(row.Value.Cells[at]); e.State == read.StateValue && e.Code == read.CodeNew {
				n[read.Name(row.Value.Cells[at].Str, caps.NameBytes.N)] += row.N
				all += row.N
			}
		}
		for _, name := range slices.Sorted(maps.Keys(n)) {
			if u := (view.Unseen{Name: name, Count: int64(float64(k.UnseenTotal) * (float64(n[name]) / float64(all)))}); u.Count > 0 {
				k.Unseen = append(k.Unseen, u)
			}
		}
		k.UnseenDistinct = int64(len(k.Unseen))
		slices.SortStableFunc(k.Unseen, view.Unseen.Order)
	}
}

// A keyedPart is a part and what its rows are known by.
type keyedPart struct {
	view.Part
	key partKey
}

// partsBy returns the values that have a part of their own, without their rows,
// by all rows' counts, and how many have k rows or more.
func partsBy(ref, cur *count.Column, names [2]iter.Seq2[uint64, string], k int64) (named []keyedPart, all int) {
	byKey := make(map[partKey]*keyedPart)
	get := func(key partKey) *keyedPart {
		if byKey[key] == nil {
			byKey[key] = &keyedPart{view.Part{Name: key.shown(), Kind: key.kind}, key}
		}
		return byKey[key]
	}
	for name, n := range ref.ByValue(names[0]) {
		get(partKey{view.ValueRows, name}).RefRows += n
	}
	for name, n := range cur.ByValue(names[1]) {
		get(partKey{view.ValueRows, name}).CurRows += n
	}
	if n := ref.Missing(); n > 0 {
		get(partKey{kind: view.MissingRows}).RefRows = n
	}
	if n := cur.Missing(); n > 0 {
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
	return parts[:min(len(parts), caps.SegmentValues.N)], len(parts)
}

// sampleBy sorts the sampled rows into n parts by their values of column by;
// place is of OtherRows and of what has a part of its own. It returns how many
// rows the sample stands for as well. More than there are cannot be: a profile
// that says so was not counted.
func (f *Profile) sampleBy(by int, place map[partKey]int, n int) (rows [][]*sketch.Kept[Row], all int64, err error) {
	rows = make([][]*sketch.Kept[Row], n)
	c := &f.plan.Columns[by]
	var r read.Column
	r.Want(c.Kind, c.Index, c.Rest())
	for _, row := range f.sample.All() {
		if row.N > f.rows-all {
			return nil, 0, errors.New("segments: the profile's row sample holds more rows than were counted")
		}
		all += row.N
		cell := row.Value.Cells[by]
		key := partKey{kind: view.OtherRows}
		switch e := r.EntryOf(cell); {
		case e.State == read.StateMissing:
			key.kind = view.MissingRows
		case e.State != read.StateValue:
		case c.Kind == view.NumberKind:
			key = partKey{name: spelling.Number(e.X)}
		case e.Code >= 0:
			key = partKey{name: c.Names[e.Code]}
		default:
			key = partKey{name: read.Name(cell.Str, caps.NameBytes.N)}
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
func clustered(rows []*sketch.Kept[Row]) bool {
	n := make([]int64, len(rows))
	for i, row := range rows {
		n[i] = row.N
	}
	effect, err := stats.DesignEffect(n)
	return err == nil && effect > mostTimes
}

// sampleView is a view of sampled rows, yet without columns.
func sampleView(p *plan.Plan, rows []*sketch.Kept[Row]) view.View {
	v := view.View{Names: p.Names()}
	for _, row := range rows {
		v.Rows += row.N
	}
	v.Read = v.Rows
	return v
}

// A cellReader counts one column of sampled rows, on a grid with those of the
// plan's edges that tell the rows apart: a whole grid for each part of a large
// reference would be too much.
type cellReader struct {
	read.Column
	column plan.Column
	at     int // of the column in a row's cells
	placed [2]*plan.Placed
}

func (r *cellReader) bind(c *plan.Column, at int, sides ...[]*sketch.Kept[Row]) {
	r.Want(c.Kind, c.Index, c.Rest())
	r.column, r.at = *c, at
	var x, y []float64
	if c.Kind != view.CategoryKind {
		for _, rows := range sides {
			for _, row := range rows {
				if e := r.EntryOf(row.Value.Cells[at]); e.State == read.StateValue {
					x, y = append(x, e.X), append(y, e.Y)
				}
			}
		}
	}
	switch c.Kind {
	case view.NumberKind:
		r.column.Grid = c.Grid.Around(x)
	case view.TextKind:
		r.column.Length, r.column.Commas = c.Length.Around(x), c.Commas.Around(y)
	}
}

// count counts rows that bind knows of and returns their view. A row that was
// seen n times is counted in the turns of n's binary digits, between which all
// counts are doubled.
func (r *cellReader) count(rows []*sketch.Kept[Row], total int64) view.Column {
	c := count.NewColumn(&r.column)
	most := int64(0)
	for _, row := range rows {
		most = max(most, row.N)
	}
	chunk := make([]view.Cell, 0, read.ChunkRows)
	for digit := bits.Len64(uint64(most)) - 1; digit >= 0; digit-- {
		c.Merge(&c)
		for _, row := range rows {
			if row.N>>digit&1 == 0 {
				continue
			}
			if chunk = append(chunk, row.Value.Cells[r.at]); len(chunk) == read.ChunkRows {
				r.add(&c, chunk)
				chunk = chunk[:0]
			}
		}
		r.add(&c, chunk)
		chunk = chunk[:0]
	}
	return c.View(total, func(func(uint64, string) bool) {})
}

func (r *cellReader) add(c *count.Column, cells []view.Cell) {
	r.SetCells(cells)
	r.column.Place(&r.Column, len(cells), &r.placed)
	c.Add(&r.Column, &r.placed, 0, len(cells), 0)
}
