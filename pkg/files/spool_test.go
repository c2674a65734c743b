package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// A spooled stream can be read twice, and leaves nothing in the directory, be it
// whole or not.
func TestSpool(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	left := func() int {
		t.Helper()
		entries, err := os.ReadDir(os.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	f, err := Spool(strings.NewReader("depth by the deep nine"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 2 {
		text, err := io.ReadAll(f)
		if err != nil || string(text) != "depth by the deep nine" {
			t.Errorf("read %q, %v", text, err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
	torn := errors.New("torn")
	if _, err := Spool(io.MultiReader(strings.NewReader("depth"), iotest.ErrReader(torn))); !errors.Is(err, torn) {
		t.Errorf("error %v, want that of the stream", err)
	}
	if n := left(); n != 0 {
		t.Errorf("%d files left", n)
	}
	t.Setenv("TMPDIR", os.TempDir()+"/absent")
	if f, err := Spool(strings.NewReader("")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file %v and error %v without a directory", f, err)
	}
}

// What a step leaves for the next goes with the process, at its end or by a signal.
func TestTempDirGoes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir, remove, err := TempDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	unfinished.Lock()
	watched := unfinished.names[dir]
	unfinished.Unlock()
	if !watched {
		t.Error("a signal would leave it")
	}
	remove()
	remove()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error(err)
	}
}
