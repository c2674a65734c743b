package perfbench

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/bench/pyprofile"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
	ucli "github.com/urfave/cli/v2"
)

func profileCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "profile",
		Usage:     "read a profile that you made of your own Python: which functions take the time",
		ArgsUsage: "FILE",
		Description: `FILE is what cProfile's Profile.dump_stats wrote (python -m cProfile -o FILE …), or
what py-spy recorded (py-spy record --format speedscope -o FILE --pid …). Results are
the table hotspots: text on a terminal, else a bundle, for perfbench report and
render. Files are named by the end of their paths.`,
		Flags:  cli.OutputFlags("text"),
		Action: readProfile,
	}
}

func readProfile(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	if ctx.NArg() != 1 {
		return cli.Usagef("want one profile, got %d", ctx.NArg())
	}
	name, from := ctx.Args().First(), env.Stdin
	if name == "-" {
		name = cli.Stdin
	} else {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		from = f
	}
	spots, err := pyprofile.Read(name, from)
	if err != nil {
		return err
	}
	if env.WantsText(ctx) {
		return document(ctx, func(w io.Writer) error { return writeProfile(w, spots) })
	}
	sink, err := env.Output(ctx)
	if err != nil {
		return err
	}
	defer sink.Abort() // nothing once it is closed
	return writeTables(sink, []arrow.RecordBatch{table.Encode(bench.HotspotTable, spots)})
}

// writeProfile writes the functions for people.
func writeProfile(w io.Writer, spots []verdict.Hotspot) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s: %s in all\n\n", spots[0].Program, words.Milliseconds(spots[0].TotalMS))
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "itself\twith what it calls\tfunction\n")
	for _, h := range spots {
		fmt.Fprintf(t, "%s\t%s\t%q\n", words.Percent(h.FlatShare), words.Percent(h.CumShare), h.Function)
	}
	t.Flush() // into memory
	_, err := io.WriteString(w, b.String())
	return err
}
