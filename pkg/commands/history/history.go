// Package history is the command that looks after the file of nights.
package history

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// App returns the command, to be run once.
func App() *ucli.App {
	a := cli.New("history", "list, take out, put together and rename the nights of a history", "COMMAND FILE ...", `
Works on the Parquet file that render --history and report keep. A night is named
by its page: 2026-01-05, or 2026-01-05-1200 for a second one of that day. The site
shows the change when it is rendered again.

Examples:
  leadsman history ls history.parquet
  leadsman history rm history.parquet 2026-01-05
  leadsman history merge history.parquet other.parquet
  leadsman history mv history.parquet default churn`)
	site := &ucli.StringFlag{Name: "site", Usage: "`NAME` of the site, where the history has several"}
	a.Commands = []*ucli.Command{
		{Name: "ls", Usage: "list the nights", ArgsUsage: "FILE", Flags: []ucli.Flag{site}, Action: list},
		{Name: "rm", Usage: "take nights out", ArgsUsage: "FILE NIGHT...", Flags: []ucli.Flag{site}, Action: remove},
		{Name: "merge", Usage: "add the nights of other histories; of a night that both have that of FILE stays", ArgsUsage: "FILE OTHER...", Action: merge},
		{Name: "mv", Usage: "give the nights of a site another name", ArgsUsage: "FILE OLD NEW", Action: rename},
	}
	return a
}

func list(ctx *ucli.Context) error {
	if ctx.NArg() != 1 {
		return cli.Usagef("want a history, got %d operands", ctx.NArg())
	}
	rows, err := read(ctx.Args().First())
	if err != nil {
		return err
	}
	out := cli.EnvOf(ctx).Stdout
	for _, name := range history.Sites(rows) {
		if only := ctx.String("site"); only != "" && only != name {
			continue
		}
		for _, told := range history.Follow(rows, name, 0).Nights {
			n := told.Night()
			page := n.Page
			if page == "" {
				page = history.DayOf(n).Format("2006-01-02")
			}
			if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", cli.Plain(n.Site), page, n.Level, words.Count(n.Rows, "prediction", "predictions"), cli.Plain(n.Headline)); err != nil {
				return err
			}
		}
	}
	return nil
}

func remove(ctx *ucli.Context) error {
	if ctx.NArg() < 2 {
		return cli.Usagef("want a history and the nights to take out of it")
	}
	path := ctx.Args().First()
	return change(path, func(rows []verdict.Night) ([]verdict.Night, error) {
		name, err := siteOf(ctx, path, rows)
		if err != nil {
			return nil, err
		}
		for _, page := range ctx.Args().Tail() {
			left, n := history.Remove(rows, name, page)
			if n == 0 {
				return nil, fmt.Errorf("%s: the site %s has no night %s: leadsman history ls lists them", path, words.Plain(name), page)
			}
			rows = left
		}
		return rows, nil
	})
}

func merge(ctx *ucli.Context) error {
	if ctx.NArg() < 2 {
		return cli.Usagef("want a history and others to add to it")
	}
	return change(ctx.Args().First(), func(rows []verdict.Night) ([]verdict.Night, error) {
		for _, path := range ctx.Args().Tail() {
			other, err := read(path)
			if err != nil {
				return nil, err
			}
			var both int
			if rows, both = history.Union(rows, other); both > 0 {
				cli.EnvOf(ctx).Notef("%s: %s in both, and stay as they were", path, words.Count(int64(both), "night is", "nights are"))
			}
		}
		return rows, nil
	})
}

func rename(ctx *ucli.Context) error {
	if ctx.NArg() != 3 {
		return cli.Usagef("want a history, the old name and the new one")
	}
	path, from, to := ctx.Args().Get(0), ctx.Args().Get(1), ctx.Args().Get(2)
	return change(path, func(rows []verdict.Night) ([]verdict.Night, error) {
		switch sites := history.Sites(rows); {
		case slices.Contains(sites, to):
			return nil, fmt.Errorf("%s: has nights of %s already", path, words.Plain(to))
		case history.Rename(rows, from, to) == 0:
			return nil, fmt.Errorf("%s: has no nights of %s: it has %s", path, words.Plain(from), words.List(sites))
		}
		return rows, nil
	})
}

// siteOf is the site that is meant: the only one, or the one named.
func siteOf(ctx *ucli.Context, path string, rows []verdict.Night) (string, error) {
	sites := history.Sites(rows)
	switch name := ctx.String("site"); {
	case name != "" && !slices.Contains(sites, name):
		return "", fmt.Errorf("%s: no site %s: it has %s", path, words.Plain(name), words.List(sites))
	case name != "":
		return name, nil
	case len(sites) == 1:
		return sites[0], nil
	}
	return "", cli.Usagef("%s has the sites %s: name one with --site", path, words.List(sites))
}

// change writes what edit makes of the nights of a file, with no other process between.
func change(path string, edit func([]verdict.Night) ([]verdict.Night, error)) error {
	full, err := files.Resolve(path)
	if err != nil {
		return err
	}
	locked, dir := full, filepath.Dir(full)
	_, err = os.Stat(filepath.Join(dir, "run.parquet"))
	ofRun := err == nil && filepath.Base(full) == history.Table+".parquet"
	if ofRun {
		locked = filepath.Dir(dir) // the site, as render does it
	}
	unlock, err := files.Lock(locked)
	if err != nil {
		return err
	}
	defer unlock()
	rows, err := read(path)
	if err != nil {
		return err
	}
	if rows, err = edit(rows); err != nil {
		return err
	}
	if ofRun {
		return rewrite(dir, rows)
	}
	return files.Write(path, func(w io.Writer) error { return history.Write(w, rows) })
}

// rewrite writes the tables of a run again, with other nights: they carry one list.
func rewrite(dir string, rows []verdict.Night) error {
	in := table.Open(table.Input{Name: dir})
	defer in.Close()
	out, err := table.NewParquetDir(dir)
	if err != nil {
		return err
	}
	defer out.Abort()
	for in.Next() {
		if in.Table() == history.Table {
			continue
		}
		if err := out.Write(in.Batch()); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	rec := table.Encode(history.Table, rows)
	defer rec.Release()
	if err := out.Write(rec); err != nil {
		return err
	}
	return out.Close()
}

func read(path string) ([]verdict.Night, error) {
	in := table.Open(table.Input{Name: path})
	in.Plain = history.Table
	defer in.Close()
	return history.Read(in)
}
