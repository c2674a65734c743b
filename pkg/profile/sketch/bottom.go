package sketch

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A Bottom keeps the k items of smallest hash with their full counts. An item
// once driven out has k smaller ones in its way for good, so a count that is
// kept has never been lost; the union of two sets cut to k is the set of the
// union.
type Bottom[T any] struct {
	k    int
	item map[uint64]*Kept[T]
	heap []uint64 // greatest hash first
}

// A Kept is an item and how often it was there.
type Kept[T any] struct {
	N     int64
	Value T
}

// NewBottom returns an empty set of at most k items.
func NewBottom[T any](k int) Bottom[T] { return Bottom[T]{k: k} }

// Wants says whether an item of hash h would stay.
func (b *Bottom[T]) Wants(h uint64) bool { return len(b.heap) < b.k || h <= b.heap[0] }

// Add counts n of the item of hash h; value makes it when it is new.
func (b *Bottom[T]) Add(h uint64, n int64, value func() T) {
	if !b.Wants(h) {
		return
	}
	if e := b.item[h]; e != nil {
		e.N += n
		return
	}
	if b.item == nil {
		b.item = make(map[uint64]*Kept[T])
	}
	b.item[h] = &Kept[T]{n, value()}
	if len(b.heap) < b.k {
		b.heap = append(b.heap, h)
		for i := len(b.heap) - 1; i > 0 && b.heap[(i-1)/2] < b.heap[i]; i = (i - 1) / 2 {
			b.heap[i], b.heap[(i-1)/2] = b.heap[(i-1)/2], b.heap[i]
		}
		return
	}
	delete(b.item, b.heap[0])
	b.heap[0] = h
	for i := 0; ; {
		c := 2*i + 1
		if c+1 < len(b.heap) && b.heap[c+1] > b.heap[c] {
			c++
		}
		if c >= len(b.heap) || b.heap[c] <= b.heap[i] {
			return
		}
		b.heap[i], b.heap[c] = b.heap[c], b.heap[i]
		i = c
	}
}

// Find returns the kept item of hash h, nil without one.
func (b *Bottom[T]) Find(h uint64) *Kept[T] { return b.item[h] }

// Put counts like Add, but drives no other item out: it says whether there was
// room.
func (b *Bottom[T]) Put(h uint64, n int64, value T) bool {
	if len(b.heap) == b.k {
		return false
	}
	b.Add(h, n, func() T { return value })
	return true
}

// Merge adds o's items, which may share what they point to afterwards.
func (b *Bottom[T]) Merge(o *Bottom[T]) {
	for h, e := range o.All() {
		b.Add(h, e.N, func() T { return e.Value })
	}
}

// All passes on the kept items by ascending hash.
func (b *Bottom[T]) All() iter.Seq2[uint64, *Kept[T]] {
	return func(yield func(uint64, *Kept[T]) bool) {
		hashes := slices.Clone(b.heap)
		slices.Sort(hashes)
		for _, h := range hashes {
			if !yield(h, b.item[h]) {
				return
			}
		}
	}
}

// Distinct estimates how many different items were added: exact below k, else
// (k-1) over the greatest kept hash as a share of the hash's range.
func (b *Bottom[T]) Distinct() int64 {
	if len(b.heap) < b.k {
		return int64(len(b.heap))
	}
	return int64(float64(b.k-1) / (float64(b.heap[0]) / (1 << 64)))
}

// ByCount returns the kept strings, by falling count, then name.
func ByCount(b *Bottom[string]) []view.Unseen {
	out := make([]view.Unseen, 0, len(b.heap))
	for _, e := range b.item {
		out = append(out, view.Unseen{Name: e.Value, Count: e.N})
	}
	slices.SortFunc(out, func(x, y view.Unseen) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), strings.Compare(x.Name, y.Name))
	})
	return out
}
