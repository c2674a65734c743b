package profile

import (
	"iter"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const unseenNames = 1024 // names outside the dictionary that are kept

// categoryCounts counts a category column by the plan's dictionary.
type categoryCounts struct {
	state  [states]int64
	counts []int64
	other  int64
	unseen bottom[string]
}

func newCategoryCounts(names int) *categoryCounts {
	return &categoryCounts{counts: make([]int64, names), unseen: newBottom[string](unseenNames)}
}

// add counts rows from to to of a loaded chunk that starts at row lo of its
// batch.
func (c *categoryCounts) add(r *reading, from, to, lo int) {
	for i := from; i < to; i++ {
		s := r.state[i]
		c.state[s]++
		if s != stateValue {
			continue
		}
		if code := r.code[i]; code >= 0 {
			c.counts[code]++
			continue
		}
		c.other++
		if h := r.hash[i]; c.unseen.wants(h) {
			c.unseen.add(h, 1, func() string { return shorten(r.text(lo+i), nameLimit) })
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
	c.unseen.merge(&o.unseen)
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
	return &view.Category{Names: dictionary, Counts: c.counts, Unseen: names(&c.unseen), UnseenTotal: c.other, UnseenDistinct: c.unseen.distinct()}
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
		for _, u := range names(&c.unseen) {
			if u.Count > 0 && !yield(u.Name, u.Count) {
				return
			}
		}
	}
}

func (c *categoryCounts) put(l *ledger) {
	l.states("", &c.state)
	l.sum("other", c.other)
	l.list("name/", c.counts, 0, 1)
	l.names("unseen", &c.unseen)
}

func (c *categoryCounts) set(key string, n int64) bool {
	switch {
	case key == "other":
		return setCount(&c.other, n)
	case take(&key, "name/"):
		return setAt(c.counts, key, n)
	}
	return setState(&c.state, key, n)
}
