package perfbench

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/pprof/profile"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
	ucli "github.com/urfave/cli/v2"
)

func modelCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "model",
		Usage:     "time scoring, call by call, on rows that vary",
		ArgsUsage: "[MODEL]",
		Description: `MODEL is a file that XGBoost's or LightGBM's save_model wrote, or ONNX. The rows are made
from its thresholds, or are those of --rows. Results are the tables bench and
bench_latency: text on a terminal, else a bundle. Times are wall times of single
calls: measure on a machine that has nothing else to do. --format bench writes
lines of Go benchmarks: append those of ten runs to a file for benchstat.`,
		Flags: slices.Concat([]ucli.Flag{
			modelFlag(),
			&ucli.StringFlag{Name: "engine", Usage: "time these `NAMES`, separated by commas: " + strings.Join(engineNames(), ", "), Value: strings.Join(engineNames(), ",")},
			&ucli.StringFlag{Name: "onnxruntime", Usage: "the engine onnx is the library `FILE`; else what ONNXRUNTIME_LIB names, or leadsman deps fetched"},
			&ucli.IntFlag{Name: "n", Usage: "time `N` calls of one row; larger batches have N/rows calls, but at least 100", Value: 1000},
			&ucli.StringFlag{Name: "batch", Usage: "rows a call, `SIZES` separated by commas", Value: "1"},
			&ucli.IntFlag{Name: "threads", Usage: "call from `N` threads at once", Value: 1},
			&ucli.Uint64Flag{Name: "seed", Usage: "make the rows from seed `N`", Value: 1},
			&ucli.StringFlag{Name: "rows", Usage: "score the raw rows of `FILE` (CSV, JSON lines or Parquet), made the model's by --features"},
			&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes raw rows the model's"},
			&ucli.BoolFlag{Name: "hotspots", Usage: "profile whole requests with each engine: which functions take the time"},
			&ucli.StringFlag{Name: "cpuprofile", Usage: "the same, and write the profile to `FILE`; go tool pprof -tagfocus engine=native FILE shows one engine"},
			&ucli.DurationFlag{Name: "profile-for", Usage: "profile each engine for a `TIME` of its CPU", Value: 3 * time.Second},
			cli.ConfigFlag(),
			jsonFlag(),
		}, cli.OutputFlags("text", "bench")),
		Action: timeModel,
	}
}

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
	lines := ctx.String("format") == "bench"
	text := lines || ctx.Bool("json") || env.WantsText(ctx)
	source, err := modelSource(ctx)
	if errors.Is(err, errNoModel) && !text {
		// A pipe goes on: its site has no benchmark.
		env.Notef("%s: nothing to time", err)
		sink, err := env.Output(ctx)
		if err != nil {
			return err
		}
		return tables(sink, &bench.Report{})
	}
	if err != nil {
		return err
	}
	configured := !text && ctx.NArg() == 0 && !ctx.IsSet("model")
	if configured {
		if _, _, err := source.Model(); model.Unreadable(err) { // nor for want of a model that is configured
			env.Notef("%s: nothing to time", err)
			sink, err := env.Output(ctx)
			if err != nil {
				return err
			}
			return tables(sink, &bench.Report{})
		}
	}
	measure := func() (*bench.Report, error) {
		m, _, err := source.Model()
		if err != nil {
			return nil, err
		}
		if largest := slices.Max(o.Batches); largest > bench.MaxValues/m.NumFeatures {
			return nil, cli.Usagef("--batch: %d rows of %d features are more than %d values", largest, m.NumFeatures, bench.MaxValues)
		}
		var rows bench.Rows
		if ctx.IsSet("rows") {
			rows, err = scoredRows(ctx, m)
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
		report, err := bench.Run(source, engines, rows, o)
		if err != nil || !profiling(ctx) {
			return report, err
		}
		if k := m.Outputs(); k > 1 {
			env.Notef("--hotspots: the service has one score a row, and the model gives %d: no requests are profiled", k)
			return report, nil
		}
		var all *profile.Profile
		if report.Hotspots, all, err = profileRequests(ctx, source, engines); err != nil {
			return nil, err
		}
		if path := ctx.String("cpuprofile"); path != "" {
			err = files.Write(path, all.Write)
		}
		return report, err
	}

	if text {
		report, err := measure()
		switch {
		case err != nil:
			return err
		case lines:
			return document(ctx, report.WriteBench)
		case ctx.Bool("json"):
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
	if configured && errors.Is(err, bench.ErrNoEngine) {
		env.Notef("%s: nothing to time", err)
		report, err = &bench.Report{}, nil
	}
	if err != nil {
		return err
	}
	return tables(sink, report)
}

func profiling(ctx *ucli.Context) bool { return ctx.Bool("hotspots") || ctx.IsSet("cpuprofile") }

// maxProfile is the longest time for which an engine is profiled.
const maxProfile = 10 * time.Minute

// allEngines are the engines that can be asked for, the baseline first.
var allEngines = append(slices.Clone(bench.Engines), bench.Engine{Name: "onnx", New: ort.New, Version: func() string {
	version, err := ort.Version()
	if err != nil {
		return ""
	}
	return version
}})

func engines(ctx *ucli.Context) ([]bench.Engine, error) {
	if path := ctx.String("onnxruntime"); path != "" {
		ort.SetLibrary(path)
	}
	names := strings.Split(strings.ReplaceAll(ctx.String("engine"), " ", ""), ",")
	picked, unknown := bench.Pick(allEngines, names)
	if unknown != "" || len(picked) == 0 {
		return nil, cli.Usagef("--engine: unknown engine %q%s: want one of %s", unknown, words.DidYouMean(unknown, engineNames()), strings.Join(engineNames(), ", "))
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

// The largest numbers of calls, of rows a call, and of threads that are taken.
const (
	maxCalls = 10_000_000
	maxBatch = 1_000_000

	maxThreads = 256
)

func options(ctx *ucli.Context) (bench.Options, error) {
	o := bench.Options{Calls: ctx.Int("n")}
	if o.Calls < 1 || o.Calls > maxCalls {
		return o, cli.Usagef("--n: want 1 to %d calls, got %d", maxCalls, o.Calls)
	}
	if o.Threads = ctx.Int("threads"); o.Threads < 1 || o.Threads > maxThreads {
		return o, cli.Usagef("--threads: want 1 to %d threads, got %d", maxThreads, o.Threads)
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
	if d := ctx.Duration("profile-for"); d <= 0 || d > maxProfile {
		return o, cli.Usagef("--profile-for: want a time up to %s, got %s", maxProfile, d)
	}
	if profiling(ctx) && ctx.String("rows") == "-" {
		return o, cli.Usagef("--hotspots: cannot read the rows of stdin twice")
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

// tables writes the measurement as tables.
func tables(sink table.Sink, report *bench.Report) error {
	recs := []arrow.RecordBatch{
		table.Encode(bench.Table, report.Results),
		table.Encode(bench.LatencyTable, report.Buckets),
	}
	if report.Hotspots != nil {
		recs = append(recs, table.Encode(bench.HotspotTable, report.Hotspots))
	}
	return writeTables(sink, recs)
}

func writeTables(sink table.Sink, recs []arrow.RecordBatch) error {
	for _, rec := range recs {
		err := sink.Write(rec)
		rec.Release()
		if err != nil {
			return err
		}
	}
	return sink.Close()
}
