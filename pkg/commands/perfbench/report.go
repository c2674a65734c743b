package perfbench

import (
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/table"
	ucli "github.com/urfave/cli/v2"
)

func reportCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "report",
		Usage:     "write what was measured as a document, with what follows from it",
		ArgsUsage: "[BUNDLE…]",
		Description: `Reads the tables that perfbench model and perfbench api wrote, and writes Markdown:
baseline and other engines, loading, where a request's time goes, the API under
load, and recommendations. Tables that are missing are left out, but for bench.`,
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"},
		},
		Action: func(ctx *ucli.Context) error {
			in, err := cli.EnvOf(ctx).Inputs(ctx, "")
			if err != nil {
				return err
			}
			defer in.Close()
			var p bench.Performance
			for in.Next() && err == nil {
				switch in.Table() {
				case bench.Table:
					err = appendRows(in, &p.Results)
				case bench.LatencyTable:
					err = appendRows(in, &p.Buckets)
				case bench.HotspotTable:
					err = appendRows(in, &p.Hotspots)
				case bench.LoadTable:
					err = appendRows(in, &p.Loads)
				case bench.StatusTable:
					err = appendRows(in, &p.Statuses)
				}
			}
			if err == nil {
				err = in.Err()
			}
			if err != nil {
				return err
			}
			return document(ctx, p.WriteMarkdown)
		},
	}
}

// maxTable bounds the rows of a table that are kept.
const maxTable = 100_000

func appendRows[T any](in *table.Reader, rows *[]T) error {
	more, err := table.Decode[T](in.Batch())
	if err == nil && len(*rows)+len(more) > maxTable {
		err = cli.Usagef("%s: table %s has more than %d rows", in.Input(), in.Table(), maxTable)
	}
	*rows = append(*rows, more...)
	return err
}
