package sketch

import (
	"iter"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const repeatsGroups = 1024 // groups in which all others are counted

// Repeats counts how often equal things come again, by their hashes: it follows the
// 4,096 of smallest hash through all their repeats, and counts all by the last
// bits of the hash in 1,024 groups, of which one stands out when a thing comes very often.
type Repeats struct {
	n     int64
	kept  Bottom[struct{}]
	group []int64
}

// NewRepeats returns Repeats of nothing.
func NewRepeats() Repeats { return Repeats{kept: NewBottom[struct{}](caps.Followed.N)} }

// Add counts a thing by its hash.
func (r *Repeats) Add(h uint64) { r.add(h, 1) }

func (r *Repeats) add(h uint64, n int64) {
	if r.group == nil {
		r.group = make([]int64, repeatsGroups)
	}
	r.n += n
	r.group[h%repeatsGroups] += n
	r.kept.Add(h, n, func() struct{} { return struct{}{} })
}

// Merge adds o.
func (r *Repeats) Merge(o *Repeats) {
	if o.n == 0 {
		return
	}
	if r.group == nil {
		r.group = make([]int64, repeatsGroups)
	}
	r.n += o.n
	for i, n := range o.group {
		r.group[i] += n
	}
	r.kept.Merge(&o.kept)
}

// Groups are the counts by group; nil of nothing.
func (r *Repeats) Groups() []int64 { return r.group }

// OpenGroups returns the counts by group, for them to be set; Sum comes after.
func (r *Repeats) OpenGroups() []int64 {
	if r.group == nil {
		r.group = make([]int64, repeatsGroups)
	}
	return r.group
}

// Sum says that all groups are set.
func (r *Repeats) Sum() {
	r.n = 0
	for _, n := range r.group {
		r.n += n
	}
}

// Followed passes on the hashes that are followed, ascending, and how often each
// came.
func (r *Repeats) Followed() iter.Seq2[uint64, int64] {
	return func(yield func(uint64, int64) bool) {
		for h, e := range r.kept.All() {
			if !yield(h, e.N) {
				return
			}
		}
	}
}

// Put sets how often a hash came, and says whether there was room.
func (r *Repeats) Put(h uint64, n int64) bool { return r.kept.Put(h, n, struct{}{}) }

// View returns what a reader sees of how often things came. Unless all were followed, the number of different ones is the better of two estimates: N less
// what stands out over the mean of Times, and (k-1) over the greatest hash that is
// followed as a share of the hash's range.
func (r *Repeats) View() view.Repeats {
	a := view.Repeats{Rows: r.n, Exact: len(r.kept.heap) < r.kept.k}
	others := slices.Clone(r.group) // that are not followed
	for h, n := range r.Followed() {
		a.Times = append(a.Times, n)
		others[h%repeatsGroups] -= n
	}
	slices.Sort(a.Times)
	if a.Exact {
		a.Distinct = float64(len(a.Times))
		return a
	}
	sorted := slices.Clone(others)
	slices.Sort(sorted)
	middle := float64(sorted[repeatsGroups/2])
	// Where things come a few times each, groups spread by more than their root.
	spread := float64(sorted[repeatsGroups/2] - sorted[repeatsGroups*16/100])
	bar := 8 * max(spread, math.Sqrt(middle), 1)
	light := float64(r.n)
	for _, n := range others {
		if excess := float64(n) - middle; excess > bar {
			a.Often = append(a.Often, int64(math.RoundToEven(excess)))
			light -= math.RoundToEven(excess)
		}
	}
	for len(a.Times) > 0 && float64(a.Times[len(a.Times)-1]) > bar {
		last := a.Times[len(a.Times)-1]
		a.Times, a.Often = a.Times[:len(a.Times)-1], append(a.Often, last)
		light -= float64(last)
	}
	slices.Sort(a.Often)
	slices.Reverse(a.Often)
	k := float64(r.kept.k)
	a.Distinct = (k - 1) / (float64(r.kept.heap[0]) / (1 << 64))
	a.Error = a.Distinct / math.Sqrt(k-2)
	if mean, dev := spreadOf(a.Times); mean > 0 {
		d := light / mean
		if err := d * dev / mean / math.Sqrt(float64(len(a.Times))); err < a.Error {
			a.Distinct, a.Error = d+float64(len(a.Often)), err
		}
	}
	a.Distinct = min(max(a.Distinct, k), float64(r.n))
	return a
}

// spreadOf returns the mean and the standard deviation of times.
func spreadOf(times []int64) (mean, dev float64) {
	if len(times) == 0 {
		return 0, 0
	}
	sum, square := 0.0, 0.0
	for _, n := range times {
		sum += float64(n)
		square = square + float64(float64(n)*float64(n))
	}
	mean = sum / float64(len(times))
	return mean, math.Sqrt(max(0, square/float64(len(times))-float64(mean*mean)))
}
