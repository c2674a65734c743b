package parts

import (
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	mostNames = 30 // categories with a class of their own
	mostEdges = 50 // of a number that is counted on its whole grid: such may be codes
)

// A shape is the classes that a column, or a part of a text, is counted in, followed
// by its states other than that of a value.
type shape struct {
	grid    *plan.Grid // of a number
	whole   bool       // a class is a position on the grid, else a tenth
	names   int        // of a category: with a class of their own; then all others, then those that are new
	classes int
	width   int
}

func shapeOf(c *plan.Column, which int) shape {
	var s shape
	switch {
	case c.Kind == view.CategoryKind:
		s.names = min(len(c.Names), mostNames)
		s.classes = s.names + 2
	case c.Kind == view.NumberKind:
		s.grid = c.Grid
	case which == 0:
		s.grid = c.Length
	default:
		s.grid = c.Commas
	}
	if s.grid != nil {
		s.classes = s.grid.Classes()
		if s.whole = s.grid.Exact && len(s.grid.Edges) <= mostEdges; s.whole {
			s.classes = 2*len(s.grid.Edges) + 1
		}
	}
	s.width = s.classes + read.States
	return s
}

// place finds the cells of rows from to to.
func (s *shape) place(r *read.Column, at *plan.Placed, index []uint8, from, to int) {
	state := r.State
	for i := from; i < to; i++ {
		switch {
		case state[i] != read.StateValue:
			index[i] = uint8(s.classes + int(state[i]))
		case s.whole:
			index[i] = uint8(at.Position[i])
		case s.grid != nil:
			index[i] = at.Class[i]
		case r.Code[i] >= 0:
			index[i] = uint8(min(int(r.Code[i]), s.names))
		case r.Code[i] == read.CodeNew:
			index[i] = uint8(s.names + 1)
		default:
			index[i] = uint8(s.names)
		}
	}
}
