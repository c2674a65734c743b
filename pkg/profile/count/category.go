package count

import (
	"iter"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Rows and buckets of names that are not counted by themselves.
var nameBuckets = [2]int{3, 1 << 11}

// Names outside the dictionary are counted by whether the reference has them.
const (
	newRows = iota
	knownRows
	unclearRows
	outsides
)

var outsideKeys = [outsides]string{"new", "known", "unclear"}

// outsideOf is the place of a code of read's.
func outsideOf(code int32) int {
	switch code {
	case read.CodeKnown:
		return knownRows
	case read.CodeUnclear:
		return unclearRows
	}
	return newRows
}

// categoryCounts counts a category column by the plan's dictionary.
type categoryCounts struct {
	state   [read.States]int64
	counts  []int64
	outside [outsides]int64
	names   sketch.Names[rows] // outside the dictionary
	label   *positive
}

// positive counts the rows with the plan's positive label.
type positive struct {
	code int32  // its place in the dictionary; below 0: none
	hash uint64 // of its name
	n    int64
}

// positiveOf returns the counter of a label's column, nil of any other.
func positiveOf(p *plan.Column) *positive {
	if p.Positive == "" {
		return nil
	}
	code, ok := p.Index[p.Positive]
	if !ok {
		code = read.CodeNew
	}
	return &positive{code: code, hash: sketch.HashString(p.Positive)}
}

// add counts rows from to to of a loaded chunk.
func (c *positive) add(r *read.Column, from, to int) {
	for i := from; i < to; i++ {
		if r.State[i] == read.StateValue && (c.code >= 0 && r.Code[i] == c.code || c.code < 0 && r.Hash[i] == c.hash) {
			c.n++
		}
	}
}

// into gives a view the rows.
func (c *positive) into(v *view.Category, p *plan.Column) {
	if c != nil {
		v.PositiveLabel, v.Positive = p.Positive, c.n
	}
}

// rows are so many rows.
type rows struct{ n int64 }

func (r *rows) merge(o *rows) { r.n += o.n }
func (r *rows) size() int64   { return r.n }

func newCategoryCounts(p *plan.Column) *categoryCounts {
	c := &categoryCounts{counts: make([]int64, len(p.Names)), names: newRowNames(caps.NewNames.N, nameBuckets), label: positiveOf(p)}
	c.names.Spell()
	return c
}

func newRowNames(k int, buckets [2]int) sketch.Names[rows] {
	return sketch.NewNames(k, buckets[0], buckets[1], (*rows).merge, (*rows).size)
}

// add counts rows from to to of a loaded chunk that starts at row lo of its
// batch.
func (c *categoryCounts) add(r *read.Column, from, to, lo int) {
	if c.label != nil {
		c.label.add(r, from, to)
	}
	for i := from; i < to; i++ {
		s := r.State[i]
		c.state[s]++
		if s != read.StateValue {
			continue
		}
		if code := r.Code[i]; code >= 0 {
			c.counts[code]++
			continue
		}
		c.outside[outsideOf(r.Code[i])]++
		c.names.Add(r.Hash[i], &rows{1}, func() string { return r.Name(lo + i) })
	}
}

func (c *categoryCounts) merge(o *categoryCounts) {
	for i, n := range o.state {
		c.state[i] += n
	}
	for i, n := range o.counts {
		c.counts[i] += n
	}
	for i, n := range o.outside {
		c.outside[i] += n
	}
	c.names.Merge(&o.names)
	if c.label != nil {
		c.label.n += o.label.n
	}
}

// byClass sums the counts to so many coarse classes.
func (c *categoryCounts) byClass(classes int) []int64 {
	out := make([]int64, classes)
	last := classes - 1
	for i, n := range c.counts {
		out[min(i, last)] += n
	}
	for _, n := range c.outside {
		out[last] += n
	}
	return out
}

// view returns what a reader sees of the column; names are of those that may hold
// many rows.
func (c *categoryCounts) view(p *plan.Column, names iter.Seq2[uint64, string]) *view.Category {
	v := &view.Category{Names: p.Names, Counts: c.counts, Once: p.Once, Twice: p.Twice, Distinct: p.Distinct}
	c.label.into(v, p)
	told := c.outside[newRows] + c.outside[knownRows]
	v.UnseenTotal, v.KnownTotal = c.outside[newRows], c.outside[knownRows]
	if unclear := c.outside[unclearRows]; unclear > 0 {
		// Which names are known goes by their hashes, which is by chance.
		v.Unclear = float64(unclear) / float64(told+unclear)
		more := int64(0)
		if told > 0 {
			more = int64(math.RoundToEven(float64(unclear) * (float64(c.outside[newRows]) / float64(told))))
		}
		v.UnseenTotal += more
		v.KnownTotal += unclear - more
	}
	rest := p.Rest()
	var kept, fresh int64
	for n := range c.names.Kept() {
		if kept++; rest.CodeOf(n.Hash) == read.CodeNew {
			fresh++
		}
	}
	if all := c.names.Distinct(); kept > 0 {
		v.UnseenDistinct = int64(math.RoundToEven(float64(all) * (float64(fresh) / float64(kept))))
		v.KnownDistinct = all - v.UnseenDistinct
	}
	left := v.UnseenTotal + v.KnownTotal
	for _, n := range c.names.Ranked(names) {
		if n.Exact {
			left -= n.Count.n
		}
	}
	for _, n := range c.names.Ranked(names) {
		u := view.Unseen{Name: n.Name, Count: n.Count.n, Exact: n.Exact}
		if !n.Exact {
			u.Count = min(c.names.Likely(n.Count), left)
			left -= u.Count
		}
		if u.Count <= 0 {
			continue
		}
		if rest.CodeOf(n.Hash) == read.CodeNew {
			v.Unseen = append(v.Unseen, u)
		} else {
			v.Known = append(v.Known, u)
		}
	}
	slices.SortStableFunc(v.Unseen, view.Unseen.Order)
	slices.SortStableFunc(v.Known, view.Unseen.Order)
	return v
}

// byValue passes on the values and their numbers of rows, those of the dictionary
// first; names are of those that may hold many rows.
func (c *categoryCounts) byValue(p *plan.Column, names iter.Seq2[uint64, string]) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		v := c.view(p, names)
		for i, n := range v.Counts {
			if n > 0 && !yield(v.Names[i], n) {
				return
			}
		}
		for _, u := range slices.Concat(v.Known, v.Unseen) {
			if !yield(u.Name, u.Count) {
				return
			}
		}
	}
}

func (c *categoryCounts) put(l *ledger.Ledger) {
	putStates(l, "", &c.state)
	l.List("name", c.counts, 0, 1)
	for i, n := range c.outside {
		l.Sum(outsideKeys[i], n)
	}
	putNames(l, "unseen", &c.names)
	l.List("unseen/spelled", c.names.Spelled().Counts(), 0, 1)
	if c.label != nil {
		l.Sum("positive", c.label.n)
	}
}

// putNames puts the names and the counts of those that are not kept.
func putNames(l *ledger.Ledger, key string, names *sketch.Names[rows]) {
	for n := range names.Kept() {
		l.Name(key, int64(n.Hash), n.Count.n, n.Name)
	}
	buckets := names.Buckets()
	counts := make([]int64, len(buckets))
	for i := range buckets {
		counts[i] = buckets[i].n
	}
	l.List(key, counts, 0, 1)
}

// setNames sets the counts of the buckets.
func setNames(names *sketch.Names[rows], n ledger.Numbers) bool {
	for i, n := range n.All() {
		b := names.Open(i)
		if b == nil || n < 0 {
			return false
		}
		b.n = n
	}
	return true
}

// setName sets how often a name was there.
func setName(names *sketch.Names[rows], hash uint64, n int64, name string) bool {
	c := names.Put(hash)
	if c == nil || c.n != 0 {
		return false
	}
	c.n = n
	names.Name(hash, name)
	return true
}

func (c *categoryCounts) set(key string, n ledger.Numbers) bool {
	if i := slices.Index(outsideKeys[:], key); i >= 0 {
		return ledger.SetCount(&c.outside[i], n)
	}
	switch key {
	case "positive":
		return c.label != nil && ledger.SetCount(&c.label.n, n)
	case "name":
		return ledger.SetList(c.counts, n, 0, 1)
	case "unseen":
		return setNames(&c.names, n)
	case "unseen/spelled":
		for i, n := range n.All() {
			if !c.names.Spelled().Set(i, n) {
				return false
			}
		}
		return true
	}
	return setState(&c.state, key, n)
}

// check says whether the names add up to the rows outside the dictionary.
func (c *categoryCounts) check() bool {
	left := c.outside[newRows] + c.outside[knownRows] + c.outside[unclearRows]
	for n := range c.names.Kept() {
		left -= n.Count.n
	}
	var rest int64
	if r := c.names.Rest(); r != nil {
		rest = r.n
	}
	return left == rest && c.names.Spelled().Total() == rest
}
