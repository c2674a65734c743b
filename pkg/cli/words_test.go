package cli_test

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
	ucli "github.com/urfave/cli/v2"
)

func TestFlagsInWords(t *testing.T) {
	if status, _, errs := run(t, nil, "-o"); status != 2 || !strings.HasPrefix(errs, "copy: -o: wants a value\n") {
		t.Errorf("%d %s", status, errs)
	}
	app := testApp()
	app.Flags = append(app.Flags, &ucli.Int64Flag{Name: "k", Usage: "pool (default: the config's, else 5)"}, &ucli.Int64Flag{Name: "n", Usage: "`N` rows", Value: 7})
	var out strings.Builder
	if status := cli.Run(app, &cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out}, []string{"copy", "--help"}); status != 0 {
		t.Fatal(out.String())
	}
	if help := out.String(); !strings.Contains(help, "pool (default: the config's, else 5)\n") || !strings.Contains(help, "rows (default: 7)\n") {
		t.Error(help)
	}
}
