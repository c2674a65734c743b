// Package perfbench is the command that times scoring engines on a model,
// describes a model, writes it as ONNX, and puts a scoring API under load.
package perfbench

import (
	"io"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	ucli "github.com/urfave/cli/v2"
)

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("perfbench", "time a model's scoring, describe and convert a model, load an API", "COMMAND", `
Without MODEL, commands take leadsman's sample model.

Examples:
  perfbench model model.ubj                     a table, on a terminal
  perfbench model model.ubj --batch 1,50,1000   also in batches
  perfbench model model.ubj --json | jq .baseline.p95_ms
  perfbench model model.ubj --table bench --format csv
  { ingest log.jsonl; perfbench model model.ubj; } | driftcalc | render -o site
  perfbench info model.ubj
  perfbench convert model.ubj -o model.onnx     for ONNX Runtime, without Python
  perfbench check model.ubj --features features.json --rows raw.csv --scores python.csv
  perfbench model --hotspots                    and what takes the time of a request
  perfbench api http://127.0.0.1:8080           how an API bears load
  perfbench profile service.pstats              where Python spends time
  perfbench compare v1.ubj v2.ubj --rows holdout.csv --label won --features features.json
  perfbench report model.arrows api.arrows --baseline python.jsonl -o PERFORMANCE_REPORT.md`)
	cli.Offer(app, "engine", engineNames()...)
	cli.Offer(app, "table", bench.Table, bench.LatencyTable, bench.HotspotTable, bench.LoadTable, bench.StatusTable, bench.ComparisonTable)
	app.Commands = []*ucli.Command{modelCommand(), infoCommand(), convertCommand(), checkCommand(), apiCommand(), profileCommand(), reportCommand(), compareCommand()}
	return app
}

func modelFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "model", Usage: "the model `FILE`, as the operand"}
}

func jsonFlag() ucli.Flag {
	return &ucli.BoolFlag{Name: "json", Usage: "write one JSON document"}
}

// document writes a text for people or a JSON document.
func document(ctx *ucli.Context, write func(io.Writer) error) error {
	if path := ctx.String("output"); path != "-" {
		return files.Write(path, write)
	}
	return write(cli.EnvOf(ctx).Stdout)
}

func infoCommand() *ucli.Command {
	return &ucli.Command{
		Name:        "info",
		Usage:       "say what a model is, and which features it leans on",
		ArgsUsage:   "[MODEL]",
		Description: "MODEL is a file that XGBoost's or LightGBM's save_model wrote, or ONNX; - is stdin.",
		Flags: []ucli.Flag{
			modelFlag(), cli.ConfigFlag(), jsonFlag(),
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"},
		},
		Action: func(ctx *ucli.Context) error {
			source, err := modelSource(ctx)
			if err != nil {
				return err
			}
			d, err := bench.Describe(source)
			if err != nil {
				return err
			}
			if ctx.Bool("json") {
				return document(ctx, d.WriteJSON)
			}
			return document(ctx, d.WriteText)
		},
	}
}
