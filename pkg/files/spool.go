package files

import (
	"io"
	"os"
)

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
