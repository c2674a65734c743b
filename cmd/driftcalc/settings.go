package main

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

const defaultWindow = 24 * time.Hour

// planOptions are the plan's options by flags and config.
func planOptions(ctx *ucli.Context, c *config.Config) (plan.Options, error) {
	o := c.Plan
	o.Target, o.Window = targetOf(ctx, c), cmp.Or(o.Window, defaultWindow)
	if text := ctx.String("rows"); text == "all" {
		o.SampleRows = plan.AllRows
	} else if ctx.IsSet("rows") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return o, cli.Usagef("--rows: want a number of 1 or more, or all, got %q", text)
		}
		o.SampleRows = n
	}
	return o, duration(ctx, "window", &o.Window)
}

// targetOf is the column with the outcome by flag and config, or "".
func targetOf(ctx *ucli.Context, c *config.Config) string {
	if ctx.IsSet("target") {
		return ctx.String("target")
	}
	return c.Plan.Target
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

// judged are --last and --now; zero when they are not given.
type judged struct {
	last time.Duration
	now  time.Time
}

func judgedOf(ctx *ucli.Context, c *config.Config) (judged, error) {
	j := judged{last: c.Last}
	if err := duration(ctx, "last", &j.last); err != nil {
		return j, err
	}
	if text := ctx.String("now"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return j, cli.Usagef("--now: want a time such as 2025-03-01T00:00:00Z, got %q", text)
		}
		j.now = at.UTC()
	}
	return j, nil
}

// period returns the bounds of the judged rows, now being the newest timestamp
// or --now.
func (j judged) period(now time.Time) view.Period {
	if j.last == 0 || now.IsZero() {
		return view.Period{}
	}
	return view.Period{From: now.Add(-j.last), Until: now}
}

// driftOptions are the comparison's options by flags and config.
func driftOptions(ctx *ucli.Context, c *config.Config) (drift.Options, error) {
	o := drift.Options{
		Policy: c.Policy, K: c.Site.K, Drifted: c.Levels, Limits: c.Limits, Evidently: c.Evidently,
		Site: cmp.Or(c.Site.Name, "default"), Title: c.Site.Title,
	}
	if c.Model == "" && ctx.IsSet("features") && !ctx.IsSet("model") || c.Features == "" && ctx.IsSet("model") && !ctx.IsSet("features") {
		return o, cli.Usagef("--model and --features: want both or neither")
	}
	if names := slices.Sorted(slices.Values(ctx.StringSlice("segment"))); len(slices.Compact(slices.Clone(names))) < len(names) {
		return o, cli.Usagef("--segment: the same column is there twice")
	}
	if ctx.IsSet("policy") {
		var err error
		if o.Policy, err = policy.Named(ctx.String("policy")); err != nil {
			return o, cli.Usagef("--%s", err)
		}
	}
	if ctx.IsSet("k-anonymity") {
		if o.K = ctx.Int64("k-anonymity"); o.K < 1 {
			return o, cli.Usagef("--k-anonymity: want 1 or more, got %d", o.K)
		}
	}
	return o, nil
}

// segmentsOf are the columns whose values are judged by themselves.
func segmentsOf(s *settings) []string {
	if s.ctx.IsSet("segment") {
		return s.ctx.StringSlice("segment")
	}
	return s.config.Segments
}

// segmentsFit says which columns of segmentsOf the plan cannot take rows apart
// by, if there are any.
func segmentsFit(s *settings, p *plan.Plan) error {
	var faults []error
	for _, column := range segmentsOf(s) {
		faults = append(faults, p.Splits(column))
	}
	return s.at("segment", errors.Join(faults...))
}

// A gate is what --check asks for: a level, or the name of a reason to retrain;
// empty when it was not given.
type gate string

func gateOf(ctx *ucli.Context) (gate, error) {
	g := gate(ctx.String("check"))
	if ctx.IsSet("check") && g != verdict.Warn && g != verdict.Alert && !g.trigger() {
		return "", cli.Usagef("--check: want warn, alert or a reason to retrain (%s), got %q", strings.Join(retrain.Names, ", "), string(g))
	}
	return g, nil
}

func (g gate) trigger() bool { return slices.Contains(retrain.Names, string(g)) }

// asked says whether the config asks for the reason to retrain that the gate is
// about, if it is about one.
func (g gate) asked(r retrain.Rules) error {
	if g.trigger() && !r.Asks(string(g)) {
		return cli.Usagef("--check: monitor.yaml does not ask for %s under retrain", string(g))
	}
	return nil
}

// trip returns the gate's error when the run reaches the level or the reason to
// retrain fired, or when it judged no prediction at all: nobody sees from an
// empty log that all is well.
func (g gate) trip(env *cli.Env, run *verdict.Run, triggers []verdict.Trigger) error {
	switch {
	case g == "":
		return nil
	case run.Rows == 0:
	case !g.trigger():
		if !verdict.Reaches(run.Level, string(g)) {
			return nil
		}
	default:
		t, err := retrain.Named(triggers, string(g))
		switch {
		case err != nil:
			return cli.Usagef("--check: %s", err)
		case t.Fired:
			return cli.Gatef("%s", t.Sentence)
		case t.Level == verdict.Insufficient:
			env.Notef("%s", t.Sentence)
		}
		return nil
	}
	return cli.Gatef("level is %s: %s", run.Level, run.Headline)
}
