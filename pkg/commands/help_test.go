package commands

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
)

// helps are the texts of --help of every command and their commands.
func helps(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	help := func(app *ucli.App, args ...string) {
		var text bytes.Buffer
		env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &text, Stderr: &text}
		if status := cli.Run(app, env, append(append([]string{app.Name}, args...), "--help")); status != 0 {
			t.Errorf("%s %v: status %d", app.Name, args, status)
		}
		out[strings.Join(append([]string{app.HelpName}, args...), " ")] = text.String()
	}
	help(app())
	help(app(), "man")
	help(app(), "links")
	for _, c := range all {
		help(cli.Under(program, c.app()))
		for _, sub := range c.app().Commands {
			help(cli.Under(program, c.app()), sub.Name)
		}
	}
	return out
}

// Help fits a terminal of 80 columns: text, flags, and examples, which go on behind a
// backslash.
func TestHelpFitsATerminal(t *testing.T) {
	for name, text := range helps(t) {
		for _, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s --help: a line of %d: %s", name, utf8.RuneCountInString(line), line)
			}
		}
	}
	text := helps(t)["leadsman driftcalc"]
	last := -1
	for _, purpose := range []string{"\nWhat is read:\n", "\nWhat is judged:\n", "\nHow it is judged:\n", "\nWhat is written:\n", "\nThe gate:\n", "\nHelp:\n"} {
		at := strings.Index(text, purpose)
		if at <= last {
			t.Errorf("driftcalc --help: %q is not there, or not in its place", purpose)
		}
		last = at
	}
}

// The manual has a page a command, with every flag, and groff finds no fault in it.
func TestManualPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	var errs bytes.Buffer
	env := &cli.Env{Stdin: strings.NewReader(""), Stdout: &errs, Stderr: &errs}
	if status := cli.Run(app(), env, []string{program, "man", "--links", dir}); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if want := 1 + len(all) + len(links()) - 2; err != nil || len(files) != want { // leadsman-report and -gate have their pages already
		t.Errorf("%d pages, want %d", len(files), want)
	}
	groff, _ := exec.LookPath("groff")
	flags := regexp.MustCompile(`(?m)^  (--[a-z0-9-]+)`)
	texts := helps(t)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		page := strings.ReplaceAll(string(raw), `\-`, "-")
		if to, ok := strings.CutPrefix(page, ".so man1/"); ok {
			if _, err := os.Stat(filepath.Join(dir, strings.TrimSpace(to))); err != nil {
				t.Error(err)
			}
			continue
		}
		name := strings.Replace(strings.TrimSuffix(filepath.Base(file), ".1"), "-", " ", 1)
		for help, text := range texts {
			if help != name && (name == program || !strings.HasPrefix(help, name+" ")) {
				continue
			}
			for _, f := range flags.FindAllStringSubmatch(text, -1) {
				if !strings.Contains(page, "\n.B "+f[1]) {
					t.Errorf("%s: %s has no %s", filepath.Base(file), help, f[1])
				}
			}
		}
		if groff == "" {
			continue // a check beside the others, where there is one
		}
		said, err := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z", file).CombinedOutput()
		if err != nil || len(said) > 0 {
			t.Errorf("%s: %v\n%s", filepath.Base(file), err, said)
		}
	}
}
