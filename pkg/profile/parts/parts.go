// Package parts counts the judged rows apart: by the values of the columns that the
// plan takes rows apart by, and by the version of the model that scored them.
package parts

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// Values that have no slot of their own lie in one of so many slots by their hash, and
// that twice, by different bits: a value that is alone in one of them is counted.
const (
	hashRows    = 2
	hashSlots   = 32
	hashBits    = 5
	noSlot      = -1
	entityParts = caps.EntityBuckets
)

// A Set counts the judged rows of each column by parts of the rows.
type Set struct {
	plan   *plan.Plan
	shapes [][2]shape // by column, the second of a text's commas
	by     []*By      // of plan.Segments, then of versions
	scored int        // column of the score, -1 without one
	index  [][2][]uint8
}

// A By counts the rows by the values of one column, each value in a slot: the plan's
// most frequent ones, then the rows without a value, then all others by their hash.
type By struct {
	set     *Set
	column  int // place in the plan, -1 of the version
	values  int // with a slot of their own
	cells   [][2][][]int64
	rows    []int64       // by slot
	steps   []sketch.Wide // of the score
	buckets [][]int64     // rows by their entity's bucket; nil where no row says whom it belongs to

	slot  [hashRows][]int16 // of a chunk's rows
	alike bool              // all rows of the chunk are in the first one's slots
	none  bool              // no row of the chunk is in a slot
}

// New returns the parts of no rows.
func New(p *plan.Plan) *Set {
	s := &Set{plan: p, scored: -1, index: make([][2][]uint8, len(p.Columns))}
	width := 0
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Role == table.Score && c.Kind == view.NumberKind && s.scored < 0 {
			s.scored = i
		}
		var both [2]shape
		for which := range partsOf(c) {
			both[which] = shapeOf(c, which)
			width += both[which].width
		}
		s.shapes = append(s.shapes, both)
	}
	for _, name := range p.Segments {
		s.by = append(s.by, s.newBy(p.Find(name), width))
	}
	s.by = append(s.by, s.newBy(-1, width))
	return s
}

func (s *Set) newBy(column, width int) *By {
	b := &By{set: s, column: column, cells: make([][2][][]int64, len(s.plan.Columns))}
	if column >= 0 {
		c := &s.plan.Columns[column]
		switch c.Kind {
		case view.NumberKind:
			b.values = len(c.Grid.Edges)
		case view.CategoryKind:
			b.values = len(c.Names)
		}
		b.values = min(b.values, caps.SegmentValues.N, max(1, caps.SegmentCells.N/max(1, width)))
	}
	n := b.slots()
	b.rows, b.steps, b.buckets = make([]int64, n), make([]sketch.Wide, n), make([][]int64, n)
	return b
}

func (b *By) slots() int { return b.values + 1 + hashRows*hashSlots }

// missing is the slot of rows without a value.
func (b *By) missing() int { return b.values }

// hashed is a slot of a value by its hash.
func (b *By) hashed(row int, hash uint64) int {
	return b.values + 1 + row*hashSlots + int(hash>>(row*hashBits)%hashSlots)
}

// By returns the counts by a column, or by view.VersionColumn where it is none; nil
// where rows are not counted by it.
func (s *Set) By(column string) *By {
	at := s.plan.Find(column)
	for _, b := range s.by {
		if b.column == at && (at >= 0 || column == view.VersionColumn) {
			return b
		}
	}
	return nil
}

// partsOf is how many lists of classes a column has.
func partsOf(c *plan.Column) int {
	if c.Kind == view.TextKind {
		return 2
	}
	return 1
}

// A Chunk is rows as they were read and placed.
type Chunk struct {
	Columns []read.Column
	Placed  [][2]*plan.Placed
	Rows    int
	Version func(i int) string
	Buckets []uint8 // of the rows' entities; nil where the table does not name any
}

// Begin finds the slots of a chunk's rows. It comes before Add.
func (s *Set) Begin(c *Chunk) {
	for _, b := range s.by {
		for row := range b.slot {
			if len(b.slot[row]) < c.Rows {
				b.slot[row] = make([]int16, read.ChunkRows)
			}
		}
		if b.column < 0 {
			b.versions(c)
		} else {
			b.find(c)
		}
		b.none = b.alike && c.Rows > 0 && b.slot[0][0] < 0
	}
}

// versions finds the slots of rows by their version; those without one are in none.
func (b *By) versions(c *Chunk) {
	last, first, second := "", int16(noSlot), int16(noSlot)
	b.alike = true
	for i := range c.Rows {
		if v := c.Version(i); v != last {
			b.alike = b.alike && i == 0
			last, first, second = v, noSlot, noSlot
			if v != "" {
				h := sketch.HashString(read.Name(v, caps.NameBytes.N))
				first, second = int16(b.hashed(0, h)), int16(b.hashed(1, h))
			}
		}
		b.slot[0][i], b.slot[1][i] = first, second
	}
}

// find finds the slots of rows by their values.
func (b *By) find(c *Chunk) {
	r, at := &c.Columns[b.column], c.Placed[b.column][0]
	number := b.set.plan.Columns[b.column].Kind == view.NumberKind
	b.alike = false
	for i := range c.Rows {
		first, second := noSlot, noSlot
		switch s := r.State[i]; {
		case s == read.StateMissing:
			first = b.missing()
		case s != read.StateValue:
		case number && at.Position[i]&1 == 1 && int(at.Position[i]/2) < b.values:
			first = int(at.Position[i] / 2)
		case number:
			h := sketch.HashString(spelling.Number(r.X[i]))
			first, second = b.hashed(0, h), b.hashed(1, h)
		case r.Code[i] >= 0 && int(r.Code[i]) < b.values:
			first = int(r.Code[i])
		default:
			first, second = b.hashed(0, r.Hash[i]), b.hashed(1, r.Hash[i])
		}
		b.slot[0][i], b.slot[1][i] = int16(first), int16(second)
	}
}

// AddRows counts rows from to to of the chunk, and whom they belong to.
func (s *Set) AddRows(c *Chunk, from, to int) {
	for _, b := range s.by {
		for _, slots := range b.slot {
			for i := from; i < to; i++ {
				at := slots[i]
				if at < 0 {
					continue
				}
				if b.rows[at]++; c.Buckets != nil {
					b.openBuckets(int(at))[c.Buckets[i]]++
				}
			}
		}
	}
}

func (b *By) openBuckets(at int) []int64 {
	if b.buckets[at] == nil {
		b.buckets[at] = make([]int64, entityParts)
	}
	return b.buckets[at]
}

// Add counts rows from to to of the chunk in column i. Different columns may be added
// at the same time.
func (s *Set) Add(c *Chunk, i, from, to int) {
	if s.plan.Columns[i].Role == plan.Segment || !slices.ContainsFunc(s.by, func(b *By) bool { return !b.none }) {
		return // it is compared with nothing, or nothing is counted
	}
	for which := range partsOf(&s.plan.Columns[i]) {
		sh := &s.shapes[i][which]
		if len(s.index[i][which]) < c.Rows {
			s.index[i][which] = make([]uint8, read.ChunkRows)
		}
		index := s.index[i][which][:c.Rows]
		sh.place(&c.Columns[i], c.Placed[i][which], index, from, to)
		for _, b := range s.by {
			if !b.none {
				b.add(i, which, index, from, to)
			}
		}
	}
	if i == s.scored {
		for _, b := range s.by {
			b.addSteps(c.Placed[i][0].Distance, from, to)
		}
	}
}

func (b *By) add(i, which int, index []uint8, from, to int) {
	if b.alike {
		b.addAlike(i, which, index, from, to)
		return
	}
	for _, slots := range b.slot {
		for j := from; j < to; j++ {
			if at := slots[j]; at >= 0 {
				b.open(i, which, int(at))[index[j]]++
			}
		}
	}
}

// addAlike counts rows that are all in the same slots.
func (b *By) addAlike(i, which int, index []uint8, from, to int) {
	if from == to || b.none {
		return
	}
	var n [math.MaxUint8 + 1]int64
	for _, k := range index[from:to] {
		n[k]++
	}
	for _, slots := range b.slot {
		if at := slots[from]; at >= 0 {
			for k, cells := 0, b.open(i, which, int(at)); k < len(cells); k++ {
				cells[k] += n[k]
			}
		}
	}
}

func (b *By) addSteps(distance []int32, from, to int) {
	for _, slots := range b.slot {
		for j := from; j < to; j++ {
			if at := slots[j]; at >= 0 && distance[j] != 0 {
				b.steps[at].Add(int64(distance[j]))
			}
		}
	}
}

func (b *By) open(i, which, at int) []int64 {
	list := &b.cells[i][which]
	if *list == nil {
		*list = make([][]int64, b.slots())
	}
	if (*list)[at] == nil {
		(*list)[at] = make([]int64, b.set.shapes[i][which].width)
	}
	return (*list)[at]
}

// Merge adds o.
func (s *Set) Merge(o *Set) {
	for k, b := range s.by {
		b.merge(o.by[k])
	}
}

func (b *By) merge(o *By) {
	for i := range o.cells {
		for which, list := range o.cells[i] {
			for at, cells := range list {
				if cells == nil {
					continue
				}
				to := b.open(i, which, at)
				for k, n := range cells {
					to[k] += n
				}
			}
		}
	}
	for at := range o.rows {
		b.rows[at] += o.rows[at]
		b.steps[at].Plus(o.steps[at])
		for g, n := range o.buckets[at] {
			b.openBuckets(at)[g] += n
		}
	}
}
