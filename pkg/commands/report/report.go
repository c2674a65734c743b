// Package report is the command that makes a site of a directory of logs: the
// pipe of the other commands in one process.
package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/driftcalc"
	"github.com/leadsman/leadsman/pkg/commands/ingest"
	"github.com/leadsman/leadsman/pkg/commands/perfbench"
	"github.com/leadsman/leadsman/pkg/commands/render"
	"github.com/leadsman/leadsman/pkg/commands/simulate"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/predlog/logfile"
	"github.com/leadsman/leadsman/pkg/table"
)

const (
	// defaultConfig is the one settings file that may be missing: the sample case
	// stands in its place.
	defaultConfig = "monitor.yaml"
	defaultLogs   = "logs"
	defaultSite   = "build/site"
)

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("report", "read the logs of a scoring API and write the site", "", `
Runs ingest, perfbench, driftcalc and render one into the other. The directory
of logs holds predictions* and api_requests*, as JSON lines, CSV, Parquet or
Arrow, rotated, packed or in folders, and, where there are any, outcomes.csv,
.jsonl, .parquet or .arrow. Without settings and where no
logs are named or found the site is one over simulated logs of the sample case.
The site appears whole or not at all; report exits with 0 whatever the level:
gate reads it.

The judged period ends when the run begins, by this machine's clock: that nothing
new came is what the site then says, and rows dated later are left out.

Examples:
  leadsman report
  leadsman report --config monitor.yaml --logs /var/log/scoring -o build/site
  leadsman report --health http://localhost:8000/health && leadsman gate`)
	app.Flags = []ucli.Flag{
		&ucli.StringFlag{Name: "config", EnvVars: []string{"CONFIG"}, Value: defaultConfig, Usage: "read settings from the monitor.yaml `FILE`"},
		&ucli.StringFlag{Name: "logs", EnvVars: []string{"LOGS"}, Value: defaultLogs, Usage: "`DIR` of the logs, or the log of predictions itself, - for standard input"},
		&ucli.StringFlag{Name: "reference", EnvVars: []string{"REFERENCE"}, Usage: "compare with the rows of `FILE`: CSV, Parquet, JSON lines, Arrow or a bundle (default: the config's)"},
		&ucli.StringFlag{Name: "outcomes", EnvVars: []string{"OUTCOMES"}, Usage: "`FILE` of outcomes (default: outcomes.csv, .jsonl, .parquet or .arrow beside the logs, if there is one)"},
		&ucli.StringFlag{Name: "health", EnvVars: []string{"HEALTH_URL"}, Usage: "ask the API at `URL` once whether it is well"},
		&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, EnvVars: []string{"OUT"}, Value: defaultSite, Usage: "write the site as the directory `DIR`"},
		&ucli.StringFlag{Name: "history", EnvVars: []string{"HISTORY"}, Usage: "carry the verdicts from night to night in the Parquet `FILE` (default: data/history.parquet in the site)"},
		&ucli.StringFlag{Name: "now", EnvVars: []string{"NOW"}, Usage: "`TIME` (RFC 3339) of the run, at which the judged period ends (default: that of the clock, or over simulated logs their newest)"},
	}
	app.Flags = append(app.Flags, &ucli.IntFlag{Name: "backfill", Usage: "first judge the last `N` nights of the log, each by itself, for a history that begins with them; nights before the log begins are left out"})
	app.Action = func(ctx *ucli.Context) error {
		if ctx.NArg() > 0 {
			return cli.Usagef("takes no operand, got %q: name the logs with --logs, the site with -o", ctx.Args().First())
		}
		work, remove, err := files.TempDir()
		if err != nil {
			return err
		}
		defer remove()
		// An empty variable is one that is not set.
		site := cmp.Or(ctx.String("output"), defaultSite)
		n := night{env: cli.EnvOf(ctx), work: work, site: site, history: cmp.Or(ctx.String("history"), filepath.Join(site, "data", "history.parquet"))}
		if err := n.settle(ctx); err != nil {
			return err
		}
		if now := ctx.String("now"); now != "" {
			n.now = []string{"--now", now}
		}
		if n.nights = ctx.Int("backfill"); n.nights < 0 || n.nights > 0 && len(n.now) == 0 {
			return cli.Usagef("--backfill: want a number of nights of your own logs")
		}
		run := n.run
		if n.nights > 0 {
			run = n.backfill
		}
		if err := run(); err != nil {
			return err
		}
		n.env.Notef("%s", filepath.Join(n.site, "index.html"))
		return nil
	}
	return app
}

// A night is one run: what is read, and where it goes.
type night struct {
	env         *cli.Env
	work        string   // a directory of the run's own
	config      []string // --config FILE, or nothing
	reference   []string // --reference FILE, or nothing
	predictions []string
	requests    []string
	outcomes    []string // --outcomes FILE, or nothing
	health      []string // --health URL, or nothing
	now         []string // --now TIME; nothing over simulated logs
	site        string
	history     string
	nights      int // to make up for
}

// settle finds the settings and the logs; where neither is there, it makes those
// of the sample case.
func (n *night) settle(ctx *ucli.Context) error {
	config, dir := cmp.Or(ctx.String("config"), defaultConfig), cmp.Or(ctx.String("logs"), defaultLogs)
	if config == files.Stdin { // which the steps have for what they pass on
		path, err := files.Reread(config)
		if err != nil {
			return fmt.Errorf("%s: %w", config, err)
		}
		config = path
	}
	if _, err := os.Stat(config); err == nil {
		n.config = []string{"--config", config}
	} else if config != defaultConfig || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if file := ctx.String("reference"); file != "" {
		n.reference = []string{"--reference", file}
	}
	if url := ctx.String("health"); url != "" {
		n.health = []string{"--health", url}
	}
	beside, err := n.find(dir)
	named := dir != defaultLogs // logs that somebody named are not made up
	if err != nil && (len(n.config) > 0 || named || !errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	if outcomes := cmp.Or(ctx.String("outcomes"), beside); outcomes != "" {
		n.outcomes = []string{"--outcomes", outcomes}
	}
	switch {
	case len(n.predictions) > 0:
		n.now = []string{"--now", time.Now().UTC().Format(time.RFC3339)}
		return nil
	case len(n.config) > 0 || named:
		return errors.New(dir + ": no predictions*.jsonl, .csv, .parquet or .arrow: nothing to judge")
	}
	n.env.Notef("no %s and no %s: making a site over simulated logs", config, filepath.Join(dir, "predictions*"))
	return n.simulate()
}

// find finds the logs in a directory, by their names, and the outcomes beside them.
// What is no directory is the log of predictions.
func (n *night) find(dir string) (outcomes string, err error) {
	wanted := map[string]*[]string{"predictions": &n.predictions, "api_requests": &n.requests}
	if info, err := os.Stat(dir); err == nil {
		if err := table.NoLake(dir); err != nil {
			return "", fmt.Errorf("%s: %w", dir, err)
		}
		if !info.IsDir() {
			n.predictions, dir = []string{dir}, filepath.Dir(dir)
			delete(wanted, "predictions")
		}
	}
	names, err := os.ReadDir(dir)
	taken := map[string]string{} // by name, unpacked
	for _, entry := range names {
		name := entry.Name()
		for prefix, logs := range wanted {
			old, _ := filepath.Match(prefix+"*.jsonl*", name) // whatever rotates it
			if isUnfinished(name) || !old && !(strings.HasPrefix(name, prefix) && (entry.IsDir() || logfile.IsLog(name))) {
				continue
			}
			if !entry.IsDir() {
				// Plain comes before packed.
				if twin := taken[logfile.Stem(name)]; twin != "" {
					n.env.Notef("%s: left out: %s is there too", filepath.Join(dir, name), twin)
					continue
				}
				taken[logfile.Stem(name)] = name
			}
			*logs = append(*logs, filepath.Join(dir, name))
		}
	}
	for _, ending := range []string{".csv", ".jsonl", ".parquet", ".arrow"} {
		path := filepath.Join(dir, "outcomes"+ending)
		if info, err := os.Stat(path); outcomes == "" && err == nil && info.Mode().IsRegular() {
			outcomes = path
		}
	}
	return outcomes, err
}

// isUnfinished tells by its name what editors, backups and downloads leave beside a
// file.
func isUnfinished(name string) bool {
	return slices.ContainsFunc([]string{"~", ".tmp", ".bak", ".swp", ".part"}, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// simulate makes both logs of the sample case.
func (n *night) simulate() error {
	for kind, log := range map[string]*[]string{"predictions": &n.predictions, "requests": &n.requests} {
		*log = []string{filepath.Join(n.work, kind+".jsonl")}
		if err := n.env.Step(simulate.App(), kind, "--rows", "2000", "--seed", "1", "-o", (*log)[0]); err != nil {
			return err
		}
	}
	return nil
}

// run times the model while nothing else runs, then judges the logs as they are
// read, and writes the site.
func (n *night) run() error {
	bench, tables := filepath.Join(n.work, "bench.arrows"), filepath.Join(n.work, "tables")+"/"
	err := n.env.Step(perfbench.App(), args(n.config, "model", "-o", bench)...)
	if err != nil {
		return err
	}
	read := []cli.Filter{{App: ingest.App(), Args: args(n.config, slices.Concat(n.health, n.reference, n.predictions)...)}}
	if len(n.requests) > 0 {
		read = append(read, cli.Filter{App: ingest.App(), Args: args(n.config, append([]string{"--kind", "requests"}, n.requests...)...)})
	}
	judge := cli.Filter{App: driftcalc.App(), Args: args(n.config, slices.Concat(n.reference, n.outcomes, n.now, []string{"-o", tables, "-", bench})...)}
	if err := n.env.Pipe(read, judge); err != nil {
		return err
	}
	return n.env.Step(render.App(), args(n.config, "--history", n.history, "-o", n.site, tables)...)
}

func args(config []string, more ...string) []string {
	return append(more[:len(more):len(more)], config...)
}
