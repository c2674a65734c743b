package driftcalc

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// step lets do read the input and write the output.
func step(ctx *ucli.Context, plain string, do func(in *table.Reader, sink table.Sink) error) error {
	in, err := cli.EnvOf(ctx).Inputs(ctx, plain)
	if err != nil {
		return err
	}
	defer in.Close()
	return create(ctx, func(sink table.Sink) error { return do(in, sink) })
}

// create writes an output that needs no input.
func create(ctx *ucli.Context, write func(table.Sink) error) error {
	sink, err := cli.EnvOf(ctx).Output(ctx)
	if err != nil {
		return err
	}
	defer sink.Abort()
	if err := write(sink); err != nil {
		return err
	}
	return sink.Close()
}

// makePlan is driftcalc plan.
func makePlan(ctx *ucli.Context) error {
	s, err := settingsOf(ctx, planFlagsInto)
	if err != nil {
		return err
	}
	write := func(in *table.Reader, sink table.Sink) error {
		p, err := monitor.MakePlan(s, in, sink.Write)
		if err != nil {
			return err
		}
		return wire.EncodePlan(p, sink.Write)
	}
	if ctx.NArg() == 0 && (ctx.IsSet("reference") || s.Config.Reference != "") {
		return create(ctx, func(sink table.Sink) error { return write(nil, sink) })
	}
	return step(ctx, "reference", write)
}

// readPlan reads the plan's file.
func readPlan(ctx *ucli.Context) (*plan.Plan, error) {
	path := ctx.String("plan")
	if path == "" {
		return nil, cli.Usagef("--plan: want the file that driftcalc plan wrote")
	}
	in, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	p, err := wire.ReadPlan(in)
	if in.Err() != nil {
		return nil, in.Err() // which names the file
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// openFile opens a bundle that a flag names.
func openFile(path string) (*table.Reader, error) {
	local, err := files.Reread(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if local == path {
		return table.Open(table.Input{Name: path}), nil
	}
	f, err := os.Open(local)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return table.Open(table.Input{Name: path, From: f}), nil
}

// makeProfile is driftcalc profile.
func makeProfile(ctx *ucli.Context) error {
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	s, err := settingsOf(ctx)
	if err != nil {
		return err
	}
	if name := ctx.String("target"); ctx.IsSet("target") && name != p.Target {
		return cli.Usagef("--target: the plan's is %q: give --target to driftcalc plan", p.Target)
	}
	if err := periodFlagsInto(ctx, &s); err != nil {
		return err
	}
	if s.Config.Last != 0 && s.Now.IsZero() {
		return cli.Usagef("--last: give --now as well, so that all parts of the log end at one time")
	}
	seal := func(f *tally.Profile, sink table.Sink) error {
		return wire.Seal(f, ctx.String("shard")).Encode(sink.Write)
	}
	if s.Reference != "" {
		if ctx.NArg() > 0 {
			return cli.Usagef("--reference: takes the place of operands")
		}
		f, err := monitor.CountReference(s, p)
		if err != nil {
			return err
		}
		return create(ctx, func(sink table.Sink) error { return seal(f, sink) })
	}
	return step(ctx, "predictions", func(in *table.Reader, sink table.Sink) error {
		in.Void = true // as a scheduler gives a task without rows
		f, err := monitor.CountLog(s, p, in, sink.Write)
		if err != nil {
			return err
		}
		return seal(f, sink)
	})
}

// mergeProfiles is driftcalc merge.
func mergeProfiles(ctx *ucli.Context) error {
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	return step(ctx, "", func(in *table.Reader, sink table.Sink) error {
		sum, err := monitor.Merge(p, in, cli.EnvOf(ctx).Notef, sink.Write)
		if err != nil {
			return err
		}
		if err := complete(ctx, sum); err != nil {
			return err
		}
		return sum.Encode(sink.Write)
	})
}

// complete holds a profile against --expect.
func complete(ctx *ucli.Context, sum *wire.Sealed) error {
	text, partial := ctx.String("expect"), ctx.Bool("partial")
	if text == "" {
		if ctx.IsSet("expect") || partial {
			return cli.Usagef("--partial: say with --expect which shards there must be")
		}
		return nil
	}
	var names []string
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && n < 1 {
		return cli.Usagef("--expect: want a number of shards of 1 or more, or a file of their names, got %q", text)
	}
	if err != nil {
		if names, err = shardNames(text); err != nil {
			return err
		}
	}
	if err := sum.Expect(names, n, partial); err != nil {
		return err
	}
	if missing := sum.Missing(); missing != "" {
		cli.EnvOf(ctx).Notef("incomplete: %s of the shards are in; missing: %s", words.Percent(sum.Coverage()), missing)
	}
	return nil
}

// shardNames reads a file of names, one a line.
func shardNames(path string) ([]string, error) {
	local, err := files.Reread(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	text, err := os.ReadFile(local)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	names := strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' || r == '\r' })
	names = slices.DeleteFunc(names, func(name string) bool { return strings.TrimSpace(name) == "" })
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: names no shard", path)
	}
	return names, nil
}

// compareProfiles is driftcalc compare.
func compareProfiles(ctx *ucli.Context) error {
	s, err := settingsOf(ctx, periodFlagsInto, judgeFlagsInto, maxBadInto)
	if err != nil {
		return err
	}
	path := ctx.String("ref")
	if path == "" {
		return cli.Usagef("--ref: want the profile of the reference")
	}
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	s.Gate, s.Unlabelled = monitor.Gate(ctx.String("check")), unlabelled
	judge, err := monitor.NewJudge(s, p)
	if err != nil {
		return failure(err)
	}
	refIn, err := openFile(path)
	if err != nil {
		return err
	}
	defer refIn.Close()
	ref, err := monitor.ReadProfile(p, refIn, s.Notef, func(arrow.RecordBatch) error { return nil })
	if err != nil {
		return err
	}
	if err := ref.Profile.CheckReference(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	in, err := cli.EnvOf(ctx).Inputs(ctx, "")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := newOutput(ctx)
	if err != nil {
		return err
	}
	defer out.abort()
	cur, err := monitor.ReadProfile(p, in, s.Notef, out.write)
	if err != nil {
		return err
	}
	if err := complete(ctx, cur); err != nil {
		return err
	}
	if err := cur.Profile.CheckLog(); err != nil {
		return fmt.Errorf("%s: %w", in.Input(), err)
	}
	report, err := judge.Compare(ref, cur)
	if err != nil {
		return err
	}
	return out.finish(report)
}

// checkRun is driftcalc gate: it reads the tables run and triggers, and writes
// nothing.
func checkRun(ctx *ucli.Context) error {
	g, err := gateOf(ctx)
	if err != nil {
		return err
	}
	if g == "" {
		g = verdict.Warn
	}
	env := cli.EnvOf(ctx)
	in, err := env.Inputs(ctx, "")
	if err != nil {
		return err
	}
	defer in.Close()
	age := monitor.Age{Now: time.Now()}
	if err := duration(ctx, "max-age", &age.Most); err != nil {
		return err
	}
	return failure(g.TripAny(in, age))
}
