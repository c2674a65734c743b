package count

import (
	"iter"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// NoWindow is the start of no window.
const NoWindow = math.MinInt64

// leastBefore are the windows before the judged period that are shown in any case:
// what the period is held against.
const leastBefore = 28

// Windows count rows and requests by the plan's UTC-aligned windows: those that end
// before the judged period begins, and the others.
type Windows struct {
	plan   *plan.Plan
	from   int64 // begin of the judged period in microseconds
	first  []int // by column of the plan: its place among a window's
	before sketch.Newest[Window]
	set    sketch.Newest[Window]
}

// NewWindows returns no windows; from is when the judged period begins, in
// microseconds.
func NewWindows(p *plan.Plan, from int64) *Windows {
	w := &Windows{plan: p, from: from}
	next := 0
	for i := range p.Columns {
		w.first = append(w.first, next)
		next++
		if p.Columns[i].Kind == view.TextKind {
			next++
		}
	}
	w.before, w.set = sketch.NewNewest(caps.Windows.N, w.empty), sketch.NewNewest(caps.Windows.N, w.empty)
	return w
}

// OpenWindows returns no windows, with room for those before a period that is not
// known yet: From comes after the last.
func OpenWindows(p *plan.Plan) *Windows {
	w := NewWindows(p, math.MinInt64)
	w.set = sketch.NewNewest(2*caps.Windows.N, w.empty)
	return w
}

// of returns the set of a window's start.
func (w *Windows) of(start int64) *sketch.Newest[Window] {
	if start < w.from && start+w.plan.Window.Microseconds() <= w.from {
		return &w.before
	}
	return &w.set
}

// From sets when the judged period begins, in microseconds, of windows that were
// opened before that was known; it says whether they can be.
func (w *Windows) From(from int64) bool {
	all := w.set
	w.from = from
	w.before, w.set = sketch.NewNewest(caps.Windows.N, w.empty), sketch.NewNewest(caps.Windows.N, w.empty)
	for start, c := range all.All() {
		to := w.of(start).Put(start)
		if to == nil {
			return false
		}
		*to = *c
	}
	return true
}

// Start returns the start of the window that holds a time in microseconds,
// NoWindow when none does.
func (w *Windows) Start(at int64) int64 {
	length := w.plan.Window.Microseconds()
	if length == 0 || !dated(at) {
		return NoWindow
	}
	return read.FloorDiv(at, length) * length
}

// At returns the window that starts at a time, nil for NoWindow and where newer
// ones leave no place.
func (w *Windows) At(start int64) *Window {
	if start == NoWindow {
		return nil
	}
	return w.of(start).Get(start)
}

// Merge takes o over, which must not be used afterwards.
func (w *Windows) Merge(o *Windows) {
	w.before.Merge(&o.before, (*Window).merge)
	w.set.Merge(&o.set, (*Window).merge)
}

// all passes on the windows in ascending order.
func (w *Windows) all() iter.Seq2[int64, *Window] {
	return func(yield func(int64, *Window) bool) {
		for _, set := range []*sketch.Newest[Window]{&w.before, &w.set} {
			for t, c := range set.All() {
				if !yield(t, c) {
					return
				}
			}
		}
	}
}

// View returns what a reader sees of the windows, the oldest first: as many as
// caps.Windows, but always 28 before the judged period; of endpoints the listed
// ones.
func (w *Windows) View(listed []view.Endpoint) []view.Window {
	var out []view.Window
	before, during := w.before.Len(), w.set.Len()
	skip := max(0, before-max(leastBefore, caps.Windows.N-during))
	for t, c := range w.all() {
		if skip--; skip >= 0 {
			continue
		}
		v := c.view(w.plan)
		v.Endpoints = c.endpoints.of(listed)
		out = append(out, view.Window{Start: time.UnixMicro(t).UTC(), Length: w.plan.Window, View: v})
	}
	return out
}

// A Window holds the small counters of one window.
type Window struct {
	first            []int // as in Windows
	rows             int64
	times            Span
	columns          []windowColumn
	inference        coarse
	inferenceMissing int64
	requests         requestCounts
	endpoints        endpoints
}

// windowColumn counts a number, a category, or a text's lengths or commas.
type windowColumn struct {
	state [read.States]int64
	class []int64
	steps sketch.Wide
	label *positive
}

// empty returns an empty window.
func (w *Windows) empty() *Window {
	out := &Window{first: w.first, endpoints: newEndpoints(caps.WindowEndpoints.N, windowBuckets)}
	for i := range w.plan.Columns {
		switch c := &w.plan.Columns[i]; c.Kind {
		case view.NumberKind:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.Classes())})
		case view.CategoryKind:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.Classes()), label: positiveOf(c)})
		default:
			out.columns = append(out.columns, windowColumn{class: make([]int64, c.Length.Classes())}, windowColumn{class: make([]int64, c.Commas.Classes())})
		}
	}
	return out
}

// AddRow counts a row, judged or not, of a time in microseconds.
func (w *Window) AddRow(at int64) {
	w.rows++
	w.times.Add(at)
}

// AddInference counts the milliseconds that a row's prediction took; negative,
// infinite and NaN are missing.
func (w *Window) AddInference(ms float64) {
	if !w.inference.addMS(ms) {
		w.inferenceMissing++
	}
}

// AddRequest counts a request.
func (w *Window) AddRequest(c *Request) {
	w.requests.add(c)
	w.endpoints.add(c)
}

// AddColumn counts rows from to to of column i of the plan, c, from a loaded
// chunk; at is where their values stand.
func (w *Window) AddColumn(i int, c *plan.Column, r *read.Column, at *[2]*plan.Placed, from, to int) {
	columns, state := w.columns[w.first[i]:], r.State[from:to]
	columns[0].add(state, at[0].Class[from:to])
	switch c.Kind {
	case view.NumberKind:
		columns[0].addSteps(at[0].Distance[from:to])
	case view.CategoryKind:
		if columns[0].label != nil {
			columns[0].label.add(r, from, to)
		}
	default:
		columns[0].addSteps(at[0].Distance[from:to])
		columns[1].add(state, at[1].Class[from:to])
		columns[1].addSteps(at[1].Distance[from:to])
	}
}

func (w *windowColumn) add(state, class []uint8) {
	for i, s := range state {
		w.state[s]++
		if s == read.StateValue {
			w.class[class[i]]++
		}
	}
}

func (w *windowColumn) addSteps(distance []int32) {
	var sum int64 // 1024 rows of 32 bits
	for _, d := range distance {
		sum += int64(d)
	}
	w.steps.Add(sum)
}

// merge adds o.
func (w *Window) merge(o *Window) {
	w.times.Merge(o.times)
	w.rows += o.rows
	w.inferenceMissing += o.inferenceMissing
	w.inference.merge(&o.inference)
	w.requests.merge(&o.requests)
	w.endpoints.Merge(&o.endpoints.Names)
	for i := range w.columns {
		a, b := &w.columns[i], &o.columns[i]
		for j, n := range b.state {
			a.state[j] += n
		}
		for j, n := range b.class {
			a.class[j] += n
		}
		a.steps.Plus(b.steps)
		if a.label != nil {
			a.label.n += b.label.n
		}
	}
}

// view returns the small view of the window, by the plan's columns.
func (w *Window) view(p *plan.Plan) view.View {
	v := view.View{Rows: w.rows, Requests: w.requests.total.n, Inference: w.inference.view(), Names: p.Names()}
	v.Inference.Missing = w.inferenceMissing
	v.First, v.Last = w.times.Bounds()
	v.Response = w.requests.latency.view()
	v.Response.Missing = w.requests.missing
	if w.requests.total.n > 0 {
		v.Traffic = []view.Traffic{w.requests.totalView(time.Time{})}
	}
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Role == plan.Segment {
			continue
		}
		col := c.View()
		wc := &w.columns[w.first[i]]
		countStates(&col, w.rows, &wc.state)
		switch c.Kind {
		case view.NumberKind:
			col.Classes, col.Number = wc.class, wc.number(c.Grid)
		case view.CategoryKind:
			col.Classes = wc.class
			last := len(wc.class) - 1
			col.Category = &view.Category{Names: c.Names[:last], Counts: wc.class[:last], UnseenTotal: wc.class[last]}
			wc.label.into(col.Category, c)
		default:
			for j, g := range []*plan.Grid{c.Length, c.Commas} {
				part := &w.columns[w.first[i]+j]
				d := c.Derived(j)
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
func (w *windowColumn) number(g *plan.Grid) *view.Number {
	nan := func(float64) float64 { return math.NaN() }
	v := &view.Number{Bins: g.Bins, Min: math.NaN(), Max: math.NaN(), Mean: math.NaN(), Std: math.NaN(), Quantile: nan,
		Values: func() ([]float64, []int64, bool) { return nil, nil, false }}
	v.Edges, v.At, v.Open = g.Deciles(w.class)
	v.First = make([]float64, len(v.Open))
	for i := range v.First {
		v.First[i] = math.NaN()
	}
	if n := w.state[read.StateValue]; n > 0 {
		v.Mean = g.FromSteps(w.steps.Mean(n))
	}
	return v
}

// Put puts the windows into a ledger.
func (w *Windows) Put(l *ledger.Ledger) {
	for t, c := range w.all() {
		c.put(l, ledger.Stamp(t), w.plan)
	}
	l.Of("", "")
}

func (w *Window) put(l *ledger.Ledger, window string, p *plan.Plan) {
	l.Of(window, "")
	l.Sum("rows", w.rows)
	w.times.Put(l, "")
	l.Sum("inference/missing", w.inferenceMissing)
	w.inference.put(l, "inference/bucket")
	w.requests.put(l, "requests/")
	w.endpoints.put(l, "")
	for i := range p.Columns {
		c := &p.Columns[i]
		l.Of(window, c.Name)
		if c.Kind != view.TextKind {
			w.columns[w.first[i]].put(l, "")
			continue
		}
		for j, prefix := range textParts {
			w.columns[w.first[i]+j].put(l, prefix)
		}
	}
}

func (w *windowColumn) put(l *ledger.Ledger, prefix string) {
	putStates(l, prefix, &w.state)
	l.List(prefix+"class", w.class, 0, 1)
	l.Wide(prefix+"steps", w.steps)
	if w.label != nil {
		l.Sum(prefix+"positive", w.label.n)
	}
}

// Open returns the window of a ledger's rows, an empty one when it is new, nil when
// it would be one too many or stamp is no start.
func (w *Windows) Open(stamp string) *Window {
	at, ok := ledger.Unstamp(stamp)
	if !ok {
		return nil
	}
	return w.set.Put(at)
}

// Find returns the window of a ledger's rows, nil when it is not there.
func (w *Windows) Find(stamp string) *Window {
	at, ok := ledger.Unstamp(stamp)
	if !ok {
		return nil
	}
	return w.set.Find(at)
}

// SetColumn sets a counter that Put has put under key for column i of the plan, c.
func (w *Window) SetColumn(i int, c *plan.Column, key string, n ledger.Numbers) bool {
	column := w.partOf(i, c, &key)
	switch {
	case column == nil:
		return false
	case key == "positive":
		return column.label != nil && ledger.SetCount(&column.label.n, n)
	case key == "class":
		return ledger.SetList(column.class, n, 0, 1)
	case key == "steps":
		return ledger.SetWide([]*sketch.Wide{&column.steps}, n)
	}
	return setState(&column.state, key, n)
}

// Set sets a counter that Put has put under key and no column.
func (w *Window) Set(key string, n ledger.Numbers) bool {
	switch {
	case key == "rows":
		return ledger.SetCount(&w.rows, n)
	case key == "inference/missing":
		return ledger.SetCount(&w.inferenceMissing, n)
	case key == "inference/bucket":
		return w.inference.set(n)
	case ledger.Take(&key, "requests/"):
		return w.requests.set(key, n)
	}
	return w.times.Set(key, n) || w.endpoints.set(key, n)
}

// SetEndpoint sets the name of an endpoint that was asked so often.
func (w *Window) SetEndpoint(key string, hash uint64, n int64, name string) bool {
	return key == "endpoint" && w.endpoints.setName(hash, n, name)
}

// partOf strips the part of a text from key and returns its counters.
func (w *Window) partOf(i int, c *plan.Column, key *string) *windowColumn {
	if c.Kind != view.TextKind {
		return &w.columns[w.first[i]]
	}
	for j, prefix := range textParts {
		if ledger.Take(key, prefix) {
			return &w.columns[w.first[i]+j]
		}
	}
	return nil
}
