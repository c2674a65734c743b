package plan

import (
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// NoClass is the class of a row without a comparable value.
const NoClass = 255

const namedClasses = 254 // categories with a class of their own

// Placed is where a chunk's values stand; of a category it has the class alone.
type Placed struct {
	Position []int32 // on the grid
	Class    []uint8 // coarse class, or NoClass
	Normal   []int16 // normal score
	Distance []int32 // from the median, in steps
}

// NewPlaced returns room for so many rows of a column of the kind: the second is nil
// unless it is a text.
func NewPlaced(rows int, kind view.Kind) [2]*Placed {
	one := func() *Placed {
		if kind == view.CategoryKind {
			return &Placed{Class: make([]uint8, rows)}
		}
		return &Placed{make([]int32, rows), make([]uint8, rows), make([]int16, rows), make([]int32, rows)}
	}
	if kind == view.TextKind {
		return [2]*Placed{one(), one()}
	}
	return [2]*Placed{one(), nil}
}

// Place finds where the first n rows of a loaded chunk stand: all of a number, of
// a category the class alone, of a text all of its lengths and, in the second of
// to, of its commas.
func (c *Column) Place(r *read.Column, n int, to *[2]*Placed) {
	state := r.State[:n]
	switch c.Kind {
	case view.NumberKind:
		c.Grid.place(r.X[:n], state, to[0])
	case view.CategoryKind:
		c.placeCodes(r.Code[:n], state, to[0])
	default:
		c.Length.place(r.X[:n], state, to[0])
		c.Commas.place(r.Y[:n], state, to[1])
	}
}

// place finds where n values stand: their positions, their class and normal
// score, which are NoClass and 0 without a value, and how far they are from the
// median, by steps, which is 0 without one.
func (g *Grid) place(x []float64, state []uint8, to *Placed) {
	position, class, normal := to.Position[:len(x)], to.Class[:len(x)], to.Normal[:len(x)]
	// The search's tables are far away in memory: two loops of little each keep
	// more of their lines coming at a time than one.
	for i, v := range x {
		if state[i] == read.StateValue {
			position[i] = int32(g.search.near(v))
		}
	}
	for i, v := range x {
		if state[i] != read.StateValue {
			class[i], normal[i] = NoClass, 0
			continue
		}
		at, on := g.search.find(v, int(position[i]))
		stop := &g.search.stops[at]
		position[i] = int32(2*at + on)
		class[i], normal[i] = stop.class[on&1], stop.normal[on&1]
	}
	g.distances(x, state, to)
}

func (g *Grid) distances(x []float64, state []uint8, to *Placed) {
	distance := to.Distance[:len(x)]
	for i, v := range x {
		distance[i] = 0
		if state[i] == read.StateValue {
			distance[i] = g.steps(v)
		}
	}
}

// placeCodes finds the classes of a category's codes: the dictionary's place, or
// the last class; NoClass without a value.
func (c *Column) placeCodes(code []int32, state []uint8, to *Placed) {
	class, last := to.Class[:len(code)], uint8(c.Classes()-1)
	for i, code := range code {
		switch {
		case state[i] != read.StateValue:
			class[i] = NoClass
		case uint32(code) < uint32(last):
			class[i] = uint8(code)
		default:
			class[i] = last
		}
	}
}

// Classes returns how many coarse classes a number or a category has.
func (c *Column) Classes() int {
	if c.Kind == view.NumberKind {
		return c.Grid.Classes()
	}
	return min(len(c.Names), namedClasses) + 1
}
