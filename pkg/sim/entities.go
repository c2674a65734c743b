package sim

import (
	"math"
	"math/rand/v2"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Entities says how the rows of a log belong together.
type Entities string

// The ways in which rows belong together; "" is not at all. Rows of one entity
// come between those of others.
const (
	sessions Entities = "sessions" // one to ten rows an entity, all alike
	pareto   Entities = "pareto"   // as many as a Pareto distribution of exponent 1.2 gives, 500 at most, all alike
	half     Entities = "half"     // one to ten rows, each value the entity's own or, as often, drawn anew
)

// EntityKinds are the names of the ways.
var EntityKinds = []string{string(sessions), string(pareto), string(half)}

const (
	open        = 16  // entities whose rows come between each other
	mostRows    = 500 // of an entity
	longSession = 10
)

// grouped is a source whose rows belong to entities.
type grouped struct {
	Source
	kind Entities
}

func (g grouped) rows(r *rand.Rand) rowDrawer {
	return &entityDrawer{kind: g.kind, from: g.Source.rows(r), r: r}
}

// entityDrawer draws the rows of one chunk, in which its entities begin and end.
type entityDrawer struct {
	kind  Entities
	from  rowDrawer
	r     *rand.Rand
	open  [open]entityRows
	known int // entities so far
	row1  []record.Value
}

// entityRows is an entity with the rows that it has left.
type entityRows struct {
	drawn
	left int
}

func (d *entityDrawer) row(nudges []nudge) drawn {
	e := &d.open[d.r.IntN(open)]
	if e.left == 0 {
		values := e.values
		e.drawn = d.from.row(nudges)
		e.values = append(values[:0], e.values...)
		d.known++
		e.entity, e.left = d.known, d.size()
	}
	e.left--
	out := e.drawn
	d.row1 = append(d.row1[:0], e.values...)
	if d.kind == half {
		for i, v := range d.from.row(nudges).values {
			if d.r.IntN(2) == 0 {
				d.row1[i] = v
			}
		}
	}
	out.values = d.row1
	return out
}

// size draws how many rows an entity has.
func (d *entityDrawer) size() int {
	if d.kind == pareto {
		return int(math.Min(mostRows, math.Pow(1-d.r.Float64(), -1/1.2)))
	}
	return 1 + d.r.IntN(longSession)
}
