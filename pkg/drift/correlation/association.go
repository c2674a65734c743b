package correlation

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/stats"
)

// A change is how the dependence of two columns differs between two tables of
// the same classes.
type change struct {
	x2, p  float64
	df     int
	v      float64 // its size, see associationChange
	before float64 // bias-corrected Cramér's V of each side, classes pooled
	after  float64
	n, m   int64
	wide   int // classes less one of the column with fewer of them
}

// associationChange tests whether two columns depend on each other in cur as in
// ref, whatever their own distributions do.
//
// Evidence: the chi-squared statistic of both tables against the counts fitted
// under no three-way interaction (odds ratios the same on both sides, margins of
// each side kept), with (a-1)(b-1) degrees of freedom; asymptotic. Size: with
// the residuals of each side,
//
//	rᵢⱼ = (pᵢⱼ - pᵢ pⱼ) / √(pᵢ pⱼ)
//
// whose norm is Cramér's V times √k, k being the lesser of a-1 and b-1, it is
// the norm of their difference, less its expectation without a change,
//
//	√(max(0, Σ(r' - r)² - (1/n + 1/m)(a-1)(b-1)) / k)
//
// so that a dependence that turns round counts double, where V alone would see
// no change. Classes are pooled until the least expectation, with independent
// columns, is 5 on the smaller side, of the independent rows that d leaves, for which
// all the sums are taken: of an ordered column the rarest with its
// neighbour, else the two rarest. ok is false when two by two classes have less.
func associationChange(ref, cur [][]int64, ordered [2]bool, d policy.Design) (c change, ok bool) {
	r, k := pooledTables(ref, cur, ordered, d)
	if r == nil {
		return c, false
	}
	rows, cols := len(r), len(r[0])
	c.df, c.wide = (rows-1)*(cols-1)-empty(r, k), min(rows, cols)-1
	if c.df < 1 {
		return c, false
	}
	c.n, c.m = sum(r), sum(k)
	en, em := d.Rows(c.n, c.m)
	tables := [2][][]float64{worth(r, en/float64(c.n)), worth(k, em/float64(c.m))}
	fitted, ok := withoutInteraction(tables[0], tables[1])
	if !ok {
		return c, false
	}
	for s, t := range tables {
		for i := range t {
			for j := range t[i] {
				if fitted[s][i][j] == 0 {
					continue
				}
				d := t[i][j] - fitted[s][i][j]
				c.x2 += float64(d * d / fitted[s][i][j])
			}
		}
	}
	c.p = stats.ChiSquaredSF(c.x2, c.df)
	a, b := residuals(r), residuals(k)
	norm := 0.0
	for i := range a {
		norm += float64((b[i] - a[i]) * (b[i] - a[i]))
	}
	norm -= float64((1/en + 1/em) * float64(c.df))
	c.v = math.Sqrt(math.Max(0, norm) / float64(c.wide))
	c.before, c.after = association(r), association(k)
	return c, !math.IsNaN(c.p)
}

// empty counts the pairs of classes that no row of either side holds. They have
// no expectation, and take a degree of freedom each.
func empty(ref, cur [][]int64) (cells int) {
	for i := range ref {
		for j := range ref[i] {
			if ref[i][j]+cur[i][j] == 0 {
				cells++
			}
		}
	}
	return cells
}

func sum(t [][]int64) (n int64) {
	for _, row := range t {
		for _, x := range row {
			n += x
		}
	}
	return n
}

// pooledTables pools the classes of both tables alike, or returns nil when they
// do not fit each other or hold too little.
func pooledTables(ref, cur [][]int64, ordered [2]bool, d policy.Design) (r, k [][]int64) {
	if len(ref) != len(cur) || len(ref) == 0 || len(ref[0]) == 0 {
		return nil, nil
	}
	both := make([][]int64, len(ref)) // ref beside cur
	width := len(ref[0])
	for i := range ref {
		if len(ref[i]) != width || len(cur[i]) != width || bins.Negative(ref[i]) || bins.Negative(cur[i]) {
			return nil, nil
		}
		both[i] = append(slices.Clone(ref[i]), cur[i]...)
	}
	n, m := sum(ref), sum(cur)
	if n <= 0 || m <= 0 {
		return nil, nil
	}
	columns := make([][]int64, width)
	for j := range columns {
		for i := range both {
			columns[j] = append(columns[j], both[i][j], both[i][width+j])
		}
	}
	// Classes of rows and columns pool by their own totals alone, in turns.
	down, across := newClassing(both, ordered[0]), newClassing(columns, ordered[1])
	total := float64(n + m)
	en, em := d.Rows(n, m)
	for float64(down.least())/total*float64(across.least())/total*min(en, em) < stats.Sparse {
		p := down
		if len(p.classes) <= 2 || len(across.classes) > 2 && across.least() < down.least() {
			p = across
		}
		if len(p.classes) <= 2 {
			return nil, nil
		}
		p.merge()
	}
	if len(down.classes) < 2 || len(across.classes) < 2 {
		return nil, nil
	}
	side := func(t [][]int64) [][]int64 {
		out := make([][]int64, len(down.classes))
		for a, is := range down.classes {
			out[a] = make([]int64, len(across.classes))
			for b, js := range across.classes {
				for _, i := range is {
					for _, j := range js {
						out[a][b] += t[i][j]
					}
				}
			}
		}
		return out
	}
	return side(ref), side(cur)
}

// A classing is one column's classes, each a set of the table's, and their rows.
type classing struct {
	ordered bool
	classes [][]int
	rows    []int64
}

func newClassing(lines [][]int64, ordered bool) *classing {
	p := &classing{ordered: ordered}
	for i, line := range lines {
		var n int64
		for _, x := range line {
			n += x
		}
		if n > 0 {
			p.classes, p.rows = append(p.classes, []int{i}), append(p.rows, n)
		}
	}
	return p
}

func (p *classing) least() int64 {
	if len(p.rows) == 0 {
		return 0
	}
	return slices.Min(p.rows)
}

// merge pools the class of fewest rows with another.
func (p *classing) merge() {
	at := slices.Index(p.rows, p.least())
	with := -1
	for i := range p.rows {
		near := i == at-1 || i == at+1
		if i != at && (near || !p.ordered) && (with < 0 || p.rows[i] < p.rows[with]) {
			with = i
		}
	}
	at, with = min(at, with), max(at, with)
	p.classes[at] = append(p.classes[at], p.classes[with]...)
	p.rows[at] += p.rows[with]
	p.classes = slices.Delete(p.classes, with, with+1)
	p.rows = slices.Delete(p.rows, with, with+1)
}

// worth is a table of counts, each worth so many independent rows.
func worth(t [][]int64, each float64) [][]float64 {
	out := make([][]float64, len(t))
	for i := range t {
		out[i] = make([]float64, len(t[i]))
		for j, n := range t[i] {
			out[i][j] = float64(n) * each
		}
	}
	return out
}

// withoutInteraction fits both tables by iterative proportions: the three
// two-way margins are kept. ok is false when a margin of a side is empty, which
// leaves cells without an expectation.
func withoutInteraction(ref, cur [][]float64) (fitted [2][][]float64, ok bool) {
	tables := [2][][]float64{ref, cur}
	rows, cols := len(ref), len(ref[0])
	for s := range fitted {
		fitted[s] = make([][]float64, rows)
		for i := range fitted[s] {
			fitted[s][i] = make([]float64, cols)
			for j := range fitted[s][i] {
				fitted[s][i][j] = 1
			}
		}
	}
	const rounds, enough = 200, 1e-8
	for range rounds {
		most := 0.0
		// scale fits the cells of one margin to its count.
		scale := func(want float64, cells ...*float64) bool {
			have := 0.0
			for _, c := range cells {
				have += *c
			}
			if want <= 0 || !(have > 0) {
				return false
			}
			f := want / have
			most = math.Max(most, math.Abs(f-1))
			for _, c := range cells {
				*c *= f
			}
			return true
		}
		for i := range rows {
			for j := range cols {
				if ref[i][j]+cur[i][j] == 0 {
					fitted[0][i][j], fitted[1][i][j] = 0, 0
					continue
				}
				if !scale(ref[i][j]+cur[i][j], &fitted[0][i][j], &fitted[1][i][j]) {
					return fitted, false
				}
			}
		}
		for s := range tables {
			cells := make([]*float64, 0, max(rows, cols))
			for i := range rows {
				var want float64
				cells = cells[:0]
				for j := range cols {
					want += tables[s][i][j]
					cells = append(cells, &fitted[s][i][j])
				}
				if !scale(want, cells...) {
					return fitted, false
				}
			}
			for j := range cols {
				var want float64
				cells = cells[:0]
				for i := range rows {
					want += tables[s][i][j]
					cells = append(cells, &fitted[s][i][j])
				}
				if !scale(want, cells...) {
					return fitted, false
				}
			}
		}
		if most < enough {
			break
		}
	}
	return fitted, true
}

// residuals are those of independence, row by row.
func residuals(t [][]int64) []float64 {
	n := float64(sum(t))
	down, across := make([]float64, len(t)), make([]float64, len(t[0]))
	for i := range t {
		for j, x := range t[i] {
			down[i] += float64(x) / n
			across[j] += float64(x) / n
		}
	}
	var out []float64
	for i := range t {
		for j, x := range t[i] {
			e := float64(down[i] * across[j])
			if e <= 0 {
				out = append(out, 0)
				continue
			}
			out = append(out, (float64(x)/n-e)/math.Sqrt(e))
		}
	}
	return out
}

// association returns Cramér's V of a table, NaN when it has none.
func association(table [][]int64) float64 {
	v, err := stats.CramersV(table)
	if err != nil {
		return math.NaN()
	}
	return v
}
