package profile

import "math"

// A search finds where numbers stand among ascending edges. A table cuts the
// edges' range into slots of equal width, so narrow that few hold more than one
// edge, and says which edge is the first of each. Slots are of equal width in
// the numbers themselves or, where these crowd, in their images: whichever
// spreads the edges better.
type search struct {
	edges []float64 // and +Inf
	start []int32   // by slot: edges of the slots before it
	deep  bool      // some slot has more than a few edges

	linear bool
	first  float64 // linear: the first edge
	scale  float64 // and slots to a unit
	least  int64   // else: its image
	shift  uint    // and bits of a slot's width
}

const (
	shallow   = 4       // edges of a slot that are passed one by one
	wideTable = 1 << 15 // edges from which the table is kept small, for the cache
)

func newSearch(edges []float64) search {
	if len(edges) == 0 {
		return search{edges: []float64{math.Inf(1)}, start: make([]int32, 2)}
	}
	slots := 4*len(edges) + 64
	if len(edges) >= wideTable {
		slots = 2 * len(edges)
	}
	last := edges[len(edges)-1]
	byImage := search{first: edges[0], least: image(edges[0])}
	span := uint64(image(last)) - uint64(byImage.least)
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
	s.edges = append(append(make([]float64, 0, len(edges)+1), edges...), math.Inf(1))
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
	return int(min((uint64(image(x))-uint64(s.least))>>s.shift, uint64(last)))
}

// position returns the position of x, which is finite, as grid counts them.
func (s *search) position(x float64) int {
	slot := s.slot(x)
	at := int(s.start[slot])
	if s.deep {
		for end := int(s.start[slot+1]); end-at > shallow; {
			if m := int(uint(at+end) / 2); s.edges[m] < x {
				at = m + 1
			} else {
				end = m
			}
		}
	}
	// Written so that the first step needs no branch, and the next ones seldom.
	next := at
	if s.edges[at] < x {
		next = at + 1
	}
	for s.edges[next] < x {
		next++
	}
	p := 2 * next
	if s.edges[next] == x {
		p++
	}
	return p
}
