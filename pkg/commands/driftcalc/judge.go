package driftcalc

import (
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/monitor"
)

// judgeLog is driftcalc without a subcommand: plan, profile and compare in one
// process.
func judgeLog(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	s, err := settingsOf(ctx, planFlagsInto, judgeFlagsInto, periodFlagsInto, maxBadInto)
	if err != nil {
		return err
	}
	in, err := env.Inputs(ctx, "predictions")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := newOutput(ctx)
	if err != nil {
		return err
	}
	defer out.abort()
	progress := env.Progress("rows", 0)
	s.Gate, s.Progress, s.Unlabelled = out.gate, progress.Add, unlabelled
	night := monitor.NewNight(s)
	defer night.Close()
	err = night.Read(in, out.write)
	progress.Done()
	if err != nil {
		return failure(err)
	}
	report, err := night.Judge()
	if err != nil {
		return failure(err)
	}
	return out.finish(report)
}
