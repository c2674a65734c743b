package tally

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/profile/ledger"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Restorer makes a profile of a snapshot's rows: all counters first, then the
// values, names and rows, each kind in its canonical order. Rows that no profile of
// the plan has are refused.
type Restorer struct {
	f       *Profile
	column  map[string]int
	window  *count.Window  // of the counter before
	counter ledger.Counter // the row before, of each kind, without its numbers
	values  ledger.Values
	name    ledger.Name
	sampled Sampled
	entity  Sampled
	reject  verdict.Reject
	joined  joined.Row
	cell    joined.Cell
}

var (
	errOrder = errors.New("rows are not in canonical order")
	errKey   = errors.New("is not what this plan counts")
)

// NewRestorer returns a Restorer of a profile of the plan.
func NewRestorer(p *plan.Plan) *Restorer {
	r := &Restorer{f: New(p, view.Period{}), column: make(map[string]int)}
	r.f.windows = count.OpenWindows(p)
	for i, c := range p.Columns {
		r.column[c.Name] = i
	}
	return r
}

// Counter sets one counter.
func (r *Restorer) Counter(c *ledger.Counter) error {
	first := r.counter.Op == ""
	if !first && r.counter.Order(c) >= 0 || !c.Canonical() {
		return errOrder
	}
	if first || r.counter.Window != c.Window {
		r.window = nil
		if c.Window != "" {
			r.window = r.f.windows.Open(c.Window)
		}
	}
	r.counter = *c
	r.counter.Numbers = ledger.Numbers{}
	if !r.set(c) {
		return fmt.Errorf("%s %s %s: %w", c.Window, c.Column, c.Key, errKey)
	}
	return nil
}

func (r *Restorer) set(c *ledger.Counter) bool {
	if c.Segment != "" || c.Window != "" && r.window == nil {
		return false
	}
	if c.Column == "" {
		if c.Window != "" {
			return r.window.Set(c.Key, c.Numbers)
		}
		return r.setRun(c.Key, c.Numbers)
	}
	i, ok := r.column[c.Column]
	switch {
	case !ok:
		return false
	case c.Window != "":
		return r.window.SetColumn(i, &r.f.plan.Columns[i], c.Key, c.Numbers)
	}
	return r.f.columns[i].Set(c.Key, c.Numbers) || r.f.pairs.Set(i, c.Key, c.Numbers) || r.f.clusters.Set(i, c.Key, c.Numbers) || r.f.week.Set(i, c.Key, c.Numbers) || r.f.parts.Set(i, c.Key, c.Numbers)
}

// setRun sets a counter that belongs to the judged rows.
func (r *Restorer) setRun(key string, n ledger.Numbers) bool {
	f := r.f
	switch key {
	case "rows":
		return ledger.SetCount(&f.rows, n)
	case "read":
		return ledger.SetCount(&f.read, n)
	case "untimed":
		return ledger.SetCount(&f.untimed, n)
	case "week":
		return f.week.SetRows(n)
	case "simulated":
		f.simulated = true
		return true
	case "lines":
		return ledger.SetList(f.lines.OpenGroups(), n, 0, 1)
	case "inputs":
		return ledger.SetList(f.inputs.OpenGroups(), n, 0, 1)
	case "versions":
		return f.versions.Set(n)
	case "reference":
		return ledger.SetWide([]*sketch.Wide{&f.values.Wide}, n)
	}
	if rest, ok := strings.CutPrefix(key, "inference/"); ok {
		return f.inference.Set(rest, n)
	}
	return f.times.Set(key, n) || f.traffic.Set(key, n) || f.parts.SetRows(key, n)
}

// Values sets how often a column's values off the grid were there.
func (r *Restorer) Values(v *ledger.Values) error {
	if len(r.values.X) > 0 && r.values.Order(v) >= 0 {
		return errOrder
	}
	r.values = *v
	i, ok := r.column[v.Column]
	if !ok || !r.f.columns[i].SetValues(v.Key, v.X, v.N) {
		return errKey
	}
	return nil
}

// Name sets how often a name was there.
func (r *Restorer) Name(n *ledger.Name) error {
	if (r.name != ledger.Name{}) && r.name.Order(n) >= 0 {
		return errOrder
	}
	r.name = *n
	if !r.setName(n) {
		return fmt.Errorf("%s %s %s: %w", n.Window, n.Column, n.Key, errKey)
	}
	return nil
}

func (r *Restorer) setName(n *ledger.Name) bool {
	f, hash, name := r.f, uint64(n.Hash), read.Shorten(n.Name, math.MaxInt)
	if n.N <= 0 || n.Segment != "" {
		return false
	}
	if n.Window == "" && n.Column == "" {
		switch n.Key {
		case "version":
			f.addVersion(n.Name, n.Hash)
			return true
		case "columns":
			return f.unknown.Put(hash, n.N, name)
		case "versions":
			return f.versions.SetName(hash, n.N, name)
		case "lines":
			return name == "" && f.lines.Put(hash, n.N)
		case "inputs":
			return name == "" && f.inputs.Put(hash, n.N)
		}
		return f.traffic.SetName(n.Key, hash, n.N, name)
	}
	if n.Window != "" {
		w := f.windows.Find(n.Window)
		return w != nil && n.Column == "" && w.SetEndpoint(n.Key, hash, n.N, name)
	}
	i, ok := r.column[n.Column]
	return ok && f.columns[i].SetName(n.Key, hash, n.N, name)
}

// Sampled sets one row of the sample.
func (r *Restorer) Sampled(s Sampled) error {
	if r.sampled.N > 0 && r.sampled.Hash >= s.Hash {
		return errOrder
	}
	r.sampled = s
	if err := r.fits(s); err != nil {
		return err
	}
	r.f.sample.Add(s.Hash, s.N, func() Row { return s.Row })
	return nil
}

// Entity sets one row of those of entities.
func (r *Restorer) Entity(s Sampled) error {
	if r.entity.N > 0 && r.entity.Entity >= s.Entity {
		return errOrder
	}
	r.entity = s
	if err := r.fits(s); err != nil {
		return err
	}
	r.f.entities.add(s.Entity, s.Hash, s.N, func() Row { return s.Row })
	return nil
}

// Newest sets one of the newest rows.
func (r *Restorer) Newest(s Sampled) error {
	if err := r.fits(s); err != nil {
		return err
	}
	r.f.recent.add(recentRow{s.Row.At, s.Hash, s.Row})
	return nil
}

// Lines sets how many lines of the logs of one kind were read.
func (r *Restorer) Lines(l verdict.Lines) error {
	n := len(r.f.left.Lines())
	if r.f.left.AddLines([]verdict.Lines{l}); len(r.f.left.Lines()) == n || r.f.left.Lines()[n] != l {
		return errOrder
	}
	return nil
}

// Reject sets one reason for which lines or values were left out.
func (r *Restorer) Reject(one verdict.Reject) error {
	switch {
	case one.Count <= 0:
		return errKey
	case r.reject.Count > 0 && rejects.Order(r.reject, one) >= 0:
		return errOrder
	}
	r.reject = one
	return r.f.left.AddRejects([]verdict.Reject{one})
}

// Outcomes sets what is known of the file of outcomes, before Joined and Cell.
func (r *Restorer) Outcomes(f joined.File, keyless bool, strays string) error {
	if r.f.outcomes != nil || min(f.Rows, f.Keyless, f.Pending, f.Known, f.Contested) < 0 {
		return errKey
	}
	r.f.outcomes = joined.New(f)
	r.f.outcomes.Keyless = keyless
	return r.f.outcomes.Strays.Decode(strays)
}

// Joined sets a prediction that met its outcome.
func (r *Restorer) Joined(one joined.Row) error {
	switch {
	case r.f.outcomes == nil || one.Seen <= 0 || one.Score-one.Score != 0 || one.Value-one.Value != 0:
		return errKey
	case r.joined.Seen > 0 && (r.joined.Hash > one.Hash || joined.Order(r.joined, one) >= 0 || r.joined.Hash == one.Hash && r.f.outcomes.File.Choice != joined.All):
		return errOrder
	}
	r.joined = one
	r.f.outcomes.Add(one)
	return nil
}

// Cell sets how many predictions of a window have about one score.
func (r *Restorer) Cell(c joined.Cell) error {
	switch {
	case r.f.outcomes == nil || c.N <= 0 || c.Score-c.Score != 0:
		return errKey
	case r.cell.N > 0 && joined.OrderCells(r.cell, c) >= 0:
		return errOrder
	}
	r.cell = c
	r.f.outcomes.Count(c)
	return nil
}

// Beyond sets that more predictions met their outcome than are kept: those of a hash
// from cut on are left out.
func (r *Restorer) Beyond(cut uint64) error {
	if r.f.outcomes == nil || !r.f.outcomes.SetCut(cut) {
		return errKey
	}
	return nil
}

func (r *Restorer) fits(s Sampled) error {
	switch {
	case len(s.Row.Cells) != len(r.f.plan.Columns):
		return errors.New("cells do not fit the plan's columns")
	case s.N <= 0:
		return errKey
	}
	return nil
}

// Profile returns the profile, when all that was set fits together; the rest of the
// snapshot is as in Snapshot.
func (r *Restorer) Profile(counted string, from, until int64) (*Profile, error) {
	if !slices.Contains([]kind{"", ofLog, ofReference}, kind(counted)) {
		return nil, fmt.Errorf("counts %q, want log or reference", counted)
	}
	for i := range r.f.columns {
		if !r.f.columns[i].Check() {
			return nil, fmt.Errorf("column %s: its counters do not fit together", r.f.plan.Columns[i].Name)
		}
	}
	if !r.f.parts.Check(r.f.rows) {
		return nil, errors.New("its counters by segment do not fit together")
	}
	if !r.f.windows.From(from) {
		return nil, errors.New("has more windows than are kept")
	}
	r.f.lines.Sum()
	r.f.inputs.Sum()
	r.f.from, r.f.until, r.f.counted = from, until, kind(counted)
	return r.f, nil
}
