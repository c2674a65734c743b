package table

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A signal takes a directory away while it is being written.
func TestSignalsTakePartialDirectoriesAway(t *testing.T) {
	if parent := os.Getenv("TABLE_TEST_DIR"); parent != "" {
		d, err := CreatePartialDir(parent, ".site.*.tmp")
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
		child := exec.Command(os.Args[0], "-test.run=TestSignalsTakePartialDirectoriesAway")
		child.Env = append(os.Environ(), "TABLE_TEST_DIR="+dir)
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

func TestPartialDirectoryIsCompletedOrRemoved(t *testing.T) {
	parent := t.TempDir()
	fail := errors.New("no place")
	for _, want := range []error{fail, nil} {
		d, err := CreatePartialDir(parent, ".a.*.tmp")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.WriteFile("b/c.txt", []byte("c")); err != nil {
			t.Fatal(err)
		}
		err = d.Complete(func(path string) error {
			if want != nil {
				return want
			}
			return os.Rename(path, filepath.Join(parent, "a"))
		})
		if !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		d.Remove()
	}
	if raw, err := os.ReadFile(filepath.Join(parent, "a", "b", "c.txt")); err != nil || string(raw) != "c" {
		t.Errorf("%q, %v", raw, err)
	}
	if all, _ := os.ReadDir(parent); len(all) != 1 {
		t.Errorf("%v, want a alone", all)
	}
}
