package tally

import (
	"fmt"
	"math"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/count"
	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/profile/parts"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

const unknownNames = 1024 // columns that the plan lacks of which the names are kept

// A Profile counts rows by a plan. It is not safe for concurrent use.
type Profile struct {
	plan        *plan.Plan
	from, until int64 // microseconds; rows in (from, until] are judged

	counted       kind
	values        read.Fingerprint // of a reference
	rows, untimed int64
	read          int64      // rows, judged or not
	times         count.Span // of judged rows
	simulated     bool
	version       string // of the newest row
	versionAt     int64
	columns       []count.Column
	pairs         count.Pairs
	unknown       sketch.Bottom[string] // columns that the plan lacks, by rows with a value
	inference     count.Durations
	sample        sketch.Bottom[Row]
	lines, inputs sketch.Repeats // judged rows, and their features alone
	versions      count.Versions
	entities      entities        // empty where no table says whom rows belong to
	clusters      *count.Clusters // likewise
	week          *count.Week
	parts         *parts.Set
	recent        recents
	traffic       count.Traffic
	windows       *count.Windows
	left          rejects.Sum
	outcomes      *joined.Set // nil: none were brought to the rows
	scratch       *scratch
}

// New returns the empty profile of the plan and period.
func New(p *plan.Plan, period view.Period) *Profile {
	f := &Profile{
		plan: p, from: math.MinInt64, until: math.MaxInt64,
		unknown:  sketch.NewBottom[string](unknownNames),
		sample:   sketch.NewBottom[Row](int(min(p.SampleRows, math.MaxInt))),
		lines:    sketch.NewRepeats(),
		inputs:   sketch.NewRepeats(),
		versions: count.NewVersions(),
		entities: newEntities(), clusters: count.NewClusters(p), week: count.NewWeek(p), parts: parts.New(p),
		pairs:   count.NewPairs(p),
		traffic: count.NewTraffic(),
	}
	if !period.From.IsZero() {
		f.from = period.From.UnixMicro()
	}
	if !period.Until.IsZero() {
		f.until = period.Until.UnixMicro()
	}
	f.windows = count.NewWindows(p, f.from)
	for i := range p.Columns {
		f.columns = append(f.columns, count.NewColumn(&p.Columns[i]))
	}
	return f
}

// Plan returns the profile's plan.
func (f *Profile) Plan() *plan.Plan { return f.plan }

// Size returns how many predictions, or rows of the reference, and requests were
// judged.
func (f *Profile) Size() int64 { return f.rows + f.traffic.Requests() }

// Merge adds o to f and leaves o unusable. It refuses a profile of another plan
// or period.
func (f *Profile) Merge(o *Profile) error {
	if err := f.Fits(o); err != nil {
		return err
	}
	if f.counted == "" {
		f.counted = o.counted
	}
	f.values.Plus(o.values.Wide)
	f.rows += o.rows
	f.read += o.read
	f.untimed += o.untimed
	f.times.Merge(o.times)
	f.simulated = f.simulated || o.simulated
	f.addVersion(o.version, o.versionAt)
	for i := range f.columns {
		f.columns[i].Merge(&o.columns[i])
	}
	f.pairs.Merge(&o.pairs)
	f.unknown.Merge(&o.unknown)
	f.inference.Merge(&o.inference)
	f.sample.Merge(&o.sample)
	f.lines.Merge(&o.lines)
	f.inputs.Merge(&o.inputs)
	f.versions.Merge(&o.versions)
	f.entities.merge(&o.entities)
	f.clusters.Merge(o.clusters)
	f.week.Merge(o.week)
	f.parts.Merge(o.parts)
	for _, r := range o.recent {
		f.recent.add(r)
	}
	f.traffic.Merge(&o.traffic)
	f.windows.Merge(o.windows)
	f.left.Merge(&o.left)
	switch {
	case o.outcomes == nil:
	case f.outcomes == nil:
		f.outcomes = o.outcomes
	default:
		f.outcomes.Merge(o.outcomes)
	}
	return nil
}

// AddLeft adds what reading the rows left out before they came here: values of
// another type than their columns' count there.
func (f *Profile) AddLeft(s *rejects.Sum) {
	f.left.Merge(s)
	f.AddTypeErrors(s.Types())
}

// SetOutcomes gives the profile what outcomes the rows met.
func (f *Profile) SetOutcomes(s *joined.Set) { f.outcomes = s }

// Outcomes are those that the rows met; nil where none were brought to them. Nothing
// may be added to them.
func (f *Profile) Outcomes() *joined.Set { return f.outcomes }

// Left is what reading the log left out. Nothing may be added to it.
func (f *Profile) Left() *rejects.Sum { return &f.left }

// AddTypeErrors counts values of another type than their columns', by column,
// that were taken as null before the rows came here, of whichever rows. Columns
// that the plan lacks are left out.
func (f *Profile) AddTypeErrors(byColumn map[string]int64) {
	for i := range f.columns {
		f.columns[i].AddRejected(byColumn[f.plan.Columns[i].Name])
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

// Fits says why o cannot be added to f.
func (f *Profile) Fits(o *Profile) error {
	if f.plan.ID() != o.plan.ID() {
		return fmt.Errorf("profile of plan %.12s, want plan %.12s", o.plan.ID(), f.plan.ID())
	}
	if f.from != o.from || f.until != o.until {
		return fmt.Errorf("profile of the period %s, want %s", o.period(), f.period())
	}
	if f.counted != "" && o.counted != "" && f.counted != o.counted {
		return fmt.Errorf("profile of a %s, want that of a %s", o.counted, f.counted)
	}
	// A part without predictions needs no outcomes.
	if f.outcomes != o.outcomes && (f.outcomes != nil || f.read > 0) && (o.outcomes != nil || o.read > 0) {
		return f.outcomes.Fits(o.outcomes)
	}
	return nil
}

// addVersion keeps the version of the newest row, and of rows of one time the
// greatest.
func (f *Profile) addVersion(version string, at int64) {
	switch {
	case version == "" || f.version != "" && at < f.versionAt:
	case version == f.version:
		f.versionAt = at
	case f.version == "" || at > f.versionAt || read.Name(version, caps.NameBytes.N) > f.version:
		f.version, f.versionAt = read.Name(version, caps.NameBytes.N), at
	}
}

// period returns the bounds as text.
func (f *Profile) period() string {
	bound := func(t int64, none string) string {
		if t == math.MinInt64 || t == math.MaxInt64 {
			return none
		}
		return time.UnixMicro(t).UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("(%s, %s]", bound(f.from, "…"), bound(f.until, "…"))
}
