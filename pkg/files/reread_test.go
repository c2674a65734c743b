//go:build unix

package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/leadsman/leadsman/pkg/files"
)

// What a pipe gives once is read twice; a file is read where it lies.
func TestReread(t *testing.T) {
	dir := t.TempDir()
	file, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "pipe")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, dir} {
		if path, err := files.Reread(name); path != name || err != nil {
			t.Errorf("%s: %s, %v", name, path, err)
		}
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		if w, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil {
			io.WriteString(w, "once")
			w.Close()
		}
	}()
	for range 2 {
		f, err := files.Open(pipe)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(f); string(text) != "once" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
		f.Close()
	}
	path, err := files.Reread(pipe)
	if err != nil {
		t.Fatal(err)
	}
	files.RemoveCopies()
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == 4 {
		t.Error("the copy is still there")
	}
	_, err = files.Open(filepath.Join(dir, "none"))
	var of *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &of) || of.Path != filepath.Join(dir, "none") {
		t.Error(err)
	}
}
