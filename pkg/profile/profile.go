package profile

import (
	"fmt"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

const unknownNames = 1024 // columns that the plan lacks of which the names are kept

// A Profile counts rows by a plan. It is not safe for concurrent use.
type Profile struct {
	plan        *Plan
	from, until int64 // microseconds; rows in (from, until] are judged

	counted       kind
	values        fingerprint // of a reference
	rows, untimed int64
	read          int64 // rows, judged or not
	times         span  // of judged rows
	simulated     bool
	version       string // of the newest row
	versionAt     int64
	columns       []columnCounts
	pairs         pairs
	unknown       bottom[string] // columns that the plan lacks, by rows with a value
	inference     durations
	sample        bottom[rawRow]
	recent        recents
	traffic       traffic
	windows       *windows
	scratch       *scratch
}

// New returns the empty profile of the plan and period.
func New(p *Plan, period view.Period) *Profile {
	f := &Profile{
		plan: p, from: math.MinInt64, until: math.MaxInt64,
		unknown: newBottom[string](unknownNames),
		sample:  newBottom[rawRow](int(min(p.SampleRows, math.MaxInt))),
		pairs:   newPairs(p),
		windows: newWindows(p),
		traffic: newTraffic(),
	}
	if !period.From.IsZero() {
		f.from = period.From.UnixMicro()
	}
	if !period.Until.IsZero() {
		f.until = period.Until.UnixMicro()
	}
	for i := range p.columns {
		f.columns = append(f.columns, newColumn(&p.columns[i]))
	}
	return f
}

// Plan returns the profile's plan.
func (f *Profile) Plan() *Plan { return f.plan }

// Size returns how many predictions, or rows of the reference, and requests were
// judged.
func (f *Profile) Size() int64 { return f.rows + f.traffic.requests() }

// Merge adds o to f and leaves o unusable. It refuses a profile of another plan
// or period.
func (f *Profile) Merge(o *Profile) error {
	if err := f.fits(o); err != nil {
		return err
	}
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
	f.pairs.merge(&o.pairs)
	f.unknown.merge(&o.unknown)
	f.inference.merge(&o.inference)
	f.sample.merge(&o.sample)
	for _, r := range o.recent {
		f.recent.add(r)
	}
	f.traffic.merge(&o.traffic)
	f.windows.merge(o.windows)
	return nil
}

// AddTypeErrors counts values of another type than their columns', by column,
// that were taken as null before the rows came here. Nothing tells of which
// rows they were. Columns that the plan lacks are left out.
func (f *Profile) AddTypeErrors(byColumn map[string]int64) {
	for i := range f.columns {
		f.columns[i].addRejected(byColumn[f.plan.columns[i].name])
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
	if f.plan.ID() != o.plan.ID() {
		return fmt.Errorf("profile of plan %.12s, want plan %.12s", o.plan.ID(), f.plan.ID())
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
