// Package render is the command that turns the tables of a run into a static
// site.
package render

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/site"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	ucli "github.com/urfave/cli/v2"
)

// App returns the command, to be run once.
func App() *ucli.App {
	a := cli.New("render", "write the report as a static site", "-o DIR [BUNDLE]...", `
Reads what driftcalc writes and makes of it pages, pictures and files for
machines (report.json, metrics.prom, junit.xml, summary.md, annotations.txt,
feed.xml, badge.svg, data/*.parquet). The site needs no server and no network. It appears whole or
not at all, and replaces the one that an earlier run wrote.

Examples:
  ingest predictions.jsonl | driftcalc --reference train.csv | render -o site
  render -o site --history history.parquet report.arrows
  render --single drift.html report.arrows`)
	a.Flags = []ucli.Flag{
		&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the site as the directory `DIR`; one that render did not write is not touched"},
		&ucli.StringFlag{Name: "single", Usage: "write one self-contained report as `FILE`; - is stdout"},
		&ucli.StringFlag{Name: "history", Usage: "add this night to the Parquet `FILE`, made when it is not there, and show all nights"},
		cli.ConfigFlag(),
	}
	a.Action = func(ctx *ucli.Context) error {
		conf, err := config.Load(ctx.String("config"))
		if err != nil {
			return err
		}
		return run(cli.EnvOf(ctx), ctx, conf.Site)
	}
	return a
}

func run(env *cli.Env, ctx *ucli.Context, conf config.Site) error {
	dir, single, nights := ctx.String("output"), ctx.String("single"), ctx.String("history")
	if dir == "" && single == "" {
		return cli.Usagef("no output: name a directory with -o, or a file with --single")
	}
	if dir == "-" {
		return cli.Usagef("--output: a site is a directory; --single - writes one page to stdout")
	}
	in, err := env.Inputs(ctx, "")
	if err != nil {
		return err
	}
	defer in.Close()
	tables, err := report.Read(in)
	if err != nil {
		return err
	}
	options := site.Options{Title: conf.Title, URL: conf.URL}
	if nights != "" {
		old, err := readHistory(nights)
		if err != nil {
			return err
		}
		options.History = history.Merge(old, history.Tonight(tables))
		if err := writable(nights); err != nil {
			return err
		}
	}
	if dir != "" {
		if err := site.WriteDir(dir, tables, options); err != nil {
			return err
		}
	}
	if single == "-" {
		if err := site.WriteSingle(env.Stdout, tables, options); err != nil {
			return err
		}
	} else if single != "" {
		err := files.Write(single, func(w io.Writer) error { return site.WriteSingle(w, tables, options) })
		if err != nil {
			return err
		}
	}
	if nights == "" {
		return nil
	}
	return files.Write(nights, func(w io.Writer) error { return history.Write(w, options.History) })
}

// writable tells whether a file can be made at path, so that a site is not
// replaced when its history cannot be. A directory that is not there may still
// come with the site.
func writable(path string) error {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	file, err := files.Create(path)
	if err != nil {
		return err
	}
	file.Abort()
	return nil
}

// readHistory reads the nights of a file; one that is not there has none.
func readHistory(path string) ([]verdict.Night, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	in := table.Open(table.Input{Name: path})
	in.Plain = history.Table
	defer in.Close()
	return history.Read(in)
}
