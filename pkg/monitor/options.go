package monitor

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// Defaults of the config's keys.
const (
	defaultWindow = 24 * time.Hour
	defaultSite   = "default"
)

// Options are what a run goes by. They are settled before it begins.
type Options struct {
	Config *config.Config // never nil; config.Load("") is one without a file
	Given  []string       // top keys of Config that are not its file's: faults of them name no line

	Reference string      // file of the reference; "": the table reference of the input, else the config's, else Sample
	Engine    model.Maker // scores rows with the model at hand; nil: leadsman's own
	Sample    *Sample     // stands in for a reference where there is none; nil: that is an error

	Outcomes   string // file of outcomes by which to say how good the model still is; "": none
	Unlabelled string // why nothing that needs outcomes can be told where there are none; "": that there are none

	MaxBad *float64 // share of bad lines beyond which a log that was read in parts is an error; nil: faults.MaxBad, with some forgiven

	Now  time.Time // end of the last Config.Last of the log; zero: its newest timestamp
	Gate Gate      // a reason to retrain that Config does not ask for is an error; see Gate.Trip

	Notef    func(format string, args ...any) // takes what a person should know; nil: nobody
	Progress func(rows int64)                 // told of rows of the log as they come; nil: nobody
}

// A Sample is a case that a log is compared with when no reference is given.
type Sample struct {
	Config          *config.Config // goes before Options.Config
	Reference       []byte         // CSV
	Model, Features []byte         // nil: those of Config
}

// settled puts in what was left out; the caller's values stay as they are.
func (o Options) settled() Options {
	o.Config = settledConfig(o.Config)
	if o.Sample != nil {
		s := *o.Sample
		s.Config = settledConfig(s.Config)
		o.Sample = &s
	}
	if o.Engine == nil {
		o.Engine = model.Native
	}
	o.Unlabelled = cmp.Or(o.Unlabelled, "there are no outcomes")
	if o.Notef == nil {
		o.Notef = func(string, ...any) {}
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	return o
}

func settledConfig(c *config.Config) *config.Config {
	s := *c
	s.Plan.Window = cmp.Or(s.Plan.Window, defaultWindow)
	s.Site.Name = cmp.Or(s.Site.Name, defaultSite)
	return &s
}

// useSample turns to the sample case's own settings.
func (o *Options) useSample() { o.Config = o.Sample.Config }

// at puts the place in the config before faults of a key that stands there.
func (o *Options) at(key string, err error) error {
	if slices.Contains(o.Given, key) {
		return err
	}
	return o.Config.At(err)
}

// fits says which of the config's segments the plan cannot take rows apart by, if
// there are any.
func (o *Options) fits(p *plan.Plan) error {
	var faults []error
	for _, column := range o.Config.Segments {
		faults = append(faults, p.Splits(column))
	}
	return o.at("segments", errors.Join(faults...))
}

// drift are the options of the comparison by a plan.
func (o *Options) drift(p *plan.Plan) drift.Options {
	c := o.Config
	var public []string
	for _, name := range slices.Sorted(maps.Keys(c.Plan.Columns)) {
		if c.Plan.Columns[name].Public {
			public = append(public, name)
		}
	}
	return drift.Options{
		Public: public, Configured: c.Given() && !p.Sample, Window: p.Window,
		Policy: c.Policy, K: c.Site.K, Drifted: c.Levels.Shares, Known: c.Accept, Limits: c.Limits, Evidently: c.Evidently,
		Site: c.Site.Name, Title: c.Site.Title,
		Threshold: p.Threshold, PositiveLabel: p.PositiveLabel, PlanID: p.ID(), Timezone: p.Week.Zone, SampleReference: p.Sample, Provenance: p.Provenance, Target: p.Target,
	}
}

// lastOf returns the bounds of the last part of a log that ends at now. Without a
// length all rows up to now are in, without a time all.
func lastOf(last time.Duration, now time.Time) view.Period {
	if last == 0 || now.IsZero() {
		return view.Period{Until: now}
	}
	return view.Period{From: now.Add(-last), Until: now}
}
