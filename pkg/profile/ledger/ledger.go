package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// A Counter is the numbers under one key.
type Counter struct {
	Window  string // start of the UTC window, RFC 3339 to the microsecond; empty for the judged rows
	Segment string // empty: all rows
	Column  string // raw column; empty for what belongs to rows
	Key     string // what is counted
	Op      string // how two profiles' numbers of one place become one: sum, min or max
	Numbers        // floats as an integer of the same order, times in microseconds
}

// Values are the numbers of a column that are on no edge of the plan, and how often
// each was there.
type Values struct {
	Window, Segment, Column string    // as in Counter
	Key                     string    // empty, or length/ or commas/ of a text
	X                       []float64 // ascending
	N                       []int64
}

// A Name is a name, and how often it was there. Those of smallest hash are kept.
type Name struct {
	Window, Segment, Column string // as in Counter
	Key                     string // what is named
	Hash                    int64  // bits of the hash
	Name                    string
	N                       int64
}

// How two profiles' numbers become one, place by place. A sum's limbs of 32 bits
// are carried afterwards.
const (
	opSum = "sum"
	opMin = "min"
	opMax = "max"
)

// A Ledger holds counters as rows. They are canonical once they are sorted: by
// window, segment, column, key and then hash, no two alike.
type Ledger struct {
	Counters []Counter
	Values   []Values
	Names    []Name

	window, column string // of the rows that come next
}

// New returns an empty ledger, in which rows of a raw column come next.
func New(column string) *Ledger { return &Ledger{column: column} }

// Of says whose rows come next: a window's, empty for the judged rows, and a raw
// column's, empty for what belongs to rows.
func (l *Ledger) Of(window, column string) { l.window, l.column = window, column }

// Sum puts a sum, unless it is 0.
func (l *Ledger) Sum(key string, n int64) {
	if n != 0 {
		l.put(key, opSum, Numbers{N: []int64{n}})
	}
}

// Most puts a greatest value.
func (l *Ledger) Most(key string, n int64) { l.put(key, opMax, Numbers{N: []int64{n}}) }

// Least puts a least value.
func (l *Ledger) Least(key string, n int64) { l.put(key, opMin, Numbers{N: []int64{n}}) }

func (l *Ledger) put(key, op string, n Numbers) {
	l.Counters = append(l.Counters, Counter{Window: l.window, Column: l.column, Key: key, Op: op, Numbers: n})
}

// List puts every step-th of n from first, unless all are 0.
func (l *Ledger) List(key string, n []int64, first, step int) {
	l.list(key, numbersOf(n, first, step, 0))
}

// Part puts a part of a list, from a place on.
func (l *Ledger) Part(key string, from int, n []int64) { l.list(key, numbersOf(n, 0, 1, from)) }

func (l *Ledger) list(key string, n Numbers) {
	if len(n.N) > 0 {
		l.put(key, opSum, n)
	}
}

// Exact puts the limbs of an exact sum.
func (l *Ledger) Exact(key string, s *sketch.Sum) { l.List(key, s.Limbs(), 0, 1) }

const wideLimbs = 4

// Wide puts the limbs of sums of 128 bits, four of each.
func (l *Ledger) Wide(key string, w ...sketch.Wide) {
	var limbs []int64
	for _, w := range w {
		four := w.Limbs()
		limbs = append(limbs, four[:]...)
	}
	l.List(key, limbs, 0, 1)
}

// Off puts the numbers off the grid, which are in ascending order, unless there is none.
func (l *Ledger) Off(key string, list []sketch.Value) {
	if len(list) == 0 {
		return
	}
	v := Values{Window: l.window, Column: l.column, Key: key, X: make([]float64, len(list)), N: make([]int64, len(list))}
	for i, e := range list {
		v.X[i], v.N[i] = e.X, e.N
	}
	l.Values = append(l.Values, v)
}

// Name puts how often a name was there; hash holds the bits of its hash.
func (l *Ledger) Name(key string, hash, n int64, name string) {
	l.Names = append(l.Names, Name{Window: l.window, Column: l.column, Key: key, Hash: hash, Name: name, N: n})
}

// Kept puts the names that b keeps.
func (l *Ledger) Kept(key string, b *sketch.Bottom[string]) {
	for h, k := range b.All() {
		l.Name(key, int64(h), k.N, k.Value)
	}
}

// Sort puts the rows into their canonical order. Rows that stand in it take one
// pass.
func (l *Ledger) Sort() {
	slices.SortFunc(l.Counters, func(a, b Counter) int { return a.Order(&b) })
	slices.SortFunc(l.Values, func(a, b Values) int { return a.Order(&b) })
	slices.SortFunc(l.Names, func(a, b Name) int { return a.Order(&b) })
}

// Join appends the rows of columns, each of them sorted, in the order of the
// columns' names.
func (l *Ledger) Join(columns []*Ledger) {
	slices.SortFunc(columns, func(a, b *Ledger) int { return strings.Compare(a.column, b.column) })
	n := 0
	for _, c := range columns {
		n += len(c.Counters)
	}
	l.Counters = slices.Grow(l.Counters, n)
	for _, c := range columns {
		l.Counters = append(l.Counters, c.Counters...)
		l.Values = append(l.Values, c.Values...)
		l.Names = append(l.Names, c.Names...)
	}
}

// Canonical says whether the numbers stand in the form in which they are put.
func (r *Counter) Canonical() bool {
	if r.Op == opSum {
		return r.canonical()
	}
	_, one := r.one()
	return one && (r.Op == opMin || r.Op == opMax)
}

// Order is negative when r stands before o, and 0 when they are of one place.
func (r *Counter) Order(o *Counter) int {
	for _, pair := range [...][2]string{{r.Window, o.Window}, {r.Segment, o.Segment}, {r.Column, o.Column}} {
		if pair[0] != pair[1] {
			return strings.Compare(pair[0], pair[1])
		}
	}
	return strings.Compare(r.Key, o.Key)
}

// Order is as Counter's.
func (r *Values) Order(o *Values) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key))
}

// Order is as Counter's.
func (r *Name) Order(o *Name) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(uint64(r.Hash), uint64(o.Hash)))
}

// stampLayout sorts as times do.
const stampLayout = "2006-01-02T15:04:05.000000Z"

// Stamp writes a time in microseconds.
func Stamp(at int64) string { return time.UnixMicro(at).UTC().Format(stampLayout) }

// Unstamp reads what stamp wrote.
func Unstamp(text string) (at int64, ok bool) {
	t, err := time.Parse(stampLayout, text)
	return t.UnixMicro(), err == nil
}
