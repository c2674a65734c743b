package segments

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

// How many rows an entity has, beyond one, is known of a side to some 0.1: below fewLarge
// in all rows, and above manyLarge in a part, what is known of how an entity's rows agree
// is not known of those of the part.
const (
	fewLarge  = 0.2
	manyLarge = 0.5
)

// designsIn is how the rows of a part hang together. Those of all rows are worth one
// independent row in 1 + (E - 1), and what is beyond 1 grows with the number of rows of
// the entity that a random row belongs to, itself aside. A part in which entities have
// more rows than in all is worth the fewer for it, down to one row an entity; one where
// they have fewer is taken for as dependent as the whole.
func designsIn(part *view.Part, ref, cur *view.View, all policy.DesignOf) policy.DesignOf {
	by := [2]growth{growthOf(ref, part.Buckets[0]), growthOf(cur, part.Buckets[1])}
	if by[0].factor <= 1 && by[1].factor <= 1 {
		return all
	}
	out := policy.DesignOf{}
	set := func(name string) {
		d := all[name]
		for _, of := range []*policy.Design{&d.Values, &d.Missing} {
			of.Ref, of.Cur = by[0].of(of.Ref), by[1].of(of.Cur)
		}
		out[name] = d
	}
	for i := range part.Cur.Columns {
		set(part.Cur.Columns[i].Name)
		for j := range part.Cur.Columns[i].Derived {
			set(part.Cur.Columns[i].Derived[j].Name)
		}
	}
	return out
}

// A growth is by how much more a part's rows hang together than a side's.
type growth struct {
	factor float64 // rows of an entity beyond one, over those in all rows; 1: no more
	size   float64 // rows of an entity
	known  bool    // how the rows of one agree
}

func growthOf(v *view.View, part []int64) growth {
	for i := range v.Columns {
		if len(v.Columns[i].Clusters) == 0 || part == nil {
			continue
		}
		all := make([]int64, view.Buckets)
		for _, cell := range v.Columns[i].Clusters {
			for g, n := range cell {
				all[g] += n
			}
		}
		whole, err := design.Clusters([][]int64{all}, false)
		if err != nil {
			break
		}
		here, err := design.Clusters([][]int64{part}, false)
		if err != nil || here.Size <= whole.Size {
			break
		}
		return growth{(here.Size - 1) / math.Max(fewLarge, whole.Size-1), here.Size, whole.Size-1 > fewLarge || here.Size-1 < manyLarge}
	}
	return growth{factor: 1}
}

// of is a part's design effect, where it is effect of all rows.
func (g growth) of(effect float64) float64 {
	switch {
	case g.factor <= 1:
		return effect
	case !g.known:
		return math.Max(effect, g.size)
	}
	return math.Max(effect, math.Min(1+(math.Max(1, effect)-1)*g.factor, g.size))
}
