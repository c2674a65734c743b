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
	index, state := index[from:to], r.State[from:to]
	switch {
	case s.whole:
		for i, p := range at.Position[from:to] {
			index[i] = uint8(p)
		}
	case s.grid != nil:
		copy(index, at.Class[from:to])
	default:
		for i, code := range r.Code[from:to] {
			switch {
			case code >= 0:
				index[i] = uint8(min(int(code), s.names))
			case code == read.CodeNew:
				index[i] = uint8(s.names + 1)
			default:
				index[i] = uint8(s.names)
			}
		}
	}
	for i, st := range state {
		if st != read.StateValue {
			index[i] = uint8(s.classes + int(st))
		}
	}
}
