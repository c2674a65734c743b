package profile

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A counterRow is one number under its key.
type counterRow struct {
	Window  string // start of the UTC window as stamp writes it; empty for the judged rows
	Segment string // empty: all rows
	Column  string // raw column; empty for what belongs to rows
	Key     string // what is counted
	Op      string // how two profiles' numbers become one: OpSum, OpMin or OpMax
	N       int64  // floats as an integer of the same order, times in microseconds
}

// A valueRow is a value that is on no edge of the plan, and how often it was
// there.
type valueRow struct {
	Window, Segment, Column string // as in counterRow
	Key                     string // empty, or length/ or commas/ of a text
	Value                   float64
	N                       int64
}

// A nameRow is a name, and how often it was there. Those of smallest hash are
// kept.
type nameRow struct {
	Window, Segment, Column string // as in counterRow
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

// A ledger collects counters as rows. Its rows are canonical once they are
// sorted: by window, segment, column, key and then value or hash, no two alike.
type ledger struct {
	Counters []counterRow
	Values   []valueRow
	Names    []nameRow

	window, column string // of the rows that come next
}

// ledgerOf returns an empty ledger of one raw column.
func ledgerOf(column string) *ledger { return &ledger{column: column} }

// sum puts a sum, unless it is 0.
func (l *ledger) sum(key string, n int64) {
	if n != 0 {
		l.put(key, opSum, n)
	}
}

// most puts a greatest value.
func (l *ledger) most(key string, n int64) { l.put(key, opMax, n) }

// least puts a least value.
func (l *ledger) least(key string, n int64) { l.put(key, opMin, n) }

func (l *ledger) put(key, op string, n int64) {
	l.Counters = append(l.Counters, counterRow{Window: l.window, Column: l.column, Key: key, Op: op, N: n})
}

// list puts every step-th of n from first, most of which may be 0.
func (l *ledger) list(prefix string, n []int64, first, step int) {
	for i := first; i < len(n); i += step {
		if n[i] != 0 {
			l.sum(index(prefix, i/step), n[i])
		}
	}
}

func (l *ledger) states(prefix string, state *[states]int64) {
	for i, n := range state {
		l.sum(prefix+stateNames[i], n)
	}
}

func (l *ledger) exact(prefix string, s *exactSum) {
	s.emit(func(i int, n int64) { l.sum(index(prefix, i), n) })
}

// wide puts a sum of 128 bits.
func (l *ledger) wide(prefix string, w wide) {
	for i, n := range w.limbs() {
		l.sum(index(prefix, i), n)
	}
}

// name puts one name.
func (l *ledger) name(key string, hash, n int64, name string) {
	l.Names = append(l.Names, nameRow{Window: l.window, Column: l.column, Key: key, Hash: hash, Name: name, N: n})
}

// names puts the kept names.
func (l *ledger) names(key string, b *bottom[string]) {
	for h, k := range b.all() {
		l.name(key, int64(h), k.n, k.value)
	}
}

// sort puts the rows into their canonical order. Rows that stand in it take one
// pass.
func (l *ledger) sort() {
	slices.SortFunc(l.Counters, func(a, b counterRow) int { return a.order(&b) })
	slices.SortFunc(l.Values, func(a, b valueRow) int { return a.order(&b) })
	slices.SortFunc(l.Names, func(a, b nameRow) int { return a.order(&b) })
}

// join appends the rows of columns, each of which are sorted.
func (l *ledger) join(columns []*ledger) {
	slices.SortFunc(columns, func(a, b *ledger) int { return strings.Compare(a.column, b.column) })
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

// order is negative when r stands before o, and 0 when they are of one place.
func (r *counterRow) order(o *counterRow) int {
	for _, pair := range [...][2]string{{r.Window, o.Window}, {r.Segment, o.Segment}, {r.Column, o.Column}} {
		if pair[0] != pair[1] {
			return strings.Compare(pair[0], pair[1])
		}
	}
	return strings.Compare(r.Key, o.Key)
}

// order is as counterRow's.
func (r *valueRow) order(o *valueRow) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(r.Value, o.Value))
}

// order is as counterRow's.
func (r *nameRow) order(o *nameRow) int {
	return cmp.Or(strings.Compare(r.Window, o.Window), strings.Compare(r.Segment, o.Segment), strings.Compare(r.Column, o.Column), strings.Compare(r.Key, o.Key), cmp.Compare(uint64(r.Hash), uint64(o.Hash)))
}

// stampLayout sorts as times do.
const stampLayout = "2006-01-02T15:04:05.000000Z"

func stamp(at int64) string { return time.UnixMicro(at).UTC().Format(stampLayout) }

// unstamp reads what stamp wrote.
func unstamp(text string) (at int64, ok bool) {
	t, err := time.Parse(stampLayout, text)
	return t.UnixMicro(), err == nil
}
