package files

import (
	"io"
	"os"
)

// Scratch opens a temporary file without a name: closing it, or the end of the
// process, removes it.
func Scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "leadsman-*.spool")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil { // the open file outlives its name
		f.Close()
		return nil, err
	}
	return f, nil
}

// Spool copies a stream that is to be read again, or not in order, to a Scratch
// file, which it returns at its beginning.
func Spool(from io.Reader) (*os.File, error) {
	f, err := Scratch()
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(f, from); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// TempDir makes a temporary directory for what a process hands from one step to
// the next. remove takes it away; signals do, too.
func TempDir() (dir string, remove func(), err error) {
	unfinished.Lock()
	defer unfinished.Unlock()
	err = begin(func() (string, error) {
		dir, err = os.MkdirTemp("", "leadsman-*")
		return dir, err
	})
	return dir, func() {
		unfinished.Lock()
		defer unfinished.Unlock()
		if unfinished.names[dir] {
			os.RemoveAll(dir)
			forget(dir)
		}
	}, err
}
