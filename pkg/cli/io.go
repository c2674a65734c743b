package cli

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
	ucli "github.com/urfave/cli/v2"
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
			return table.NewView(w, name, format)
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
	f, err := CreateFile(path)
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
	file *File
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

// A File is a file that appears under its name when it is committed, whole.
type File struct {
	*bufio.Writer
	file    *os.File
	partial *table.Partial // file, or nil for what is not a regular file: it is written in place
	path    string
}

// CreateFile begins a file at path.
func CreateFile(path string) (*File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, &os.PathError{Op: "create", Path: path, Err: errors.New("is a directory")}
		}
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &File{bufio.NewWriterSize(f, 1<<18), f, nil, path}, nil
	}
	f, err := table.CreatePartial(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = &os.PathError{Op: "create", Path: path, Err: p.Err}
		}
		return nil, err
	}
	return &File{bufio.NewWriterSize(f, 1<<18), f.File, f, path}, nil
}

// Commit completes the file: flushed, on disk, under its name.
func (f *File) Commit() error {
	if err := f.Flush(); err != nil {
		f.Abort()
		return err
	}
	if f.partial == nil {
		return f.file.Close()
	}
	if err := f.finish(); err != nil {
		f.Abort()
		return err
	}
	return nil
}

func (f *File) finish() error {
	if err := f.file.Sync(); err != nil {
		return err
	}
	if err := f.file.Chmod(0o644); err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	return f.partial.Rename(f.path)
}

// Abort removes the unfinished file.
func (f *File) Abort() {
	if f.partial == nil {
		f.file.Close()
		return
	}
	f.partial.Remove()
}

// WriteFile writes a file whole or not at all.
func WriteFile(path string, write func(w io.Writer) error) error {
	f, err := CreateFile(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}
