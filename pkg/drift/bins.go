package drift

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A bin is one class of a comparison with both sides' counts.
type bin struct {
	kind, name string
	lo, hi     float64 // an interval's edges, NaN where open
	ref, cur   int64
}

// counts returns both sides' counts, bin by bin.
func counts(bins []bin) (ref, cur []int64) {
	for _, b := range bins {
		ref = append(ref, b.ref)
		cur = append(cur, b.cur)
	}
	return ref, cur
}

// numberBins counts both sides over the reference's deciles, with what lies
// below and above the reference. A value on an inner edge belongs to the bin
// below it. Bins that are empty on both sides are left out: a decile that ties
// made empty is no bin.
func numberBins(ref, cur *view.Number) []bin {
	nan := math.NaN()
	inner := ref.Bins
	all := make([]bin, 0, len(inner)+3)
	all = append(all, bin{kind: verdict.BinUnder, name: "below the reference", lo: nan, hi: nan})
	for i := 0; i <= len(inner); i++ {
		b := bin{kind: verdict.BinInterval, lo: nan, hi: nan}
		if i > 0 {
			b.lo = inner[i-1]
		}
		if i < len(inner) {
			b.hi = inner[i]
		}
		all = append(all, b)
	}
	all = append(all, bin{kind: verdict.BinOver, name: "above the reference", lo: nan, hi: nan})

	last := len(ref.Edges)
	all[0].ref, all[0].cur = ref.Open[0], cur.Open[0]
	all[len(all)-1].ref, all[len(all)-1].cur = ref.Open[last], cur.Open[last]
	j := 0
	for i, e := range ref.Edges {
		// An open cell lies within the bin of the edge at its end, since inner
		// edges are edges.
		for j < len(inner) && inner[j] < e {
			j++
		}
		b := &all[1+j]
		b.ref += ref.At[i]
		b.cur += cur.At[i]
		if i > 0 {
			b.ref += ref.Open[i]
			b.cur += cur.Open[i]
		}
	}
	return slices.DeleteFunc(all, func(b bin) bool { return b.ref == 0 && b.cur == 0 })
}

// poolTails puts what lies outside the reference into the bin beside it where
// neither side has k rows there.
func poolTails(bins []bin, k int64) []bin {
	few := func(b bin) bool {
		return (b.kind == verdict.BinUnder || b.kind == verdict.BinOver) && b.ref < k && b.cur < k
	}
	if len(bins) > 1 && few(bins[0]) {
		bins[1].ref += bins[0].ref
		bins[1].cur += bins[0].cur
		bins = bins[1:]
	}
	if last := len(bins) - 1; last > 0 && few(bins[last]) {
		bins[last-1].ref += bins[last].ref
		bins[last-1].cur += bins[last].cur
		bins = bins[:last]
	}
	return bins
}

// cells returns both sides' counts over the grid's cells in order: below the
// first edge, on it, between it and the next, and so on.
func cells(n *view.Number) []int64 {
	out := make([]int64, 0, len(n.At)+len(n.Open))
	for i, o := range n.Open {
		out = append(out, o)
		if i < len(n.At) {
			out = append(out, n.At[i])
		}
	}
	return out
}

// points returns the values and weights of a number column in ascending order:
// each edge, and each open cell's mean for the values in it.
func points(n *view.Number) (x, w []float64) {
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

// gridFault says what is wrong with two number columns that shall be compared,
// or nothing.
func gridFault(ref, cur *view.Number) string {
	for _, n := range []*view.Number{ref, cur} {
		if n == nil {
			return "holds numbers on one side only"
		}
		if len(n.At) != len(n.Edges) || len(n.Open) != len(n.Edges)+1 || negative(n.At) || negative(n.Open) {
			return "its counters do not fit its grid"
		}
	}
	if !slices.Equal(ref.Edges, cur.Edges) || !ascending(ref.Edges) {
		return "the two sides are counted on different grids"
	}
	if !ascending(ref.Bins) || !within(ref.Bins, ref.Edges) {
		return "its bins are no edges of its grid"
	}
	return ""
}

func negative(counts []int64) bool {
	return slices.ContainsFunc(counts, func(c int64) bool { return c < 0 })
}

func ascending(x []float64) bool {
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

// categoryBins counts both sides by category. Categories with fewer than k rows
// on both sides are pooled into the bin rare. With pool, so are those whose
// pooled expectation on the smaller side is below 5; without, the categories
// that the reference lacks are one bin, as a plain chi-squared test would have it.
func categoryBins(ref, cur *view.Category, k int64, pool bool) []bin {
	seen := make(map[string]int64, len(cur.Names))
	for i, s := range cur.Names {
		seen[s] += at(cur.Counts, i)
	}
	nan := math.NaN()
	var all []bin
	for i, s := range ref.Names {
		all = append(all, bin{kind: verdict.BinCategory, name: s, lo: nan, hi: nan, ref: at(ref.Counts, i), cur: seen[s]})
		delete(seen, s)
	}
	// Names only in cur's dictionary belong to another plan; count them as unseen.
	other := &bin{kind: verdict.BinRare, name: verdict.BinRare, lo: nan, hi: nan, ref: max(0, ref.UnseenTotal), cur: max(0, cur.UnseenTotal)}
	for _, s := range cur.Names {
		if c := seen[s]; c > 0 {
			other.cur += c
			delete(seen, s)
		}
	}
	if !pool {
		if other.ref+other.cur > 0 {
			other.kind, other.name = verdict.BinUnseen, verdict.BinUnseen
			all = append(all, *other)
		}
		other = &bin{kind: verdict.BinRare, name: verdict.BinRare, lo: nan, hi: nan}
	} else {
		for _, u := range cur.Unseen {
			if u.Count <= 0 || u.Count > other.cur {
				continue
			}
			other.cur -= u.Count
			all = append(all, bin{kind: verdict.BinUnseen, name: u.Name, lo: nan, hi: nan, cur: u.Count})
		}
	}
	var n, m int64
	for _, b := range append(slices.Clip(all), *other) {
		n += b.ref
		m += b.cur
	}
	least := float64(min(n, m)) / float64(n+m)
	kept := all[:0:0]
	for _, b := range all {
		few := b.ref < k && b.cur < k
		if few || pool && float64(b.ref+b.cur)*least < sparse {
			other.ref += b.ref
			other.cur += b.cur
			continue
		}
		kept = append(kept, b)
	}
	if other.ref+other.cur > 0 {
		kept = append(kept, *other)
	}
	return slices.DeleteFunc(kept, func(b bin) bool { return b.ref == 0 && b.cur == 0 })
}

func at(counts []int64, i int) int64 {
	if i < len(counts) {
		return max(0, counts[i])
	}
	return 0
}

const mostBins = 50 // that leave the package for one subject

// publicBins returns the rows of table bins for a subject: edges rounded, at
// most 50, the rest in one. terms are the bins' parts of the raw PSI; nil when
// it was not taken. A bin of missing values comes last.
func publicBins(subject string, bins []bin, terms []float64, scale float64, refMissing, curMissing int64) []verdict.Bin {
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
		for _, e := range []float64{b.lo, b.hi} {
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

	small := smallest(bins, mostBins)
	rest := verdict.Bin{Subject: subject, Kind: verdict.BinRare, Name: "all others", Lo: nan, Hi: nan, PSIShare: 0}
	var out []verdict.Bin
	for i, b := range bins {
		if small[i] {
			rest.NRef += b.ref
			rest.NCur += b.cur
			rest.PSIShare += share(i)
			continue
		}
		row := verdict.Bin{Subject: subject, Kind: b.kind, Name: b.name, Lo: public(b.lo), Hi: public(b.hi), NRef: b.ref, NCur: b.cur, PSIShare: share(i)}
		if b.kind == verdict.BinInterval {
			row.Name = intervalName(row.Lo, row.Hi)
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
func smallest(bins []bin, most int) []bool {
	mark := make([]bool, len(bins))
	if len(bins) <= most {
		return mark
	}
	order := make([]int, len(bins))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := bins[i].ref+bins[i].cur, bins[j].ref+bins[j].cur
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

func intervalName(lo, hi float64) string {
	switch {
	case math.IsNaN(lo) && math.IsNaN(hi):
		return "all"
	case math.IsNaN(lo):
		return "up to " + digits(hi, 6)
	case math.IsNaN(hi):
		return "above " + digits(lo, 6)
	}
	return digits(lo, 6) + " to " + digits(hi, 6)
}

// psi returns the index of the bins; ok is false with fewer than two of them or
// an empty side.
func psi(bins []bin) (stats.PSIResult, bool) {
	if len(bins) < 2 {
		return stats.PSIResult{}, false
	}
	ref, cur := counts(bins)
	r, err := stats.PSICounts(ref, cur)
	return r, err == nil
}
