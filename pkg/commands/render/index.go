package render

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/site"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// index writes a page over the sites in the directories into out.
func index(out string, dirs []string) error {
	if out == "" || out == "-" || len(dirs) == 0 {
		return cli.Usagef("--index: want -o DIR and the directories of the sites")
	}
	from, err := files.Resolve(out)
	if err != nil {
		return err
	}
	var models []site.Listed
	for _, dir := range dirs {
		run := RunOf(filepath.Join(dir, "data"))
		if run == nil {
			return fmt.Errorf("%s: no site that render wrote", dir)
		}
		to, err := files.Resolve(dir)
		if err != nil {
			return err
		}
		href, err := filepath.Rel(from, to)
		if err != nil {
			return err
		}
		m := site.Listed{Href: filepath.ToSlash(filepath.Join(href, "index.html")), Title: cmp.Or(run.Title, run.Site), Level: run.Level, Headline: run.Headline, Judged: history.EndOf(run)}
		for _, s := range standingOf(dir) {
			if s.Calm == 0 && (m.Since.IsZero() || s.Since.Before(m.Since)) {
				m.Since = s.Since
			}
		}
		if !m.Since.IsZero() {
			m.Since = history.DayOf(&verdict.Night{PeriodEnd: m.Since, NowGiven: run.NowGiven, Timezone: run.Timezone})
		}
		models = append(models, m)
	}
	return site.WriteIndex(out, models)
}

// standingOf are the findings that stand on the site in dir; none where it has no such
// table.
func standingOf(dir string) []verdict.Standing {
	in := table.Open(table.Input{Name: filepath.Join(dir, "data", "standing.parquet")})
	in.Plain = "standing"
	defer in.Close()
	var out []verdict.Standing
	for in.Next() {
		more, err := table.Decode[verdict.Standing](in.Batch())
		if err != nil {
			return nil
		}
		out = append(out, more...)
	}
	if in.Err() != nil {
		return nil
	}
	return out
}
