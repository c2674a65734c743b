package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The test's own binary is also the process that is killed.
func TestMain(m *testing.M) {
	if work := os.Getenv("FILES_TEST_WORK"); work != "" {
		faultsBy = "FILES_TEST_FAULT"
		switch os.Getenv("FILES_TEST_WAY") {
		case "journal":
			exchange = func(string, string) error { return errors.ErrUnsupported }
		case "inside":
			inPlace = func(path string) bool { return filepath.Base(path) == "site" && exists(path) }
		}
		if err := works[work](); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// works are what a process does that may be killed, and its successor.
var works = map[string]func() error{
	"site": func() error { // data/ and the pages a and sub/b are replaced, sub/c goes
		d, err := CreateDir("site")
		if err != nil {
			return err
		}
		defer d.Abort()
		for _, name := range []string{"index.html", "a", "sub/b", "fresh/d"} {
			if err := d.WriteFile(name, []byte("new "+name)); err != nil {
				return err
			}
		}
		return d.Commit(map[string]bool{"index.html": true, "a": true, "sub": true, "sub/b": true, "sub/c": true})
	},
	"recover": func() error {
		unlock, err := Lock("site")
		if err == nil {
			unlock()
		}
		return err
	},
	"file": func() error {
		return Write("file", func(w io.Writer) error {
			_, err := io.WriteString(w, "new")
			return err
		})
	},
}

const (
	oldSite = "a=old index.html=old mine=kept other/mine=kept sub/b=old sub/c=old sub/mine=kept"
	newSite = "a=new a fresh/d=new fresh/d index.html=new index.html mine=kept other/mine=kept sub/b=new sub/b sub/mine=kept"
)

func makeSite(t *testing.T, dir string) {
	t.Helper()
	for _, entry := range strings.Fields(oldSite) {
		name, text, _ := strings.Cut(entry, "=")
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

func contents(t *testing.T, dir string) string {
	t.Helper()
	var got []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		got = append(got, filepath.ToSlash(name)+"="+string(raw))
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Join(got, " ")
}

// work runs one of works in dir as a process of its own.
func work(t *testing.T, dir, name, way, fault string) (string, error) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Dir = dir
	child.Env = append(os.Environ(), "FILES_TEST_WORK="+name, "FILES_TEST_WAY="+way, "FILES_TEST_FAULT="+fault)
	said, err := child.CombinedOutput()
	return string(said), err
}

func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	s, ok := exit.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && s.Signal() == syscall.SIGKILL
}

// Whatever call a process is killed before, and whichever finds the disk full: the
// directory is the old one or the new one as soon as the next process has looked at it,
// nothing lies beside it, and the next process can write it.
func TestEveryCallOfADirectory(t *testing.T) {
	for _, way := range []string{"exchange", "journal", "inside"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			makeSite(t, filepath.Join(dir, "site"))
			trace := filepath.Join(t.TempDir(), "trace")
			if said, err := work(t, dir, "site", way, "trace:"+trace); err != nil {
				t.Fatal(err, said)
			}
			if got := contents(t, filepath.Join(dir, "site")); got != newSite {
				t.Fatalf("without a fault: %s", got)
			}
			raw, err := os.ReadFile(trace)
			if err != nil {
				t.Fatal(err)
			}
			calls := strings.Split(strings.TrimSpace(string(raw)), "\n")
			kinds := map[string]bool{}
			for _, call := range calls {
				kind, _, _ := strings.Cut(call, " ")
				kinds[kind] = true
			}
			for _, want := range map[string][]string{
				"exchange": {"mkdir", "create", "write", "fsync", "link", "exchange", "unlink"},
				"journal":  {"mkdir", "create", "write", "fsync", "link", "exchange", "rename", "unlink"},
				"inside":   {"mkdir", "create", "write", "fsync", "rename", "unlink"},
			}[way] {
				if !kinds[want] {
					t.Errorf("no call %s among %d", want, len(calls))
				}
			}
			for _, call := range calls {
				for _, kind := range []string{"kill", "full"} {
					if kind == "full" && strings.HasPrefix(call, "unlink") {
						continue // which needs no room
					}
					dir := t.TempDir()
					site := filepath.Join(dir, "site")
					makeSite(t, site)
					said, err := work(t, dir, "site", way, kind+":"+call)
					if kind == "kill" && !killed(err) {
						t.Fatalf("%s: not killed: %v %s", call, err, said)
					}
					now := contents(t, site)
					if kind == "full" && err != nil && way != "inside" && now != oldSite && now != newSite {
						t.Errorf("full disk at %s: %s", call, now)
					}
					if kind == "full" && err == nil && now != newSite {
						t.Errorf("full disk at %s is not told: %s", call, now)
					}
					if said, err := work(t, dir, "recover", way, ""); err != nil {
						t.Fatalf("%s at %s: then %s", kind, call, said)
					}
					if got := contents(t, site); got != oldSite && got != newSite {
						t.Errorf("%s at %s: %s", kind, call, got)
					}
					if beside, _ := os.ReadDir(dir); len(beside) != 1 {
						t.Errorf("%s at %s: left behind: %v", kind, call, beside)
					}
					if hidden, _ := filepath.Glob(site + "/.*"); len(hidden) > 0 {
						t.Errorf("%s at %s: left inside: %v", kind, call, hidden)
					}
					if said, err := work(t, dir, "site", way, ""); err != nil || contents(t, site) != newSite {
						t.Errorf("%s at %s: the next one: %v %s", kind, call, err, said)
					}
				}
			}
		})
	}
}

// The same of a file.
func TestEveryCallOfAFile(t *testing.T) {
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	if said, err := work(t, dir, "file", "", "trace:"+trace); err != nil {
		t.Fatal(err, said)
	}
	raw, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	calls := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(calls) < 4 {
		t.Fatalf("calls: %q", calls)
	}
	for _, call := range calls {
		for _, kind := range []string{"kill", "full"} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "file"), []byte("old"), 0o666); err != nil {
				t.Fatal(err)
			}
			said, err := work(t, dir, "file", "", kind+":"+call)
			if err == nil || kind == "kill" && !killed(err) {
				t.Errorf("%s at %s: %v %s", kind, call, err, said)
			}
			if got := contents(t, dir); kind == "full" && got != "file=old" && got != "file=new" {
				t.Errorf("full disk at %s: %s", call, got)
			}
			if got, _ := os.ReadFile(filepath.Join(dir, "file")); !slices.Contains([]string{"old", "new"}, string(got)) {
				t.Errorf("%s at %s: %q", kind, call, got)
			}
			if said, err := work(t, dir, "file", "", ""); err != nil || contents(t, dir) != "file=new" {
				t.Errorf("%s at %s: the next one: %v %s, %s", kind, call, err, said, contents(t, dir))
			}
		}
	}
}
