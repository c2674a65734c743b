package files

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Files that come and go one after another are guarded one after another.
func TestFilesInTurn(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		for _, write := range []func(w io.Writer) error{
			func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err },
			func(io.Writer) error { return io.ErrUnexpectedEOF },
		} {
			_ = Write(dir+"/a", write)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "a" {
		t.Errorf("%v, %v", entries, err)
	}
}

// What is there stays until the new file is whole; a device is written in place.
func TestFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds := func(want string) {
		t.Helper()
		if raw, err := os.ReadFile(path); err != nil || string(raw) != want {
			t.Errorf("holds %q, %v, want %q", raw, err, want)
		}
	}
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "new"); err != nil {
		t.Fatal(err)
	}
	holds("old")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	holds("new")
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := Write(os.DevNull, func(w io.Writer) error { _, err := w.Write([]byte("x")); return err }); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeDevice == 0 {
		t.Error("the device was replaced")
	}
	for path, want := range map[string]string{dir: "create " + dir + ": is a directory", dir + "/no/a": "create " + dir + "/no/a: no such file or directory"} {
		if _, err := Create(path); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
