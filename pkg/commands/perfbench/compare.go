package perfbench

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/bench/versus"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/table"
	ucli "github.com/urfave/cli/v2"
)

func compareCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "compare",
		Usage:     "hold two models against each other on the same rows with outcomes",
		ArgsUsage: "A B",
		Description: `Scores raw rows that neither model was trained on with both, and compares: AUC with
DeLong's paired test, F1, precision, recall and accuracy with intervals, latency in
turns. The result is a page of Markdown; with --format, --table or a directory as
output it is the table comparison.`,
		Flags: append([]ucli.Flag{
			cli.ConfigFlag(),
			&ucli.StringFlag{Name: "rows", Usage: "raw rows with their outcomes in `FILE`", Required: true},
			&ucli.StringFlag{Name: "label", Usage: "the `COLUMN` of the outcomes", Required: true},
			&ucli.StringFlag{Name: "positive", Usage: "the outcome that is positive is `VALUE`; else positive_label of --config, or 1 of 0 and 1"},
			&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes raw rows the models'"},
			&ucli.StringFlag{Name: "features-b", Usage: "the same for B, where it is another"},
			&ucli.Float64Flag{Name: "threshold", Usage: "scores of `X` and more are predicted positive", Value: 0.5},
			&ucli.IntFlag{Name: "n", Usage: "time `N` calls of one row; 0 for none", Value: 1000},
			&ucli.Uint64Flag{Name: "seed", Usage: "draw rows anew, for intervals, from seed `N`", Value: 1},
		}, cli.OutputFlags()...),
		Action: compareModels,
	}
}

func compareModels(ctx *ucli.Context) error {
	if ctx.NArg() != 2 {
		return cli.Usagef("want two models, got %d", ctx.NArg())
	}
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return err
	}
	o := versus.Options{Label: ctx.String("label"), Positive: conf.Plan.PositiveLabel, Threshold: ctx.Float64("threshold"), Calls: ctx.Int("n"), Seed: ctx.Uint64("seed"), Maker: ort.Scorer}
	if ctx.IsSet("positive") {
		o.Positive = ctx.String("positive")
	}
	switch {
	case ctx.String("rows") == "-":
		return cli.Usagef("--rows: cannot read the rows of stdin twice")
	case !(o.Threshold == o.Threshold):
		return cli.Usagef("--threshold: want a number")
	case o.Calls < 0 || o.Calls > maxCalls:
		return cli.Usagef("--n: want 0 to %d calls, got %d", maxCalls, o.Calls)
	}
	var sides [2]versus.Side
	for i := range sides {
		s := &sides[i]
		s.Source = bench.File(ctx.Args().Get(i))
		if s.Model, _, err = s.Source.Model(); err != nil {
			return err
		}
		if i == 1 && ctx.IsSet("features-b") {
			path := ctx.String("features-b")
			if s.Pipeline, err = feature.Open(path); err == nil {
				err = s.Model.Fits(s.Pipeline.Columns())
			}
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		} else if s.Pipeline, err = pipeline(ctx, s.Model); err != nil {
			return err
		}
		if s.Rows, err = rawRows(ctx, ctx.String("rows")); err != nil {
			return err
		}
		if i == 1 {
			s.Rows.Note = func(string) {} // said once
		}
	}
	result, err := versus.Run(sides[0], sides[1], o)
	if err != nil {
		return err
	}
	if !ctx.IsSet("format") && !ctx.IsSet("table") && !strings.HasSuffix(ctx.String("output"), "/") {
		return document(ctx, result.WriteMarkdown)
	}
	sink, err := cli.EnvOf(ctx).Output(ctx)
	if err != nil {
		return err
	}
	defer sink.Abort() // nothing once it is closed
	return writeTables(sink, []arrow.RecordBatch{table.Encode(bench.ComparisonTable, result.Rows)})
}
