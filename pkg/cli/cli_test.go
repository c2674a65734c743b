package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/table"
	ucli "github.com/urfave/cli/v2"
)

type thing struct {
	N int64 `table:"n"`
}

// testApp copies tables from its inputs to its output, and has one command.
func testApp() *ucli.App {
	app := cli.New("copy", "copy tables", "[BUNDLE…]", "Examples:\n  copy < in > out")
	app.Flags = append(cli.OutputFlags("text"), cli.ConfigFlag(),
		&ucli.Int64Flag{Name: "rows"}, &ucli.BoolFlag{Name: "quiet"}, &ucli.StringFlag{Name: "check"})
	app.Action = func(ctx *ucli.Context) error {
		env := cli.EnvOf(ctx)
		if _, err := cli.ConfigOf(ctx); err != nil {
			return err
		}
		in, err := env.Inputs(ctx, "")
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := env.Output(ctx)
		if err != nil {
			return err
		}
		for in.Next() {
			if err := out.Write(in.Batch()); err != nil {
				out.Abort()
				return err
			}
		}
		if err := in.Err(); err != nil {
			out.Abort()
			return err
		}
		if err := out.Close(); err != nil {
			return err
		}
		if ctx.IsSet("check") {
			return cli.Gatef("level is warn, --check=%s", ctx.String("check"))
		}
		return nil
	}
	app.Commands = []*ucli.Command{{
		Name: "echo", Usage: "print operands", Flags: []ucli.Flag{&ucli.StringFlag{Name: "sep", Value: " "}},
		Action: func(ctx *ucli.Context) error {
			_, err := ctx.App.Writer.Write([]byte(strings.Join(ctx.Args().Slice(), ctx.String("sep")) + "\n"))
			return err
		},
	}}
	return app
}

func run(t *testing.T, stdin []byte, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := &cli.Env{Stdin: bytes.NewReader(stdin), Stdout: &out, Stderr: &errs}
	status = cli.Run(testApp(), env, append([]string{"copy"}, args...))
	return status, out.String(), errs.String()
}

// An output that is an input would be gone before it is read.
func TestOutputIsInput(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.arrows")
	if err := os.WriteFile(path, bundle(t), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, filepath.Join(dir, "link.arrows")); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := run(t, nil, path, "-o", dir+"/tables/"); status != 0 {
		t.Fatal(errs)
	}
	things := dir + "/tables/things.parquet"
	for _, test := range []struct{ in, out, want string }{
		{path, path, path + " is also an input"},
		{path, dir + "/link.arrows", dir + "/link.arrows is also an input"},
		{dir + "/a*", path, path + " is also an input"},
		{things, things, things + " is also an input"},
		{dir + "/tables", dir + "/tables/", dir + "/tables/ is also an input"},
		{things, dir + "/tables", dir + "/tables holds the input " + things},
	} {
		status, _, errs := run(t, nil, test.in, "-o", test.out)
		if want := "copy: --output: " + test.want + "\nTry 'copy --help'.\n"; status != 2 || errs != want {
			t.Errorf("%s to %s: %d %s", test.in, test.out, status, errs)
		}
	}
	if status, _, errs := run(t, nil, "--config", path, dir+"/none", "-o", path); status != 2 || !strings.Contains(errs, "is also an input") {
		t.Errorf("of a flag: %d %s", status, errs)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out, errs bytes.Buffer
	env := &cli.Env{Stdin: in, Stdout: &out, Stderr: &errs}
	if status := cli.Run(testApp(), env, []string{"copy", "-o", path}); status != 2 {
		t.Errorf("stdin: %d %s", status, errs.String())
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, bundle(t)) {
		t.Error("the input changed")
	}
	if status, _, errs := run(t, nil, path, "-o", os.DevNull, "--config", os.DevNull); status != 0 {
		t.Errorf("a device: %d %s", status, errs)
	}
}

func bundle(t *testing.T) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := table.NewWriter(&buf)
	if err := w.Write(table.Encode("things", []thing{{1}, {2}})); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestStatusAndSentence(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "monitor.yaml")
	if err := os.WriteFile(config, []byte("version: 1\nmodle: x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	in := bundle(t)
	for _, c := range []struct {
		name   string
		stdin  []byte
		args   []string
		status int
		stderr string
	}{
		{"complete", in, nil, 0, ""},
		{"gate", in, []string{"--check"}, 3, "copy: level is warn, --check=warn\n"},
		{"gate at alert", in, []string{"--check=alert"}, 3, "copy: level is warn, --check=alert\n"},
		{"gate at alert, apart", in, []string{"--check", "alert"}, 3, "copy: level is warn, --check=alert\n"},
		{"unknown flag", in, []string{"--row", "1"}, 2, "copy: unknown flag --row (did you mean --rows?)\nTry 'copy --help'.\n"},
		{"bad value", in, []string{"--rows", "many"}, 2, "copy: --rows: cannot take the value \"many\"\nTry 'copy --help'.\n"},
		{"no value", in, []string{"--rows"}, 2, "copy: --rows: wants a value\nTry 'copy --help'.\n"},
		{"value for a switch", in, []string{"--quiet=yes"}, 2, "copy: --quiet: takes no value\nTry 'copy --help'.\n"},
		{"unknown format", in, []string{"--format", "cvs", "--table", "things"}, 2, "copy: --format: unknown format \"cvs\" (did you mean \"csv\"?): want one of arrow, parquet, jsonl, csv\nTry 'copy --help'.\n"},
		{"format without table", in, []string{"--format", "csv"}, 2, "copy: --format csv: writes one table: say which with --table\nTry 'copy --help'.\n"},
		{"no such table", in, []string{"--format", "csv", "--table", "none"}, 1, "copy: table none: is not in the output\n"},
		{"empty input", nil, nil, 1, "copy: stdin: is empty: want an Arrow stream or a Parquet file\n"},
		{"cut input", in[:len(in)-9], nil, 1, "copy: stdin: ends in the middle: what follows is missing\n"},
		{"missing file", nil, []string{"no-such-file"}, 1, "copy: no-such-file: no such file or directory\n"},
		{"unknown key", in, []string{"--config", config}, 1, "copy: " + config + ":2: unknown key \"modle\" (did you mean \"model\"?)\n"},
	} {
		status, _, stderr := run(t, c.stdin, c.args...)
		if status != c.status || stderr != c.stderr {
			t.Errorf("%s: status %d, stderr %q; want %d, %q", c.name, status, stderr, c.status, c.stderr)
		}
	}
}

func TestArgumentsInAnyOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.arrows")
	if err := os.WriteFile(path, bundle(t), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{path, "--format", "csv", "--table=things"},
		{"--table", "things", path, "--format=csv"},
		{"--format=csv", "--table=things", "--", path},
		{"-o-", "--format=csv", "--table=things", path},
	} {
		status, stdout, stderr := run(t, nil, args...)
		if status != 0 || stdout != "n\n1\n2\n" {
			t.Errorf("%v: status %d, stdout %q, stderr %q", args, status, stdout, stderr)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"echo", "a", "b", "--sep", "-"}, "a-b\n"},
		{[]string{"echo", "--", "--sep", "x"}, "--sep x\n"},
		{[]string{"echo", "echo"}, "echo\n"},
	} {
		if status, stdout, stderr := run(t, nil, c.args...); status != 0 || stdout != c.want {
			t.Errorf("%v: status %d, stdout %q, stderr %q", c.args, status, stdout, stderr)
		}
	}
}

func TestOutputAppearsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	in := bundle(t)
	out := filepath.Join(dir, "out.arrows")
	if status, _, stderr := run(t, in[:len(in)-9], "-o", out); status != 1 {
		t.Errorf("cut input: status %d, stderr %q", status, stderr)
	}
	if status, _, stderr := run(t, in[:len(in)-9], "-o", filepath.Join(dir, "sub")+"/"); status != 1 {
		t.Errorf("cut input: status %d, stderr %q", status, stderr)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != 1 || filepath.Base(found[0]) != "sub" {
		t.Errorf("after a failure there is %v", found)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "sub", "*")); len(found) != 0 {
		t.Errorf("after a failure there is %v", found)
	}
	if status, _, stderr := run(t, in, "-o", out); status != 0 {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	got, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(got, in) {
		t.Errorf("a copied bundle differs: %v", err)
	}
	csv := filepath.Join(dir, "things.csv")
	if status, _, stderr := run(t, in, "-o", csv, "--table", "things"); status != 0 {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	if got, err := os.ReadFile(csv); err != nil || string(got) != "n\n1\n2\n" {
		t.Errorf("%s holds %q, %v", csv, got, err)
	}
}

func TestFullDisk(t *testing.T) {
	status, _, stderr := run(t, bundle(t), "-o", "/dev/full")
	if want := "copy: write /dev/full: no space left on device\n"; status != 1 || stderr != want {
		t.Errorf("status %d, stderr %q; want 1, %q", status, stderr, want)
	}
}

func TestTerminal(t *testing.T) {
	var out, errs bytes.Buffer
	env := &cli.Env{Stdin: bytes.NewReader(bundle(t)), Stdout: &out, Stderr: &errs, StdoutTerminal: true}
	if status := cli.Run(testApp(), env, []string{"copy"}); status != 2 || out.Len() > 0 {
		t.Errorf("status %d, stdout %q, stderr %q", status, out.String(), errs.String())
	}
	env = &cli.Env{StdinTerminal: true, Stdout: &out, Stderr: &errs}
	if status := cli.Run(testApp(), env, []string{"copy"}); status != 2 {
		t.Errorf("reading a bundle from a terminal: status %d", status)
	}
}

func TestHelpAndCompletion(t *testing.T) {
	status, help, _ := run(t, nil, "--help")
	for _, want := range []string{"copy - copy tables", "Examples:", "--output PATH", "--check", "Exit status:", "echo"} {
		if status != 0 || !strings.Contains(help, want) {
			t.Errorf("--help: status %d, no %q in\n%s", status, want, help)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if status, script, _ := run(t, nil, "--completion", shell); status != 0 || !strings.Contains(script, "--complete") {
			t.Errorf("--completion %s: status %d, %q", shell, status, script)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--complete"}, "echo\n"},
		{[]string{"ec", "--complete"}, "echo\n"},
		{[]string{"echo", "--", "--complete"}, "--help\n--sep\n"},
	} {
		if status, words, _ := run(t, nil, c.args...); status != 0 || words != c.want {
			t.Errorf("%v: status %d, %q; want %q", c.args, status, words, c.want)
		}
	}
	if _, words, _ := run(t, nil, "--o", "--complete"); !strings.Contains(words, "--output\n") {
		t.Errorf("flags: %q", words)
	}
}

func TestConfig(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "monitor.yaml")
	for text, want := range map[string]string{
		"version: 2":                      ": version: want 1, got 2",
		"columns:\n  a: {type: nubmer}":   `: columns.a.type: want one of number, category, text, id, got "nubmer"`,
		"columns:\n  a: {tpye: number}":   `:2: unknown key "columns.a.tpye" (did you mean "type"?)`,
		"last: soon":                      `:1: want a duration such as 24h or 7d, got "soon"`,
		"levels: {warn: 0.5, alert: 0.2}": ": levels: warn is above alert",
		"evidently:\n  num: {type: cat}":  ": evidently.num.type: only a column has one",
		"evidently: {column: {}}":         `:1: unknown key "evidently.column" (did you mean "columns"?)`,
		"limits: {success_rate: 99}":      ": limits.success_rate: want a number from 0 to 1, got 99",
		"threshold: [1":                   ":1: did not find expected ',' or ']'",
		"reference: {a: b}":               ":1: want text, got keys with values",
		"levels: {warn: 0.6}":             ": levels: warn is above alert, which is 0.5 when it is not set",
		"segments: country":               `:1: want a list, got "country"`,
		"segments: [country, country]":    `: segments: "country" is there twice`,
		"segments: [\"\"]":                ": segments: want names of columns, got an empty one",
		"retrain: {auc_drop: 0.1}":        `:1: unknown key "retrain.auc_drop"`,
		"retrain: {engagment_drop: 0.1}":  `:1: unknown key "retrain.engagment_drop" (did you mean "engagement_drop"?)`,
		"retrain: {score_p: 2}":           ": retrain.score_p: want a number from 0 to 1, got 2",
		"retrain: {new_labels: -1}":       ": retrain.new_labels: want a number of 0 or more, got -1",
		"retrain: {new_labels: some}":     `:1: want a whole number, got "some"`,
		"retrain: {drift_share: .nan}":    ": retrain.drift_share: want a number from 0 to 1, got NaN",
		"retrain: {model_age: 0d}":        `:1: want a duration such as 24h or 7d, got "0d"`,
		"retrain: {model_age: 90d}":       ": retrain.model_age: want retrain.trained as well: when the model was trained",
		"retrain: {trained: May}":         `:1: want a date such as 2026-01-31 or an RFC 3339 time, got "May"`,
		"retrain: {level: insufficient}":  `: retrain.level: want one of ok, warn, alert, got "insufficient"`,

		// Anchors and merges are no way round the check.
		"columns:\n  a: &a {type: text}\n  b: {<<: *a, pulbic: true}":                        `:3: unknown key "columns.b.pulbic" (did you mean "public"?)`,
		"fields:\n  requests: &r {a: b}\nsite: *r":                                           `:2: unknown key "site.a" (did you mean "k"?)`,
		"fields:\n  requests: &r {a: b}\nsite: {<<: *r}":                                     `:2: unknown key "site.a" (did you mean "k"?)`,
		"fields:\n  requests: &r {a: b}\nsite: {<<: [*r]}":                                   `:2: unknown key "site.a" (did you mean "k"?)`,
		"reference: &title nonsense\nsite: {*title : x}":                                     `:1: unknown key "site.nonsense"`,
		"columns: &a {<<: *a}":                                                               ": anchor 'a' value contains itself",
		"site: &a {<<: *a}":                                                                  ": anchor 'a' value contains itself",
		"columns:\n  a: &a {public: yes}\n  b: &b {<<: [*a, *a]}\n  c: {<<: [*b, *b], x: y}": `:4: unknown key "columns.c.x"`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := cli.LoadConfig(path); err == nil || err.Error() != path+want {
			t.Errorf("%q: error %v, want %s", text, err, path+want)
		}
	}
	text := "reference: ref.csv\nmodel: /m.ubj\nlast: 7d\ncolumns:\n  job title: {type: text, public: true}\n"
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := cli.LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Reference != filepath.Join(dir, "ref.csv") || c.Model != "/m.ubj" || !c.Columns["job title"].Public || c.Threshold == c.Threshold {
		t.Errorf("got %+v", c)
	}
}

// A reason to retrain of 0 is one, and none is none.
func TestRetrain(t *testing.T) {
	c, err := cli.ParseConfig([]byte("segments: [country, size]\nretrain: {drift_share: 0, new_labels: 500, model_age: 90d, trained: 2026-01-31}\n" +
		"columns:\n  a: &a {type: text}\n  b: {<<: *a, public: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Retrain
	if r.DriftShare == nil || *r.DriftShare != 0 || r.ScoreP != nil || *r.NewLabels != 500 ||
		time.Duration(r.ModelAge) != 90*24*time.Hour || !time.Time(r.Trained).Equal(time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)) || r.Level != "" {
		t.Errorf("got %+v", r)
	}
	if !slices.Equal(c.Segments, []string{"country", "size"}) || c.Columns["b"] != (cli.Column{Type: "text", Public: true}) {
		t.Errorf("got %+v", c)
	}
}

// A threshold of 0 is one, and none is none.
func TestEvidentlyRules(t *testing.T) {
	c, err := cli.ParseConfig([]byte("evidently:\n  all: {test: psi}\n  columns: {age: {threshold: 0, type: num}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	age := c.Evidently.Columns["age"]
	if c.Evidently.All.Test != "psi" || c.Evidently.All.Threshold != nil || age.Threshold == nil || *age.Threshold != 0 || age.Type != "num" {
		t.Errorf("got %+v", c.Evidently)
	}
}

// What a file is called, or a column in it, does not steer a terminal.
func TestNotesArePlain(t *testing.T) {
	_, _, stderr := run(t, nil, "no\x1b[31msuch")
	if want := "copy: no\uFFFD[31msuch: no such file or directory\n"; stderr != want {
		t.Errorf("stderr %q, want %q", stderr, want)
	}
}
