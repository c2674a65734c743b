package profile

import "github.com/leadsman/leadsman/pkg/profile/view"

const (
	noClass       = 255 // class of a row without a comparable value
	namedClasses  = 254 // categories with a class of their own
	unseenNames   = 1024
	windowLabels  = 16
	pairedClasses = 16 // classes of a pair's table, the last one for all others
)

// categoryCounts counts a category column by the plan's dictionary.
type categoryCounts struct {
	state  [states]int64
	counts []int64
	other  int64
	unseen bottom[string]
}

func newCategoryCounts(names int) categoryCounts {
	return categoryCounts{counts: make([]int64, names), unseen: bottom[string]{k: unseenNames}}
}

// categoryClasses returns how many coarse classes a dictionary has.
func categoryClasses(names int) int { return min(names, namedClasses) + 1 }

// placeCategory finds the classes of codes: the dictionary's place, or the last
// class.
func placeCategory(code []int32, state []uint8, class []uint8, classes int) {
	last := uint8(classes - 1)
	for i, c := range code {
		switch {
		case state[i] != stateValue:
			class[i] = noClass
		case uint32(c) < uint32(last):
			class[i] = uint8(c)
		default:
			class[i] = last
		}
	}
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

func (c *categoryCounts) classes() []int64 {
	out := make([]int64, categoryClasses(len(c.counts)))
	last := len(out) - 1
	for i, n := range c.counts {
		out[min(i, last)] += n
	}
	out[last] += c.other
	return out
}

func (c *categoryCounts) view(dictionary []string) *view.Category {
	return &view.Category{Names: dictionary, Counts: c.counts, Unseen: names(&c.unseen), UnseenTotal: c.other, UnseenDistinct: c.unseen.distinct()}
}
