package commands

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/files"
)

// manCommand writes the manual pages, which a release carries.
func manCommand() *ucli.Command {
	return &ucli.Command{
		Category: installed, Name: "man", Usage: "write the manual pages", ArgsUsage: "DIR",
		Description: `Writes leadsman.1 and a page for each command, leadsman-report.1 and so on, into
DIR, which is made when it is not there. With --links there is also a page for
each name that leadsman links makes: ` + strings.Join(links(), ", ") + `.

Examples:
  leadsman man ~/.local/share/man/man1 --links && man driftcalc
  leadsman man /usr/share/man/man1`,
		Flags:  []ucli.Flag{&ucli.BoolFlag{Name: "links", Usage: "also a page for each name that leadsman links makes"}},
		Action: writeMan,
	}
}

func writeMan(ctx *ucli.Context) error {
	if ctx.NArg() != 1 {
		return cli.Usagef("want one directory, got %d", ctx.NArg())
	}
	if err := os.MkdirAll(ctx.Args().First(), 0o777); err != nil {
		return err
	}
	for name, text := range manPages(ctx.Bool("links")) {
		err := files.Write(filepath.Join(ctx.Args().First(), name), func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// manPages are the pages by file.
func manPages(linked bool) map[string]string {
	names := []string{}
	for _, c := range all {
		names = append(names, program+"-"+c.name)
	}
	pages := map[string]string{program + ".1": cli.Man(app(), names)}
	for i, c := range all {
		pages[names[i]+".1"] = cli.Man(cli.Under(program, c.app()), []string{program})
		if linked && c.link != "" && c.link != names[i] {
			pages[c.link+".1"] = ".so man1/" + names[i] + ".1\n"
		}
	}
	return pages
}
