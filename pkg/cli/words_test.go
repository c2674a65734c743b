package cli_test

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/cli"
	ucli "github.com/urfave/cli/v2"
)

// What is wrong with a monitor.yaml is said in its own terms, not in Go's.
func TestConfigInWords(t *testing.T) {
	for text, want := range map[string]string{
		"limits: {p95_ms: fast}":        `1: want a number, got "fast"`,
		"version: one":                  `1: want a whole number, got "one"`,
		"\nlimits: 5":                   `2: want keys with values, got "5"`,
		"columns: {a: {public: maybe}}": `1: want true or false, got "maybe"`,
		"columns: [a]":                  "1: want keys with values, got a list",
		"model: {file: m.ubj}":          "1: want text, got keys with values",
		"limits: {p95_ms: -1}":          " limits.p95_ms: want a number of 0 or more, got -1",
		"site: {k: -1}":                 " site.k: want a number of 0 or more, got -1",
		"limits: {success_rate: 99}":    " limits.success_rate: want a number from 0 to 1, got 99",
		// A zero is no way to say that there is none.
		"limits: {p95_ms: 0}":            " limits.p95_ms: want more than 0; without the key there is no limit",
		"limits: {success_rate: 0.0}":    " limits.success_rate: want more than 0; without the key there is no limit",
		"limits: {min_rows: 0}":          " limits.min_rows: want more than 0; without the key there is no limit",
		"levels: {warn: 0, alert: 0.5}":  " levels.warn: want more than 0; without the key there is the default",
		"levels: {alert: -0}":            " levels.alert: want more than 0; without the key there is the default",
		"site: {k: 0}":                   " site.k: want more than 0; without the key there is the default; 1 pools nothing",
		"levels: &l {warn: 0}\nsite: {}": " levels.warn: want more than 0; without the key there is the default",
	} {
		if _, err := cli.ParseConfig([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

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
