package profile

import (
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const (
	maxWindows   = 400 // newest windows kept
	windowLabels = 16  // names outside the dictionary that a window keeps
	noWindow     = math.MinInt64
)

// windows count rows and requests by the plan's UTC-aligned windows.
type windows struct {
	plan  *Plan
	first []int // by column of the plan: its place among a window's
	set   newest[windowCounts]
}

// newWindows returns no windows.
func newWindows(p *Plan) *windows {
	w := &windows{plan: p}
	next := 0
	for i := range p.columns {
		w.first = append(w.first, next)
		next++
		if p.columns[i].kind == view.TextKind {
			next++
		}
	}
	w.set = newNewest(maxWindows, w.empty)
	return w
}

// start returns the start of the window that holds a time in microseconds,
// noWindow when none does.
func (w *windows) start(at int64) int64 {
	length := w.plan.Window.Microseconds()
	if length == 0 || !dated(at) {
		return noWindow
	}
	return floorDiv(at, length) * length
}

// at returns the window that starts at a time, nil for noWindow and where newer
// ones leave no place.
func (w *windows) at(start int64) *windowCounts {
	if start == noWindow {
		return nil
	}
	return w.set.get(start)
}

// merge takes o over, which must not be used afterwards.
func (w *windows) merge(o *windows) { w.set.merge(&o.set, (*windowCounts).merge) }

// view returns what a reader sees of the windows.
func (w *windows) view() []view.Window {
	var out []view.Window
	for t, c := range w.set.all() {
		out = append(out, view.Window{Start: time.UnixMicro(t).UTC(), Length: w.plan.Window, View: c.view(w.plan)})
	}
	return out
}

// windowCounts are a window's small counters.
type windowCounts struct {
	first            []int // as of windows
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

// empty returns an empty window.
func (w *windows) empty() *windowCounts {
	out := &windowCounts{first: w.first}
	for i := range w.plan.columns {
		switch c := &w.plan.columns[i]; c.kind {
		case view.NumberKind:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.classes())})
		case view.CategoryKind:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.classes()), labels: newBottom[string](windowLabels)})
		default:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.length.classes())}, windowColumn{class: make([]int64, c.commas.classes())})
		}
	}
	return out
}

// addRow counts a judged or other row of a time in microseconds.
func (w *windowCounts) addRow(at int64) {
	w.rows++
	w.times.add(at)
}

// addInference counts the time that a row's prediction took.
func (w *windowCounts) addInference(ms float64) {
	if !w.inference.addMS(ms) {
		w.inferenceMissing++
	}
}

// addRequest counts a request.
func (w *windowCounts) addRequest(c *call) { w.requests.add(c) }

// addColumn counts rows from to to of column i of the plan, c, from a loaded
// chunk that starts at row lo of its batch; at is where their values stand.
func (w *windowCounts) addColumn(i int, c *planColumn, r *reading, at *[2]*placed, from, to, lo int) {
	columns, state := w.columns[w.first[i]:], r.state[from:to]
	columns[0].add(state, at[0].class[from:to])
	switch c.kind {
	case view.NumberKind:
		columns[0].addSteps(at[0].distance[from:to])
	case view.CategoryKind:
		columns[0].addLabels(r, from, to, lo)
	default:
		columns[0].addSteps(at[0].distance[from:to])
		columns[1].add(state, at[1].class[from:to])
		columns[1].addSteps(at[1].distance[from:to])
	}
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

// addLabels counts the names that the dictionary lacks.
func (w *windowColumn) addLabels(r *reading, from, to, lo int) {
	for i := from; i < to; i++ {
		if h := r.hash[i]; r.state[i] == stateValue && r.code[i] < 0 && w.labels.wants(h) {
			w.labels.add(h, 1, func() string { return shorten(r.text(lo+i), nameLimit) })
		}
	}
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
	v.First, v.Last = w.times.bounds()
	v.Response = w.requests.latency.view()
	v.Response.Missing = w.requests.missing
	if w.requests.total.n > 0 {
		v.Traffic = []view.Traffic{w.requests.totalView(time.Time{})}
	}
	for i := range p.columns {
		c := &p.columns[i]
		col := c.column()
		wc := &w.columns[w.first[i]]
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
			for j, g := range []*grid{c.length, c.commas} {
				part := &w.columns[w.first[i]+j]
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
		v.Mean = g.fromSteps(w.steps.mean(n))
	}
	return v
}

// put puts the windows into a ledger.
func (w *windows) put(l *ledger) {
	for t, c := range w.set.all() {
		l.window = stamp(t)
		c.put(l, w.plan)
	}
	l.window, l.column = "", ""
}

func (w *windowCounts) put(l *ledger, p *Plan) {
	l.column = ""
	l.sum("rows", w.rows)
	w.times.put(l, "")
	l.sum("inference/missing", w.inferenceMissing)
	w.inference.put(l, "inference/bucket/")
	w.requests.put(l, "requests/")
	for i := range p.columns {
		c := &p.columns[i]
		l.column = c.name
		if c.kind != view.TextKind {
			w.columns[w.first[i]].put(l, "")
			continue
		}
		for j, prefix := range textParts {
			w.columns[w.first[i]+j].put(l, prefix)
		}
	}
}

func (w *windowColumn) put(l *ledger, prefix string) {
	l.states(prefix, &w.state)
	l.list(prefix+"class/", w.class, 0, 1)
	l.wide(prefix+"steps/", w.steps)
	l.names("unseen", &w.labels)
}

// setAt returns the window whose start a ledger calls so, nil for one too many.
func (w *windows) setAt(stamp string) *windowCounts {
	at, ok := unstamp(stamp)
	if !ok {
		return nil
	}
	return w.set.put(at)
}

// find returns the window whose start a ledger calls so, nil when it is not there.
func (w *windows) find(stamp string) *windowCounts {
	at, ok := unstamp(stamp)
	if !ok {
		return nil
	}
	return w.set.find(at)
}

// setColumn sets a counter of column i of the plan, c, that put under key.
func (w *windowCounts) setColumn(i int, c *planColumn, key string, n int64) bool {
	column := w.partOf(i, c, &key)
	switch {
	case column == nil:
		return false
	case take(&key, "class/"):
		return setAt(column.class, key, n)
	case take(&key, "steps/"):
		return setWide(&column.steps, key, n)
	}
	return setState(&column.state, key, n)
}

// set sets a counter that put under key and no column.
func (w *windowCounts) set(key string, n int64) bool {
	switch {
	case key == "rows":
		return setCount(&w.rows, n)
	case key == "inference/missing":
		return setCount(&w.inferenceMissing, n)
	case take(&key, "inference/bucket/"):
		return w.inference.set(key, n)
	case take(&key, "requests/"):
		return w.requests.set(key, n)
	}
	return w.times.set(key, n)
}

// setName sets a name of column i of the plan, c, that put under key.
func (w *windowCounts) setName(i int, c *planColumn, key string, hash uint64, n int64, name string) bool {
	return c.kind == view.CategoryKind && key == "unseen" && w.columns[w.first[i]].labels.put(hash, n, name)
}

// partOf strips the part of a text from key and returns its counters.
func (w *windowCounts) partOf(i int, c *planColumn, key *string) *windowColumn {
	if c.kind != view.TextKind {
		return &w.columns[w.first[i]]
	}
	for j, prefix := range textParts {
		if take(key, prefix) {
			return &w.columns[w.first[i]+j]
		}
	}
	return nil
}
