package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// The calls that change what stands on disk go through these few functions, so that a
// test can end the process before any of them, or let it find a full disk.

func rename(from, to string) error {
	if err := before("rename", to); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return os.Rename(from, to)
}

func link(from, to string) error {
	if err := before("link", to); err != nil {
		return &os.LinkError{Op: "link", Old: from, New: to, Err: err}
	}
	return os.Link(from, to)
}

// exchange is what swap asks the system for; tests take it away.
var exchange = exchangePaths

// swap exchanges what stands at two paths, in one step.
func swap(a, b string) error {
	if err := before("exchange", b); err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	if err := exchange(a, b); err != nil {
		return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
	}
	return nil
}

func remove(path string) error {
	if err := before("unlink", path); err != nil {
		return &os.PathError{Op: "remove", Path: path, Err: err}
	}
	return os.Remove(path)
}

// removeAll removes path and all below it. What is not there is removed already.
func removeAll(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return gone(err)
	}
	if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return gone(err)
		}
		for _, e := range entries {
			if err := removeAll(filepath.Join(path, e.Name())); err != nil {
				return err
			}
		}
	}
	return gone(remove(path))
}

// gone is err, unless it says that there is nothing.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func mkdir(path string) error {
	if err := before("mkdir", path); err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return os.Mkdir(path, 0o777) // less the umask
}

// mkdirAll makes a directory and those above it that are not there.
func mkdirAll(path string) error {
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return nil
		}
		return &os.PathError{Op: "mkdir", Path: path, Err: errors.New("is a file, want a directory")}
	}
	if parent := filepath.Dir(path); parent != path {
		if err := mkdirAll(parent); err != nil {
			return err
		}
	}
	if err := mkdir(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// create opens a file that is not there yet for writing, with what rights the umask leaves.
func create(path string) (*os.File, error) {
	if err := before("create", path); err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
}

func write(f *os.File, b []byte) (int, error) {
	if err := beforeWrite(f, b); err != nil {
		return 0, &os.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	return f.Write(b)
}

func truncate(f *os.File, size int64) error {
	if err := before("truncate", f.Name()); err != nil {
		return &os.PathError{Op: "truncate", Path: f.Name(), Err: err}
	}
	return f.Truncate(size)
}

func syncFile(f *os.File) error {
	if err := before("fsync", f.Name()); err != nil {
		return &os.PathError{Op: "sync", Path: f.Name(), Err: err}
	}
	return f.Sync()
}

// syncDir waits until the names in a directory are on disk.
func syncDir(path string) error {
	if !directoriesSync {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncFile(f)
}

// syncDirs is syncDir of a directory and all below it.
func syncDirs(root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return syncDir(path)
	})
}
