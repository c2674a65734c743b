package profile

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// bottom keeps the k items of smallest hash with their full counts. An item
// once driven out has k smaller ones in its way for good, so a count that is
// kept has never been lost; the union of two sets cut to k is the set of the
// union.
type bottom[T any] struct {
	k    int
	item map[uint64]*kept[T]
	heap []uint64 // greatest hash first
}

// A kept is an item and how often it was there.
type kept[T any] struct {
	n     int64
	value T
}

// newBottom returns an empty set of at most k items.
func newBottom[T any](k int) bottom[T] { return bottom[T]{k: k} }

// wants says whether an item of hash h would stay.
func (b *bottom[T]) wants(h uint64) bool { return len(b.heap) < b.k || h <= b.heap[0] }

// add counts n of the item of hash h; value makes it when it is new.
func (b *bottom[T]) add(h uint64, n int64, value func() T) {
	if !b.wants(h) {
		return
	}
	if e := b.item[h]; e != nil {
		e.n += n
		return
	}
	if b.item == nil {
		b.item = make(map[uint64]*kept[T])
	}
	b.item[h] = &kept[T]{n, value()}
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

// put counts like add, but drives no other item out: it says whether there was
// room.
func (b *bottom[T]) put(h uint64, n int64, value T) bool {
	if len(b.heap) == b.k {
		return false
	}
	b.add(h, n, func() T { return value })
	return true
}

// merge adds o's items, which may share what they point to afterwards.
func (b *bottom[T]) merge(o *bottom[T]) {
	for h, e := range o.all() {
		b.add(h, e.n, func() T { return e.value })
	}
}

// all passes on the kept items by ascending hash.
func (b *bottom[T]) all() iter.Seq2[uint64, *kept[T]] {
	return func(yield func(uint64, *kept[T]) bool) {
		hashes := slices.Clone(b.heap)
		slices.Sort(hashes)
		for _, h := range hashes {
			if !yield(h, b.item[h]) {
				return
			}
		}
	}
}

// distinct estimates how many different items were added: exact below k, else
// (k-1) over the greatest kept hash as a share of the hash's range.
func (b *bottom[T]) distinct() int64 {
	if len(b.heap) < b.k {
		return int64(len(b.heap))
	}
	return int64(float64(b.k-1) / (float64(b.heap[0]) / (1 << 64)))
}

// names returns kept strings by falling count, then name.
func names(b *bottom[string]) []view.Unseen {
	out := make([]view.Unseen, 0, len(b.heap))
	for _, e := range b.item {
		out = append(out, view.Unseen{Name: e.value, Count: e.n})
	}
	slices.SortFunc(out, func(x, y view.Unseen) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), strings.Compare(x.Name, y.Name))
	})
	return out
}
