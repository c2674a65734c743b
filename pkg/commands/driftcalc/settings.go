package driftcalc

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/words"
	"github.com/leadsman/leadsman/testdata"
)

// unlabelled says why nothing that needs outcomes can be told where there are none:
// the same of a log and of its parts.
const unlabelled = "there are no outcomes: give --outcomes to driftcalc or to driftcalc profile"

// settingsOf lays flags over the config. Without --config the sample case, where
// it is the reference, has a config of its own, and flags lie over that one too.
func settingsOf(ctx *ucli.Context, flags ...func(*ucli.Context, *monitor.Options) error) (monitor.Options, error) {
	var o monitor.Options
	c, err := config.Load(ctx.String("config"))
	if err != nil {
		return o, err
	}
	for _, note := range c.Notes {
		cli.EnvOf(ctx).Notef("%s", note)
	}
	o = monitor.Options{Config: c, Reference: ctx.String("reference"), Outcomes: ctx.String("outcomes"), Engine: ort.Scorer, Notef: cli.EnvOf(ctx).Notef}
	for flag, key := range map[string]string{"target": "target", "segment": "segments"} {
		if ctx.IsSet(flag) {
			o.Given = append(o.Given, key)
		}
	}
	if ctx.IsSet("outcomes") && o.Outcomes == "" {
		return o, cli.Usagef("--outcomes: want a file")
	}
	o.Sample = &monitor.Sample{Config: c, Reference: testdata.Reference}
	over := []*monitor.Options{&o}
	if !ctx.IsSet("config") {
		if o.Sample.Config, err = config.Parse("sample case", testdata.Config); err != nil {
			return o, err
		}
		over = append(over, &monitor.Options{Config: o.Sample.Config})
		if !ctx.IsSet("model") {
			o.Sample.Model, o.Sample.Features = testdata.Model, testdata.Features
		}
	}
	for _, lay := range flags {
		for _, o := range over {
			if err := lay(ctx, o); err != nil {
				return *o, err
			}
		}
	}
	return o, nil
}

// planFlagsInto lays planFlags over o's config.
func planFlagsInto(ctx *ucli.Context, o *monitor.Options) error {
	p := &o.Config.Plan
	if ctx.IsSet("target") {
		p.Target = ctx.String("target")
	}
	if text := ctx.String("rows"); text == "all" {
		p.SampleRows = plan.AllRows
	} else if ctx.IsSet("rows") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return cli.Usagef("--rows: want a number of 1 or more, or all, got %q", text)
		}
		p.SampleRows = n
	}
	return duration(ctx, "window", &p.Window)
}

// duration sets d by a flag that was given.
func duration(ctx *ucli.Context, flag string, d *time.Duration) error {
	if !ctx.IsSet(flag) {
		return nil
	}
	v, err := words.ParseDuration(ctx.String(flag))
	if err == nil && v < time.Second {
		err = cli.Usagef("--%s: want a second or more, got %s", flag, v)
	} else if err != nil {
		err = cli.Usagef("--%s: %s", flag, err)
	}
	*d = v
	return err
}

// periodFlagsInto lays periodFlags over o.
func periodFlagsInto(ctx *ucli.Context, o *monitor.Options) error {
	if err := duration(ctx, "last", &o.Config.Last); err != nil {
		return err
	}
	if text := ctx.String("now"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return cli.Usagef("--now: want a time such as 2025-03-01T00:00:00Z, got %q", text)
		}
		o.Now = at.UTC()
	}
	return nil
}

// maxBadInto lays --max-bad over o.
func maxBadInto(ctx *ucli.Context, o *monitor.Options) error {
	if !ctx.IsSet("max-bad") {
		return nil
	}
	share := ctx.Float64("max-bad")
	if !(share >= 0 && share <= 1) {
		return cli.Usagef("--max-bad: want a share between 0 and 1, got %v", share)
	}
	o.MaxBad = &share
	return nil
}

// judgeFlagsInto lays judgeFlags, but --check, over o's config.
func judgeFlagsInto(ctx *ucli.Context, o *monitor.Options) error {
	c := o.Config
	if c.Model == "" && ctx.IsSet("features") && !ctx.IsSet("model") || c.Features == "" && ctx.IsSet("model") && !ctx.IsSet("features") {
		return cli.Usagef("--model and --features: want both or neither")
	}
	for flag, path := range map[string]*string{"model": &c.Model, "features": &c.Features} {
		if ctx.IsSet(flag) {
			*path = ctx.String(flag)
		}
	}
	if ctx.IsSet("segment") {
		c.Segments = ctx.StringSlice("segment")
	}
	if names := slices.Sorted(slices.Values(ctx.StringSlice("segment"))); len(slices.Compact(slices.Clone(names))) < len(names) {
		return cli.Usagef("--segment: the same column is there twice")
	}
	if ctx.IsSet("policy") {
		var err error
		if c.Policy, err = policy.Named(ctx.String("policy")); err != nil {
			return cli.Usagef("--%s", err)
		}
	}
	if ctx.IsSet("k-anonymity") {
		if c.Site.K = ctx.Int64("k-anonymity"); c.Site.K < 1 {
			return cli.Usagef("--k-anonymity: want 1 or more, got %d", c.Site.K)
		}
	}
	return nil
}

// gateOf is what --check asks for; empty when it was not given.
func gateOf(ctx *ucli.Context) (monitor.Gate, error) {
	if !ctx.IsSet("check") {
		return "", nil
	}
	g, err := monitor.ParseGate(ctx.String("check"))
	if err != nil {
		return "", cli.Usagef("--check: %s", err)
	}
	if name := ctx.String("check"); string(g) != name {
		cli.EnvOf(ctx).Notef("--check: %s is called %s now", name, g)
	}
	return g, nil
}

// failure gives an error of a gate the status that belongs to it.
func failure(err error) error {
	var tripped monitor.Tripped
	var notAsked monitor.NotAsked
	switch {
	case errors.As(err, &tripped):
		return cli.Gatef("%s", tripped)
	case errors.As(err, &notAsked):
		return cli.Usagef("--check: %s", notAsked)
	}
	return err
}

// cause strips the path off an error that names it itself.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
