package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
	if found, _ := os.ReadDir(dir); len(found) != 0 {
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
		{[]string{"--format", "", "--complete"}, "arrow\nparquet\njsonl\ncsv\n"},
		{[]string{"--format", "=", "c", "--complete"}, "arrow\nparquet\njsonl\ncsv\n"},
		{[]string{"--completion=", "--complete"}, "--completion=bash\n--completion=zsh\n--completion=fish\n"},
		{[]string{"--rows", "", "--complete"}, ""}, // a number
		{[]string{"--quiet", "", "--complete"}, "echo\n"},
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
