package drift

import (
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// numberColumn counts values on the grid of the reference's distinct values, as
// pkg/profile does, straight from its definition. NaN stands for missing.
func numberColumn(name string, ref, values []float64) view.Column {
	grid := slices.DeleteFunc(slices.Clone(ref), math.IsNaN)
	sort.Float64s(grid)
	var classes []float64
	for d := 1; d < 10 && len(grid) > 0; d++ {
		e := grid[(d*len(grid)+9)/10-1] // least value with a tenth, two tenths, ... at or below it
		if e < grid[len(grid)-1] && (len(classes) == 0 || e > classes[len(classes)-1]) {
			classes = append(classes, e)
		}
	}
	grid = slices.Compact(grid)
	c := view.Column{Name: name, Role: table.Feature, Kind: view.NumberKind, Rows: int64(len(values))}
	present := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	c.Missing = c.Rows - int64(len(present))
	sort.Float64s(present)
	n := &view.Number{Edges: grid, At: make([]int64, len(grid)), Open: make([]int64, len(grid)+1), Bins: classes, Exact: true}
	sums := make([]float64, len(grid)+1)
	for _, v := range present {
		i, on := slices.BinarySearch(grid, v)
		if on {
			n.At[i]++
			continue
		}
		n.Open[i]++
		sums[i] += v
	}
	for i, s := range sums {
		n.First = append(n.First, s/float64(n.Open[i]))
	}
	n.Min, n.Max, n.Mean, n.Std = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if k := float64(len(present)); k > 0 {
		n.Min, n.Max = present[0], present[len(present)-1]
		n.Mean = 0
		for _, v := range present {
			n.Mean += v / k
		}
		if k > 1 {
			n.Std = 0
			for _, v := range present {
				n.Std += (v - n.Mean) * (v - n.Mean) / (k - 1)
			}
			n.Std = math.Sqrt(n.Std)
		}
	}
	n.Quantile = func(q float64) float64 {
		if len(present) == 0 {
			return math.NaN()
		}
		h := q * float64(len(present)-1)
		i := int(h)
		if i+1 >= len(present) {
			return present[len(present)-1]
		}
		return present[i] + (h-float64(i))*(present[i+1]-present[i])
	}
	n.Values = func() (x []float64, counts []int64, ok bool) {
		for _, v := range present {
			if len(x) == 0 || v != x[len(x)-1] {
				x, counts = append(x, v), append(counts, 0)
			}
			counts[len(counts)-1]++
		}
		return x, counts, true
	}
	c.Number = n
	return c
}

// categoryColumn counts values by the reference's dictionary; "" is missing.
func categoryColumn(name string, ref, values []string) view.Column {
	tally := func(s []string) ([]string, map[string]int64) {
		m := map[string]int64{}
		for _, v := range s {
			if v != "" {
				m[v]++
			}
		}
		var names []string
		for v := range m {
			names = append(names, v)
		}
		sort.Slice(names, func(i, j int) bool {
			if m[names[i]] != m[names[j]] {
				return m[names[i]] > m[names[j]]
			}
			return names[i] < names[j]
		})
		return names, m
	}
	c := view.Column{Name: name, Role: table.Feature, Kind: view.CategoryKind, Rows: int64(len(values))}
	names, before := tally(ref)
	seen, n := tally(values)
	k := &view.Category{Names: names, Distinct: int64(len(names))}
	for _, v := range names {
		switch before[v] {
		case 1:
			k.Once++
		case 2:
			k.Twice++
		}
	}
	for _, v := range names {
		k.Counts = append(k.Counts, n[v])
	}
	var all int64
	for _, v := range seen {
		all += n[v]
		if !slices.Contains(names, v) {
			k.Unseen = append(k.Unseen, view.Unseen{Name: v, Count: n[v], Exact: true})
			k.UnseenTotal += n[v]
			k.UnseenDistinct++
		}
	}
	c.Missing = c.Rows - all
	c.Category = k
	return c
}

// viewOf makes a view of columns that all have as many rows.
func viewOf(columns ...view.Column) view.View {
	v := view.View{Columns: columns}
	if len(columns) > 0 {
		v.Rows = columns[0].Rows
	}
	return v
}

// as returns the column in another role.
func as(role table.Role, c view.Column) view.Column {
	c.Role = role
	return c
}

// times returns a slice of n copies of v.
func times[T any](n int, v T) []T { return slices.Repeat([]T{v}, n) }

// seq returns first, first+1, ... n values.
func seq(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}

// find returns the one finding of a subject and check.
func find(t interface {
	Helper()
	Fatalf(string, ...any)
}, r Report, subject, check string) verdict.Finding {
	t.Helper()
	var out []verdict.Finding
	for _, f := range r.Findings {
		if f.Subject == subject && f.Check == check {
			out = append(out, f)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d findings of %s %s, want 1", len(out), subject, check)
	}
	return out[0]
}

func sentencesOf(r Report) string {
	var s []string
	for _, f := range r.Findings {
		s = append(s, f.Level+" "+f.Sentence)
	}
	return strings.Join(s, "\n")
}
