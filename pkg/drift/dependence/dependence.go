// Package dependence says how the rows of each column hang together: how many
// independent rows they are worth on each side.
package dependence

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

// Result is what hangs together.
type Result struct {
	Designs policy.DesignOf
	Repeats [2]bool    // a side's rows repeat earlier ones beyond chance, and do not say whom they belong to
	Thin    [2]float64 // rows of a side to one by which a column in the middle is independent in time
}

// Compare says how the rows of both sides hang together: by the entity that they
// belong to; where a side names none, by rows that repeat earlier ones beyond what
// chance gives; and by how much a side's windows vary from one to the next: those
// of the reference, and those of the log before the judged rows, for which the
// reference's stand where they are too few. What makes windows vary seldom spares a
// column: each counts as much as the column in the middle at least. The greatest of
// these counts. weight is how many rows of the reference go to one of a simple sample
// where it is weighed, else 1.
func Compare(ref, cur *view.View, weight float64) Result {
	res := Result{Designs: policy.DesignOf{}, Thin: [2]float64{1, 1}}
	c := comparison{weight: weight, unique: [2]bool{unique(ref), unique(cur)}}
	if len(ref.Entities) == 0 {
		c.again[0] = again(&ref.Inputs, &cur.Inputs)
	}
	if len(cur.Entities) == 0 {
		c.again[1] = again(&cur.Inputs, &ref.Inputs)
	}
	res.Repeats = [2]bool{c.again[0] > 1, c.again[1] > 1}
	c.pairs(ref, cur)
	c.vary(ref, cur)
	for side, of := range c.windows {
		res.Thin[side] = 1 + 3*math.Max(0, middle(of)-1) // what is left of the dependence at that distance is small
	}
	text := map[string]policy.Designs{}
	for i := range c.columns {
		p := &c.columns[i]
		d := c.design(i)
		if p.cur != p.whole {
			text[p.whole.Name] = policy.Designs{Missing: d.Missing}
		}
		res.set(p.cur.Name, d)
	}
	for name, d := range text {
		res.set(name, d)
	}
	return res
}

// A pair is a column, or a part of a text, on both sides.
type pair struct {
	ref, cur, whole *view.Column // whole is cur's, of a part of a text the text
	at, part        int          // places in the reference's view, part below 0: none
}

// pairs pairs the columns.
func (c *comparison) pairs(ref, cur *view.View) {
	for i := range ref.Columns {
		before := &ref.Columns[i]
		after := cur.Column(before.Name)
		if after == nil || after.New {
			continue
		}
		if len(before.Derived) == 0 {
			c.columns = append(c.columns, pair{before, after, after, i, -1})
		}
		for j := range before.Derived {
			if j < len(after.Derived) {
				c.columns = append(c.columns, pair{&before.Derived[j], &after.Derived[j], after, i, j})
			}
		}
	}
}

// in finds the column in the view of a window.
func (p *pair) in(v *view.View) *view.Column {
	c := (*view.Column)(nil)
	if p.at < len(v.Columns) && v.Columns[p.at].Name == p.whole.Name { // as in nearly every window
		c = &v.Columns[p.at]
	} else {
		c = v.Column(p.whole.Name)
	}
	switch {
	case p.part < 0 || c == nil:
		return c
	case p.part < len(c.Derived):
		return &c.Derived[p.part]
	}
	return nil
}

// vary measures how the windows of both sides vary in each column.
func (c *comparison) vary(ref, cur *view.View) {
	for side, windows := range [][]*view.Window{all(ref), earlier(cur)} {
		s, ok := seriesOf(windows)
		if !ok {
			if side == 1 {
				c.windows[1] = c.windows[0]
			}
			continue
		}
		for i := range c.columns {
			p := &c.columns[i]
			c.windows[side] = append(c.windows[side], s.of(p.in, p.cur.Kind == view.NumberKind))
		}
	}
}

// middle is the effect on the values of the column in the middle, of those that tell.
func middle(of []variation) float64 {
	var effects []float64
	for _, v := range of {
		if v.values.Effect > 0 {
			effects = append(effects, v.values.Effect)
		}
	}
	if len(effects) == 0 {
		return 0
	}
	slices.Sort(effects)
	return effects[(len(effects)-1)/2]
}

func (r *Result) set(name string, d policy.Designs) {
	if !d.Values.Independent() || !d.Missing.Independent() {
		r.Designs[name] = d
	}
}

// A comparison is what all columns of two sides have in common. Lists are by side,
// the reference's first.
type comparison struct {
	weight  float64
	unique  [2]bool    // no two rows of a side belong to one entity
	again   [2]float64 // rows of a side to one that is not repeated
	columns []pair
	windows [2][]variation // by column; none without enough windows
}

// design is that of column i.
func (c *comparison) design(i int) (d policy.Designs) {
	p := &c.columns[i]
	d.Values.Ref, d.Missing.Ref = byEntity(p.ref, c.unique[0])
	d.Values.Cur, d.Missing.Cur = byEntity(p.cur, c.unique[1])
	for _, of := range []*policy.Design{&d.Values, &d.Missing} {
		of.Weight = c.weight
		of.Ref, of.Cur = math.Max(of.Ref, c.again[0]), math.Max(of.Cur, c.again[1])
	}
	var sides [2]variation
	for side, of := range c.windows {
		if len(of) > 0 {
			sides[side] = of[i]
			sides[side].values.Effect = math.Max(of[i].values.Effect, middle(of))
		}
	}
	timed(&d.Values, sides[0].values, sides[1].values)
	timed(&d.Missing, sides[0].missing, sides[1].missing)
	return d
}

// timed lets windows that vary count where they say more than what is known.
func timed(d *policy.Design, ref, cur design.Dispersion) {
	if ref.Effect > math.Max(1, d.Ref) {
		d.Ref, d.Below = ref.Effect, ref.Differences*(ref.Cells-1)
	}
	if cur.Effect > math.Max(1, d.Cur) {
		d.Cur = cur.Effect
		if below := cur.Differences * (cur.Cells - 1); d.Below == 0 || below < d.Below {
			d.Below = below
		}
	}
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
