package sketch

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"unicode/utf8"
)

const (
	spelledBuckets = 64
	spelledBytes   = 32
	spelledWidth   = 1 + 8*spelledBytes // counts of a bucket: names, then each bit's
)

// Spelled spells the names that hold more than half of their bucket, whatever the order
// in which they come: it counts in 64 buckets how often each bit of the names' first 32
// bytes is set. A longer name is not spelled. What is added is integers, so that it
// merges as counts do.
type Spelled struct {
	counts  []int64  // spelledWidth of each bucket; nil before the first name
	lanes   []uint64 // of each bucket and byte: eight counts below 256, which are not in counts yet
	pending []uint8  // names in these
}

// lanes of a byte: its bits, each in a byte of its own.
var bitLanes = func() (of [256]uint64) {
	for b := range of {
		for bit := range 8 {
			of[b] |= uint64(b>>bit&1) << (8 * bit)
		}
	}
	return of
}()

func spelledBucket(h uint64) int { return int(Finish(h^seedSpelled) % spelledBuckets) }

const seedSpelled = 0x6a09e667f3bcc909

// add adds the name of hash h, n times.
func (s *Spelled) add(h uint64, name string, n int64) {
	s.open()
	b := spelledBucket(h)
	if len(name) > spelledBytes {
		s.counts[b*spelledWidth] += n
		return
	}
	if n != 1 {
		s.counts[b*spelledWidth] += n
		for i := range len(name) {
			for bit := range 8 {
				s.counts[b*spelledWidth+1+8*i+bit] += n * int64(name[i]>>bit&1)
			}
		}
		return
	}
	lanes := s.lanes[b*spelledBytes:][:spelledBytes]
	for i := range len(name) {
		lanes[i] += bitLanes[name[i]]
	}
	if s.pending[b]++; s.pending[b] == 255 {
		s.settle(b)
	}
}

func (s *Spelled) open() {
	if s.counts == nil {
		s.counts = make([]int64, spelledBuckets*spelledWidth)
		s.lanes, s.pending = make([]uint64, spelledBuckets*spelledBytes), make([]uint8, spelledBuckets)
	}
}

// settle counts the bucket's names that are not counted yet.
func (s *Spelled) settle(b int) {
	counts := s.counts[b*spelledWidth:][:spelledWidth]
	counts[0] += int64(s.pending[b])
	s.pending[b] = 0
	for i, l := range s.lanes[b*spelledBytes:][:spelledBytes] {
		for bit := range 8 {
			counts[1+8*i+bit] += int64(l >> (8 * bit) & 255)
		}
	}
	clear(s.lanes[b*spelledBytes:][:spelledBytes])
}

// Counts are all counts, in the order in which Set takes them; nil without names.
func (s *Spelled) Counts() []int64 {
	for b := range s.pending {
		s.settle(b)
	}
	return s.counts
}

// Set sets count i, and says whether there is one.
func (s *Spelled) Set(i int, n int64) bool {
	if i < 0 || i >= spelledBuckets*spelledWidth || n < 0 {
		return false
	}
	s.open()
	s.counts[i] = n
	return true
}

// merge adds o.
func (s *Spelled) merge(o *Spelled) {
	for i, n := range o.Counts() {
		if n != 0 {
			s.open()
			s.counts[i] += n
		}
	}
}

// names are what the buckets spell, each of which may be that of more than half of the so
// many names of its bucket, in the buckets' order.
func (s *Spelled) names() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		counts := s.Counts()
		for b := range len(counts) / spelledWidth {
			of := counts[b*spelledWidth:][:spelledWidth]
			name := spelling(of)
			if len(name) > 0 && utf8.ValidString(name) && spelledBucket(HashString(name)) == b && !yield(name, of[0]) {
				return
			}
		}
	}
}

// spelling is what most names of a bucket have in common, bit by bit.
func spelling(of []int64) string {
	var name [spelledBytes]byte
	for i := range name {
		for bit := range 8 {
			if n := of[1+8*i+bit]; n > of[0]-n {
				name[i] |= 1 << bit
			}
		}
	}
	return string(bytes.TrimRight(name[:], "\x00"))
}

// Total is how many names were added, -1 where the counts do not fit together.
func (s *Spelled) Total() (all int64) {
	counts := s.Counts()
	for b := range len(counts) / spelledWidth {
		of := counts[b*spelledWidth:][:spelledWidth]
		if slices.Max(of) > of[0] || of[0] > math.MaxInt64-all {
			return -1
		}
		all += of[0]
	}
	return all
}
