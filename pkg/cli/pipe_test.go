package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
)

// piped is a command that runs `{ copy A; copy B; } | copy ARGS`.
func piped(sources [][]string, sink []string) *ucli.App {
	app := cli.New("piped", "run a pipe", "", "")
	app.Action = func(ctx *ucli.Context) error {
		var from []cli.Filter
		for _, args := range sources {
			from = append(from, cli.Filter{App: testApp(), Args: args})
		}
		return cli.EnvOf(ctx).Pipe(from, cli.Filter{App: testApp(), Args: sink})
	}
	return app
}

func TestPipe(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole.arrows")
	if err := os.WriteFile(whole, bundle(t), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		sources [][]string
		sink    []string
		status  int
		stdout  string
		stderr  string
	}{
		{"two sources", [][]string{{whole}, {whole}}, []string{"--format", "csv", "--table", "things"}, 0, "n\n1\n2\n1\n2\n", ""},
		{"a gate trips", [][]string{{whole}}, []string{"--format", "csv", "--table", "things", "--check"}, 3, "n\n1\n2\n", "copy: level is warn, --check=warn\n"},
		{"a source fails", [][]string{{whole}, {"none.arrows"}}, []string{"--format", "csv", "--table", "things"}, 1, "", "copy: none.arrows: no such file or directory\n"},
		{"the sink fails before it reads", [][]string{{whole}}, []string{"--nonsense"}, 2, "", "copy: unknown flag --nonsense\nTry 'copy --help'.\n"},
		{"the sink lacks a table", [][]string{{whole}}, []string{"--format", "csv", "--table", "none"}, 1, "", "copy: table none: is not in the output\n"},
		{"the sink has one of nearly that name", [][]string{{whole}}, []string{"--format", "csv", "--table", "thnigs"}, 1, "", "copy: table thnigs: is not in the output (did you mean \"things\"?)\n"},
	} {
		var out, errs bytes.Buffer
		env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs}
		status := cli.Run(piped(c.sources, c.sink), env, []string{"piped"})
		if status != c.status || c.status != 1 && out.String() != c.stdout || errs.String() != c.stderr {
			t.Errorf("%s: status %d, stdout %q, stderr %q", c.name, status, out.String(), errs.String())
		}
	}
}
