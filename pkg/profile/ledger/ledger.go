package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// A Counter is one number under its key.
type Counter struct {
	Window  string // start of the UTC window, RFC 3339 to the microsecond; empty for the judged rows
	Segment string // empty: all rows
	Column  string // raw column; empty for what belongs to rows
	Key     string // what is counted
	Op      string // how two profiles' numbers become one: sum, min or max
	N       int64  // floats as an integer of the same order, times in microseconds
}

// A Value is a number that is on no edge of the plan, and how often it was there.
type Value struct {
	Window, Segment, Column string // as in Counter
	Key                     string // empty, or length/ or commas/ of a text
	Value                   float64
	N                       int64
}

// A Name is a name, and how often it was there. Those of smallest hash are kept.
type Name struct {
	Window, Segment, Column string // as in Counter
	Key                     string // what is named
	Hash                    int64  // bits of the hash
	Name                    string
	N                       int64
}

// How two profiles' numbers become one. A sum's limbs of 32 bits are carried
// afterwards.
const (
	opSum = "sum"
	opMin = "min"
	opMax = "max"
)

// A Ledger holds counters as rows. They are canonical once they are sorted: by
// window, segment, column, key and then value or hash, no two alike.
type Ledger struct {
	Counters []Counter
	Values   []Value
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
		l.put(key, opSum, n)
	}
}

// Most puts a greatest value.
func (l *Ledger) Most(key string, n int64) { l.put(key, opMax, n) }

// Least puts a least value.
func (l *Ledger) Least(key string, n int64) { l.put(key, opMin, n) }

func (l *Ledger) put(key, op string, n int64) {
	l.Counters = append(l.Counters, Counter{Window: l.window, Column: l.column, Key: key, Op: op, N: n})
}

// List puts every step-th of n from first, most of which may be 0.
func (l *Ledger) List(prefix string, n []int64, first, step int) {
	for i := first; i < len(n); i += step {
		if n[i] != 0 {
			l.Sum(Index(prefix, i/step), n[i])
		}
	}
}

// Exact puts the limbs of an exact sum under a prefix.
func (l *Ledger) Exact(prefix string, s *sketch.Sum) {
	s.Emit(func(i int, n int64) { l.Sum(Index(prefix, i), n) })
}

// Wide puts the limbs of a sum of 128 bits under a prefix.
func (l *Ledger) Wide(prefix string, w sketch.Wide) {
	for i, n := range w.Limbs() {
		l.Sum(Index(prefix, i), n)
	}
}

// Value puts how often a number off the grid was there.
func (l *Ledger) Value(key string, x float64, n int64) {
	l.Values = append(l.Values, Value{Window: l.window, Column: l.column, Key: key, Value: x, N: n})
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
	slices.SortFunc(l.Values, func(a, b Value) int { return a.Order(&b) })
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
func (r *Value) Order(o *Value) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(r.Value, o.Value))
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
