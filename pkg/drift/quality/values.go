package quality

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Unseen compares the share of rows with a category that the reference lacks with
// what Good and Turing foretell. Its effect is the difference, in points.
type Unseen struct {
	policy.Evidence
	Share, Expected float64 // of rows
	Named           []Named // those of at least K rows
}

// Named is a category and its share of the judged rows.
type Named struct {
	Name  string
	Share float64
}

// Range compares how many values lie outside the reference's range with how many
// a fresh sample would have there. Its effect is the difference, in points.
type Range struct {
	policy.Evidence
	Below, Above int64   // judged values outside
	Expected     float64 // share of values
}

// Constant judges a column of one value: the probability that all rows would
// agree on it by chance, given how many reference rows hold it. Its effect is the
// share of the reference's rows with other values, in points.
type Constant struct {
	policy.Evidence
	Alike int64 // reference rows with the value
}

func unseen(ref, cur *view.Column, k int64, d policy.Design) *Unseen {
	r := &Unseen{Evidence: policy.None(ref.Values(), cur.Values())}
	c := cur.Category
	total, rows := c.UnseenTotal, r.NCur
	if c.Unclear > 0 && c.Unclear <= 1 { // the test is of the other rows
		rows = max(1, r.NCur-int64(float64(c.Outside())*c.Unclear))
		total = min(rows, int64(float64(rows)*bins.Share(c.UnseenTotal, r.NCur)))
	}
	once, twice := ref.Category.Once, ref.Category.Twice
	u, err := stats.Unseen(once, twice, r.NRef, total, rows)
	if err != nil {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	r.Share, r.Expected = u.Share, u.Expected
	if total == 0 {
		r.Certain = true
	} else if r.Designed(d); !d.Independent() {
		refRows, curRows, hits := whole(r.EffRef), whole(r.EffCur), whole(u.Share*r.EffCur)
		if last := len(ref.Category.Names); last < len(cur.Clusters)-2 { // a class by itself
			if k, m, ok := holders(cur, r.EffCur, last); ok {
				hits, curRows = k, m
			}
		}
		if one, two, n, ok := byEntity(ref); ok { // categories that one entity has, two have
			once, twice, refRows = one, two, n
		}
		once = min(once, refRows)
		twice = min(twice, (refRows-once)/2)
		if u, err = stats.Unseen(once, twice, refRows, hits, curRows); err != nil {
			r.Unjudged = verdict.ReasonCounters
			return r
		}
		r.Expected = u.Expected
	}
	r.Test, r.Statistic = "good-turing", u.Z
	r.P, r.Effect = d.Tail(u.P, 1), 100*(r.Share-r.Expected)
	if r.Certain {
		return r
	}
	r.Direction = verdict.Up
	r.MDE = policy.DetectablePoints(u.Expected, r.EffRef, r.EffCur)
	for _, v := range c.Unseen {
		if v.Count >= k && v.Count <= c.UnseenTotal {
			r.Named = append(r.Named, Named{Name: v.Name, Share: bins.Share(v.Count, r.NCur)})
		}
	}
	return r
}

// whole rounds a number of independent rows down, to one at least.
func whole(x float64) int64 { return max(1, int64(x)) }

// byEntity counts the categories of the reference that the rows of one entity hold
// alone, those that two do, and the entities. ok is false where no row names one, or
// the column has more classes than Clusters tells apart. Two entities in one bucket
// pass for one, which 1 pair of view.Buckets does.
func byEntity(c *view.Column) (one, two, entities int64, ok bool) {
	if c.Clusters == nil || c.Entities <= 0 || len(c.Category.Names) > len(c.Clusters)-2 || c.Category.Outside() > 0 {
		return 0, 0, 0, false
	}
	for i := range c.Category.Names {
		held := 0
		for _, n := range c.Clusters[i] {
			if n > 0 {
				held++
			}
		}
		switch held {
		case 1:
			one++
		case 2:
			two++
		}
	}
	return one, two, c.Entities, true
}

// holders counts the entities with rows in some classes, by their buckets, and what
// they are among: the entities, or the independent rows where these are more. One lead
// with many rows is one that is new or out of range, not many. ok is false where no row
// names one.
func holders(c *view.Column, effective float64, classes ...int) (held, among int64, ok bool) {
	if c.Clusters == nil || c.Entities <= 0 {
		return 0, 0, false
	}
	for g := range view.Buckets {
		for _, k := range classes {
			if k < len(c.Clusters)-1 && c.Clusters[k][g] > 0 {
				held++
				break
			}
		}
	}
	among = max(c.Entities, whole(effective))
	return min(held, among), among, true
}

func outOfRange(n, m, below, above int64, d policy.Design, cur *view.Column) *Range {
	r := &Range{Evidence: policy.None(n, m), Below: below, Above: above}
	refRows, curRows, hits := n, m, below+above
	if hits > 0 {
		r.Designed(d)
	}
	if !d.Independent() && hits > 0 {
		refRows, curRows = whole(r.EffRef), whole(r.EffCur)
		hits = int64(float64(hits) / float64(m) * float64(curRows))
		if k, m, ok := holders(cur, r.EffCur, 0, len(cur.Number.Bins)+2); ok {
			hits, curRows = k, m
		}
	}
	o, err := stats.OutOfRange(refRows, hits, curRows)
	if err != nil {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	r.Expected = o.Expected / float64(curRows)
	r.Test, r.Statistic = "beta-binomial", float64(below+above)
	r.P, r.Effect = d.Tail(o.P, 1), 100*(bins.Share(below+above, m)-r.Expected)
	if below+above == 0 {
		r.Certain = true
		return r
	}
	r.MDE = policy.DetectablePoints(r.Expected, r.EffRef, r.EffCur)
	switch {
	case above == 0:
		r.Direction = verdict.Down
	case below == 0:
		r.Direction = verdict.Up
	default:
		r.Direction = verdict.Changed
	}
	return r
}

// sameNumber reports whether all current values are one, and how many reference
// rows hold it.
func sameNumber(ref, cur *view.Number) (same bool, alike int64) {
	if !(cur.Min == cur.Max) {
		return false, 0
	}
	for i, e := range ref.Edges {
		if e == cur.Min {
			return true, ref.At[i]
		}
	}
	return true, 0
}

// sameCategory is sameNumber for categories.
func sameCategory(ref, cur *view.Category) (same bool, alike int64) {
	held, value := 0, ""
	for i, s := range cur.Names {
		if bins.At(cur.Counts, i) > 0 {
			held++
			value = s
		}
	}
	if out := slices.Concat(cur.Unseen, cur.Known); cur.Outside() > 0 {
		if len(out) != 1 || out[0].Count != cur.Outside() {
			return false, 0
		}
		held++
		value = out[0].Name
	}
	if held != 1 {
		return false, 0
	}
	alike, _ = ref.Count(value)
	return true, max(0, alike)
}

func constant(n, m, alike int64, d policy.Design) *Constant {
	r := &Constant{Evidence: policy.None(n, m), Alike: alike}
	r.Test = "beta-binomial"
	r.Effect = 100 * (1 - bins.Share(alike, n))
	r.Statistic = bins.Share(alike, n)
	if alike >= n {
		r.Certain = true
		return r
	}
	if r.Designed(d); !d.Independent() {
		refRows := whole(r.EffRef)
		alike = min(refRows, int64(math.Ceil(float64(alike)/float64(n)*float64(refRows))))
		n, m = refRows, whole(r.EffCur)
	}
	p, err := stats.BetaBinomialTail(m, m, float64(alike+1), float64(n-alike+1))
	if err != nil {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	r.P = d.Tail(p, 1)
	return r
}
