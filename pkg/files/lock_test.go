package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func init() {
	works["count"] = func() error { // adds one to a number, ten times
		for range 10 {
			unlock, err := Lock("counter")
			if err != nil {
				return err
			}
			raw, err := os.ReadFile("counter")
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(string(raw))
			if err != nil {
				return err
			}
			if err := os.WriteFile("counter", []byte(strconv.Itoa(n+1)), 0o666); err != nil {
				return err
			}
			unlock()
		}
		return nil
	}
	works["sites"] = func() error { // the whole of a directory, ten times
		for range 10 {
			if err := works["site"](); err != nil {
				return err
			}
		}
		return nil
	}
}

// Processes that lock a path come one after another, and leave no lock.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "counter"), []byte("0"), 0o666); err != nil {
		t.Fatal(err)
	}
	makeSite(t, filepath.Join(dir, "site"))
	var children []*exec.Cmd
	for i := range 8 {
		child := exec.Command(os.Args[0])
		child.Dir = dir
		child.Env = append(os.Environ(), "FILES_TEST_WORK="+[]string{"count", "sites"}[i%2])
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, child)
	}
	for _, child := range children {
		if err := child.Wait(); err != nil {
			t.Error(err)
		}
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, "counter")); string(raw) != "40" {
		t.Errorf("four processes counted ten each: %s", raw)
	}
	if got := contents(t, filepath.Join(dir, "site")); got != newSite {
		t.Errorf("four wrote one directory: %s", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

// A path is locked as often as it is wanted within a process, links followed; the lock
// of what is not there yet, and of a file that lies in a directory, work alike.
func TestLockWithinAProcess(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink("real", link); err != nil {
		t.Fatal(err)
	}
	a, err := Lock(link)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Lock(filepath.Join(dir, "real"))
	if err != nil {
		t.Fatal(err)
	}
	a()
	a()
	if _, err := os.Stat(filepath.Join(dir, ".real.lock")); err != nil {
		t.Errorf("unlocked twice by one: %v", err)
	}
	b()
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := Lock(filepath.Join(dir, "no", "file")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(fmt.Sprint(err), filepath.Join("no", "file")) {
		t.Errorf("in a directory that is not there: %v", err)
	}
}

// An earlier version kept no journal: the old directory comes back where it is the only
// one, also for a file that lies in it.
func TestRecoverWithoutJournal(t *testing.T) {
	for _, asked := range []string{"site", "site/sub/mine"} {
		dir := t.TempDir()
		makeSite(t, filepath.Join(dir, ".site.135.tmp.old"))
		makeSite(t, filepath.Join(dir, ".site.135.tmp"))
		unlock, err := Lock(filepath.Join(dir, asked))
		if err != nil {
			t.Fatal(err)
		}
		unlock()
		if got := contents(t, filepath.Join(dir, "site")); got != oldSite {
			t.Errorf("%s: %s", asked, got)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("%s: left behind: %v", asked, left)
		}
	}
	dir := t.TempDir()
	makeSite(t, filepath.Join(dir, ".site.1.tmp.old"))
	makeSite(t, filepath.Join(dir, ".site.2.tmp.old"))
	if _, err := Lock(filepath.Join(dir, "site")); err == nil || !strings.Contains(err.Error(), "2 old ones stand beside it") {
		t.Errorf("two old ones: %v", err)
	}
}
