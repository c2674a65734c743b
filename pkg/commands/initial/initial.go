// Package initial is the command that looks at a log and writes a monitor.yaml to
// begin with.
package initial

import (
	"fmt"
	"io"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
)

// How many records are looked at: of the log for its form, of the reference for what
// its columns hold.
const (
	logRecords       = 500
	referenceRecords = 5000
)

// App returns the command, to be run once.
func App() *ucli.App {
	a := cli.New("init", "look at a log and write a monitor.yaml to begin with", "LOG [REFERENCE]", `
Reads the first lines of the log, and of the reference where one is named, and
prints a commented monitor.yaml: what looks like the timestamp, the score and
the input, whose log it is, what may be the target, and what could not be
placed. Nothing is sent anywhere, and no value of the log is printed but the
two of a target. Look through it before you rely on it.

Examples:
  leadsman init log.jsonl training.csv > monitor.yaml
  leadsman report --logs log.jsonl -o site
  zcat access.log.1.gz | leadsman init -`)
	a.Action = func(ctx *ucli.Context) error {
		env := cli.EnvOf(ctx)
		if n := ctx.NArg(); n < 1 || n > 2 {
			return cli.Usagef("want a log and, if there is one, a reference, got %d operands", n)
		}
		text, err := propose(env.Stdin, ctx.Args().Get(0), ctx.Args().Get(1))
		if err != nil {
			return err
		}
		_, err = io.WriteString(env.Stdout, text)
		return err
	}
	return a
}

// propose is the monitor.yaml for a log and a reference, "" for none.
func propose(stdin io.Reader, log, reference string) (string, error) {
	records, err := first(stdin, log, mapping.Predictions, logRecords)
	if err != nil {
		return "", err
	}
	if len(records) == 0 {
		return "", fmt.Errorf("%s: has no records to look at", nameOf(log))
	}
	var rows *columns
	if reference != "" {
		sample, err := first(stdin, reference, mapping.References, referenceRecords)
		if err != nil {
			return "", err
		}
		if len(sample) == 0 {
			return "", fmt.Errorf("%s: has no rows to look at", nameOf(reference))
		}
		rows = columnsOf(linesOf(sample))
	}
	p := page{log: log, reference: reference, rows: rows}
	p.look(records)
	return p.write(), nil
}

func first(stdin io.Reader, path string, kind mapping.Kind, n int) ([]predlog.Record, error) {
	if path == "-" {
		return predlog.First(nameOf(path), stdin, kind, n)
	}
	return predlog.First(path, nil, kind, n)
}

func nameOf(path string) string {
	if path == "-" {
		return cli.Stdin
	}
	return path
}

// quoted is a name as YAML takes it.
func quoted(name string) string {
	plain := name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_./-", r))
	})
	switch strings.ToLower(name) {
	case "true", "false", "yes", "no", "y", "n", "on", "off", "null", "~":
		plain = false
	}
	if plain && (name == "." || !strings.ContainsRune("0123456789-.", rune(name[0]))) {
		return name
	}
	return fmt.Sprintf("%q", name)
}
