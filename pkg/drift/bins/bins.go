// Package bins holds the classes that both sides of a comparison are counted in:
// as the verdict uses them, and as they are published.
package bins

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Bin is one class of a comparison with both sides' counts.
type Bin struct {
	Kind, Name string
	Lo, Hi     float64 // an interval's edges, NaN where open
	Ref, Cur   int64
}

// Counts returns both sides' counts, bin by bin.
func Counts(bins []Bin) (ref, cur []int64) {
	for _, b := range bins {
		ref = append(ref, b.Ref)
		cur = append(cur, b.Cur)
	}
	return ref, cur
}

// Numbers counts both sides over the reference's deciles, with what lies
// below and above the reference. A value on an inner edge belongs to the bin
// below it. Bins that are empty on both sides are left out: a decile that ties
// made empty is no bin.
func Numbers(ref, cur *view.Number) []Bin {
	nan := math.NaN()
	inner := ref.Bins
	all := make([]Bin, 0, len(inner)+3)
	all = append(all, Bin{Kind: verdict.BinUnder, Name: "below the reference's least", Lo: nan, Hi: nan})
	for i := 0; i <= len(inner); i++ {
		b := Bin{Kind: verdict.BinInterval, Lo: nan, Hi: nan}
		if i > 0 {
			b.Lo = inner[i-1]
		}
		if i < len(inner) {
			b.Hi = inner[i]
		}
		all = append(all, b)
	}
	all = append(all, Bin{Kind: verdict.BinOver, Name: "above the reference's greatest", Lo: nan, Hi: nan})

	last := len(ref.Edges)
	all[0].Ref, all[0].Cur = ref.Open[0], cur.Open[0]
	all[len(all)-1].Ref, all[len(all)-1].Cur = ref.Open[last], cur.Open[last]
	j := 0
	for i, e := range ref.Edges {
		// An open cell lies within the bin of the edge at its end, since inner
		// edges are edges.
		for j < len(inner) && inner[j] < e {
			j++
		}
		b := &all[1+j]
		b.Ref += ref.At[i]
		b.Cur += cur.At[i]
		if i > 0 {
			b.Ref += ref.Open[i]
			b.Cur += cur.Open[i]
		}
	}
	return slices.DeleteFunc(all, func(b Bin) bool { return b.Ref == 0 && b.Cur == 0 })
}

// PoolTails puts what lies outside the reference into the bin beside it where
// neither side has k rows there.
func PoolTails(bins []Bin, k int64) []Bin {
	few := func(b Bin) bool {
		return (b.Kind == verdict.BinUnder || b.Kind == verdict.BinOver) && b.Ref < k && b.Cur < k
	}
	if len(bins) > 1 && few(bins[0]) {
		bins[1].Ref += bins[0].Ref
		bins[1].Cur += bins[0].Cur
		bins = bins[1:]
	}
	if last := len(bins) - 1; last > 0 && few(bins[last]) {
		bins[last-1].Ref += bins[last].Ref
		bins[last-1].Cur += bins[last].Cur
		bins = bins[:last]
	}
	return bins
}

// Cells returns both sides' counts over the grid's cells in order: below the
// first edge, on it, between it and the next, and so on.
func Cells(n *view.Number) []int64 {
	out := make([]int64, 0, len(n.At)+len(n.Open))
	for i, o := range n.Open {
		out = append(out, o)
		if i < len(n.At) {
			out = append(out, n.At[i])
		}
	}
	return out
}

// Points returns the values and weights of a number column in ascending order:
// each edge, and each open cell's mean for the values in it.
func Points(n *view.Number) (x, w []float64) {
	held := 0
	for _, counts := range [][]int64{n.At, n.Open} {
		for _, c := range counts {
			if c > 0 {
				held++
			}
		}
	}
	x, w = make([]float64, 0, held), make([]float64, 0, held)
	add := func(v float64, c int64) {
		if c > 0 && !math.IsNaN(v) && !math.IsInf(v, 0) {
			x = append(x, v)
			w = append(w, float64(c))
		}
	}
	for i, o := range n.Open {
		if i < len(n.First) {
			v := n.First[i]
			// A mean is rounded and may fall on or past an edge of its cell.
			if i > 0 {
				v = math.Max(v, n.Edges[i-1])
			}
			if i < len(n.Edges) {
				v = math.Min(v, n.Edges[i])
			}
			add(v, o)
		}
		if i < len(n.Edges) {
			add(n.Edges[i], n.At[i])
		}
	}
	return x, w
}

// GridFault is the verdict.Reason… why two number columns cannot be compared, ""
// where they can.
func GridFault(ref, cur *view.Number) string {
	for _, n := range []*view.Number{ref, cur} {
		if n == nil {
			return verdict.ReasonOneSided
		}
		if len(n.At) != len(n.Edges) || len(n.Open) != len(n.Edges)+1 || Negative(n.At) || Negative(n.Open) {
			return verdict.ReasonGridCounters
		}
	}
	if !slices.Equal(ref.Edges, cur.Edges) || !Ascending(ref.Edges) {
		return verdict.ReasonOtherGrid
	}
	if !Ascending(ref.Bins) || !within(ref.Bins, ref.Edges) {
		return verdict.ReasonOffGrid
	}
	return ""
}

// Negative reports whether a count is below 0.
func Negative(counts []int64) bool {
	return slices.ContainsFunc(counts, func(c int64) bool { return c < 0 })
}

// Ascending reports whether x rises strictly and is finite throughout.
func Ascending(x []float64) bool {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) || i > 0 && v <= x[i-1] {
			return false
		}
	}
	return true
}

func within(some, all []float64) bool {
	for _, v := range some {
		if _, ok := slices.BinarySearch(all, v); !ok {
			return false
		}
	}
	return true
}

// Categories counts both sides by category. Categories with fewer than k rows
// on both sides are pooled into the bin rare. With pool, so are those whose
// pooled expectation on the smaller side is below 5; without, the categories
// that the reference lacks are one bin, as a plain chi-squared test would have it.
// The expectation is of independent rows, as many as d says.
func Categories(ref, cur *view.Category, k int64, pool bool, d policy.Design) []Bin {
	seen := make(map[string]int64, len(cur.Names))
	for i, s := range cur.Names {
		seen[s] += At(cur.Counts, i)
	}
	nan := math.NaN()
	var all []Bin
	for i, s := range ref.Names {
		all = append(all, Bin{Kind: verdict.BinCategory, Name: s, Lo: nan, Hi: nan, Ref: At(ref.Counts, i), Cur: seen[s]})
		delete(seen, s)
	}
	// Names only in cur's dictionary belong to another plan; count them as unseen.
	other := &Bin{Kind: verdict.BinRare, Name: verdict.BinRare, Lo: nan, Hi: nan, Ref: max(0, ref.Outside()), Cur: max(0, cur.Outside())}
	for _, s := range cur.Names {
		if c := seen[s]; c > 0 {
			other.Cur += c
			delete(seen, s)
		}
	}
	if !pool {
		if other.Ref+other.Cur > 0 {
			other.Kind, other.Name = verdict.BinUnseen, verdict.BinUnseen
			all = append(all, *other)
		}
		other = &Bin{Kind: verdict.BinRare, Name: verdict.BinRare, Lo: nan, Hi: nan}
	} else {
		before := map[string]int64{}
		for _, u := range ref.Known {
			before[u.Name] = u.Count
		}
		named := func(kind string, list []view.Unseen) {
			for _, u := range list {
				n := before[u.Name]
				if u.Count <= 0 || u.Count > other.Cur || n < 0 || n > other.Ref {
					continue
				}
				other.Ref -= n
				other.Cur -= u.Count
				all = append(all, Bin{Kind: kind, Name: u.Name, Lo: nan, Hi: nan, Ref: n, Cur: u.Count})
			}
		}
		named(verdict.BinUnseen, cur.Unseen)
		named(verdict.BinCategory, cur.Known)
	}
	var n, m int64
	for _, b := range append(slices.Clip(all), *other) {
		n += b.Ref
		m += b.Cur
	}
	en, em := d.Rows(n, m)
	least := min(en, em) / (en + em)
	kept := all[:0:0]
	for _, b := range all {
		few := b.Ref < k && b.Cur < k
		x, y := d.Rows(b.Ref, b.Cur)
		if few || pool && (x+y)*least < stats.Sparse {
			other.Ref += b.Ref
			other.Cur += b.Cur
			continue
		}
		kept = append(kept, b)
	}
	if other.Ref+other.Cur > 0 {
		kept = append(kept, *other)
	}
	return slices.DeleteFunc(kept, func(b Bin) bool { return b.Ref == 0 && b.Cur == 0 })
}

// At is a count, 0 where there is none.
func At(counts []int64, i int) int64 {
	if i < len(counts) {
		return max(0, counts[i])
	}
	return 0
}

// Public returns the rows of table bins for a subject: edges rounded, at
// most 50, the rest in one. terms are the bins' parts of the raw PSI; nil when
// it was not taken. A bin of missing values comes last.
func Public(subject string, bins []Bin, terms []float64, scale float64, refMissing, curMissing int64) []verdict.Bin {
	nan := math.NaN()
	var total float64
	for _, t := range terms {
		total += t
	}
	share := func(i int) float64 {
		if i >= len(terms) || !(total > 0) {
			return nan
		}
		return terms[i] / total
	}
	edges := make([]float64, 0, len(bins))
	for _, b := range bins {
		for _, e := range []float64{b.Lo, b.Hi} {
			if !math.IsNaN(e) && (len(edges) == 0 || e > edges[len(edges)-1]) {
				edges = append(edges, e)
			}
		}
	}
	shown := roundedEdges(edges, scale)
	public := func(e float64) float64 {
		if i, ok := slices.BinarySearch(edges, e); ok {
			return shown[i]
		}
		return nan
	}

	var beyond [2]bool // whether there are values below and above the reference's
	for _, b := range bins {
		beyond[0] = beyond[0] || b.Kind == verdict.BinUnder
		beyond[1] = beyond[1] || b.Kind == verdict.BinOver
	}
	small := smallest(bins, caps.Bins.N)
	rest := verdict.Bin{Subject: subject, Kind: verdict.BinRare, Name: "all others", Lo: nan, Hi: nan, PSIShare: 0}
	var out []verdict.Bin
	for i, b := range bins {
		if small[i] {
			rest.NRef += b.Ref
			rest.NCur += b.Cur
			rest.PSIShare += share(i)
			continue
		}
		row := verdict.Bin{Subject: subject, Kind: b.Kind, Name: b.Name, Lo: public(b.Lo), Hi: public(b.Hi), NRef: b.Ref, NCur: b.Cur, PSIShare: share(i)}
		if b.Kind == verdict.BinInterval {
			row.Name = intervalName(row.Lo, row.Hi, beyond[0], beyond[1])
		}
		out = append(out, row)
	}
	if rest.NRef+rest.NCur > 0 {
		out = append(out, rest)
	}
	if refMissing > 0 || curMissing > 0 {
		out = append(out, verdict.Bin{Subject: subject, Kind: verdict.BinMissing, Name: verdict.BinMissing, Lo: nan, Hi: nan, NRef: refMissing, NCur: curMissing, PSIShare: nan})
	}
	return out
}

// smallest marks the bins to fold into one so that most are left: those with the
// fewest rows.
func smallest(bins []Bin, most int) []bool {
	mark := make([]bool, len(bins))
	if len(bins) <= most {
		return mark
	}
	order := make([]int, len(bins))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := bins[i].Ref+bins[i].Cur, bins[j].Ref+bins[j].Cur
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	for _, i := range order[most-1:] {
		mark[i] = true
	}
	return mark
}

// intervalName names a class of numbers. The outermost ones end at the reference's
// least and greatest value, which is said where there are values beyond.
func intervalName(lo, hi float64, under, over bool) string {
	from, to := "", ""
	switch {
	case !math.IsNaN(lo):
		from = words.Digits(lo, 6)
	case under:
		from = "the reference's least"
	}
	switch {
	case !math.IsNaN(hi):
		to = words.Digits(hi, 6)
	case over:
		to = "the reference's greatest"
	}
	switch {
	case from == "" && to == "":
		return "all"
	case from == "":
		return "up to " + to
	case to == "":
		return "above " + from
	}
	return from + " to " + to
}

// PSI returns the index of the bins; ok is false with fewer than two of them or
// an empty side.
func PSI(bins []Bin) (stats.PSIResult, bool) {
	if len(bins) < 2 {
		return stats.PSIResult{}, false
	}
	ref, cur := Counts(bins)
	r, err := stats.PSICounts(ref, cur)
	return r, err == nil
}
