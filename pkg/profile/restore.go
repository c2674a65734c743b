package profile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// A restorer makes a profile of a snapshot's rows, which come in their canonical
// order, all counters first. It believes no row that no profile of the plan has.
type restorer struct {
	f       *Profile
	column  map[string]int
	window  *windowCounts // of the counter before
	counter counterRow    // the row before, of each kind
	value   valueRow
	name    nameRow
	sampled sampledRow
}

var (
	errOrder = errors.New("rows are not in canonical order")
	errKey   = errors.New("is not what this plan counts")
)

// newRestorer returns a restorer of profiles of the plan.
func newRestorer(p *Plan) *restorer {
	r := &restorer{f: New(p, view.Period{}), column: make(map[string]int)}
	for i, c := range p.columns {
		r.column[c.name] = i
	}
	return r
}

// Counter sets one counter.
func (r *restorer) Counter(c *counterRow) error {
	first := r.counter == counterRow{}
	if !first && r.counter.order(c) >= 0 {
		return errOrder
	}
	if first || r.counter.Window != c.Window {
		r.window = nil
		if c.Window != "" {
			r.window = r.f.windows.setAt(c.Window)
		}
	}
	r.counter = *c
	if !r.set(c) {
		return fmt.Errorf("%s %s %s: %w", c.Window, c.Column, c.Key, errKey)
	}
	return nil
}

func (r *restorer) set(c *counterRow) bool {
	if c.Segment != "" || c.Window != "" && r.window == nil {
		return false
	}
	if c.Column == "" {
		if c.Window != "" {
			return r.window.set(c.Key, c.N)
		}
		return r.setRun(c.Key, c.N)
	}
	i, ok := r.column[c.Column]
	switch {
	case !ok:
		return false
	case c.Window != "":
		return r.window.setColumn(i, &r.f.plan.columns[i], c.Key, c.N)
	}
	return r.f.columns[i].set(c.Key, c.N) || r.f.pairs.set(i, c.Key, c.N)
}

// setRun sets a counter that belongs to the judged rows.
func (r *restorer) setRun(key string, n int64) bool {
	f := r.f
	switch key {
	case "rows":
		f.rows = n
		return n > 0
	case "read":
		f.read = n
		return n > 0
	case "untimed":
		f.untimed = n
		return n > 0
	case "simulated":
		f.simulated = true
		return true
	}
	if limb, ok := strings.CutPrefix(key, "reference/"); ok {
		return setWide(&f.values.wide, limb, n)
	}
	if rest, ok := strings.CutPrefix(key, "inference/"); ok {
		return f.inference.set(rest, n)
	}
	return f.times.set(key, n) || f.traffic.set(key, n)
}

// Value sets how often a value off the grid was there.
func (r *restorer) Value(v *valueRow) error {
	if (r.value != valueRow{}) && r.value.order(v) >= 0 {
		return errOrder
	}
	r.value = *v
	i, ok := r.column[v.Column]
	if !ok || !r.f.columns[i].setValue(v.Key, v.Value, v.N) {
		return errKey
	}
	return nil
}

// Name sets how often a name was there.
func (r *restorer) Name(n *nameRow) error {
	if (r.name != nameRow{}) && r.name.order(n) >= 0 {
		return errOrder
	}
	r.name = *n
	if !r.setName(n) {
		return fmt.Errorf("%s %s %s: %w", n.Window, n.Column, n.Key, errKey)
	}
	return nil
}

func (r *restorer) setName(n *nameRow) bool {
	f, hash, name := r.f, uint64(n.Hash), shorten(n.Name, math.MaxInt)
	if n.N <= 0 || n.Segment != "" {
		return false
	}
	if n.Window == "" && n.Column == "" {
		switch n.Key {
		case "version":
			f.sawVersion(n.Name, n.Hash)
			return true
		case "columns":
			return f.unknown.put(hash, n.N, name)
		}
		return f.traffic.setName(n.Key, hash, n.N, name)
	}
	i, ok := r.column[n.Column]
	switch {
	case !ok:
		return false
	case n.Window == "":
		return f.columns[i].setName(n.Key, hash, n.N, name)
	}
	w := f.windows.find(n.Window)
	return w != nil && w.setName(i, &f.plan.columns[i], n.Key, hash, n.N, name)
}

// Sampled sets one row of the sample.
func (r *restorer) Sampled(s sampledRow) error {
	if r.sampled.N > 0 && r.sampled.Hash >= s.Hash {
		return errOrder
	}
	r.sampled = s
	if err := r.fits(s); err != nil {
		return err
	}
	r.f.sample.add(s.Hash, s.N, func() rawRow { return s.Row })
	return nil
}

// Newest sets one of the newest rows.
func (r *restorer) Newest(s sampledRow) error {
	if err := r.fits(s); err != nil {
		return err
	}
	r.f.recent.add(recentRow{s.Row.at, s.Hash, s.Row})
	return nil
}

func (r *restorer) fits(s sampledRow) error {
	switch {
	case len(s.Row.cells) != len(r.f.plan.columns):
		return errors.New("cells do not fit the plan's columns")
	case s.N <= 0:
		return errKey
	}
	return nil
}

// Profile returns the profile, when all that was set fits together.
func (r *restorer) Profile(counted string, from, until int64) (*Profile, error) {
	if !slices.Contains([]kind{"", ofLog, ofReference}, kind(counted)) {
		return nil, fmt.Errorf("counts %q, want log or reference", counted)
	}
	for i := range r.f.columns {
		if !r.f.columns[i].check() {
			return nil, fmt.Errorf("column %s: its counters do not fit together", r.f.plan.columns[i].name)
		}
	}
	r.f.from, r.f.until, r.f.counted = from, until, kind(counted)
	return r.f, nil
}
