package count

import (
	"iter"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const unseenNames = 1024 // names outside the dictionary that are kept

// categoryCounts counts a category column by the plan's dictionary.
type categoryCounts struct {
	state  [read.States]int64
	counts []int64
	other  int64
	unseen sketch.Bottom[string]
}

func newCategoryCounts(names int) *categoryCounts {
	return &categoryCounts{counts: make([]int64, names), unseen: sketch.NewBottom[string](unseenNames)}
}

// add counts rows from to to of a loaded chunk that starts at row lo of its
// batch.
func (c *categoryCounts) add(r *read.Column, from, to, lo int) {
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
		c.other++
		if h := r.Hash[i]; c.unseen.Wants(h) {
			c.unseen.Add(h, 1, func() string { return r.Name(lo + i) })
		}
	}
}

func (c *categoryCounts) merge(o *categoryCounts) {
	for i, n := range o.state {
		c.state[i] += n
	}
	for i, n := range o.counts {
		c.counts[i] += n
	}
	c.other += o.other
	c.unseen.Merge(&o.unseen)
}

// byClass sums the counts to so many coarse classes.
func (c *categoryCounts) byClass(classes int) []int64 {
	out := make([]int64, classes)
	last := classes - 1
	for i, n := range c.counts {
		out[min(i, last)] += n
	}
	out[last] += c.other
	return out
}

func (c *categoryCounts) view(dictionary []string) *view.Category {
	return &view.Category{Names: dictionary, Counts: c.counts, Unseen: sketch.ByCount(&c.unseen), UnseenTotal: c.other, UnseenDistinct: c.unseen.Distinct()}
}

// byValue passes on the values and their numbers of rows, those of the
// dictionary first.
func (c *categoryCounts) byValue(dictionary []string) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for i, n := range c.counts {
			if n > 0 && !yield(dictionary[i], n) {
				return
			}
		}
		for _, u := range sketch.ByCount(&c.unseen) {
			if u.Count > 0 && !yield(u.Name, u.Count) {
				return
			}
		}
	}
}

func (c *categoryCounts) put(l *ledger.Ledger) {
	putStates(l, "", &c.state)
	l.Sum("other", c.other)
	l.List("name", c.counts, 0, 1)
	l.Kept("unseen", &c.unseen)
}

func (c *categoryCounts) set(key string, n ledger.Numbers) bool {
	switch key {
	case "other":
		return ledger.SetCount(&c.other, n)
	case "name":
		return ledger.SetList(c.counts, n, 0, 1)
	}
	return setState(&c.state, key, n)
}
