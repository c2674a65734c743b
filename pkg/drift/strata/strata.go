// Package strata weighs a reference by the parts of the week that the judged rows are
// of, so that a Saturday is compared with Saturdays.
package strata

import (
	"math"
	"sort"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

// Result is a reference as it would be with the judged rows' days of the week.
type Result struct {
	// Reference is post-stratified: each column's counts are those of as many rows as
	// there are, in the shares Σ s_p·(share in part p), with s_p the judged rows' share
	// of part p. Whole counts stand for them, the cumulative shares rounded, so that no
	// distribution function is off by more than half a row. Pairs and samples follow;
	// windows, latencies and traffic are as they were. Where it is not weighed it is
	// the reference itself.
	Reference view.View

	Worth float64 // rows of the reference to one row of a simple sample of the judged rows' days: m·Σ s²/m_p; 1 where it is not weighed
}

// Weigh weighs ref by the parts of the week of cur. It changes nothing in the views.
func Weigh(ref, cur *view.View) Result {
	r := Result{Reference: *ref, Worth: 1}
	if len(ref.Week) == 0 || len(ref.Week) != len(cur.Week) {
		return r
	}
	var timed, judged int64
	rows := make([]int64, len(ref.Week))
	for p := range ref.Week {
		rows[p] = ref.Week[p].Rows
		timed += rows[p]
		judged += cur.Week[p].Rows
	}
	if judged <= 0 || timed <= 0 {
		return r
	}
	shares := make([]float64, len(rows))
	for p := range shares {
		shares[p] = float64(cur.Week[p].Rows) / float64(judged)
	}
	worth := design.Weighted(shares, rows)
	if !(worth > 0) {
		return r // a part that the reference lacks
	}
	r.Worth = math.Max(1, float64(timed)/worth)
	w := weighing{week: ref.Week, shares: shares}
	r.Reference.Columns = make([]view.Column, len(ref.Columns))
	for i := range ref.Columns {
		r.Reference.Columns[i] = w.column(&ref.Columns[i], func(p int) *view.Column { return partColumn(&ref.Week[p], i) })
	}
	r.Reference.Pairs = w.pairs(ref)
	r.Reference.Sample = w.sample(ref.Sample)
	r.Reference.SampleRows = 0
	for i := range r.Reference.Sample {
		r.Reference.SampleRows += r.Reference.Sample[i].N
	}
	r.Reference.Entities = w.sample(ref.Entities)
	return r
}

// partColumn is column i in a part; nil where the part has none, as of a column that
// the plan does not know.
func partColumn(p *view.WeekPart, i int) *view.Column {
	if i >= len(p.Columns) {
		return nil
	}
	return &p.Columns[i]
}

// A weighing is parts of the week and the judged rows' shares of them.
type weighing struct {
	week   []view.WeekPart
	shares []float64
}

// column weighs a column, of which in gives that of a part.
func (w *weighing) column(c *view.Column, in func(p int) *view.Column) view.Column {
	out := *c
	out.Plain = c
	for p, s := range w.shares {
		if part := in(p); s > 0 && (part == nil || part.Rows <= 0) {
			return *c
		}
	}
	// share is Σ s·(count of a part over its rows).
	share := func(of func(c *view.Column) int64) float64 {
		sum := 0.0
		for p, s := range w.shares {
			if part := in(p); s > 0 {
				sum += s * float64(of(part)) / float64(part.Rows)
			}
		}
		return sum
	}
	states := []*int64{&out.Missing, &out.NaN, &out.PosInf, &out.NegInf, &out.TypeErrors}
	parts := []float64{
		share(func(c *view.Column) int64 { return c.Missing }), share(func(c *view.Column) int64 { return c.NaN }),
		share(func(c *view.Column) int64 { return c.PosInf }), share(func(c *view.Column) int64 { return c.NegInf }),
		share(func(c *view.Column) int64 { return c.TypeErrors }), share((*view.Column).Values),
	}
	counts := apportion(parts, c.Rows)
	for i, to := range states {
		*to = counts[i]
	}
	values := counts[len(states)]
	switch {
	case c.Number != nil:
		out.Number = w.number(c.Number, values, in)
	case c.Category != nil:
		out.Category = w.category(c.Category, values, in)
	}
	out.Derived = nil
	for j := range c.Derived {
		out.Derived = append(out.Derived, w.column(&c.Derived[j], func(p int) *view.Column {
			if part := in(p); part != nil && j < len(part.Derived) {
				return &part.Derived[j]
			}
			return nil
		}))
	}
	return out
}

// number weighs the counts of a number's grid.
func (w *weighing) number(n *view.Number, values int64, in func(p int) *view.Column) *view.Number {
	out := *n
	cells := make([]float64, len(n.At)+len(n.Open))
	for p, s := range w.shares {
		if s == 0 {
			continue
		}
		part := in(p)
		if part.Number == nil || len(part.Number.At) != len(n.At) {
			return n
		}
		for i, k := range part.Number.Open {
			cells[2*i] += s * float64(k) / float64(part.Rows)
			if i < len(n.At) {
				cells[2*i+1] += s * float64(part.Number.At[i]) / float64(part.Rows)
			}
		}
	}
	counts := apportion(cells, values)
	out.At, out.Open = make([]int64, len(n.At)), make([]int64, len(n.Open))
	for i := range counts {
		if i&1 == 1 {
			out.At[i/2] = counts[i]
		} else {
			out.Open[i/2] = counts[i]
		}
	}
	summarise(&out, values)
	return &out
}

// summarise takes mean, deviation and quantiles from the counts: each cell's values
// for their mean over all days.
func summarise(n *view.Number, values int64) {
	if values <= 0 {
		return
	}
	var x []float64
	var upTo []int64
	var sum, rows float64
	add := func(v float64, k int64) {
		if k > 0 && v-v == 0 {
			rows += float64(k)
			sum += v * float64(k)
			x, upTo = append(x, v), append(upTo, int64(rows))
		}
	}
	for i, k := range n.Open {
		v := n.First[i]
		if v != v && i > 0 && i < len(n.Edges) { // without a value on the whole
			v = n.Edges[i-1]/2 + n.Edges[i]/2
		}
		add(v, k)
		if i < len(n.At) {
			add(n.Edges[i], n.At[i])
		}
	}
	if rows == 0 {
		return
	}
	n.Mean = sum / rows
	square := 0.0
	for i, v := range x {
		k := upTo[i]
		if i > 0 {
			k -= upTo[i-1]
		}
		square += float64((v-n.Mean)*(v-n.Mean)) * float64(k)
	}
	if rows > 1 {
		n.Std = math.Sqrt(square / (rows - 1))
	}
	n.Quantile = func(q float64) float64 {
		if !(q >= 0 && q <= 1) {
			return math.NaN()
		}
		rank := int64(math.Round(q * (rows - 1)))
		return x[sort.Search(len(x)-1, func(i int) bool { return upTo[i] > rank })]
	}
}

// category weighs the counts of a category.
func (w *weighing) category(c *view.Category, values int64, in func(p int) *view.Column) *view.Category {
	out := *c
	cells := make([]float64, len(c.Counts)+1)
	for p, s := range w.shares {
		if s == 0 {
			continue
		}
		part := in(p)
		if part.Category == nil || len(part.Category.Counts) != len(c.Counts) {
			return c
		}
		for i, k := range part.Category.Counts {
			cells[i] += s * float64(k) / float64(part.Rows)
		}
		cells[len(c.Counts)] += s * float64(part.Category.KnownTotal) / float64(part.Rows)
	}
	counts := apportion(cells, values)
	out.Counts, out.KnownTotal = counts[:len(c.Counts)], counts[len(c.Counts)]
	return &out
}

// apportion rounds shares, of any sum, to whole counts that sum to n, by rounding the
// cumulative ones.
func apportion(shares []float64, n int64) []int64 {
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	out := make([]int64, len(shares))
	if !(sum > 0) {
		return out
	}
	upTo, before := 0.0, int64(0)
	for i, s := range shares {
		upTo += s
		at := int64(math.Round(upTo / sum * float64(n)))
		if i+1 == len(shares) {
			at = n
		}
		out[i], before = max(0, at-before), max(before, at)
	}
	return out
}

// pairs weighs the correlations of normal scores: that of rows of one part is taken
// to be the same in all, the parts' means and mean squares are known. Tables stay as
// they are; their test asks for the odds ratios alone.
func (w *weighing) pairs(ref *view.View) []view.Pair {
	place := make(map[string]int, len(ref.Columns))
	for i := range ref.Columns {
		place[ref.Columns[i].Name] = i
	}
	out := append([]view.Pair(nil), ref.Pairs...)
	for k := range out {
		p := &out[k]
		i, here := place[p.A]
		j, there := place[p.B]
		if here && there && p.Table == nil && !math.IsNaN(p.Normal) {
			if r := w.correlation(i, j, p.Normal); r == r {
				p.Normal = r
			}
		}
	}
	return out
}

func (w *weighing) correlation(i, j int, r float64) float64 {
	var all int64
	for _, p := range w.week {
		if len(p.Scores) <= max(i, j) {
			return math.NaN()
		}
		all += p.Rows
	}
	// moments are of both columns' scores under weights of the parts; between is the
	// covariance of the parts' means.
	moments := func(weight func(p int) float64) (va, vb, between float64) {
		var a, b, aa, bb, ab float64
		for p := range w.week {
			s, x, y := weight(p), w.week[p].Scores[i], w.week[p].Scores[j]
			if s == 0 {
				continue
			}
			a, b = a+s*x[0], b+s*y[0]
			aa, bb, ab = aa+s*x[1], bb+s*y[1], ab+s*x[0]*y[0]
		}
		return aa - a*a, bb - b*b, ab - a*b
	}
	va, vb, between := moments(func(p int) float64 { return float64(w.week[p].Rows) / float64(all) })
	ua, ub, other := moments(func(p int) float64 { return w.shares[p] })
	if !(va > 0 && vb > 0 && ua > 0 && ub > 0) {
		return math.NaN()
	}
	return math.Max(-1, math.Min(1, (r*math.Sqrt(va*vb)-between+other)/math.Sqrt(ua*ub)))
}

// sample takes of rows, which are in random order, as many as have the parts' shares.
func (w *weighing) sample(rows []view.Row) []view.Row {
	there := make([]int, len(w.shares))
	for i := range rows {
		if p := rows[i].Week; p >= 0 && p < len(there) {
			there[p]++
		}
	}
	most := math.Inf(1)
	for p, s := range w.shares {
		if s > 0 {
			most = math.Min(most, float64(there[p])/s)
		}
	}
	left := make([]int, len(there))
	for p, s := range w.shares {
		if s > 0 {
			left[p] = int(s*most + 0.5)
		}
	}
	var out []view.Row
	for i := range rows {
		if p := rows[i].Week; p >= 0 && p < len(left) && left[p] > 0 {
			left[p]--
			out = append(out, rows[i])
		}
	}
	return out
}
