package profile

import (
	"maps"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

const (
	maxWindows = 400                       // newest windows kept
	maxSlots   = 7 * 24 * 60 / slotMinutes // newest traffic slots kept
)

// newest keeps the k latest of a set of times with what is counted for each; a
// time once driven out has k later ones for good.
type newest[T any] struct {
	k    int
	at   map[int64]*T
	last int64 // the time looked up last, and its counts
	hit  *T
}

// get returns what is counted at t, nil when t is too old to be kept.
func (s *newest[T]) get(t int64, create func() *T) *T {
	if s.hit != nil && t == s.last {
		return s.hit
	}
	e := s.at[t]
	if e == nil {
		if s.at == nil {
			s.at = make(map[int64]*T)
		}
		if len(s.at) == s.k {
			oldest := int64(math.MaxInt64)
			for at := range s.at {
				oldest = min(oldest, at)
			}
			if t < oldest {
				return nil
			}
			delete(s.at, oldest)
		}
		e = create()
		s.at[t] = e
	}
	s.last, s.hit = t, e
	return e
}

func (s *newest[T]) times() []int64 { return slices.Sorted(maps.Keys(s.at)) }

// merge takes o's counts over; merging into an empty one copies nothing, so o
// must not be used afterwards.
func (s *newest[T]) merge(o *newest[T], create func() *T, add func(into, from *T)) {
	for t, e := range o.at {
		if into := s.get(t, create); into != nil {
			add(into, e)
		}
	}
}

// windowCounts are a window's small counters.
type windowCounts struct {
	rows             int64
	times            span
	columns          []windowColumn
	inference        coarse
	inferenceMissing int64
	requests         requestCounts
}

// windowColumn is a number, or a category: of a text there are two after the
// column's own, which counts what is missing.
type windowColumn struct {
	state  [states]int64
	class  []int64
	steps  wide
	labels bottom[string]
}

// newWindow returns an empty window.
func (p *Plan) newWindow() *windowCounts {
	w := &windowCounts{}
	for _, c := range p.columns {
		switch c.kind {
		case view.NumberKind:
			w.columns = append(w.columns, windowColumn{class: make([]int64, c.grid.classes())})
		case view.CategoryKind:
			w.columns = append(w.columns, windowColumn{class: make([]int64, categoryClasses(len(c.names))), labels: bottom[string]{k: windowLabels}})
		default:
			w.columns = append(w.columns, windowColumn{class: make([]int64, c.length.classes())}, windowColumn{class: make([]int64, c.commas.classes())})
		}
	}
	return w
}

func (w *windowColumn) add(state, class []uint8) {
	for i, s := range state {
		w.state[s]++
		if s == stateValue {
			w.class[class[i]]++
		}
	}
}

func (w *windowColumn) addSteps(distance []int32) {
	var sum int64 // 1024 rows of 32 bits
	for _, d := range distance {
		sum += int64(d)
	}
	w.steps.add(sum)
}

func (w *windowCounts) merge(o *windowCounts) {
	w.times.merge(o.times)
	w.rows += o.rows
	w.inferenceMissing += o.inferenceMissing
	w.inference.merge(&o.inference)
	w.requests.merge(&o.requests)
	for i := range w.columns {
		a, b := &w.columns[i], &o.columns[i]
		for j, n := range b.state {
			a.state[j] += n
		}
		for j, n := range b.class {
			a.class[j] += n
		}
		a.steps.plus(b.steps)
		a.labels.merge(&b.labels)
	}
}

// view returns the small view of the window, by the plan's columns.
func (w *windowCounts) view(p *Plan) view.View {
	v := view.View{Rows: w.rows, Requests: w.requests.total.n, Inference: w.inference.view(), Names: p.Names()}
	v.Inference.Missing = w.inferenceMissing
	if w.times.some {
		v.First, v.Last = time.UnixMicro(w.times.first).UTC(), time.UnixMicro(w.times.last).UTC()
	}
	v.Response = w.requests.latency.view()
	v.Response.Missing = w.requests.missing
	if w.requests.total.n > 0 {
		v.Traffic = []view.Traffic{w.requests.totalView(time.Time{})}
	}
	next := 0
	for i := range p.columns {
		c := &p.columns[i]
		col := c.column()
		wc := &w.columns[next]
		next++
		countStates(&col, w.rows, &wc.state)
		switch c.kind {
		case view.NumberKind:
			col.Classes, col.Number = wc.class, wc.number(c.grid)
		case view.CategoryKind:
			col.Classes = wc.class
			last := len(wc.class) - 1
			col.Category = &view.Category{
				Names: c.names[:last], Counts: wc.class[:last],
				Unseen: names(&wc.labels), UnseenTotal: wc.class[last], UnseenDistinct: wc.labels.distinct(),
			}
		default:
			second := &w.columns[next]
			next++
			for j, part := range []*windowColumn{wc, second} {
				g := []*grid{c.length, c.commas}[j]
				d := c.derived(j)
				countStates(&d, w.rows, &part.state)
				d.Classes, d.Number = part.class, part.number(g)
				col.Derived = append(col.Derived, d)
			}
		}
		v.Columns = append(v.Columns, col)
	}
	return v
}

// number returns the column on the deciles alone.
func (w *windowColumn) number(g *grid) *view.Number {
	nan := func(float64) float64 { return math.NaN() }
	v := &view.Number{Bins: g.bins, Min: math.NaN(), Max: math.NaN(), Mean: math.NaN(), Std: math.NaN(), Quantile: nan,
		Values: func() ([]float64, []int64, bool) { return nil, nil, false }}
	if len(g.edges) == 0 {
		v.At, v.Open = []int64{}, []int64{w.class[0]}
	} else {
		least, most := g.edges[0], g.edges[len(g.edges)-1]
		v.Edges = append([]float64{least}, g.bins...)
		v.Edges = slices.Compact(append(v.Edges, most))
		v.At, v.Open = make([]int64, len(v.Edges)), make([]int64, len(v.Edges)+1)
		v.Open[0] = w.class[0]
		v.Open[len(v.Edges)] = w.class[len(w.class)-1]
		// The deciles (a, b] stand below their upper edges, but for a first one
		// that is the least value alone.
		uppers := append(slices.Clone(g.bins), most)
		for i, upper := range uppers {
			if upper == least {
				v.At[0] = w.class[i+1]
				continue
			}
			at, _ := slices.BinarySearch(v.Edges, upper)
			v.Open[at] = w.class[i+1]
		}
	}
	v.First = make([]float64, len(v.Open))
	for i := range v.First {
		v.First[i] = math.NaN()
	}
	if n := w.state[stateValue]; n > 0 {
		steps := ratio(w.steps.int(), big.NewInt(n), 0)
		v.Mean = g.center + float64(steps/valueSteps/g.inverse)
	}
	return v
}

// column returns the plan's part of a view's column.
func (c *planColumn) column() view.Column {
	return view.Column{Name: c.name, Role: c.role, Kind: c.kind, InSample: c.inSample, Public: c.public}
}

// derived returns the same of a text's length (0) or commas (1).
func (c *planColumn) derived(i int) view.Column {
	return view.Column{Name: c.name + []string{" (length)", " (commas)"}[i], Role: table.Feature, Kind: view.NumberKind, Public: c.public}
}

func countStates(c *view.Column, rows int64, state *[states]int64) {
	c.Rows, c.Missing = rows, state[stateMissing]
	c.NaN, c.PosInf, c.NegInf, c.TypeErrors = state[stateNaN], state[statePosInf], state[stateNegInf], state[stateTypeError]
}
