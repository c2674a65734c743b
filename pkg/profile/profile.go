package profile

import (
	"fmt"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Profile counts rows by a plan. It is not safe for concurrent use.
type Profile struct {
	plan        *Plan
	from, until int64 // microseconds; rows in (from, until] are judged

	counted       Counted
	values        fingerprint // of a reference
	rows, untimed int64
	read          int64 // rows, judged or not
	times         span  // of judged rows
	simulated     bool
	version       string // of the newest row
	versionAt     int64
	columns       []columnCounts
	pairs         []pairCounts
	unknown       bottom[string] // columns that the plan lacks, by rows with a value
	inference     durations
	sample        bottom[rawRow]
	recent        recents
	response      durations
	requests      requestCounts
	requestTimes  span
	endpoints     bottom[string]
	windows       newest[windowCounts]
	slots         newest[slot]
	shards        []Shard // leaves that were merged; empty: this is one itself
	sealed        *parts  // the rows that Seal made, until more is counted
	scratch       *scratch
}

// span is the least and greatest of timestamps in microseconds.
type span struct {
	some        bool
	first, last int64
}

func (s *span) add(t int64) { s.merge(span{true, t, t}) }

func (s *span) merge(o span) {
	switch {
	case !o.some:
	case !s.some:
		*s = o
	default:
		s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	}
}

// columnCounts are a raw column's counters: number of a number, category of a
// category, length and commas of a text.
type columnCounts struct {
	absent         int64
	rejected       int64 // of all rows that were read, judged or not
	number         *numberCounts
	category       *categoryCounts
	length, commas *numberCounts
}

// New returns the empty profile of the plan and period.
func New(p *Plan, period view.Period) *Profile {
	f := &Profile{
		plan: p, from: math.MinInt64, until: math.MaxInt64,
		unknown:   bottom[string]{k: unseenNames},
		sample:    bottom[rawRow]{k: int(min(p.SampleRows, math.MaxInt))},
		endpoints: bottom[string]{k: totalKeys},
		windows:   newest[windowCounts]{k: maxWindows},
		slots:     newest[slot]{k: maxSlots},
	}
	if !period.From.IsZero() {
		f.from = period.From.UnixMicro()
	}
	if !period.Until.IsZero() {
		f.until = period.Until.UnixMicro()
	}
	for i := range p.columns {
		f.columns = append(f.columns, p.columns[i].counts())
	}
	for _, ab := range p.pairs {
		a, b := &p.columns[ab[0]], &p.columns[ab[1]]
		pc := pairCounts{numbers: a.kind == view.NumberKind && b.kind == view.NumberKind}
		if a.discrete() || b.discrete() {
			pc.table = make([]int64, pairStride*pairStride)
			pc.classesA, pc.classesB = a.pairedClasses(), b.pairedClasses()
		}
		f.pairs = append(f.pairs, pc)
	}
	return f
}

// counts returns the column's counters, all zero.
func (c *planColumn) counts() columnCounts {
	number := func(g *grid) *numberCounts {
		c := newNumberCounts(g)
		return &c
	}
	switch c.kind {
	case view.NumberKind:
		return columnCounts{number: number(c.grid)}
	case view.CategoryKind:
		counts := newCategoryCounts(len(c.names))
		return columnCounts{category: &counts}
	}
	return columnCounts{length: number(c.length), commas: number(c.commas)}
}

func (c *planColumn) pairedClasses() int {
	if c.kind == view.NumberKind {
		return min(pairedClasses, c.grid.classes())
	}
	return min(pairedClasses, categoryClasses(len(c.names)))
}

// Plan returns the profile's plan.
func (f *Profile) Plan() *Plan { return f.plan }

// Merge adds o to f and leaves o unusable. It refuses a profile of another plan
// or period. It does not look at shards: see Merger.
func (f *Profile) Merge(o *Profile) error {
	if err := f.fits(o); err != nil {
		return err
	}
	f.sealed = nil
	if f.counted == "" {
		f.counted = o.counted
	}
	f.values.plus(o.values.wide)
	f.rows += o.rows
	f.read += o.read
	f.untimed += o.untimed
	f.times.merge(o.times)
	f.simulated = f.simulated || o.simulated
	f.sawVersion(o.version, o.versionAt)
	for i := range f.columns {
		f.columns[i].merge(&o.columns[i])
	}
	for i := range f.pairs {
		f.pairs[i].merge(&o.pairs[i])
	}
	f.unknown.merge(&o.unknown)
	f.inference.merge(&o.inference)
	f.sample.merge(&o.sample)
	for _, r := range o.recent {
		f.recent.add(r)
	}
	f.response.merge(&o.response)
	f.requests.merge(&o.requests)
	f.requestTimes.merge(o.requestTimes)
	f.endpoints.merge(&o.endpoints)
	f.windows.merge(&o.windows, f.plan.newWindow, (*windowCounts).merge)
	f.slots.merge(&o.slots, newSlot, (*slot).merge)
	return nil
}

// merge adds o, which may be c itself.
func (c *columnCounts) merge(o *columnCounts) {
	c.absent += o.absent
	c.rejected += o.rejected
	switch {
	case c.number != nil:
		c.number.merge(o.number)
	case c.category != nil:
		c.category.merge(o.category)
	default:
		c.length.merge(o.length)
		c.commas.merge(o.commas)
	}
}

// AddTypeErrors counts values of another type than their columns', by column,
// that were taken as null before the rows came here. Nothing tells of which
// rows they were. Columns that the plan lacks are left out.
func (f *Profile) AddTypeErrors(byColumn map[string]int64) {
	f.sealed = nil
	for i := range f.columns {
		f.columns[i].rejected += max(0, byColumn[f.plan.columns[i].name])
	}
}

// Period returns the bounds of the judged rows.
func (f *Profile) Period() view.Period {
	var p view.Period
	if f.from != math.MinInt64 {
		p.From = time.UnixMicro(f.from).UTC()
	}
	if f.until != math.MaxInt64 {
		p.Until = time.UnixMicro(f.until).UTC()
	}
	return p
}

// fits says why o cannot be added to f.
func (f *Profile) fits(o *Profile) error {
	if f.plan.id != o.plan.id {
		return fmt.Errorf("profile of plan %.12s, want plan %.12s", o.plan.id, f.plan.id)
	}
	if f.from != o.from || f.until != o.until {
		return fmt.Errorf("profile of the period %s, want %s", o.period(), f.period())
	}
	if f.counted != "" && o.counted != "" && f.counted != o.counted {
		return fmt.Errorf("profile of a %s, want that of a %s", o.counted, f.counted)
	}
	return nil
}

// sawVersion keeps the version of the newest row, and of rows of one time the
// greatest.
func (f *Profile) sawVersion(version string, at int64) {
	switch {
	case version == "" || f.version != "" && at < f.versionAt:
	case version == f.version:
		f.versionAt = at
	case f.version == "" || at > f.versionAt || shorten(version, nameLimit) > f.version:
		f.version, f.versionAt = shorten(version, nameLimit), at
	}
}

func (f *Profile) period() string {
	bound := func(t int64, none string) string {
		if t == math.MinInt64 || t == math.MaxInt64 {
			return none
		}
		return time.UnixMicro(t).UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("(%s, %s]", bound(f.from, "…"), bound(f.until, "…"))
}

// View returns what a comparison reads. It shares memory with the profile, so
// nothing may be added afterwards.
func (f *Profile) View() view.View {
	p := f.plan
	v := view.View{
		Rows: f.rows, Read: f.read, Untimed: f.untimed, Requests: f.requests.total.n,
		Inference: f.inference.view(), Response: f.response.view(),
		Names: p.Names(), ModelVersion: f.version, Simulated: f.simulated,
	}
	times := f.times
	if !times.some {
		times = f.requestTimes
	}
	if times.some {
		v.First, v.Last = time.UnixMicro(times.first).UTC(), time.UnixMicro(times.last).UTC()
	}
	if times.merge(f.requestTimes); times.some {
		v.Newest = time.UnixMicro(times.last).UTC()
	}
	v.Columns = make([]view.Column, len(p.columns))
	inParallel(chunkRows, len(p.columns), func(i int) {
		v.Columns[i] = f.columns[i].view(&p.columns[i], f.rows)
	})
	for _, u := range names(&f.unknown) {
		v.Columns = append(v.Columns, view.Column{Name: u.Name, Role: table.Feature, New: true, Rows: f.rows, Missing: f.rows - u.Count})
	}
	for i, ab := range p.pairs {
		v.Pairs = append(v.Pairs, f.pairs[i].view(p.columns[ab[0]].name, p.columns[ab[1]].name))
	}
	for _, t := range f.windows.times() {
		v.Windows = append(v.Windows, view.Window{Start: time.UnixMicro(t).UTC(), Length: p.Window, View: f.windows.at[t].view(p)})
	}
	if f.requests.total.n > 0 {
		v.Traffic = append(v.Traffic, f.requests.totalView(time.Time{}))
		v.Traffic = append(v.Traffic, keysView(time.Time{}, &f.endpoints)...)
	}
	for _, t := range f.slots.times() {
		s, start := f.slots.at[t], time.UnixMicro(t).UTC()
		v.Traffic = append(v.Traffic, s.totalView(start))
		v.Traffic = append(v.Traffic, keysView(start, &s.keys)...)
	}
	for i := range f.recent {
		v.Recent = append(v.Recent, f.recent[i].row.view(p, 1))
	}
	for _, h := range f.sample.hashes() {
		e := f.sample.item[h]
		v.Sample = append(v.Sample, e.value.view(p, e.n))
		v.SampleRows += e.n
		v.Duplicates += e.n - 1
	}
	return v
}

func (c *columnCounts) view(p *planColumn, rows int64) view.Column {
	v := p.column()
	v.Absent, v.Rejected = c.absent, c.rejected
	v.Vanished = rows > 0 && c.absent == rows
	switch p.kind {
	case view.NumberKind:
		countStates(&v, rows, &c.number.state)
		v.Number, v.Classes = c.number.view(), c.number.classes()
	case view.CategoryKind:
		countStates(&v, rows, &c.category.state)
		v.Category, v.Classes = c.category.view(p.names), c.category.classes()
	default:
		countStates(&v, rows, &c.length.state)
		for i, n := range []*numberCounts{c.length, c.commas} {
			d := p.derived(i)
			d.Absent, d.Vanished = v.Absent, v.Vanished
			countStates(&d, rows, &n.state)
			d.Number, d.Classes = n.view(), n.classes()
			v.Derived = append(v.Derived, d)
		}
	}
	return v
}

// Shard names a leaf: one run of profile, by its name and its digest.
type Shard struct {
	Name   string
	Digest string
	Rows   int64
}
