// Package render is the command that turns the tables of a run into a static
// site.
package render

import (
	"errors"
	"fmt"
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
not at all, and replaces the one that an earlier run wrote. With --history every
night has a page and its place in the calendar and the feed; a night that was
judged before is replaced, and one before the newest leaves the overview alone.

Examples:
  ingest predictions.jsonl | driftcalc --reference train.csv | render -o site
  render -o site --history history.parquet report.arrows
  render --history history.parquet --history-only report.arrows
  render --index -o sites sites/churn sites/fraud
  render --single drift.html report.arrows`)
	a.Flags = []ucli.Flag{
		&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the site as the directory `DIR`; one that render did not write is not touched"},
		&ucli.StringFlag{Name: "single", Usage: "write one self-contained report as `FILE`; - is stdout"},
		&ucli.StringFlag{Name: "history", Usage: "add this night to the Parquet `FILE`, made when it is not there, and show all nights"},
		&ucli.BoolFlag{Name: "history-only", Usage: "add the night to --history and write no site"},
		&ucli.BoolFlag{Name: "index", Usage: "write a page over several sites instead: the operands are their directories, -o is where the page goes"},
		cli.ConfigFlag(),
	}
	a.Action = func(ctx *ucli.Context) error {
		if ctx.Bool("index") {
			return index(ctx.String("output"), ctx.Args().Slice())
		}
		conf, err := config.Load(ctx.String("config"))
		if err != nil {
			return err
		}
		return run(cli.EnvOf(ctx), ctx, conf.Site)
	}
	return a
}

func run(env *cli.Env, ctx *ucli.Context, conf config.Site) error {
	dir, single, nights, only := ctx.String("output"), ctx.String("single"), ctx.String("history"), ctx.Bool("history-only")
	switch {
	case only && (nights == "" || dir != "" || single != ""):
		return cli.Usagef("--history-only: goes with --history and writes nothing else")
	case dir == "" && single == "" && !only:
		return cli.Usagef("no output: name a directory with -o, or a file with --single")
	case dir == "-":
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
	unlock, err := lock(dir, nights)
	if err != nil {
		return err
	}
	defer unlock()
	options := site.Options{Title: conf.Title, URL: conf.URL, Calm: conf.CalmNights}
	if nights != "" {
		if options.History, err = withTonight(env, nights, tables, conf.CalmNights); err != nil {
			return err
		}
	}
	shown := tables
	if dir != "" {
		if shown, err = newest(dir, tables, options.History); err != nil {
			return err
		}
	}
	keep := func() error { return nil }
	if nights != "" && !InSite(nights, dir) {
		keep = func() error {
			return files.Write(nights, func(w io.Writer) error { return history.Write(w, options.History) })
		}
		// A night that the history has and the site has not is mended by the next run;
		// one that the history lacks would be lost.
		if _, err := os.Stat(filepath.Dir(nights)); err == nil {
			if err := keep(); err != nil {
				return err
			}
			keep = func() error { return nil }
		}
	}
	if dir != "" {
		if shown != tables {
			env.Notef("a night before the newest: its page and entry are in their place, the overview stays")
		}
		if err := site.WriteDir(dir, shown, options); err != nil {
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
	return keep()
}

// withTonight returns the nights of a file with that of the report.
func withTonight(env *cli.Env, path string, tables *report.Tables, calm int) ([]verdict.Night, error) {
	old, doubt, err := readHistory(path)
	if err != nil {
		return nil, err
	}
	if doubt != "" {
		env.Notef("%s: %s", path, doubt)
	}
	note, err := history.Owner(old, &tables.Run)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if note != "" {
		env.Notef("%s", note)
	}
	return history.Add(history.Late(old, tables), history.Tonight(tables), calm), nil
}

// lock keeps other renders from the site and the history: from before the history is
// read until both are written.
func lock(dir, nights string) (unlock func(), err error) {
	site := func() {}
	if dir != "" {
		switch site, err = files.Lock(dir); {
		case errors.Is(err, os.ErrNotExist):
			site = func() {} // nobody is there
		case err != nil:
			return nil, err
		}
	}
	if nights == "" || dir != "" && files.Below(nights, dir) {
		return site, nil
	}
	kept, err := files.Lock(nights)
	if err != nil {
		site()
		return nil, err
	}
	return func() { kept(); site() }, nil
}

// InSite tells whether a history is the copy that each site has.
func InSite(nights, dir string) bool {
	if dir == "" {
		return false
	}
	a, err1 := files.Resolve(nights)
	b, err2 := files.Resolve(filepath.Join(dir, "data", history.Table+".parquet"))
	return err1 == nil && err2 == nil && a == b
}

// readHistory reads the nights of a file; one that is not there has none. A doubt is why
// they may not be all, or not what was written.
func readHistory(path string) (nights []verdict.Night, doubt string, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, "is not there: this night begins a new history", nil
	}
	in := table.Open(table.Input{Name: path})
	in.Plain = history.Table
	defer in.Close()
	if nights, err = history.Read(in); err != nil {
		return nil, "", err
	}
	if !in.Sealed() {
		doubt = "carries no digest: another program wrote it, or an earlier leadsman; its nights are taken as they are"
	}
	return nights, doubt, nil
}
