//go:build chaos

package chaos

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "write the table into docs/reliability.md")

const faultVariable = "LEADSMAN_FAULT"

// build makes the program with faults switched on.
func build(t *testing.T) (bin string) {
	t.Helper()
	bin = t.TempDir()
	make := exec.Command("go", "build", "-o", bin, "-ldflags", "-X github.com/leadsman/leadsman/pkg/files.faultsBy="+faultVariable, "github.com/leadsman/leadsman/cmd/leadsman")
	if said, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return filepath.Join(bin, "leadsman")
}

func run(t *testing.T, bin, dir, fault string, args ...string) (status int, killed bool, stderr string) {
	t.Helper()
	c := exec.Command(bin, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), faultVariable+"="+fault)
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatal(err)
		}
		s := exit.Sys().(syscall.WaitStatus)
		return exit.ExitCode(), s.Signaled() && s.Signal() == syscall.SIGKILL, said.String()
	}
	return 0, false, said.String()
}

func must(t *testing.T, bin, dir string, args ...string) {
	t.Helper()
	if status, _, said := run(t, bin, dir, "", args...); status != 0 {
		t.Fatalf("%v: status %d: %s", args, status, said)
	}
}

// A command that writes outputs, which stand in its directory from an earlier run.
type command struct {
	name    string
	args    []string
	outputs []string
}

var commands = []command{
	{"render", []string{"render", "-o", "site", "--history", "history.parquet", "found.arrows"}, []string{"site", "history.parquet"}},
	{"driftcalc -o DIR/", []string{"driftcalc", "--reference", "ref.csv", "rows.arrows", "-o", "tables/"}, []string{"tables"}},
	{"ingest -o", []string{"ingest", "--reference", "ref.csv", "log.jsonl", "-o", "out.arrows"}, []string{"out.arrows"}},
	{"perfbench convert", []string{"perfbench", "convert", "model.ubj", "-o", "model.onnx"}, []string{"model.onnx"}},
}

// state is what stands at an output: a digest of all files, "" for nothing.
func state(t *testing.T, path string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		rel, _ := filepath.Rel(path, p)
		fmt.Fprintf(sum, "%s %x\n", rel, sha256.Sum256(raw))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// inputs makes a directory with all inputs, and outputs of an earlier run.
func inputs(t *testing.T, bin string) string {
	t.Helper()
	dir := t.TempDir()
	raw, err := os.ReadFile("../../testdata/model.ubj")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "model.ubj"), raw, 0o666); err != nil {
		t.Fatal(err)
	}
	row := func(i, shift int) string {
		return fmt.Sprintf("%d,%s,0.%02d", i*7%50+shift, []string{"a", "b", "c"}[i%3], i*37%100)
	}
	var ref strings.Builder
	fmt.Fprintln(&ref, "v,kind,score")
	for i := range 300 {
		fmt.Fprintln(&ref, row(i, 0))
	}
	if err := os.WriteFile(filepath.Join(dir, "ref.csv"), []byte(ref.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	for i, shift := range []int{0, 9} {
		var log strings.Builder
		for n := range 200 {
			v := strings.Split(row(n, shift), ",")
			fmt.Fprintf(&log, `{"timestamp":"2026-01-%02dT%02d:%02d:00Z","input":{"v":%s,"kind":%q},"score":%s}`+"\n", 5+i, n/60, n%60, v[0], v[1], v[2])
		}
		if err := os.WriteFile(filepath.Join(dir, "log.jsonl"), []byte(log.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		must(t, bin, dir, "ingest", "--reference", "ref.csv", "log.jsonl", "-o", "rows.arrows")
		must(t, bin, dir, "driftcalc", "--reference", "ref.csv", "rows.arrows", "-o", "found.arrows")
		if i == 0 {
			for _, c := range commands {
				must(t, bin, dir, c.args...)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "model.onnx"), []byte("an earlier one"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"site/CNAME", "tables/notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, other), []byte("not leadsman's"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// chosen are the calls of a trace that are tried: all of a kind, but of writes to a file
// the first, the middle and the last.
func chosen(trace []string) []string {
	last := map[string]int{}
	for _, call := range trace {
		if what, _, _ := strings.Cut(call, " #"); strings.HasPrefix(call, "write ") {
			last[what]++
		}
	}
	return slices.DeleteFunc(trace, func(call string) bool {
		what, number, _ := strings.Cut(call, " #")
		n := last[what]
		return n > 0 && !slices.Contains([]string{"1", fmt.Sprint((n + 1) / 2), fmt.Sprint(n)}, number)
	})
}

type cell struct{ old, new, both, refused int }

// Of every command and every call: a kill before it, or within a write, leaves each output
// old or new, and so does a full disk, which is told by status 1; the next run completes
// all of it and nothing is left beside it.
func TestEveryCall(t *testing.T) {
	bin := build(t)
	from := inputs(t, bin)
	kinds := []string{"create", "mkdir", "write", "fsync", "link", "rename", "exchange", "unlink"}
	var table strings.Builder
	fmt.Fprintf(&table, "| command | call | calls | killed: old / new | full disk: old / new |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range commands {
		was, will := map[string]string{}, map[string]string{}
		whole := filepath.Join(t.TempDir(), "whole")
		copyTree(t, from, whole)
		trace := filepath.Join(t.TempDir(), "trace")
		if status, _, said := run(t, bin, whole, "trace:"+trace, c.args...); status != 0 {
			t.Fatalf("%s: status %d: %s", c.name, status, said)
		}
		beside, err := os.ReadDir(whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range c.outputs {
			was[o], will[o] = state(t, filepath.Join(from, o)), state(t, filepath.Join(whole, o))
			if was[o] == will[o] {
				t.Fatalf("%s: %s is the same before and after", c.name, o)
			}
		}
		raw, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		results := map[string]map[string]*cell{"kill": {}, "full": {}}
		calls := chosen(strings.Split(strings.TrimSpace(string(raw)), "\n"))
		for _, call := range calls {
			kind, _, _ := strings.Cut(call, " ")
			if !slices.Contains(kinds, kind) {
				t.Fatalf("a call of another kind: %s", call)
			}
			for _, fault := range []string{"kill", "full"} {
				if fault == "full" && kind == "unlink" {
					continue // which needs no room
				}
				r := results[fault][kind]
				if r == nil {
					r = &cell{}
					results[fault][kind] = r
				}
				dir := filepath.Join(t.TempDir(), "work")
				copyTree(t, from, dir)
				status, killed, said := run(t, bin, dir, fault+":"+call, c.args...)
				if fault == "kill" && !killed || fault == "full" && status != 1 {
					t.Errorf("%s: %s at %s: status %d: %s", c.name, fault, call, status, said)
				}
				olds := 0
				for _, o := range c.outputs {
					switch state(t, filepath.Join(dir, o)) {
					case was[o]:
						olds++
					case will[o]:
					default:
						t.Errorf("%s: %s at %s: %s is neither", c.name, fault, call, o)
					}
				}
				switch {
				case olds == len(c.outputs):
					r.old++
				case olds == 0:
					r.new++
				default: // of two outputs one is new
					r.both++
				}
				must(t, bin, dir, c.args...)
				for _, o := range c.outputs {
					if state(t, filepath.Join(dir, o)) != will[o] {
						t.Errorf("%s: %s at %s: after the next run %s is not the new one", c.name, fault, call, o)
					}
				}
				if left, _ := os.ReadDir(dir); len(left) != len(beside) {
					t.Errorf("%s: %s at %s: left behind: %v", c.name, fault, call, left)
				}
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, kind := range kinds {
			killed, full := results["kill"][kind], results["full"][kind]
			if killed == nil {
				continue
			}
			fmt.Fprintf(&table, "| `%s` | %s | %d | %s | %s |\n", c.name, kind, killed.old+killed.new+killed.both, killed, full)
		}
	}
	document(t, table.String())
}

func (c *cell) String() string {
	if c == nil {
		return "needs no room"
	}
	text := fmt.Sprintf("%d / %d", c.old, c.new)
	if c.both > 0 {
		text += fmt.Sprintf(", %d with the history new and the site old", c.both)
	}
	return text
}

const docPath = "../../docs/reliability.md"

var between = regexp.MustCompile(`(?s)<!-- calls -->\n.*?<!-- end -->`)

// document holds the table to docs/reliability.md, or writes it there.
func document(t *testing.T, table string) {
	t.Helper()
	raw, err := os.ReadFile(docPath)
	if err != nil {
		t.Fatal(err)
	}
	want := between.ReplaceAllLiteralString(string(raw), "<!-- calls -->\n"+table+"<!-- end -->")
	if want == string(raw) {
		return
	}
	if !*update {
		t.Errorf("docs/reliability.md has another table; -update writes this one:\n%s", table)
		return
	}
	if err := os.WriteFile(docPath, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}
