package cli

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Stdin is the name of standard input in messages.
const Stdin = "stdin"

// OutputFlags are the flags of a command that writes tables. Formats are
// further formats that the command itself writes, such as text.
func OutputFlags(formats ...string) []ucli.Flag {
	all := append(slices.Clone(table.Formats), formats...)
	return []ucli.Flag{
		&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `PATH`: a file, or a directory (ending in /) of <table>.parquet, which holds one run: the tables of an earlier one go; - is stdout", Value: "-"},
		&ucli.StringFlag{Name: "format", Usage: "write the one table that --table names as `FORMAT`: " + strings.Join(all, ", ")},
		&ucli.BoolFlag{Name: "csv-safe", Usage: "put an apostrophe before text of CSV that a spreadsheet would run as a formula"},
		TableFlag(),
	}
}

// TableFlag is --table.
func TableFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "table", Usage: "`NAME` of the table to write with --format, or of an input that carries no name"}
}

// ConfigFlag is --config.
func ConfigFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "config", Usage: "read settings from the monitor.yaml `FILE`; flags win over it"}
}

// Inputs returns a Reader of the bundles that the operands name; "-" and no
// operands are standard input. Tables without a name get that of --table, or
// else the given one.
func (e *Env) Inputs(ctx *ucli.Context, plain string) (*table.Reader, error) {
	names := ctx.Args().Slice()
	if len(names) == 0 {
		names = []string{"-"}
	}
	var inputs []table.Input
	for _, name := range names {
		if name != "-" {
			inputs = append(inputs, table.Input{Name: name})
			continue
		}
		if err := CheckStdin(ctx); err != nil {
			return nil, err
		}
		if e.StdinTerminal {
			return nil, Usagef("no input: pipe a bundle into stdin or name a file")
		}
		inputs = append(inputs, table.Input{Name: Stdin, From: e.Stdin})
	}
	r := table.Open(inputs...)
	r.Plain = plain
	if ctx.IsSet("table") && viewFormat(ctx) == "" {
		r.Plain = ctx.String("table")
	}
	return r, nil
}

// viewFormat returns the format of one table that the flags ask for, or "":
// --format, or the ending of the output file where --table is given.
func viewFormat(ctx *ucli.Context) string {
	if f := ctx.String("format"); f != "" {
		return f
	}
	ext := strings.TrimPrefix(filepath.Ext(ctx.String("output")), ".")
	if ctx.IsSet("table") && slices.Contains(table.Formats, ext) {
		return ext
	}
	return ""
}

// WantsText tells whether the output is text for people: --format text, or a
// terminal and no other wish.
func (e *Env) WantsText(ctx *ucli.Context) bool {
	if ctx.IsSet("format") {
		return ctx.String("format") == "text"
	}
	return e.StdoutTerminal && ctx.String("output") == "-"
}

// Output returns the Sink that the output flags ask for.
func (e *Env) Output(ctx *ucli.Context) (table.Sink, error) {
	path, format, name := ctx.String("output"), viewFormat(ctx), ctx.String("table")
	if format != "" && !slices.Contains(table.Formats, format) {
		return nil, Usagef("--format: unknown format %q%s: want one of %s", format, words.DidYouMean(format, table.Formats), strings.Join(table.Formats, ", "))
	}
	if format != "" && name == "" && format != "arrow" {
		return nil, Usagef("--format %s: writes one table: say which with --table", format)
	}
	sink := func(w io.Writer) table.Sink {
		if format != "" && name != "" {
			view := table.NewView(w, name, format)
			view.Safe = ctx.Bool("csv-safe")
			return view
		}
		return table.NewWriter(w)
	}
	if path == "-" {
		if e.StdoutTerminal && (format == "" || format == "arrow" || format == "parquet") {
			return nil, Usagef("will not write Arrow to a terminal: pipe it on, use -o, or --table NAME --format jsonl")
		}
		return sink(e.Stdout), nil
	}
	if isDir(path) {
		if format != "" {
			return nil, Usagef("--format: a directory holds one Parquet file a table; give -o a file")
		}
		return table.NewParquetDir(path)
	}
	f, err := files.Create(path)
	if err != nil {
		return nil, err
	}
	return &fileSink{sink(f), f}, nil
}

func isDir(path string) bool {
	if strings.HasSuffix(path, "/") {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// fileSink is a Sink on a file that appears when it is closed.
type fileSink struct {
	table.Sink
	file *files.File
}

func (s *fileSink) Close() error {
	if err := s.Sink.Close(); err != nil {
		s.file.Abort()
		return err
	}
	return s.file.Commit()
}

func (s *fileSink) Abort() {
	s.Sink.Abort()
	s.file.Abort()
}
