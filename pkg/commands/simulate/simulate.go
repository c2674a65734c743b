// Package simulate is the command that makes the logs of a deployed model, with
// drift of a chosen kind.
package simulate

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/words"
	"github.com/leadsman/leadsman/testdata"
)

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("simulate", "make logs of a deployed model, with drift of a chosen kind", "COMMAND", `
Rows are drawn from a population, not from a reference, and scored with a
model. The same seed gives the same bytes. Every line says "simulated":true.

Examples:
  simulate predictions --rows 500 --scenario mean-shift | ingest | driftcalc
  simulate predictions --days 30 --rate 2000 -o predictions.jsonl
  simulate predictions --entities pareto --entity customer -o sessions.jsonl
  simulate requests --rows 500 --seed 7 | ingest --kind requests
  simulate outcomes --days 30 --rate 2000 --delay 3d -o outcomes.csv
  simulate reference --rows 303 -o reference.csv
  simulate predictions --classes cold,warm,hot --id row_id -o classes.jsonl
  simulate predictions --from mine.csv --model mine.ubj --features mine.json
  simulate api --addr 127.0.0.1:8080 --log-dir logs
  simulate --list`)
	app.Flags = []ucli.Flag{
		&ucli.BoolFlag{Name: "list", Usage: "print the scenarios with the verdicts that they must produce, and exit"},
	}
	app.Commands = []*ucli.Command{predictionsCommand(), requestsCommand(), outcomesCommand(), referenceCommand(), apiCommand()}
	cli.Offer(app, "scenario", scenarios().Names()...)
	cli.Offer(app, "entities", sim.EntityKinds...)
	app.Action = func(ctx *ucli.Context) error {
		if ctx.Bool("list") && ctx.NArg() == 0 {
			return scenarios().Write(cli.EnvOf(ctx).Stdout)
		}
		var names []string
		for _, c := range app.Commands {
			names = append(names, c.Name)
		}
		want := "want one of " + strings.Join(names, ", ") + ", or --list"
		if ctx.NArg() > 0 {
			return cli.Usagef("unknown command %q%s: %s", ctx.Args().First(), words.DidYouMean(ctx.Args().First(), names), want)
		}
		return cli.Usagef("%s", want)
	}
	return app
}

// scenarios are those of the sample case.
var scenarios = sync.OnceValue(func() sim.Scenarios {
	list, err := sim.ReadScenarios(bytes.NewReader(testdata.Scenarios))
	if err != nil {
		panic("testdata/scenarios.json: " + err.Error())
	}
	return list
})

// sample is the configuration of the sample case.
var sample = sync.OnceValue(func() *config.Config {
	c, err := config.Parse("testdata/monitor.yaml", testdata.Config)
	if err != nil {
		panic(err)
	}
	return c
})

func seedFlag() ucli.Flag {
	return &ucli.Uint64Flag{Name: "seed", Usage: "the same `N` gives the same bytes", Value: 1}
}

func outputFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"}
}

func populationFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "population", Usage: "draw from the distribution in `FILE` instead of the sample's"}
}

// logFlags describe a log.
func logFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.Int64Flag{Name: "rows", Usage: "`N` predictions", Value: 1000},
		&ucli.Float64Flag{Name: "days", Usage: "spread them over `D` days", Value: 1},
		&ucli.Float64Flag{Name: "rate", Usage: "`N` predictions a day; gives the rows, or with --rows the days"},
		&ucli.StringFlag{Name: "start", Usage: "first moment of the log, a `DATE` or RFC 3339 time", Value: "2026-01-05T00:00:00Z"},
		&ucli.StringFlag{Name: "scenario", Usage: "what differs from the reference: `NAME` is one of " + strings.Join(scenarios().Names(), ", "), Value: "none"},
		&ucli.StringFlag{Name: "entities", Usage: "let rows belong together: `KIND` is sessions (one to ten rows each, all alike), pareto (a few have very many) or half (as sessions, but half of the values differ)"},
		seedFlag(), outputFlag(),
	}
}

func idFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "id", Usage: "log a field `NAME` that identifies each row"}
}

func classesFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "classes", Usage: "let outcomes be of several kinds, such as `cold,warm,hot`, from the least likely to be positive to the most, and the model score each of them"}
}

// classesOf are the classes that the flag names; nil for none.
func classesOf(ctx *ucli.Context) (sim.Classes, error) {
	text := ctx.String("classes")
	if text == "" {
		return nil, nil
	}
	var classes sim.Classes
	for name := range strings.SplitSeq(text, ",") {
		classes = append(classes, strings.TrimSpace(name))
	}
	if err := classes.Check(); err != nil {
		return nil, cli.Usagef("--classes: %s", err)
	}
	return classes, nil
}

// modelFlags name a model.
func modelFlags() []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "model", Usage: "score with the XGBoost model in `FILE` (UBJSON or JSON) instead of the sample's"},
		&ucli.StringFlag{Name: "features", Usage: "make its rows as `FILE` says, the features.json of its training"},
		&ucli.Float64Flag{Name: "threshold", Usage: "score from which a row gets the positive label", Value: 0.5},
		&ucli.StringFlag{Name: "positive-label", Usage: "`LABEL` of rows from the threshold on", Value: sample().Plan.PositiveLabel},
		&ucli.StringFlag{Name: "negative-label", Usage: "`LABEL` of the other rows", Value: "not_" + sample().Plan.PositiveLabel},
		cli.ConfigFlag(),
	}
}

func predictionsCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "predictions",
		Usage: "a prediction log, as JSON lines",
		Description: `--rows, --days and --rate: two of them give the third. With --from, rows are
drawn with replacement from a file of one's own: CSV with a header, JSON lines,
or a prediction log, whose scores are kept where no --model is given.`,
		Flags: append(append(logFlags(), modelFlags()...), populationFlag(), idFlag(), classesFlag(),
			&ucli.StringFlag{Name: "entity", Usage: "log a field `NAME` that says whom a row belongs to (default with --entities: entity)"},
			&ucli.StringFlag{Name: "from", Usage: "resample the rows of `FILE` instead of drawing from a population"},
			&ucli.Float64Flag{Name: "noise", Usage: "with --from, add normal noise of `X` standard deviations to numbers"},
			&ucli.StringFlag{Name: "target", Usage: "with --from, `COLUMN` is the outcome and not logged"},
			&ucli.StringFlag{Name: "column", Usage: "let the scenario change `COLUMN` instead of its own"},
		),
		Action: func(ctx *ucli.Context) error {
			o, err := logOptions(ctx)
			if err != nil {
				return err
			}
			o.ID, o.Entity = ctx.String("id"), ctx.String("entity")
			if o.Entity == "" && o.Entities != "" {
				o.Entity = "entity"
			}
			if o.Entity != "" && o.Entity == o.ID {
				return cli.Usagef("--entity: %s is the --id already", o.ID)
			}
			if o.Classes, err = classesOf(ctx); err != nil {
				return err
			}
			src, err := source(ctx)
			if err != nil {
				return err
			}
			var scorer *sim.Scorer
			if f, ok := src.(*sim.File); !ok || !f.Scored() || ctx.IsSet("model") || ctx.IsSet("config") {
				if ok && !ctx.IsSet("model") && !ctx.IsSet("config") {
					return cli.Usagef("--from %s: its rows have no score: give --model and --features", ctx.String("from"))
				}
				if scorer, err = scorerOf(ctx); err != nil {
					return err
				}
			}
			return write(ctx, "rows", o.Rows, func(w io.Writer, progress func(int64)) error {
				o.Progress = progress
				return sim.Predictions(w, src, scorer, o)
			})
		},
	}
}

func requestsCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "requests",
		Usage: "the request log of the same service, as JSON lines",
		Description: `The requests that carried the predictions which "simulate predictions" makes from
the same flags (one each, or up to 25 in a batch), those that failed, and the
health checks between: --rows counts predictions, and the log has more or fewer
lines.`,
		Flags: logFlags(),
		Action: func(ctx *ucli.Context) error {
			o, err := logOptions(ctx)
			if err != nil {
				return err
			}
			return write(ctx, "rows", o.Rows, func(w io.Writer, progress func(int64)) error {
				o.Progress = progress
				return sim.Requests(w, o)
			})
		},
	}
}

func outcomesCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "outcomes",
		Usage: "what became of the predicted rows, as CSV",
		Description: `One row for each prediction that "simulate predictions" makes from the same
flags: its id (with --id), else its timestamp, the outcome that the population's
own rule gave it, and when that was known. Scenarios such as concept-drift and
label-delay change nothing but this.`,
		Flags: append(logFlags(), populationFlag(), classesFlag(),
			&ucli.StringFlag{Name: "id", Usage: "identify rows by `NAME`, as the log does"},
			&ucli.StringFlag{Name: "delay", Usage: "outcomes are known after `3d` on average, exponentially distributed (default: the scenario's, else at once)"},
			&ucli.StringFlag{Name: "until", Usage: "leave blank what was not known by `TIME` (RFC 3339)"},
			&ucli.Float64Flag{Name: "selected", Usage: "write the outcomes of this `SHARE` of the rows, more of those that are likely to be positive, as when only promising leads are called"},
			&ucli.Float64Flag{Name: "concept-drift", Usage: "draw this `SHARE` of the outcomes anew, whatever the row is like"},
		),
		Action: func(ctx *ucli.Context) error {
			o, err := logOptions(ctx)
			if err != nil {
				return err
			}
			o.ID = ctx.String("id")
			if o.Classes, err = classesOf(ctx); err != nil {
				return err
			}
			known := sim.Knowledge{Redrawn: ctx.Float64("concept-drift"), Selected: ctx.Float64("selected")}
			for _, name := range []string{"concept-drift", "selected"} {
				if share := ctx.Float64(name); !(share >= 0 && share <= 1) {
					return cli.Usagef("--%s: want a share from 0 to 1, got %v", name, share)
				}
			}
			if ctx.IsSet("delay") {
				if known.Delay, err = words.ParseDuration(ctx.String("delay")); err != nil {
					return cli.Usagef("--delay: %s", err)
				}
			}
			if text := ctx.String("until"); text != "" {
				if known.Until, err = time.Parse(time.RFC3339, text); err != nil {
					return cli.Usagef("--until: want a time such as 2026-03-01T00:00:00Z, got %q", text)
				}
			}
			p, err := population(ctx)
			if err != nil {
				return err
			}
			return write(ctx, "rows", o.Rows, func(w io.Writer, progress func(int64)) error {
				o.Progress = progress
				return sim.Outcomes(w, p, o, known)
			})
		},
	}
}

func referenceCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "reference",
		Usage: "rows of the population with their outcome, as CSV",
		Description: `With --classes the scores that the model gives the rows, which it has not seen,
stand before the outcome.`,
		Flags: append(modelFlags()[:2],
			&ucli.Int64Flag{Name: "rows", Usage: "`N` rows", Value: 303},
			populationFlag(), classesFlag(), seedFlag(), outputFlag(), cli.ConfigFlag(),
		),
		Action: func(ctx *ucli.Context) error {
			if err := noOperands(ctx); err != nil {
				return err
			}
			if ctx.Int64("rows") < 0 {
				return cli.Usagef("--rows: want no negative number")
			}
			p, err := population(ctx)
			if err != nil {
				return err
			}
			classes, err := classesOf(ctx)
			if err != nil {
				return err
			}
			var scorer *sim.Scorer
			if classes != nil {
				if scorer, err = scorerOf(ctx); err != nil {
					return err
				}
			} else if ctx.IsSet("model") || ctx.IsSet("features") {
				return cli.Usagef("--model: goes with --classes: the rows have no scores without")
			}
			return write(ctx, "rows", ctx.Int64("rows"), func(w io.Writer, progress func(int64)) error {
				return sim.Reference(w, p, scorer, classes, ctx.Uint64("seed"), ctx.Int64("rows"), progress)
			})
		},
	}
}

func apiCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "api",
		Usage: "a scoring server that writes both logs",
		Description: `POST /predict takes a row as a JSON object, POST /predict/batch an array of them,
GET /health says that the server is up. The address is printed on stderr. Ends,
after the requests that have begun, on SIGINT and SIGTERM.`,
		Flags: append(modelFlags(),
			&ucli.StringFlag{Name: "addr", Usage: "listen on `HOST:PORT`; port 0 picks a free one", Value: "127.0.0.1:8080"},
			&ucli.BoolFlag{Name: "allow-remote", Usage: "listen on an address that other machines can reach"},
			&ucli.StringFlag{Name: "log-dir", Usage: "append to predictions.jsonl and api_requests.jsonl in `DIR`"},
			&ucli.StringFlag{Name: "predictions", Usage: "append predictions to `FILE`"},
			&ucli.StringFlag{Name: "requests", Usage: "append requests to `FILE`"},
		),
		Action: serve,
	}
}

func noOperands(ctx *ucli.Context) error {
	if ctx.NArg() > 0 {
		return cli.Usagef("unexpected operand %q", ctx.Args().First())
	}
	return nil
}

// write runs draw on the output that -o names, with a progress bar.
func write(ctx *ucli.Context, what string, total int64, draw func(w io.Writer, progress func(int64)) error) error {
	env := cli.EnvOf(ctx)
	var bar *cli.Progress
	if ctx.String("output") != "-" || !env.StdoutTerminal {
		bar = env.Progress(what, total)
	}
	defer bar.Done()
	if path := ctx.String("output"); path != "-" {
		return files.Write(path, func(w io.Writer) error { return draw(w, bar.Add) })
	}
	return draw(env.Stdout, bar.Add)
}

func logOptions(ctx *ucli.Context) (o sim.Options, err error) {
	if err := noOperands(ctx); err != nil {
		return o, err
	}
	if o.Scenario, err = scenarios().Named(ctx.String("scenario")); err != nil {
		return o, cli.Usagef("--scenario: %s%s; simulate --list explains them", err, words.DidYouMean(ctx.String("scenario"), scenarios().Names()))
	}
	if column := ctx.String("column"); column != "" {
		o.Scenario = o.Scenario.On(column)
	}
	if o.Start, err = time.Parse(time.RFC3339, ctx.String("start")); err != nil {
		if o.Start, err = time.Parse(time.DateOnly, ctx.String("start")); err != nil {
			return o, cli.Usagef("--start: want a date such as 2026-01-05 or an RFC 3339 time, got %q", ctx.String("start"))
		}
	}
	if kind := ctx.String("entities"); kind != "" && !slices.Contains(sim.EntityKinds, kind) {
		return o, cli.Usagef("--entities: unknown kind %q%s: want one of %s", kind, words.DidYouMean(kind, sim.EntityKinds), strings.Join(sim.EntityKinds, ", "))
	}
	o.Entities = sim.Entities(ctx.String("entities"))
	o.Seed, o.Rows = ctx.Uint64("seed"), ctx.Int64("rows")
	days, rate := ctx.Float64("days"), ctx.Float64("rate")
	switch {
	case o.Rows < 0:
		return o, cli.Usagef("--rows: want no negative number")
	case !(days >= 1e-3 && days <= 36500):
		return o, cli.Usagef("--days: want from 0.001 to 36500, got %v", days)
	case ctx.IsSet("rate") && !(rate > 0 && rate <= 1e12):
		return o, cli.Usagef("--rate: want a positive number, got %v", rate)
	case ctx.IsSet("rate") && ctx.IsSet("rows") && ctx.IsSet("days"):
		return o, cli.Usagef("--rate: --rows and --days say it already")
	case ctx.IsSet("rate") && ctx.IsSet("rows"):
		if days = float64(o.Rows) / rate; !(days >= 1e-3 && days <= 36500) {
			return o, cli.Usagef("--rate: %d rows at %v a day take %v days: want from 0.001 to 36500", o.Rows, rate, days)
		}
	case ctx.IsSet("rate"):
		o.Rows = int64(days*rate + 0.5)
	}
	o.Period = time.Duration(days * 24 * float64(time.Hour))
	return o, nil
}

func population(ctx *ucli.Context) (*sim.Population, error) {
	if path := ctx.String("population"); path != "" {
		return sim.OpenPopulation(path)
	}
	return sim.ReadPopulation(bytes.NewReader(testdata.Population))
}

func source(ctx *ucli.Context) (sim.Source, error) {
	path := ctx.String("from")
	if path == "" {
		for _, name := range []string{"noise", "target"} {
			if ctx.IsSet(name) {
				return nil, cli.Usagef("--%s: goes with --from", name)
			}
		}
		return population(ctx)
	}
	if ctx.IsSet("population") {
		return nil, cli.Usagef("--from: rows come from --population already")
	}
	noise := ctx.Float64("noise")
	if !(noise >= 0 && noise <= 1e6) {
		return nil, cli.Usagef("--noise: want a number of standard deviations, got %v", noise)
	}
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return nil, err
	}
	in, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := sim.ReadFile(in, []string{ctx.String("target"), conf.Plan.Target})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.Noise = noise
	cli.EnvOf(ctx).Notef("rows are resampled from the %d of %s: this log proves nothing about false alarms", f.Rows, path)
	return f, nil
}

// scorerOf returns the model that the flags or the configuration name, or the
// sample's.
func scorerOf(ctx *ucli.Context) (*sim.Scorer, error) {
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return nil, err
	}
	modelPath, featuresPath := conf.Model, conf.Features
	if ctx.IsSet("model") {
		modelPath = ctx.String("model")
	}
	if ctx.IsSet("features") {
		featuresPath = ctx.String("features")
	}
	var s *sim.Scorer
	switch {
	case (modelPath == "") != (featuresPath == ""):
		return nil, cli.Usagef("--model and --features: want both or neither")
	case modelPath == "":
		cli.EnvOf(ctx).Notef("no --model: scoring with the sample's, which is synthetic")
		s, err = sim.ReadScorer(bytes.NewReader(testdata.Model), bytes.NewReader(testdata.Features))
	default:
		s, err = sim.OpenScorer(modelPath, featuresPath, ort.Scorer)
	}
	if err != nil {
		return nil, err
	}
	if modelPath == "" {
		s.Version = "sample-" + s.Version[:8]
	}
	s.Threshold = ctx.Float64("threshold")
	if !ctx.IsSet("threshold") && conf.Plan.Threshold == conf.Plan.Threshold {
		s.Threshold = conf.Plan.Threshold
	}
	s.Labels = [2]string{ctx.String("negative-label"), ctx.String("positive-label")}
	if !ctx.IsSet("positive-label") && conf.Plan.PositiveLabel != "" {
		s.Labels[1] = conf.Plan.PositiveLabel
	}
	return s, nil
}
