// Simulate makes the logs of a deployed model, with drift of a chosen kind.
package main

import (
	"bytes"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

func main() { cli.Main(app()) }

func app() *ucli.App {
	app := cli.New("simulate", "make logs of a deployed model, with drift of a chosen kind", "COMMAND", `
Examples:
  simulate reference --seed 1 --rows 303 -o reference.csv`)
	app.Commands = []*ucli.Command{referenceCommand()}
	return app
}

func referenceCommand() *ucli.Command {
	return &ucli.Command{
		Name:  "reference",
		Usage: "rows of the population with their outcome, as CSV",
		Flags: []ucli.Flag{
			&ucli.Int64Flag{Name: "rows", Usage: "`N` rows", Value: 303},
			&ucli.Uint64Flag{Name: "seed", Usage: "the same `N` gives the same bytes", Value: 1},
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout", Value: "-"},
		},
		Action: func(ctx *ucli.Context) error {
			p, err := sim.ReadPopulation(bytes.NewReader(testdata.Population))
			if err != nil {
				return err
			}
			env := cli.EnvOf(ctx)
			if path := ctx.String("output"); path != "-" {
				f, err := cli.CreateFile(path)
				if err != nil {
					return err
				}
				if err := sim.Reference(f, p, ctx.Uint64("seed"), ctx.Int64("rows"), nil); err != nil {
					f.Abort()
					return err
				}
				return f.Commit()
			}
			return sim.Reference(env.Stdout, p, ctx.Uint64("seed"), ctx.Int64("rows"), nil)
		},
	}
}
