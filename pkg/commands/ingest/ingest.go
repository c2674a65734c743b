// Package ingest is the command that turns prediction logs, request logs and
// reference rows into tables of the stream.
package ingest

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model/ort"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/health"
	"github.com/leadsman/leadsman/pkg/predlog/jq"
	"github.com/leadsman/leadsman/pkg/predlog/known"
	"github.com/leadsman/leadsman/pkg/predlog/logfile"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/wire"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

const about = `
Reads JSON lines, CSV, Parquet or Arrow, plain or packed with gzip, zstd, bzip2,
xz or LZ4, and writes the table predictions, requests or reference, with a table
rejects of what was wrong. Patterns are expanded, rotated logs read oldest first.

A line that cannot be read is left out and counted; a value of another kind
than its column's is left out of its row and counted. When more lines are bad
than --max-bad allows, or all of them, the exit status is 1 and the stream has
no end, so that no later command takes it for whole. With --plan the log may be
a part of a larger one: table lines says how many lines were read, and driftcalc
decides of all parts together; --max-bad decides of this part as well.

Examples:
  ingest predictions.jsonl | driftcalc --reference reference.csv | render -o site
  ingest 'logs/predictions.jsonl*' -o tables/
  ingest --kind requests --health http://localhost:8000/health api_requests.jsonl > requests.arrows
  ingest --kind reference --model model.ubj --features features.json train.csv > reference.arrows
  ingest predictions.jsonl.gz --table predictions --format csv
  ingest --reference reference.csv --follow parts --part-time 1h predictions.jsonl`

// App returns the command, to be run once.
func App() *ucli.App {
	a := cli.New("ingest", "turn logs into tables", "[FILE…]", about)
	a.Flags = append([]ucli.Flag{
		&ucli.StringFlag{Name: "kind", Value: "predictions", Usage: "what the files hold: `KIND` is predictions, requests or reference"},
		&ucli.StringFlag{Name: "health", Usage: "ask the API at `URL` once whether it is well, and record the answer in table health"},
		&ucli.DurationFlag{Name: "timeout", Value: 5 * time.Second, Usage: "how long --health waits"},
		&ucli.Float64Flag{Name: "max-bad", Value: faults.MaxBad, Usage: "fail when more than this `SHARE` of the lines is bad; unless it is given, up to 10 bad lines of a log are forgiven while they are not most of it, and with --plan driftcalc decides"},
		cli.ConfigFlag(),
		&ucli.StringFlag{Name: "from", Usage: "the log is that of another system: `NAME` is " + strings.Join(known.Names(), ", ")},
		&ucli.StringFlag{Name: "stdin-name", Value: cli.Stdin, Usage: "call standard input `NAME` in messages and in table rejects, such as the part of the log that it is"},
		&ucli.StringFlag{Name: "plan", Usage: "take the types of the input fields from the `FILE` that driftcalc plan wrote"},
		&ucli.StringFlag{Name: "reference", Usage: "take the types of the input fields from the reference `FILE`"},
		&ucli.StringFlag{Name: "id", Usage: "`FIELD` that identifies a row"},
		&ucli.StringFlag{Name: "entity", Usage: "`FIELD` that says whom a row belongs to, such as a customer; the id unless it is given"},
		&ucli.StringFlag{Name: "target", Usage: "`COLUMN` of a reference that holds the outcome"},
		&ucli.StringFlag{Name: "model", Usage: "score a reference that has no scores with the model in `FILE`; needs --features"},
		&ucli.StringFlag{Name: "features", Usage: "features.json `FILE` that makes the model's row"},
		&ucli.StringFlag{Name: "follow", Usage: "stay with a log of JSON lines that grows, over its rotations, and write it as part-NNNNNN.arrows into `DIR`; SIGTERM finishes the last part"},
		&ucli.Int64Flag{Name: "part-rows", Value: 100_000, Usage: "lines of a part that --follow writes, at most `N`"},
		&ucli.DurationFlag{Name: "part-time", Usage: "end a part of --follow also where the log's own time enters the next `DURATION`, such as 1h, of UTC"},
		&ucli.BoolFlag{Name: "held-out", Usage: "the model has not seen these reference rows (else scores that --model gives are marked in_sample)"},
		&ucli.BoolFlag{Name: "in-sample", Usage: "the scores in the reference are those of the model's own training rows"},
	}, cli.OutputFlags()...)
	a.Action = run
	cli.Offer(a, "from", known.Names()...)
	cli.Offer(a, "kind", "predictions", "requests", "reference")
	return a
}

// options are the flags and the configuration, settled.
type options struct {
	kind      mapping.Kind
	files     []string // none for standard input
	stdin     string   // what standard input is called
	fields    mapping.Fields
	ignore    []string
	beside    []string
	keys      []string // columns that outcomes meet by
	id        string
	entity    string
	classes   []string
	target    string
	pins      []mapping.Pin
	from      string       // the shipped program that makes the records, "" for none
	records   *jq.Pipeline // nil to read records as they are
	reference string
	rows      *jq.Pipeline // as records, for those of the reference
	model     string
	features  string
	heldOut   bool
	inSample  bool
	health    *url.URL // nil to ask nobody
	timeout   time.Duration
	judges    bool // whether too many lines are bad; else driftcalc does, of all parts of the log
	maxBad    float64
	forgiven  int64
}

func optionsOf(ctx *ucli.Context) (options, error) {
	c, err := config.Load(ctx.String("config"))
	if err != nil {
		return options{}, err
	}
	o := options{
		kind: mapping.Kind(ctx.String("kind")), stdin: ctx.String("stdin-name"),
		id: cmp.Or(ctx.String("id"), c.Plan.ID), target: cmp.Or(ctx.String("target"), c.Plan.Target),
		entity:    cmp.Or(ctx.String("entity"), c.Plan.Entity),
		classes:   c.Plan.Classes,
		reference: cmp.Or(ctx.String("reference"), c.Reference),
		model:     ctx.String("model"), features: ctx.String("features"),
		heldOut: ctx.Bool("held-out"), inSample: ctx.Bool("in-sample"),
		timeout: ctx.Duration("timeout"),
		maxBad:  ctx.Float64("max-bad"), forgiven: faults.Forgiven,
	}
	if name := ctx.String("from"); name != "" {
		from, err := known.Find(name)
		if err != nil {
			return o, cli.Usagef("--from: %s", err)
		}
		if !ctx.IsSet("kind") {
			o.kind = from.Kind
		} else if o.kind != from.Kind {
			return o, cli.Usagef("--from: %s is a log of %s, not of %s", name, from.Kind, o.kind)
		}
		c.Programs.From = predlog.ByKind{}
		c.Programs.From.SetText(name)
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
	o.judges = ctx.String("plan") == "" || ctx.IsSet("max-bad") || o.kind == mapping.References
	o.fields, o.ignore = c.Fields, c.Ignore
	o.beside = c.Segments
	if o.kind == mapping.Predictions {
		o.keys = c.Outcomes.Columns()
	}
	if o.records, err = c.Programs.Of(o.kind); err != nil {
		return o, c.At(err)
	}
	o.from = c.Programs.Shipped(o.kind)
	if o.id == "" && o.from != "" {
		o.id = "id" // as all shipped programs call it
	}
	if o.rows, err = c.Programs.Of(mapping.References); err != nil {
		return o, c.At(err)
	}
	if text := ctx.String("health"); text != "" {
		if o.health, err = health.Address(text); err != nil {
			return o, cli.Usagef("--health: %s", err)
		}
	}
	o.pins = c.Pins()
	if path := ctx.String("plan"); path != "" {
		p, err := readPlan(path)
		if err != nil {
			return o, err
		}
		o.pins = c.PinsBy(p)
		if !ctx.IsSet("reference") {
			o.reference = "" // its types are in the plan, and a worker has no reference
		}
	}
	if slices.Equal(ctx.Args().Slice(), []string{"-"}) {
		return o, nil
	}
	o.files, err = logfile.Find(ctx.Args().Slice())
	return o, err
}

// readPlan reads a plan's file.
func readPlan(path string) (*plan.Plan, error) {
	in := table.Open(table.Input{Name: path})
	defer in.Close()
	p, err := wire.ReadPlan(in)
	switch {
	case in.Err() != nil:
		return nil, in.Err() // which names the file
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func run(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	o, err := optionsOf(ctx)
	if err != nil {
		return err
	}
	if ctx.IsSet("follow") {
		return follow(ctx, env, o)
	}
	if len(o.files) == 0 || slices.Contains(o.files, "-") {
		if err := cli.CheckStdin(ctx); err != nil {
			return err
		}
	}
	if len(o.files) == 0 && env.StdinTerminal && o.health == nil {
		return cli.Usagef("no input: pipe a log into stdin or name a file")
	}
	out, err := env.Output(ctx)
	if err != nil {
		return err
	}
	defer out.Abort() // nothing once it is closed
	if err := ingest(env, o, out); err != nil {
		return err
	}
	return out.Close()
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
	fields := mapping.Options{Kind: o.kind, Fields: o.fields.Of(o.kind), Ignore: o.ignore, Beside: o.beside, ID: o.id, Entity: o.entity, Keys: o.keys, Target: o.target, Classes: o.classes, Columns: o.pins}
	var err error
	if o.reference != "" && o.kind == mapping.Predictions {
		reference := fields
		reference.Fields = o.fields.Of(mapping.References)
		if fields.Columns, err = predlog.ReferencePins(o.reference, predlog.Options{Mapping: reference, Records: o.rows}); err != nil {
			return err
		}
	}
	stdin, free, err := twice(env, &o, &fields)
	if err != nil {
		return err
	}
	defer free()
	emit := out.Write
	if o.model != "" {
		if emit, err = scoring(env, o, out.Write); err != nil {
			return err
		}
	}
	progress := env.Progress("MB", logfile.Size(o.files)>>20)
	defer progress.Done()
	var read int
	d := predlog.NewDecoder(predlog.Options{
		Mapping: fields, InSample: o.inSample, Records: o.records,
		Complain: func(s string) { fmt.Fprintln(env.Stderr, s) },
		Progress: func(n int) {
			before := read >> 20
			read += n
			progress.Add(int64(read>>20 - before))
		},
	}, emit)
	if err := o.read(d, stdin); err != nil {
		return err
	}
	seen, err := d.Close()
	if err != nil {
		return err
	}
	if o.from != "" && o.records.Where == nil && len(o.records.Stages) == 1 && seen.Rows == 0 && seen.Skipped > 0 {
		return fmt.Errorf("from %s: of %s none is a %s of such a log", o.from, words.Count(seen.Lines, "record", "records"), strings.TrimSuffix(string(o.kind), "s"))
	}
	for _, note := range seen.Notes() {
		env.Notef("%s", note)
	}
	if seen.Inferred > 0 && o.kind == mapping.Predictions {
		env.Notef("types of %d input fields inferred from their first values; pin them with --reference, --plan or --config", seen.Inferred)
	}
	if o.judges {
		if err := seen.TooBad(o.maxBad, o.forgiven); err != nil {
			return err
		}
	}
	if err := out.Write(table.Encode("lines", []verdict.Lines{seen.Read(string(o.kind), o.judges)})); err != nil {
		return err
	}
	return out.Write(table.Encode("rejects", seen.RejectsOf(string(o.kind))))
}

// read reads all inputs.
func (o *options) read(d *predlog.Decoder, stdin io.Reader) error {
	inputs := o.files
	if len(inputs) == 0 {
		inputs = []string{"-"}
	}
	for _, name := range inputs {
		var err error
		switch {
		case name == "-":
			err = d.From(o.stdin, stdin)
		case o.kind == mapping.References: // for the second time
			err = d.Again(name)
		default:
			err = d.File(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// twice reads a reference beforehand, since the kinds of its columns go by all rows, and
// pins those that the first ones would have taken for another. It returns the standard
// input to read then, and what closes it.
func twice(env *cli.Env, o *options, fields *mapping.Options) (stdin io.Reader, free func(), err error) {
	stdin, free = env.Stdin, func() {}
	if o.kind != mapping.References {
		return stdin, free, nil
	}
	again := func() error { return nil }
	if len(o.files) == 0 || slices.Contains(o.files, "-") {
		f, err := files.Spool(env.Stdin)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", o.stdin, err)
		}
		stdin, free = f, func() { f.Close() }
		again = func() error {
			_, err := f.Seek(0, io.SeekStart)
			return err
		}
	}
	types := predlog.ReferenceTypes(predlog.Options{Mapping: *fields, Records: o.records}, func(d *predlog.Decoder) error {
		if err := again(); err != nil {
			return err
		}
		return o.read(d, io.NopCloser(stdin))
	})
	fields.Columns = mapping.Learn(fields.Columns, types, nil)
	return stdin, free, again()
}

// scoring returns an emit that adds scores to reference rows that have none.
func scoring(env *cli.Env, o options, emit func(arrow.RecordBatch) error) (func(arrow.RecordBatch) error, error) {
	sample := "in_sample"
	if o.heldOut {
		sample = "held_out"
	}
	scorer, err := feature.OpenReferenceScorer(o.features, o.model, sample, ort.Scorer, func(sentence string) { env.Notef("%s", sentence) })
	if err != nil {
		return nil, err
	}
	return func(rec arrow.RecordBatch) error {
		scored, err := scorer.Score(rec)
		if err != nil {
			return err
		}
		return emit(scored)
	}, nil
}
