package perfbench

import (
	"errors"
	"fmt"
	"os"

	"github.com/leadsman/leadsman/pkg/bench/check"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/model/ort"
	ucli "github.com/urfave/cli/v2"
)

func checkCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "check",
		Usage:     "prove that model and features give raw rows the scores that Python gave them",
		ArgsUsage: "[MODEL]",
		Description: `Scores the raw rows as every other command does, and compares with the scores that
your own Python code gave the same rows in the same order: equal or not, how many
rows differ, by how much, and what they have in common. Rows that differ are exit
status 1.`,
		Flags: []ucli.Flag{
			modelFlag(), cli.ConfigFlag(),
			&ucli.StringFlag{Name: "features", Usage: "`FILE` that says how raw rows become the model's"},
			&ucli.StringFlag{Name: "rows", Usage: "raw rows in `FILE`; - is stdin", Required: true},
			&ucli.StringFlag{Name: "scores", Usage: "CSV `FILE` with a column score, or one column, of Python's scores", Required: true},
			&ucli.Float64Flag{Name: "tolerance", Usage: "difference up to `X` is equal, above 1 relatively", Value: 1e-6},
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"},
		},
		Action: runCheck,
	}
}

func runCheck(ctx *ucli.Context) error {
	tolerance := ctx.Float64("tolerance")
	if !(tolerance >= 0) {
		return cli.Usagef("--tolerance: want 0 or more, got %v", tolerance)
	}
	source, err := modelSource(ctx)
	if err != nil {
		return err
	}
	m, _, err := source.Model()
	if err != nil {
		return err
	}
	p, err := pipeline(ctx, m)
	if err != nil {
		return err
	}
	rows, err := rawRows(ctx, ctx.String("rows"))
	if err != nil {
		return err
	}
	path := ctx.String("scores")
	f, err := os.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	want, err := check.Scores(path, f, "score")
	if err != nil {
		return err
	}
	result, err := check.Run(m, ort.Scorer, p, rows, want, tolerance)
	if err != nil {
		return err
	}
	if err := document(ctx, result.WriteText); err != nil {
		return err
	}
	if result.Differ > 0 {
		return fmt.Errorf("%d of %d rows have other scores than in %s", result.Differ, result.Rows, path)
	}
	return nil
}
