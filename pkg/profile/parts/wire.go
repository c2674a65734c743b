package parts

import (
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

const prefix = "parts/"

// Put puts what is counted of column i into the column's ledger: a list for each way
// to take the rows apart, the classes of one slot after those of another.
func (s *Set) Put(l *ledger.Ledger, i int) {
	for k, b := range s.by {
		for which, list := range b.cells[i] {
			if list == nil {
				continue
			}
			width := s.shapes[i][which].width
			all := make([]int64, len(list)*width)
			for at, cells := range list {
				copy(all[at*width:], cells)
			}
			l.List(ledger.Index(prefix, k)+"/"+string(rune('0'+which)), all, 0, 1)
		}
	}
}

// Set sets what Put has put under a key of column i.
func (s *Set) Set(i int, key string, n ledger.Numbers) bool {
	if !ledger.Take(&key, prefix) {
		return false
	}
	k := ledger.Place(&key, len(s.by))
	which := ledger.Place(&key, partsOf(&s.plan.Columns[i]))
	if k < 0 || which < 0 {
		return false
	}
	b, width := s.by[k], s.shapes[i][which].width
	for at, v := range n.All() {
		if v < 0 || at >= b.slots()*width {
			return false
		}
		b.open(i, which, at/width)[at%width] = v
	}
	return true
}

// PutRows puts the numbers of rows, of whom they belong to, and the sums of the scores.
func (s *Set) PutRows(l *ledger.Ledger) {
	for k, b := range s.by {
		key := ledger.Index(prefix, k)
		l.List(key+"/rows", b.rows, 0, 1)
		l.Wide(key+"/steps", b.steps...)
		var all []int64
		for at, buckets := range b.buckets {
			if buckets == nil {
				continue
			}
			if all == nil {
				all = make([]int64, len(b.buckets)*entityParts)
			}
			copy(all[at*entityParts:], buckets)
		}
		l.List(key+"/entities", all, 0, 1)
	}
}

// SetRows sets what PutRows has put.
func (s *Set) SetRows(key string, n ledger.Numbers) bool {
	if !ledger.Take(&key, prefix) {
		return false
	}
	k := ledger.Place(&key, len(s.by))
	if k < 0 {
		return false
	}
	b := s.by[k]
	switch key {
	case "rows":
		return ledger.SetList(b.rows, n, 0, 1)
	case "steps":
		var sums []*sketch.Wide
		for at := range b.steps {
			sums = append(sums, &b.steps[at])
		}
		return ledger.SetWide(sums, n)
	case "entities":
		for at, v := range n.All() {
			if v < 0 || at >= b.slots()*entityParts {
				return false
			}
			b.openBuckets(at / entityParts)[at%entityParts] = v
		}
		return true
	}
	return false
}

// Check says whether counters that Set and SetRows have set fit together, and those of
// so many rows.
func (s *Set) Check(rows int64) bool {
	for _, b := range s.by {
		var of [1 + hashRows]int64 // rows of the values, and of each hash
		for at, n := range b.rows {
			group := 0
			if at > b.missing() {
				group = 1 + (at-b.missing()-1)/hashSlots
			}
			if n > rows-of[group] {
				return false
			}
			of[group] += n
		}
		if of[1] != of[2] || of[1] > rows-of[0] {
			return false
		}
		for i := range b.cells {
			for _, list := range b.cells[i] {
				if list == nil {
					continue
				}
				for at, n := range b.rows {
					if total(list[at]) != n {
						return false
					}
				}
			}
		}
		for at, buckets := range b.buckets {
			if n := total(buckets); n < 0 || n > b.rows[at] { // not every table says whom rows belong to
				return false
			}
		}
	}
	return true
}

// total sums counts, which may be of a hostile profile: it stops at a sum that no rows
// have.
func total(n []int64) int64 {
	var sum int64
	for _, v := range n {
		if sum += v; sum < 0 {
			return -1
		}
	}
	return sum
}
