// Package dependence says how the rows of each column hang together: how many
// independent rows they are worth on each side.
package dependence

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

// Result is what hangs together.
type Result struct {
	Designs policy.DesignOf
	Repeats [2]bool // a side's rows repeat earlier ones beyond chance, and do not say whom they belong to
}

// Compare says how the rows of both sides hang together: by the entity that they
// belong to; where a side names none, by rows that repeat earlier ones beyond what
// chance gives; and by how much earlier windows of the log, or else the windows of
// the reference, vary from one to the next, which goes for both sides. The greatest
// of these counts. weight is how many rows of the reference go to one of a simple
// sample where it is weighed, else 1.
func Compare(ref, cur *view.View, weight float64) Result {
	res := Result{Designs: policy.DesignOf{}}
	c := comparison{weight: weight, unique: [2]bool{unique(ref), unique(cur)}}
	if len(ref.Entities) == 0 {
		c.again[0] = again(&ref.Inputs, &cur.Inputs)
	}
	if len(cur.Entities) == 0 {
		c.again[1] = again(&cur.Inputs, &ref.Inputs)
	}
	res.Repeats = [2]bool{c.again[0] > 1, c.again[1] > 1}
	if c.series, c.timed = seriesOf(earlier(cur)); !c.timed {
		c.series, c.timed = seriesOf(all(ref))
	}
	for i := range ref.Columns {
		before := &ref.Columns[i]
		after := cur.Column(before.Name)
		if after == nil || after.New {
			continue
		}
		pick := func(v *view.View) *view.Column {
			if i < len(v.Columns) && v.Columns[i].Name == before.Name { // as in nearly every window
				return &v.Columns[i]
			}
			return v.Column(before.Name)
		}
		if len(before.Derived) == 0 {
			res.set(after.Name, c.column(before, after, pick))
		}
		var whole policy.Designs
		for j := range before.Derived {
			if j >= len(after.Derived) {
				continue
			}
			d := c.column(&before.Derived[j], &after.Derived[j], func(v *view.View) *view.Column {
				if text := pick(v); text != nil && j < len(text.Derived) {
					return &text.Derived[j]
				}
				return nil
			})
			res.set(before.Derived[j].Name, d)
			whole.Missing = d.Missing
		}
		if len(before.Derived) > 0 {
			res.set(after.Name, whole)
		}
	}
	return res
}

func (r *Result) set(name string, d policy.Designs) {
	if !d.Values.Independent() || !d.Missing.Independent() {
		r.Designs[name] = d
	}
}

// A comparison is what all columns of two sides have in common.
type comparison struct {
	weight float64
	unique [2]bool    // no two rows of a side belong to one entity
	again  [2]float64 // rows of a side to one that is not repeated
	series series
	timed  bool // there is one
}

func (c *comparison) column(ref, cur *view.Column, pick func(v *view.View) *view.Column) (d policy.Designs) {
	d.Values.Ref, d.Missing.Ref = byEntity(ref, c.unique[0])
	d.Values.Cur, d.Missing.Cur = byEntity(cur, c.unique[1])
	for _, of := range []*policy.Design{&d.Values, &d.Missing} {
		of.Weight = c.weight
		of.Ref, of.Cur = math.Max(of.Ref, c.again[0]), math.Max(of.Cur, c.again[1])
	}
	if c.timed {
		v := c.series.of(pick, cur.Kind == view.NumberKind)
		timed(&d.Values, v.values)
		timed(&d.Missing, v.missing)
	}
	return d
}

// timed lets windows that vary count where they say more than what is known.
func timed(d *policy.Design, v design.Dispersion) {
	if v.Effect > d.Ref || v.Effect > d.Cur {
		d.Below = v.Differences * (v.Cells - 1)
	}
	d.Ref, d.Cur = math.Max(d.Ref, v.Effect), math.Max(d.Cur, v.Effect)
}

// leastRepeats is the share of rows that repeat earlier ones beyond chance from which
// on they count.
const leastRepeats = 0.02

// again returns the rows of a side to one that does not repeat an earlier one beyond
// what chance gives: what as many rows of the other side hold of different ones.
func again(side, other *view.Repeats) float64 {
	n := float64(side.Rows)
	if side.Rows <= 0 || other.Rows <= 0 {
		return 1
	}
	expected := other.In(side.Rows)
	if side.Rows > other.Rows { // repeats grow with the rows
		share := (1 - other.Distinct/float64(other.Rows)) * n / float64(other.Rows)
		expected = n * math.Max(0, 1-share)
	}
	beyond := expected - side.Distinct - 2*side.Error
	if !(beyond > leastRepeats*n) {
		return 1
	}
	return n / (n - beyond)
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
