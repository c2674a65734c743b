package perfbench

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/bench/load"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

func apiCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "api",
		Usage:     "load a scoring API: a burst, then a constant rate",
		ArgsUsage: "URL",
		Description: `Posts to URL, whose path is /predict when it has none, and asks /health before,
between and after. At the constant rate requests are sent when they are due, and
latencies run from then: an API that stalls cannot hide it by being asked less.
Results are the tables api_load and api_status: text on a terminal, else a bundle.
Load only what is yours: addresses other than loopback want --allow-remote.`,
		Flags: append([]ucli.Flag{
			&ucli.StringFlag{Name: "bodies", Usage: "post the lines of `FILE` in turn; - is stdin; without it the sample's rows"},
			&ucli.IntFlag{Name: "burst", Usage: "first send `N` requests at once; 0 for none", Value: 100},
			&ucli.IntFlag{Name: "rate", Usage: "then send `N` requests a second; 0 for none", Value: 200},
			&ucli.DurationFlag{Name: "duration", Usage: "for a `TIME`", Value: 10 * time.Second},
			&ucli.DurationFlag{Name: "timeout", Usage: "give a request up after a `TIME`", Value: 10 * time.Second},
			&ucli.BoolFlag{Name: "allow-remote", Usage: "load a machine other than this one"},
			jsonFlag(),
		}, cli.OutputFlags("text")...),
		Action: loadAPI,
	}
}

func loadAPI(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	o, err := loadOptions(ctx)
	if err != nil {
		return err
	}
	measure := func() (*bench.LoadReport, error) {
		progress := env.Progress("requests", o.Requests())
		defer progress.Done()
		o.Progress = progress.Add
		return load.Run(o)
	}
	if ctx.Bool("json") || env.WantsText(ctx) {
		report, err := measure()
		if err != nil {
			return err
		}
		if ctx.Bool("json") {
			return document(ctx, report.WriteJSON)
		}
		return document(ctx, report.WriteText)
	}
	sink, err := env.Output(ctx)
	if err != nil {
		return err
	}
	defer sink.Abort() // nothing once it is closed
	report, err := measure()
	if err != nil {
		return err
	}
	return writeTables(sink, []arrow.RecordBatch{
		table.Encode(bench.LoadTable, report.Loads),
		table.Encode(bench.StatusTable, report.Statuses),
	})
}

func loadOptions(ctx *ucli.Context) (load.Options, error) {
	o := load.Options{
		Burst: ctx.Int("burst"), Rate: ctx.Int("rate"), Duration: ctx.Duration("duration"), Timeout: ctx.Duration("timeout"),
		Remote: ctx.Bool("allow-remote"),
	}
	if ctx.NArg() != 1 {
		return o, cli.Usagef("want one URL, got %d", ctx.NArg())
	}
	if ctx.Bool("json") && (ctx.IsSet("format") || ctx.IsSet("table")) {
		return o, cli.Usagef("--json excludes --format and --table")
	}
	var err error
	if o.URL, err = url.Parse(ctx.Args().First()); err != nil {
		return o, cli.Usagef("%q is no address", ctx.Args().First())
	}
	if o.Bodies, err = bodies(ctx); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		if errors.Is(err, load.ErrRemote) {
			return o, cli.Usagef("%s: load another machine only with --allow-remote", err)
		}
		return o, cli.Usagef("%s", err)
	}
	return o, nil
}

// bodies are the lines of --bodies, or the sample's rows.
func bodies(ctx *ucli.Context) ([][]byte, error) {
	env := cli.EnvOf(ctx)
	switch path := ctx.String("bodies"); path {
	case "":
		env.Notef("no bodies named: posting the sample's rows")
		p, err := feature.Parse(bytes.NewReader(testdata.Features))
		if err != nil {
			return nil, err
		}
		rows, err := rawRows(ctx, "")
		if err != nil {
			return nil, err
		}
		return bench.RawBodies(p, rows)
	case "-":
		return load.ReadBodies(cli.Stdin, env.Stdin)
	default:
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return load.ReadBodies(path, f)
	}
}
