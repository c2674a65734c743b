// Package commands puts all commands into one program, leadsman.
package commands

import (
	"path/filepath"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/deps"
	"github.com/leadsman/leadsman/pkg/commands/driftcalc"
	"github.com/leadsman/leadsman/pkg/commands/gate"
	"github.com/leadsman/leadsman/pkg/commands/history"
	"github.com/leadsman/leadsman/pkg/commands/ingest"
	"github.com/leadsman/leadsman/pkg/commands/initial"
	"github.com/leadsman/leadsman/pkg/commands/perfbench"
	"github.com/leadsman/leadsman/pkg/commands/render"
	"github.com/leadsman/leadsman/pkg/commands/report"
	"github.com/leadsman/leadsman/pkg/commands/simulate"
)

const program = "leadsman"

// A command is what leadsman calls it, what it is called by a link, if by any, and
// itself.
type command struct {
	name, link string
	purpose    string // heading in the list of commands
	app        func() *ucli.App
}

// What commands are for.
const (
	nightly   = "Once, and every night"
	steps     = "Step by step, in a pipe"
	tools     = "Models, and logs to try things on"
	installed = "This program"
)

// all are the commands by purpose, in the order in which they are needed.
var all = []command{
	{"init", "", nightly, initial.App}, // a link of that name would be another program's
	{"report", "leadsman-report", nightly, report.App},
	{"gate", "leadsman-gate", nightly, gate.App},
	{"history", "", nightly, history.App}, // a shell has a command of that name
	{"ingest", "ingest", steps, ingest.App},
	{"driftcalc", "driftcalc", steps, driftcalc.App},
	{"render", "render", steps, render.App},
	{"perfbench", "perfbench", tools, perfbench.App},
	{"simulate", "simulate", tools, simulate.App},
	{"deps", "", tools, deps.App},
}

// Named returns the command that a program's arguments ask for, with its own
// arguments: by the name that the program was called by, else by its first
// operand. What names no command is left to leadsman itself.
func Named(args []string) (*ucli.App, []string) {
	if len(args) > 0 {
		called := strings.TrimSuffix(filepath.Base(args[0]), ".exe")
		for _, c := range all {
			if called != c.link {
				continue
			}
			app := c.app()
			if c.link != c.name {
				app = cli.Under(program, app)
			}
			return app, args
		}
	}
	if len(args) > 1 {
		for _, c := range all {
			if c.name == args[1] {
				return cli.Under(program, c.app()), args[1:]
			}
		}
	}
	return app(), args
}

// app is leadsman itself: it lists the commands and makes links.
func app() *ucli.App {
	app := cli.New(program, "say whether a deployed model still stands where it was trained", "COMMAND", `
Reads the logs of a scoring API, compares them with the reference data, and
writes a static site. report does all of it; the other commands are its steps,
to be piped. 'leadsman COMMAND --help' says what each takes.

Examples:
  leadsman report --config monitor.yaml --logs logs -o build/site
  leadsman ingest log.jsonl | leadsman driftcalc --reference train.csv
  leadsman links ~/.local/bin && ingest log.jsonl | driftcalc | render -o site`)
	for _, c := range all {
		of := c.app()
		app.Commands = append(app.Commands, &ucli.Command{Name: c.name, Usage: of.Usage, Category: c.purpose})
	}
	app.Commands = append(app.Commands, manCommand(), &ucli.Command{
		Category: installed, Name: "links", Usage: "make links so that ingest is leadsman ingest, and so on", ArgsUsage: "DIR",
		Description: `Makes links to this program in DIR: ` + strings.Join(links(), ", ") + `.
Where links cannot be made, as often on Windows, they are copies.

Example:
  leadsman links ~/.local/bin`,
		Flags:  []ucli.Flag{&ucli.BoolFlag{Name: "force", Usage: "replace files of these names"}},
		Action: makeLinks,
	})
	return app
}

func links() []string {
	var names []string
	for _, c := range all {
		if c.link != "" {
			names = append(names, c.link)
		}
	}
	return names
}
