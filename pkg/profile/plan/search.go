package plan

import (
	"math"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// A search finds where numbers stand among ascending edges. A table cuts the
// edges' range into slots of equal width, so narrow that few hold more than one
// edge, and says which edge is the first of each. Slots are of equal width in
// the numbers themselves or, where these crowd, in their images: whichever
// spreads the edges better.
type search struct {
	stops []stop  // the edges, and +Inf
	start []int32 // by slot: edges of the slots before it
	deep  bool    // some slot has more than a few edges

	linear bool
	first  float64 // linear: the first edge
	scale  float64 // and slots to a unit
	least  int64   // else: its image
	shift  uint    // and bits of a slot's width
}

// A stop is an edge and what is known of the open cell below it and of itself,
// in this order: all that a value there needs lies side by side in memory.
type stop struct {
	edge   float64
	normal [2]int16
	class  [2]uint8
}

const (
	shallow   = 4       // edges of a slot that are passed one by one
	wideTable = 1 << 15 // edges from which the table is kept small, for the cache
)

// newSearch returns the search among edges, whose classes and normal scores are
// by position.
func newSearch(edges []float64, class []uint8, normal []int16) search {
	s := newTable(edges)
	s.stops = make([]stop, len(edges)+1)
	for i := range s.stops {
		e := &s.stops[i]
		e.edge, e.normal[0], e.class[0] = math.Inf(1), normal[2*i], class[2*i]
		if i < len(edges) {
			e.edge, e.normal[1], e.class[1] = edges[i], normal[2*i+1], class[2*i+1]
		}
	}
	return s
}

// newTable returns the search with its table alone.
func newTable(edges []float64) search {
	if len(edges) == 0 {
		return search{start: make([]int32, 2)}
	}
	slots := 4*len(edges) + 64
	if len(edges) >= wideTable {
		slots = 2 * len(edges)
	}
	last := edges[len(edges)-1]
	byImage := search{first: edges[0], least: sketch.Image(edges[0])}
	span := uint64(sketch.Image(last)) - uint64(byImage.least)
	for span>>byImage.shift >= uint64(slots) {
		byImage.shift++
	}
	s, crowd := byImage.fill(edges, int(span>>byImage.shift)+1)
	scale := float64(slots-1) / (last - edges[0])
	if scale > 0 && !math.IsInf(scale, 0) {
		byNumber := search{linear: true, first: edges[0], scale: scale}
		if other, otherCrowd := byNumber.fill(edges, slots); otherCrowd <= crowd {
			s = other
		}
	}
	return s
}

// fill makes the table of slots; crowd is the sum of the squares of their
// numbers of edges.
func (s search) fill(edges []float64, slots int) (filled search, crowd int) {
	s.start = make([]int32, slots+1)
	for _, e := range edges {
		s.start[s.slot(e)+1]++
	}
	for i, n := range s.start {
		crowd += int(n) * int(n)
		s.deep = s.deep || n > shallow
		if i > 0 {
			s.start[i] += s.start[i-1]
		}
	}
	return s, crowd
}

// slot returns the slot of x. It never falls as x rises, so an edge in a lower
// slot is less than x, and one in a higher slot greater.
func (s *search) slot(x float64) int {
	last := len(s.start) - 2
	if s.linear {
		f := float64(x-s.first) * s.scale
		if !(f > 0) {
			return 0
		}
		if f >= float64(last) {
			return last
		}
		return int(f)
	}
	if x <= s.first {
		return 0
	}
	return int(min((uint64(sketch.Image(x))-uint64(s.least))>>s.shift, uint64(last)))
}

// near returns a stop that x, which is finite, is at or a few beyond.
func (s *search) near(x float64) int {
	slot := s.slot(x)
	at := int(s.start[slot])
	if s.deep {
		for end := int(s.start[slot+1]); end-at > shallow; {
			if m := int(uint(at+end) / 2); s.stops[m].edge < x {
				at = m + 1
			} else {
				end = m
			}
		}
	}
	return at
}

// find returns the first stop that is not less than x, of which near is a guess,
// and 1 if it is x, else 0.
func (s *search) find(x float64, near int) (at, on int) {
	// Written so that the first step needs no branch, and the next ones seldom.
	at = near
	if s.stops[near].edge < x {
		at = near + 1
	}
	for s.stops[at].edge < x {
		at++
	}
	if s.stops[at].edge == x {
		on = 1
	}
	return at, on
}

// position returns the position of x, which is finite, as grid counts them.
func (s *search) position(x float64) int {
	at, on := s.find(x, s.near(x))
	return 2*at + on
}
