package pipelines

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A copy of the repository as a user gets it: the working tree without what is
// built, as a git repository that `git clone` of the public address reaches.
type repository struct {
	dir string
	env []string
}

const publicAddress = "https://github.com/leadsman/leadsman"

func copyRepository(t *testing.T) repository {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "leadsman")
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel == "build" || rel == ".git" || rel == "logs" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(dir, rel), 0o777)
		}
		if rel == ".git" { // of a worktree: the copy would commit to its branch
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, rel), b, info.Mode())
	})
	if err != nil {
		t.Fatal(err)
	}
	r := repository{dir, append(withPath(),
		"GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url."+dir+".insteadOf",
		"GIT_CONFIG_VALUE_0="+publicAddress)}
	r.run(t, dir, "git init -q && git add -A && git -c user.name=test -c user.email=test@example.com commit -qm snapshot")
	return r
}

// run runs a shell script as the documents' reader would, and fails on any
// status but 0.
func (r repository) run(t *testing.T, dir, script string) string {
	t.Helper()
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, r.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v in %s:\n%s\n%s", err, filepath.Base(dir), script, out)
	}
	return string(out)
}

// commands is the directory of the built commands; every test of this package
// runs the same ones.
var commands string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withCommands(m.Run))
}

func withCommands(run func() int) int {
	dir, err := os.MkdirTemp("", "leadsman-commands-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if out, err := exec.Command("make", "-C", "..", "build", "BIN="+dir).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	commands = dir
	return run()
}

// withPath is the environment with the commands first on PATH.
func withPath() []string {
	return append(os.Environ(), "PATH="+commands+":"+os.Getenv("PATH"))
}

var fence = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// Every command in the documents runs: a block that clones in an empty
// directory, the others at the top of a clone, one after another.
func TestDocuments(t *testing.T) {
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	repo := copyRepository(t)
	repo.run(t, repo.dir, "make build") // once: make finds it done in each clone
	ran := 0
	for _, doc := range append([]string{"../README.md"}, docs...) {
		t.Run(filepath.Base(doc), func(t *testing.T) {
			text, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			blocks := fence.FindAllStringSubmatch(string(text), -1)
			if len(blocks) == 0 {
				return
			}
			clone := filepath.Join(t.TempDir(), "leadsman")
			repo.run(t, filepath.Dir(clone), "git clone -q "+publicAddress+" leadsman && mkdir leadsman/build && cp -a "+repo.dir+"/build/bin leadsman/build/")
			for _, m := range blocks {
				script := m[1]
				if strings.TrimSpace(script) == "make test" {
					continue // which runs this test
				}
				dir := clone
				if strings.Contains(script, "git clone") {
					dir = t.TempDir()
				}
				repo.run(t, dir, script)
				ran++
			}
		})
	}
	if ran < 4 {
		t.Errorf("%d blocks of commands were found: want the README's and the documents'", ran)
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

// Every relative link in the documents leads somewhere.
func TestLinks(t *testing.T) {
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range append(top, docs...) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), m[1])); err != nil {
				t.Errorf("%s: link to %s: %v", filepath.Base(doc), m[1], err)
			}
		}
	}
}
