package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// step reads the input's tables, gives the ones that known names to use, passes
// the others on, and rejects too, and lets end write the result.
func step(ctx *ucli.Context, plain string, known []string, use func(name string, rec arrow.RecordBatch) error, end func(table.Sink) error) error {
	env := cli.EnvOf(ctx)
	in, err := env.Inputs(ctx, plain)
	if err != nil {
		return err
	}
	defer in.Close()
	sink, err := env.Output(ctx)
	if err != nil {
		return err
	}
	defer sink.Abort()
	for in.Next() {
		if name := in.Table(); slices.Contains(known, name) {
			err = use(name, in.Batch())
			if err != nil {
				err = fmt.Errorf("%s: %w", in.Input(), err)
			}
		}
		if name := in.Table(); err == nil && (name == rejects || !slices.Contains(known, name)) {
			err = sink.Write(in.Batch())
		}
		if err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if err := end(sink); err != nil {
		return err
	}
	return sink.Close()
}

// makePlan is driftcalc plan.
func makePlan(ctx *ucli.Context) error {
	s, err := settingsOf(ctx)
	if err != nil {
		return err
	}
	if _, err := planOptions(ctx, s.config); err != nil {
		return err
	}
	var given table.Spool
	defer given.Close()
	write := func(sink table.Sink) error {
		source, err := findReference(s, &given)
		if err != nil {
			return err
		}
		p, err := planOf(source, s)
		if err != nil {
			return err
		}
		return wire.EncodePlan(p, sink.Write)
	}
	if ctx.NArg() == 0 && (ctx.IsSet("reference") || s.config.Reference != "") {
		return create(ctx, write)
	}
	return step(ctx, reference, []string{reference}, func(_ string, rec arrow.RecordBatch) error { return given.Add(rec) }, write)
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
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return table.Open(table.Input{Name: path}), nil
}

// makeProfile is driftcalc profile.
func makeProfile(ctx *ucli.Context) error {
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	c, err := config.Load(ctx.String("config"))
	if err != nil {
		return err
	}
	if name := ctx.String("target"); ctx.IsSet("target") && name != p.Target {
		return cli.Usagef("--target: the plan's is %q: give --target to driftcalc plan", p.Target)
	}
	j, err := judgedOf(ctx, c)
	if err != nil {
		return err
	}
	if j.last != 0 && j.now.IsZero() {
		return cli.Usagef("--last: give --now as well, so that all parts of the log end at one time")
	}
	f := tally.New(p, j.period(j.now))
	seal := func(sink table.Sink) error { return wire.Seal(f, ctx.String("shard")).Encode(sink.Write) }
	if path := ctx.String("reference"); path != "" {
		if ctx.NArg() > 0 {
			return cli.Usagef("--reference: takes the place of operands")
		}
		source := referenceSource{env: cli.EnvOf(ctx), path: path, config: c, target: p.Target, types: p.Types()}
		if err := source.each(f.AddRows); err != nil {
			return err
		}
		if f.CheckReference() != nil {
			return fmt.Errorf("%s: is another reference than the plan was made of, or was read with another --config", path)
		}
		f.AddTypeErrors(source.mistyped)
		return create(ctx, seal)
	}
	kinds := map[bool]bool{} // whether reference rows, whether the log's were there
	some := func(sink table.Sink) error {
		if len(kinds) == 0 {
			return fmt.Errorf("no table predictions, requests or reference in the input")
		}
		return seal(sink)
	}
	return step(ctx, predictions, []string{predictions, requests, reference, rejects}, func(name string, rec arrow.RecordBatch) error {
		if name == rejects {
			byColumn, err := addTypeErrors(nil, rec)
			f.AddTypeErrors(byColumn)
			return err
		}
		if kinds[name == reference] = true; len(kinds) > 1 {
			return fmt.Errorf("has a reference and a log: profile them apart")
		}
		return count(f, rec)
	}, some)
}

// mergeProfiles is driftcalc merge.
func mergeProfiles(ctx *ucli.Context) error {
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	m := wire.NewMerger(p)
	return step(ctx, "", wire.Tables, func(_ string, rec arrow.RecordBatch) error { return m.Add(rec) }, func(sink table.Sink) error {
		sum, err := m.Sum()
		if err != nil {
			return err
		}
		if sum.Shards() == 0 {
			return fmt.Errorf("no profile in the input")
		}
		return sum.Encode(sink.Write)
	})
}

// compareProfiles is driftcalc compare.
func compareProfiles(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	s, err := settingsOf(ctx)
	if err != nil {
		return err
	}
	j, err := judgedOf(ctx, s.config)
	if err != nil {
		return err
	}
	if _, err := driftOptions(ctx, s.config); err != nil {
		return err
	}
	if ctx.String("ref") == "" {
		return cli.Usagef("--ref: want the profile of the reference")
	}
	p, err := readPlan(ctx)
	if err != nil {
		return err
	}
	if p.Sample {
		if err := s.forSample(); err != nil {
			return err
		}
	}
	options, err := driftOptions(ctx, s.config)
	if err != nil {
		return err
	}
	if err := gate(ctx.String("check")).asked(s.config.Retrain); err != nil {
		return err
	}
	if err := segmentsFit(s, p); err != nil {
		return err
	}
	x, err := explainerOf(s, p)
	if err != nil {
		return err
	}
	refIn, err := openFile(ctx.String("ref"))
	if err != nil {
		return err
	}
	defer refIn.Close()
	ref, err := readProfile(p, refIn, func(arrow.RecordBatch) error { return nil })
	if err != nil {
		return err
	}
	if err := ref.CheckReference(); err != nil {
		return fmt.Errorf("%s: %w", ctx.String("ref"), err)
	}
	in, err := env.Inputs(ctx, "")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := newOutput(ctx)
	if err != nil {
		return err
	}
	defer out.abort()
	cur, err := readProfile(p, in, out.write)
	if err != nil {
		return err
	}
	truth, err := truthOf(s, p)
	if err != nil {
		return err
	}
	if err := cur.CheckLog(); err != nil {
		return fmt.Errorf("%s: %w", in.Input(), err)
	}
	report, err := compare(s, x, ref, cur, j.now, options)
	if err != nil {
		return err
	}
	retraining(&report, truth, nil, "outcomes are not read by driftcalc compare", s.config, p)
	return out.finish(&report.Report, qualityOf(truth, nil, p, report))
}

// readProfile merges the profiles of an input; other tables go to rest.
func readProfile(p *plan.Plan, in *table.Reader, rest func(arrow.RecordBatch) error) (*tally.Profile, error) {
	m := wire.NewMerger(p)
	for in.Next() {
		if !wire.Knows(in.Table()) {
			if err := rest(in.Batch()); err != nil {
				return nil, err
			}
			continue
		}
		if err := m.Add(in.Batch()); err != nil {
			return nil, fmt.Errorf("%s: %w", in.Input(), err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	sum, err := m.Sum()
	if err == nil && sum.Shards() == 0 {
		err = fmt.Errorf("no profile in the input")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Input(), err)
	}
	return sum.Profile, nil
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
	in, err := cli.EnvOf(ctx).Inputs(ctx, "")
	if err != nil {
		return err
	}
	defer in.Close()
	var worst, tripped *verdict.Run
	var triggers []verdict.Trigger
	var names []string
	for in.Next() {
		switch in.Table() {
		case "run":
		case "triggers":
			more, err := table.Decode[verdict.Trigger](in.Batch())
			if err != nil {
				return fmt.Errorf("%s: %w", in.Input(), err)
			}
			triggers = append(triggers, more...)
			continue
		default:
			if !slices.Contains(names, in.Table()) {
				names = append(names, in.Table())
			}
			continue
		}
		runs, err := table.Decode[verdict.Run](in.Batch())
		if err != nil {
			return fmt.Errorf("%s: %w", in.Input(), err)
		}
		for i := range runs {
			if l := runs[i].Level; !slices.Contains([]string{verdict.OK, verdict.Insufficient, verdict.Warn, verdict.Alert}, l) {
				return fmt.Errorf("%s: table run: %q is no level", in.Input(), l)
			}
			if runs[i].Rows == 0 {
				tripped = &runs[i] // whatever the others are
			}
			if worst == nil || verdict.Worst(worst.Level, runs[i].Level) != worst.Level {
				worst = &runs[i]
			}
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if worst == nil {
		return fmt.Errorf("%s: no table run: it has %s", in.Input(), strings.Join(names, ", "))
	}
	if tripped != nil && (g.trigger() || !verdict.Reaches(worst.Level, string(g))) {
		worst = tripped
	}
	slices.SortStableFunc(triggers, func(a, b verdict.Trigger) int { // of many runs' triggers one that fired decides
		switch {
		case a.Fired == b.Fired:
			return 0
		case a.Fired:
			return -1
		}
		return 1
	})
	return g.trip(cli.EnvOf(ctx), worst, triggers)
}
