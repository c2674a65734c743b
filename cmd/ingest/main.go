// Command ingest turns prediction logs, request logs and reference rows into
// tables of the stream.
package main

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/health"
	"github.com/leadsman/leadsman/pkg/predlog/logfile"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

const about = `
Reads JSON lines, CSV, Parquet or Arrow, plain or packed with gzip or zstd, and
writes the table predictions, requests or reference, with a table rejects of
what was wrong. Patterns are expanded, rotated logs read oldest first.

A line that cannot be read is left out and counted; a value of another kind
than its column's is left out of its row and counted. When more lines are bad
than --max-bad allows, or all of them, the exit status is 1 and the stream has
no end, so that no later command takes it for whole.

Examples:
  ingest predictions.jsonl | driftcalc --reference reference.csv | render -o site
  ingest 'logs/predictions.jsonl*' -o tables/
  ingest --kind requests --health http://localhost:8000/health api_requests.jsonl > requests.arrows
  ingest --kind reference --model model.ubj --features features.json train.csv > reference.arrows
  ingest predictions.jsonl.gz --table predictions --format csv`

func main() { cli.Main(app()) }

func app() *ucli.App {
	a := cli.New("ingest", "turn logs into tables", "[FILE…]", about)
	a.Flags = append([]ucli.Flag{
		&ucli.StringFlag{Name: "kind", Value: "predictions", Usage: "what the files hold: `KIND` is predictions, requests or reference"},
		&ucli.StringFlag{Name: "health", Usage: "ask the API at `URL` once whether it is well, and record the answer in table health"},
		&ucli.DurationFlag{Name: "timeout", Value: 5 * time.Second, Usage: "how long --health waits"},
		&ucli.Float64Flag{Name: "max-bad", Value: faults.MaxBad, Usage: "fail when more than this `SHARE` of the lines is bad; unless it is given, up to 10 bad lines of a log are forgiven while they are not most of it"},
		cli.ConfigFlag(),
		&ucli.StringFlag{Name: "plan", Usage: "take the types of the input fields from the `FILE` that driftcalc plan wrote"},
		&ucli.StringFlag{Name: "reference", Usage: "take the types of the input fields from the reference `FILE`"},
		&ucli.StringFlag{Name: "id", Usage: "`FIELD` that identifies a row"},
		&ucli.StringFlag{Name: "target", Usage: "`COLUMN` of a reference that holds the outcome"},
		&ucli.StringFlag{Name: "model", Usage: "score a reference that has no scores with the model in `FILE`; needs --features"},
		&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes the model's row"},
		&ucli.BoolFlag{Name: "held-out", Usage: "the model has not seen these reference rows (else scores that --model gives are marked in_sample)"},
		&ucli.BoolFlag{Name: "in-sample", Usage: "the scores in the reference are those of the model's own training rows"},
	}, cli.OutputFlags()...)
	a.Action = run
	return a
}

// options are the flags and the configuration, settled.
type options struct {
	kind      mapping.Kind
	files     []string // none for standard input
	fields    map[string]string
	id        string
	target    string
	pins      []mapping.Pin
	reference string
	model     string
	features  string
	heldOut   bool
	inSample  bool
	health    *url.URL // nil to ask nobody
	timeout   time.Duration
	maxBad    float64
	forgiven  int64
}

func optionsOf(ctx *ucli.Context) (options, error) {
	c, err := config.Load(ctx.String("config"))
	if err != nil {
		return options{}, err
	}
	o := options{
		kind: mapping.Kind(ctx.String("kind")),
		id:   first(ctx.String("id"), c.Plan.ID), target: first(ctx.String("target"), c.Plan.Target),
		reference: first(ctx.String("reference"), c.Reference),
		model:     ctx.String("model"), features: ctx.String("features"),
		heldOut: ctx.Bool("held-out"), inSample: ctx.Bool("in-sample"),
		timeout: ctx.Duration("timeout"),
		maxBad:  ctx.Float64("max-bad"), forgiven: 10,
	}
	kinds := []string{string(mapping.Predictions), string(mapping.Requests), string(mapping.References)}
	switch {
	case !slices.Contains(kinds, string(o.kind)):
		return o, cli.Usagef("--kind: unknown kind %q%s: want predictions, requests or reference", o.kind, words.DidYouMean(string(o.kind), kinds))
	case !(o.maxBad >= 0 && o.maxBad <= 1):
		return o, cli.Usagef("--max-bad: want a share between 0 and 1, got %v", o.maxBad)
	case o.timeout <= 0:
		return o, cli.Usagef("--timeout: want more than 0, got %v", o.timeout)
	}
	if o.kind != mapping.References {
		for _, name := range []string{"model", "features", "target", "held-out", "in-sample"} {
			if ctx.IsSet(name) {
				return o, cli.Usagef("--%s: is for --kind reference", name)
			}
		}
	} else if (o.model == "") != (o.features == "") {
		return o, cli.Usagef("--model and --features: want both or neither")
	} else if o.heldOut && o.inSample {
		return o, cli.Usagef("--held-out and --in-sample: want one")
	}
	if ctx.IsSet("max-bad") || o.kind == mapping.References {
		o.forgiven = 0
	}
	o.fields = c.Fields.Of(o.kind)
	if text := ctx.String("health"); text != "" {
		if o.health, err = health.Address(text); err != nil {
			return o, cli.Usagef("--health: %s", err)
		}
	}
	types := map[string]string{}
	for name, col := range c.Plan.Columns {
		types[name] = col.Type
	}
	if path := ctx.String("plan"); path != "" {
		planned, err := planTypes(path)
		if err != nil {
			return o, err
		}
		maps.Copy(types, planned)
	}
	o.pins = mapping.Pins(types)
	if slices.Equal(ctx.Args().Slice(), []string{"-"}) {
		return o, nil
	}
	o.files, err = logfile.Find(ctx.Args().Slice())
	return o, err
}

// planTypes returns the types of the input fields in a plan's file.
func planTypes(path string) (map[string]string, error) {
	in := table.Open(table.Input{Name: path})
	defer in.Close()
	plan, err := profile.ReadPlan(in)
	switch {
	case in.Err() != nil:
		return nil, in.Err() // which names the file
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return plan.Types(), nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func run(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	o, err := optionsOf(ctx)
	if err != nil {
		return err
	}
	if len(o.files) == 0 && env.StdinTerminal && o.health == nil {
		return cli.Usagef("no input: pipe a log into stdin or name a file")
	}
	out, err := env.Output(ctx)
	if err != nil {
		return err
	}
	if err := ingest(env, o, out); err != nil {
		out.Abort()
		return err
	}
	if err := out.Close(); err != nil {
		out.Abort()
		return err
	}
	return nil
}

func ingest(env *cli.Env, o options, out table.Sink) error {
	answer := make(chan verdict.Health, 1)
	if o.health != nil {
		go func() { answer <- health.Ask(o.health, o.timeout) }()
	}
	if len(o.files) > 0 || !env.StdinTerminal {
		if err := rows(env, o, out); err != nil {
			return err
		}
	}
	if o.health == nil {
		return nil
	}
	return out.Write(table.Encode("health", []verdict.Health{<-answer}))
}

// rows writes the table of the log and that of its rejects.
func rows(env *cli.Env, o options, out table.Sink) error {
	pins, err := pinned(env, o)
	if err != nil {
		return err
	}
	emit := out.Write
	if o.model != "" {
		if emit, err = scoring(env, o, out.Write); err != nil {
			return err
		}
	}
	progress := env.Progress("MB", total(o.files)>>20)
	defer progress.Done()
	var read int
	d := predlog.NewDecoder(predlog.Options{
		Mapping:  mapping.Options{Kind: o.kind, Fields: o.fields, ID: o.id, Target: o.target, Columns: pins},
		InSample: o.inSample,
		Complain: func(s string) { fmt.Fprintln(env.Stderr, s) },
		Progress: func(n int) {
			before := read >> 20
			read += n
			progress.Add(int64(read>>20 - before))
		},
	}, emit)
	if len(o.files) == 0 {
		err = d.From(cli.Stdin, env.Stdin)
	}
	for _, name := range o.files {
		if name == "-" {
			err = d.From(cli.Stdin, env.Stdin)
		} else {
			err = d.File(name)
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		return err
	}
	seen, err := d.Close()
	if err != nil {
		return err
	}
	tell(env, o, seen)
	if err := seen.TooBad(o.maxBad, o.forgiven); err != nil {
		return err
	}
	return out.Write(table.Encode("rejects", seen.Rejects))
}

func total(files []string) (bytes int64) {
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// errEnough ends the reading of a long reference of which only the types
// matter.
var errEnough = errors.New("enough")

// pinned returns the types of input fields that are known beforehand:
// monitor.yaml's, then those of the reference's columns.
func pinned(env *cli.Env, o options) ([]mapping.Pin, error) {
	pins := slices.Clone(o.pins)
	if o.reference == "" || o.kind != mapping.Predictions {
		return pins, nil
	}
	batches := 0
	_, err := predlog.Reference(o.reference, predlog.Options{Mapping: mapping.Options{Fields: o.fields, ID: o.id, Target: o.target, Columns: o.pins}}, func(rec arrow.RecordBatch) error {
		if batches++; batches > 1 {
			return errEnough
		}
		for _, f := range rec.Schema().Fields() {
			if slices.ContainsFunc(pins, func(p mapping.Pin) bool { return p.Name == f.Name }) {
				continue
			}
			switch role := table.RoleOf(f); {
			case role == table.Text, role == table.ID:
				pins = append(pins, mapping.Pin{Name: f.Name, Type: string(role)})
			case role == table.Feature && f.Type.ID() == arrow.FLOAT64:
				pins = append(pins, mapping.Pin{Name: f.Name, Type: "number"})
			case role == table.Feature:
				pins = append(pins, mapping.Pin{Name: f.Name, Type: "category"})
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return pins, nil
}

// scoring returns an emit that adds scores to reference rows that have none.
func scoring(env *cli.Env, o options, emit func(arrow.RecordBatch) error) (func(arrow.RecordBatch) error, error) {
	pipeline, err := feature.Open(o.features)
	if err != nil {
		return nil, err
	}
	m, err := model.Open(o.model)
	if err != nil {
		return nil, err
	}
	engine, err := model.Native(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.model, err)
	}
	if err := m.Fits(pipeline.Columns()); err != nil {
		return nil, fmt.Errorf("%s: %w", o.features, err)
	}
	if len(pipeline.ModelSHA256) > 0 && !pipeline.MadeWith(m.SHA256) {
		env.Notef("%s was made with another model than %s (their SHA-256 differ)", o.features, o.model)
	}
	sample := "in_sample"
	if o.heldOut {
		sample = "held_out"
	}
	told := false
	return func(rec arrow.RecordBatch) error {
		if len(rec.Schema().FieldIndices("score")) > 0 {
			if !told {
				env.Notef("the reference has scores of its own; --model is not used")
				told = true
			}
			return emit(rec)
		}
		if missing := pipeline.Missing(rec.Schema()); len(missing) > 0 && !told {
			env.Notef("the reference lacks %s: taken as null", strings.Join(missing, ", "))
			told = true
		}
		scored, err := pipeline.Score(rec, sample, engine.Predict)
		if err != nil {
			return err
		}
		return emit(scored)
	}, nil
}

// tell says on stderr what was met in the log and is not in its table.
func tell(env *cli.Env, o options, s faults.Summary) {
	for _, half := range s.Half {
		env.Notef("%s: the last line is still being written; left out", half)
	}
	if s.Bad > 0 || s.TypeErrors > 0 {
		env.Notef("%d of %d lines left out, %d values taken as null; see table rejects", s.Bad, s.Lines, s.TypeErrors)
	}
	if s.Zoneless > 0 {
		env.Notef("%d timestamps name no time zone: taken as UTC", s.Zoneless)
	}
	for i, u := range s.Unknown {
		if i == 10 {
			env.Notef("%d more unknown fields", len(s.Unknown)-i)
			break
		}
		env.Notef("unknown field %q in %d lines; left out", u.Name, u.Lines)
	}
	if len(s.Empty) > 0 {
		env.Notef("no value in %s; left out", strings.Join(s.Empty, ", "))
	}
	if s.Inferred > 0 && o.kind == mapping.Predictions {
		env.Notef("types of %d input fields inferred from their first values; pin them with --reference, --plan or --config", s.Inferred)
	}
}
