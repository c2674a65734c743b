package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signal takes a directory away while it is being written.
func TestSignalsTakeDirectoriesAway(t *testing.T) {
	if parent := os.Getenv("FILES_TEST_DIR"); parent != "" {
		d, err := CreateDir(filepath.Join(parent, "site"))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ { // until the signal comes
			if err := d.WriteFile(fmt.Sprintf("pages/%d/index.html", i%50), []byte("page")); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
		}
	}
	for range 3 {
		dir := t.TempDir()
		child := exec.Command(os.Args[0], "-test.run=TestSignalsTakeDirectoriesAway")
		child.Env = append(os.Environ(), "FILES_TEST_DIR="+dir)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		written := func() []string {
			names, _ := filepath.Glob(dir + "/.site.*.tmp/pages/*/index.html")
			return names
		}
		for begun := time.Now(); len(written()) < 5 && time.Since(begun) < 10*time.Second; {
			time.Sleep(time.Millisecond)
		}
		if len(written()) == 0 {
			t.Fatal("nothing was written")
		}
		if err := child.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // its error is the signal
		if s := child.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != syscall.SIGTERM {
			t.Errorf("ended with %v", s)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestDirectoryIsCompletedOrRemoved(t *testing.T) {
	parent := t.TempDir()
	for _, whole := range []bool{false, true} {
		d, err := CreateDir(filepath.Join(parent, "deep", "a"))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.WriteFile("b/c.txt", []byte("c")); err != nil {
			t.Fatal(err)
		}
		if whole {
			if err := d.Commit(nil); err != nil {
				t.Error(err)
			}
		}
		d.Abort()
		if all, _ := os.ReadDir(filepath.Join(parent, "deep")); len(all) != map[bool]int{true: 1}[whole] {
			t.Errorf("committed is %v: the parent holds %v", whole, all)
		}
	}
	if raw, err := os.ReadFile(filepath.Join(parent, "deep", "a", "b", "c.txt")); err != nil || string(raw) != "c" {
		t.Errorf("%q, %v", raw, err)
	}
}

// Of the old directory goes what is said to be replaced and what the new one has
// a successor of; the rest moves over.
func TestExchange(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	for name, text := range map[string]string{"index": "old", "gone": "old", "mine": "kept", "sub/gone": "old", "sub/mine": "kept", "other/mine": "kept", "clash": "old"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := CreateDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Abort()
	for _, name := range []string{"index", "clash/new"} {
		if err := d.WriteFile(name, []byte("new")); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Commit(map[string]bool{"index": true, "gone": true, "sub": true, "sub/gone": true}); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		got = append(got, filepath.ToSlash(name)+"="+string(raw))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if s, want := strings.Join(got, " "), "clash/new=new index=new mine=kept other/mine=kept sub/mine=kept"; s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if beside, _ := os.ReadDir(filepath.Dir(dir)); len(beside) != 1 {
		t.Errorf("left behind: %v", beside)
	}
}

func TestResolve(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(base)
	if err := errors.Join(os.Mkdir("real", 0o777), os.Symlink("real", "link"), os.Symlink("nowhere", "dangling")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"link": "real", "link/..": ".", "new": "new", "dangling": "nowhere", "dangling/a": "nowhere/a"} {
		if got, err := Resolve(path); err != nil || got != filepath.Join(base, want) {
			t.Errorf("%s: %s, %v, want %s", path, got, err, want)
		}
	}
}
