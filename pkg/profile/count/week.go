package count

import (
	"math"

	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// NoPart is the part of the week of a row without a timestamp.
const NoPart = -1

// Week counts judged rows by the plan's parts of the week: their number, and of a
// reference each column on its grid.
type Week struct {
	plan    *plan.Plan
	rows    []int64
	columns [][2][]weekColumn // by column, the second of a text's commas; nil before the first row: of each part
}

// weekColumn counts a column in one part: a number by position, a category by code,
// the last place for all others.
type weekColumn struct {
	state [read.States]int64
	at    []int64
}

// NewWeek returns no rows.
func NewWeek(p *plan.Plan) *Week {
	return &Week{plan: p, rows: make([]int64, p.Parts.Count()), columns: make([][2][]weekColumn, len(p.Columns))}
}

// AddRow counts a row of a part.
func (w *Week) AddRow(part int8) {
	if part >= 0 {
		w.rows[part]++
	}
}

// Add counts rows from to to of a chunk in column i, where they stand at at and are of
// parts of the week. Different columns may be added at the same time.
func (w *Week) Add(i int, r *read.Column, at *[2]*plan.Placed, parts []int8, from, to int) {
	c := &w.plan.Columns[i]
	for which := range partsOf(c) {
		counts := w.open(i, which)
		for j := from; j < to; j++ {
			if parts[j] < 0 {
				continue
			}
			in := &counts[parts[j]]
			s := r.State[j]
			in.state[s]++
			if s != read.StateValue {
				continue
			}
			place := len(in.at) - 1
			switch {
			case c.Kind != view.CategoryKind:
				place = int(at[which].Position[j])
			case r.Code[j] >= 0:
				place = int(r.Code[j])
			}
			in.at[place]++
		}
	}
}

// partsOf is how many lists of positions a column has.
func partsOf(c *plan.Column) int {
	if c.Kind == view.TextKind {
		return 2
	}
	return 1
}

func (w *Week) grid(i, which int) *plan.Grid {
	c := &w.plan.Columns[i]
	switch {
	case c.Kind == view.NumberKind:
		return c.Grid
	case which == 0:
		return c.Length
	}
	return c.Commas
}

func (w *Week) open(i, which int) []weekColumn {
	to := &w.columns[i][which]
	if *to == nil {
		places := len(w.plan.Columns[i].Names) + 1
		if w.plan.Columns[i].Kind != view.CategoryKind {
			places = 2*len(w.grid(i, which).Edges) + 1
		}
		*to = make([]weekColumn, len(w.rows))
		for part := range *to {
			(*to)[part].at = make([]int64, places)
		}
	}
	return *to
}

// Merge adds o.
func (w *Week) Merge(o *Week) {
	for part, n := range o.rows {
		w.rows[part] += n
	}
	for i := range o.columns {
		for which, counts := range o.columns[i] {
			if counts == nil {
				continue
			}
			to := w.open(i, which)
			for part := range counts {
				for s, n := range counts[part].state {
					to[part].state[s] += n
				}
				for j, n := range counts[part].at {
					to[part].at[j] += n
				}
			}
		}
	}
}

// weekKey is the key of a list of a part: of its states, or of its places.
func weekKey(which, part int, of string) string {
	return "week/" + string(rune('0'+which)) + "/" + string(rune('0'+part)) + "/" + of
}

// Put puts the parts of column i into the column's ledger.
func (w *Week) Put(l *ledger.Ledger, i int) {
	for which, counts := range w.columns[i] {
		for part := range counts {
			l.List(weekKey(which, part, "at"), counts[part].at, 0, 1)
			l.List(weekKey(which, part, "state"), counts[part].state[:], 0, 1)
		}
	}
}

// PutRows puts the numbers of rows.
func (w *Week) PutRows(l *ledger.Ledger) { l.List("week", w.rows, 0, 1) }

// SetRows sets what PutRows has put.
func (w *Week) SetRows(n ledger.Numbers) bool { return ledger.SetList(w.rows, n, 0, 1) }

// Set sets what Put has put under a key of column i.
func (w *Week) Set(i int, key string, n ledger.Numbers) bool {
	if !ledger.Take(&key, "week/") {
		return false
	}
	which := ledger.Place(&key, partsOf(&w.plan.Columns[i]))
	part := ledger.Place(&key, len(w.rows))
	if which < 0 || part < 0 {
		return false
	}
	counts := &w.open(i, which)[part]
	switch key {
	case "at":
		return ledger.SetList(counts.at, n, 0, 1)
	case "state":
		return ledger.SetList(counts.state[:], n, 0, 1)
	}
	return false
}

// View returns the parts, with the columns before the one that is called end.
func (w *Week) View(end int) []view.WeekPart {
	var out []view.WeekPart
	for part, n := range w.rows {
		v := view.WeekPart{Rows: n}
		for i := range end {
			if w.columns[i][0] == nil {
				break // of a log
			}
			c, scores := w.column(i, part)
			v.Columns, v.Scores = append(v.Columns, c), append(v.Scores, scores)
		}
		out = append(out, v)
	}
	return out
}

// column returns column i in a part, and the mean and the mean square of its normal
// scores.
func (w *Week) column(i, part int) (view.Column, [2]float64) {
	p, counts := &w.plan.Columns[i], &w.columns[i][0][part]
	c, scores := p.View(), [2]float64{math.NaN(), math.NaN()}
	countStates(&c, w.rows[part], &counts.state)
	switch p.Kind {
	case view.NumberKind:
		c.Number = onGrid(p.Grid, counts.at)
		if n := counts.state[read.StateValue]; n > 0 {
			scores = [2]float64{}
			for place, k := range counts.at {
				z := float64(p.Grid.Normal[place]) / scoreSteps
				scores[0] += z * float64(k) / float64(n)
				scores[1] += z * z * float64(k) / float64(n)
			}
		}
	case view.CategoryKind:
		last := len(counts.at) - 1
		c.Category = &view.Category{Names: p.Names, Counts: counts.at[:last], KnownTotal: counts.at[last]}
	default:
		for which := range 2 {
			d, in := p.Derived(which), &w.columns[i][which][part]
			countStates(&d, w.rows[part], &in.state)
			d.Number = onGrid(w.grid(i, which), in.at)
			c.Derived = append(c.Derived, d)
		}
	}
	return c, scores
}

// onGrid is a number by its positions alone.
func onGrid(g *plan.Grid, at []int64) *view.Number {
	v := &view.Number{Edges: g.Edges, Bins: g.Bins, Exact: g.Exact, At: make([]int64, len(g.Edges)), Open: make([]int64, len(g.Edges)+1)}
	for p, n := range at {
		if p&1 == 1 {
			v.At[p/2] = n
		} else {
			v.Open[p/2] = n
		}
	}
	return v
}
