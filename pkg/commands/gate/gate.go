// Package gate is the command that fails a job when the last report's level is
// too bad.
package gate

import (
	"cmp"
	"path/filepath"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/driftcalc"
)

const (
	defaultSite  = "build/site"
	defaultCheck = "warn"
)

// App returns the command, to be run once.
func App() *ucli.App {
	app := cli.New("gate", "exit with 3 when the last report's level is warn or worse", "[SITE]", `
Reads the tables beside the site that report wrote, and writes nothing. Run it
after publishing, so that the site is there to explain the failure.

Examples:
  leadsman gate
  leadsman gate --check=alert build/site
  leadsman gate --check=new --max-age 26h
  leadsman gate --check=realised_auc_drop`)
	app.Flags = []ucli.Flag{
		&ucli.StringFlag{Name: "check", EnvVars: []string{"LEVEL"}, Value: defaultCheck, Usage: "exit with 3 at this `LEVEL` (warn or alert) or worse, with insufficient also when too little could be judged to tell, or when the reason to retrain of that name fired or could not be judged, or when there was no prediction to judge; new: when a finding at warn or above is new, is worse or goes the other way"},
		&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, EnvVars: []string{"OUT"}, Value: defaultSite, Usage: "the `DIR` of the site, as the operand"},
		&ucli.StringFlag{Name: "max-age", EnvVars: []string{"MAX_AGE"}, Usage: "exit with 3 also when the report is older than `26h`, 7d, ...: the job that writes it may have failed"},
	}
	app.Action = func(ctx *ucli.Context) error {
		// An empty variable is one that is not set.
		site, check := cmp.Or(ctx.String("output"), defaultSite), cmp.Or(ctx.String("check"), defaultCheck)
		if ctx.NArg() > 1 {
			return cli.Usagef("want one site, got %d", ctx.NArg())
		}
		if ctx.NArg() == 1 {
			site = ctx.Args().First()
		}
		words := []string{"gate", "--check=" + check}
		if age := ctx.String("max-age"); age != "" {
			words = append(words, "--max-age="+age)
		}
		return cli.EnvOf(ctx).Step(driftcalc.App(), append(words, filepath.Join(site, "data")+"/")...)
	}
	return app
}
