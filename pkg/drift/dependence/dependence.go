// Package dependence says how the rows of each column hang together: how many
// independent rows they are worth on each side.
package dependence

import (
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

// Result is what hangs together. Its effect on each column is in Designs.
type Result struct {
	Designs policy.DesignOf
}

// Compare says how the rows of both sides hang together.
func Compare(ref, cur *view.View) Result {
	res := Result{Designs: policy.DesignOf{}}
	before, after := unique(ref), unique(cur)
	for i := range ref.Columns {
		c := &ref.Columns[i]
		other := cur.Column(c.Name)
		if other == nil || other.New {
			continue
		}
		res.column(c, other, before, after)
		for j := range c.Derived {
			if j < len(other.Derived) {
				res.column(&c.Derived[j], &other.Derived[j], before, after)
			}
		}
	}
	return res
}

func (r *Result) column(ref, cur *view.Column, refUnique, curUnique bool) {
	var d policy.Designs
	d.Values.Ref, d.Missing.Ref = byEntity(ref, refUnique)
	d.Values.Cur, d.Missing.Cur = byEntity(cur, curUnique)
	if d.Values.Independent() && d.Missing.Independent() {
		return
	}
	r.Designs[cur.Name] = d
}

// unique says that no two rows of a side belong to one entity, so far as that is
// certain.
func unique(v *view.View) bool {
	if int64(len(v.Entities)) < v.EntityCount {
		return false
	}
	for i := range v.Entities {
		if v.Entities[i].N > 1 {
			return false
		}
	}
	return true
}

// byEntity returns the rows of a column to one independent row, of those with a value
// and of all, of which one part has none; 1 where nothing says whom rows belong to.
func byEntity(c *view.Column, unique bool) (values, missing float64) {
	values, missing = 1, 1
	if c.Clusters == nil || unique {
		return values, missing
	}
	last := len(c.Clusters) - 1
	if r, err := design.Clusters(c.Clusters[:last], c.Kind == view.NumberKind); err == nil {
		values = r.Effect
	}
	some := make([]int64, view.Buckets)
	for _, cell := range c.Clusters[:last] {
		for g, n := range cell {
			some[g] += n
		}
	}
	if r, err := design.Clusters([][]int64{some, c.Clusters[last]}, false); err == nil {
		missing = r.Effect
	}
	return values, missing
}
