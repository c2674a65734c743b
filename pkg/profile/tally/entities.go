package tally

import (
	"iter"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

// entities keep one row of each entity, those of smallest hash, with the number of
// the entity's rows. Of an entity's rows it is the one of smallest hash, whatever
// their order.
type entities struct{ set sketch.Bottom[entityRow] }

// An entityRow is a row and its hash.
type entityRow struct {
	hash uint64
	row  Row
}

func newEntities() entities { return entities{sketch.NewBottom[entityRow](caps.Entities.N)} }

// add counts n rows of an entity, of which hash is the smallest; row makes it.
func (e *entities) add(entity, hash uint64, n int64, row func() Row) {
	if !e.set.Wants(entity) {
		return
	}
	if known := e.set.Find(entity); known != nil {
		known.N += n
		if hash < known.Value.hash {
			known.Value = entityRow{hash, row()}
		}
		return
	}
	e.set.Add(entity, n, func() entityRow { return entityRow{hash, row()} })
}

func (e *entities) merge(o *entities) {
	for h, k := range o.set.All() {
		e.add(h, k.Value.hash, k.N, func() Row { return k.Value.row })
	}
}

// all passes the entities on by ascending hash.
func (e *entities) all() iter.Seq2[uint64, *sketch.Kept[entityRow]] { return e.set.All() }
