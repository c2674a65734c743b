// Perfbench times scoring engines on a model, describes a model, and writes it
// as ONNX.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

func main() { cli.Main(app()) }

func app() *ucli.App {
	app := cli.New("perfbench", "time a model's scoring, describe a model, and convert it", "COMMAND", `
Without MODEL, commands take leadsman's sample model.

Examples:
  perfbench model model.ubj                     a table for people, on a terminal
  perfbench model model.ubj --batch 1,50,1000   also in batches
  perfbench model model.ubj --json | jq .baseline.p95_ms
  perfbench model model.ubj --table bench --format csv
  { ingest log.jsonl; perfbench model model.ubj; } | driftcalc | render -o site
  perfbench info model.ubj
  perfbench convert model.ubj -o model.onnx     for ONNX Runtime, without Python`)
	app.Commands = []*ucli.Command{modelCommand(), infoCommand(), convertCommand()}
	return app
}

func modelFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "model", Usage: "the model `FILE`, as the operand"}
}

func jsonFlag() ucli.Flag {
	return &ucli.BoolFlag{Name: "json", Usage: "write one JSON document"}
}

func modelCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "model",
		Usage:     "time scoring, call by call, on rows that vary",
		ArgsUsage: "[MODEL]",
		Description: `MODEL is a file that XGBoost's save_model wrote, JSON or UBJSON. The rows are made
from its thresholds, or are those of --rows. Results are the tables bench and
bench_latency: text on a terminal, else a bundle. Times are wall times of single
calls on one thread: measure on a machine that has nothing else to do.`,
		Flags: slices.Concat([]ucli.Flag{
			modelFlag(),
			&ucli.StringFlag{Name: "engine", Usage: "time these `NAMES`, separated by commas: " + strings.Join(engineNames(), ", "), Value: strings.Join(engineNames(), ",")},
			&ucli.StringFlag{Name: "onnxruntime", Usage: "the engine onnx is the library `FILE`; else what ONNXRUNTIME_LIB names, or make deps fetched"},
			&ucli.IntFlag{Name: "n", Usage: "time `N` calls of one row; larger batches have N/rows calls, but at least 100", Value: 1000},
			&ucli.StringFlag{Name: "batch", Usage: "rows a call, `SIZES` separated by commas", Value: "1"},
			&ucli.Uint64Flag{Name: "seed", Usage: "make the rows from seed `N`", Value: 1},
			&ucli.StringFlag{Name: "rows", Usage: "score the raw rows of `FILE` (CSV, JSON lines or Parquet), made the model's by --features"},
			&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes raw rows the model's"},
			cli.ConfigFlag(),
			jsonFlag(),
		}, cli.OutputFlags("text")),
		Action: timeModel,
	}
}

// maxValues bounds the memory of one batch.
const maxValues = 1 << 26

func timeModel(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	engines, err := engines(ctx)
	if err != nil {
		return err
	}
	o, err := options(ctx)
	if err != nil {
		return err
	}
	source, err := modelSource(ctx)
	if err != nil {
		return err
	}
	measure := func() (*bench.Report, error) {
		m, _, err := source.Model()
		if err != nil {
			return nil, err
		}
		if largest := slices.Max(o.Batches); largest > maxValues/m.NumFeatures {
			return nil, cli.Usagef("--batch: %d rows of %d features are more than %d values", largest, m.NumFeatures, maxValues)
		}
		rows := bench.Rows{}
		if ctx.IsSet("rows") {
			rows, err = rawRows(ctx, m)
		} else {
			rows = bench.Generate(m, slices.Max(o.Batches), ctx.Uint64("seed"))
		}
		if err != nil {
			return nil, err
		}
		calls := 0
		for _, b := range o.Batches {
			calls += o.CallsAt(b) * len(engines)
		}
		progress := env.Progress("calls", int64(calls))
		defer progress.Done()
		o.Progress = progress.Add
		return bench.Run(source, engines, rows, o)
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
	report, err := measure()
	if err == nil {
		err = tables(sink, report)
	}
	if err != nil {
		sink.Abort()
	}
	return err
}

// allEngines are the engines that can be asked for, the baseline first.
var allEngines = append(slices.Clone(bench.Engines), bench.Engine{Name: "onnx", New: ort.New})

func engines(ctx *ucli.Context) ([]bench.Engine, error) {
	if path := ctx.String("onnxruntime"); path != "" {
		ort.SetLibrary(path)
	}
	names := strings.Split(strings.ReplaceAll(ctx.String("engine"), " ", ""), ",")
	picked, unknown := bench.Pick(allEngines, names)
	if unknown != "" || len(picked) == 0 {
		return nil, cli.Usagef("--engine: unknown engine %q%s: want one of %s", unknown, cli.DidYouMean(unknown, engineNames()), strings.Join(engineNames(), ", "))
	}
	return picked, nil
}

func engineNames() []string {
	var names []string
	for _, e := range allEngines {
		names = append(names, e.Name)
	}
	return names
}

// The largest numbers of calls and of rows a call that are taken.
const (
	maxCalls = 10_000_000
	maxBatch = 1_000_000
)

func options(ctx *ucli.Context) (bench.Options, error) {
	o := bench.Options{Calls: ctx.Int("n")}
	if o.Calls < 1 || o.Calls > maxCalls {
		return o, cli.Usagef("--n: want 1 to %d calls, got %d", maxCalls, o.Calls)
	}
	for _, word := range strings.Split(ctx.String("batch"), ",") {
		b, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || b < 1 || b > maxBatch {
			return o, cli.Usagef("--batch: want numbers of rows from 1 to %d, got %q", maxBatch, word)
		}
		o.Batches = append(o.Batches, b)
	}
	slices.Sort(o.Batches)
	o.Batches = slices.Compact(o.Batches)
	switch {
	case ctx.IsSet("rows") && ctx.IsSet("seed"):
		return o, cli.Usagef("--rows and --seed exclude each other")
	case ctx.IsSet("features") && !ctx.IsSet("rows"):
		return o, cli.Usagef("--features: wants raw rows: name them with --rows")
	}
	if ctx.Bool("json") {
		for _, other := range []string{"format", "table"} {
			if ctx.IsSet(other) {
				return o, cli.Usagef("--json and --%s exclude each other", other)
			}
		}
	}
	return o, nil
}

// modelSource finds the model: the operand, --model, that of --config, or the
// sample.
func modelSource(ctx *ucli.Context) (bench.Source, error) {
	operands := ctx.Args().Slice()
	if ctx.IsSet("model") {
		operands = append(operands, ctx.String("model"))
	}
	if len(operands) > 1 {
		return bench.Source{}, cli.Usagef("want one model, got %s", strings.Join(operands, ", "))
	}
	config, err := cli.ConfigOf(ctx)
	if err != nil {
		return bench.Source{}, err
	}
	env := cli.EnvOf(ctx)
	path := config.Model
	if len(operands) == 1 {
		path = operands[0]
	}
	switch {
	case path == "":
		env.Notef("no model named: taking leadsman's sample model")
		return bench.Bytes(sampleModel, testdata.Model), nil
	case path == "-":
		if ctx.String("rows") == "-" {
			return bench.Source{}, cli.Usagef("the model and the rows cannot both be stdin")
		}
		return once(cli.Stdin, env.Stdin)
	}
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Mode().IsRegular() {
		return bench.File(path), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return bench.Source{}, err
	}
	defer f.Close()
	return once(path, f)
}

// once is the source of a model that can be read only once.
func once(name string, r io.Reader) (bench.Source, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxModel))
	return bench.Bytes(name, data), err
}

// sampleModel is the name of the embedded model.
const sampleModel = "sample model.ubj"

// maxModel is just above what a model may have, so that a longer one is refused
// as such.
const maxModel = 256<<20 + 1

// rawRows reads the raw rows of --rows, as many as a batch may have, and makes
// them the model's.
func rawRows(ctx *ucli.Context, m *model.Model) (bench.Rows, error) {
	env := cli.EnvOf(ctx)
	config, err := cli.ConfigOf(ctx)
	if err != nil {
		return bench.Rows{}, err
	}
	path, p, err := pipeline(ctx, m, config)
	if err != nil {
		return bench.Rows{}, err
	}
	if err := bench.Check(m, p.Columns()); err != nil {
		return bench.Rows{}, fmt.Errorf("%s: %w", path, err)
	}

	stdin := ctx.String("rows") == "-"
	name := ctx.String("rows")
	if stdin {
		name = cli.Stdin
	}
	var values []float32
	first := true
	read := func(rec arrow.RecordBatch) error {
		if missing := p.Missing(rec.Schema()); first && len(missing) > 0 && len(missing) < len(p.Raw()) {
			env.Notef("%s: taken as missing, for it has no column of that name: %s", name, strings.Join(missing, ", "))
		}
		first = false
		at := len(values)
		values = slices.Grow(values, int(rec.NumRows())*m.NumFeatures)[:at+int(rec.NumRows())*m.NumFeatures]
		if err := p.Batch(rec, values[at:]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(values) > maxValues-maxValues%m.NumFeatures {
			values = values[:maxValues-maxValues%m.NumFeatures]
			return errEnough
		}
		return nil
	}
	options := predlog.ReferenceOptions{
		Fields: config.Fields.Predictions, ID: config.ID, Target: config.Target, Columns: pins(p, config),
		Complain: func(sentence string) { env.Notef("%s", sentence) },
	}
	if stdin {
		_, err = predlog.ReferenceFrom(name, env.Stdin, options, read)
	} else {
		_, err = predlog.Reference(name, options, read)
	}
	origin := "of " + filepath.Base(name)
	if errors.Is(err, errEnough) {
		err, origin = nil, "from the start "+origin
	}
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s: no rows", name)
	}
	return bench.Rows{Values: values, Origin: origin}, err
}

// errEnough ends the reading of rows.
var errEnough = errors.New("enough rows")

// pipeline finds what makes raw rows the model's: --features, the features of
// --config, or the sample's for the sample model.
func pipeline(ctx *ucli.Context, m *model.Model, config *cli.Config) (string, *feature.Pipeline, error) {
	path := config.Features
	if ctx.IsSet("features") {
		path = ctx.String("features")
	}
	if path != "" {
		p, err := feature.Open(path)
		return path, p, err
	}
	p, err := feature.Parse(bytes.NewReader(testdata.Features))
	if err != nil {
		return "", nil, err
	}
	for _, sum := range p.ModelSHA256 {
		if sum == m.SHA256 {
			return "the sample's features", p, nil
		}
	}
	return "", nil, cli.Usagef("--rows: say with --features how raw rows become the model's")
}

// pins are the types of the raw columns, as the model was trained on them or as
// the configuration says.
func pins(p *feature.Pipeline, config *cli.Config) []predlog.Pin {
	types := map[string]string{}
	for _, r := range p.Raw() {
		types[r.Name] = r.Type
	}
	for name, c := range config.Columns {
		if c.Type != "" {
			types[name] = c.Type
		}
	}
	return predlog.Pins(types)
}

// document writes a text for people or a JSON document.
func document(ctx *ucli.Context, write func(io.Writer) error) error {
	if path := ctx.String("output"); path != "-" {
		return cli.WriteFile(path, write)
	}
	return write(cli.EnvOf(ctx).Stdout)
}

// tables writes the measurement as tables.
func tables(sink table.Sink, report *bench.Report) error {
	for _, rec := range []arrow.RecordBatch{
		table.Encode(bench.Table, report.Results),
		table.Encode(bench.LatencyTable, report.Buckets),
	} {
		err := sink.Write(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
	return sink.Close()
}

func infoCommand() *ucli.Command {
	return &ucli.Command{
		Name:        "info",
		Usage:       "say what a model is, and which features it leans on",
		ArgsUsage:   "[MODEL]",
		Description: "MODEL is a file that XGBoost's save_model wrote, JSON or UBJSON; - is stdin.",
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
