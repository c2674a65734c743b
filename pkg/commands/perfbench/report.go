package perfbench

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
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
load, and recommendations; what was not measured has no section. Pictures are PNGs in
a directory beside the document; on stdout they are bars of text.`,
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "baseline", Usage: "compare with the timings in `FILE`, which docs/export/time_python.py wrote, or JSON like {\"joblib\": {\"mean_ms\": …}}"},
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"},
		},
		Action: func(ctx *ucli.Context) error {
			var p bench.Performance
			if path := ctx.String("baseline"); path != "" {
				f, err := os.Open(path)
				if err != nil {
					return err
				}
				defer f.Close()
				if p.Baseline, err = bench.ReadBaseline(path, f); err != nil {
					return err
				}
				if ctx.NArg() == 0 && cli.EnvOf(ctx).StdinTerminal {
					return writeReport(ctx, &p)
				}
			}
			in, err := cli.EnvOf(ctx).Inputs(ctx, "")
			if err != nil {
				return err
			}
			defer in.Close()
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
			return writeReport(ctx, &p)
		},
	}
}

// writeReport writes the document, and its pictures into a directory beside it.
func writeReport(ctx *ucli.Context, p *bench.Performance) error {
	path := ctx.String("output")
	if path != "-" {
		folder := strings.TrimSuffix(path, filepath.Ext(path)) + "-pictures"
		p.Picture = func(name string, png []byte) (string, error) {
			if err := os.MkdirAll(folder, 0o777); err != nil {
				return "", err
			}
			file := filepath.Join(folder, name+".png")
			err := files.Write(file, func(w io.Writer) error {
				_, err := w.Write(png)
				return err
			})
			return filepath.ToSlash(filepath.Join(filepath.Base(folder), name+".png")), err
		}
	}
	return document(ctx, p.WriteMarkdown)
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
