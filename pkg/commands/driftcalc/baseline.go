package driftcalc

import (
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/monitor"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
)

// makeBaseline is driftcalc baseline.
func makeBaseline(ctx *ucli.Context) error {
	s, err := settingsOf(ctx)
	if err != nil {
		return err
	}
	if err := periodFlagsInto(ctx, &s); err != nil {
		return err
	}
	if !ctx.IsSet("period") {
		return cli.Usagef("--period: want a length such as 28d, or 2026-01-05/2026-02-01")
	}
	span, err := monitor.ParseSpan(ctx.String("period"))
	if err != nil {
		return cli.Usagef("--period: %s", err)
	}
	b := monitor.NewBaseline(s, span)
	defer b.Close()
	env := cli.EnvOf(ctx)
	if path := ctx.String("from"); ctx.IsSet("from") {
		if ctx.NArg() > 0 {
			return cli.Usagef("--from: takes the place of operands")
		}
		err = baselineOf(path, s, b)
	} else {
		var in *table.Reader
		if in, err = env.Inputs(ctx, "predictions"); err != nil {
			return err
		}
		err = b.Read(in)
		in.Close()
	}
	if err != nil {
		return err
	}
	return create(ctx, func(sink table.Sink) error {
		provenance, err := b.Write(sink.Write)
		if err == nil {
			env.Notef("reference: %s", provenance)
		}
		return err
	})
}

// baselineOf reads a log as ingest does.
func baselineOf(path string, s monitor.Options, b *monitor.Baseline) error {
	c := s.Config
	o := predlog.Options{Mapping: mapping.Options{Kind: mapping.Predictions, Fields: c.Fields.Of(mapping.Predictions), Ignore: c.Ignore, Beside: c.Segments,
		Classes: c.Plan.Classes, ID: c.Plan.ID, Entity: c.Plan.Entity, Keys: c.Outcomes.Columns(), Columns: c.Pins()}}
	var err error
	if o.Records, err = c.Programs.Of(mapping.Predictions); err != nil {
		return c.At(err)
	}
	d := predlog.NewDecoder(o, b.Add)
	if err := d.File(path); err != nil {
		return err
	}
	sum, err := d.Close()
	if err != nil {
		return err
	}
	for _, note := range sum.Notes() {
		s.Notef("%s", note)
	}
	return sum.TooBad(faults.MaxBad, faults.Forgiven)
}
