package profile

import "github.com/leadsman/leadsman/pkg/profile/view"

const (
	noClass      = 255 // class of a row without a comparable value
	namedClasses = 254 // categories with a class of their own
)

// placed is where a chunk's values stand.
type placed struct {
	position [chunkRows]int32 // on the grid
	class    [chunkRows]uint8 // coarse class, or noClass
	normal   [chunkRows]int16 // normal score
	distance [chunkRows]int32 // from the median, in steps
}

// place finds where the first n rows of a loaded chunk stand; the second of to is
// of a text's commas.
func (c *planColumn) place(r *reading, n int, to *[2]*placed) {
	state := r.state[:n]
	switch c.kind {
	case view.NumberKind:
		c.grid.place(r.x[:n], state, to[0])
	case view.CategoryKind:
		c.placeCodes(r.code[:n], state, to[0])
	default:
		c.length.place(r.x[:n], state, to[0])
		c.commas.place(r.y[:n], state, to[1])
	}
}

// place finds where n values stand: their positions, their class and normal
// score, which are noClass and 0 without a value, and how far they are from the
// median, by steps, which is 0 without one.
func (g *grid) place(x []float64, state []uint8, to *placed) {
	position, class, normal := to.position[:len(x)], to.class[:len(x)], to.normal[:len(x)]
	// The search's tables are far away in memory: two loops of little each keep
	// more of their lines coming at a time than one.
	for i, v := range x {
		if state[i] == stateValue {
			position[i] = int32(g.search.near(v))
		}
	}
	for i, v := range x {
		if state[i] != stateValue {
			class[i], normal[i] = noClass, 0
			continue
		}
		at, on := g.search.find(v, int(position[i]))
		stop := &g.search.stops[at]
		position[i] = int32(2*at + on)
		class[i], normal[i] = stop.class[on&1], stop.normal[on&1]
	}
	g.distances(x, state, to)
}

func (g *grid) distances(x []float64, state []uint8, to *placed) {
	distance := to.distance[:len(x)]
	for i, v := range x {
		distance[i] = 0
		if state[i] == stateValue {
			distance[i] = g.steps(v)
		}
	}
}

// placeCodes finds the classes of a category's codes: the dictionary's place, or
// the last class; noClass without a value.
func (c *planColumn) placeCodes(code []int32, state []uint8, to *placed) {
	class, last := to.class[:len(code)], uint8(c.classes()-1)
	for i, code := range code {
		switch {
		case state[i] != stateValue:
			class[i] = noClass
		case uint32(code) < uint32(last):
			class[i] = uint8(code)
		default:
			class[i] = last
		}
	}
}

// classes returns how many coarse classes a number or a category has.
func (c *planColumn) classes() int {
	if c.kind == view.NumberKind {
		return c.grid.classes()
	}
	return min(len(c.names), namedClasses) + 1
}
