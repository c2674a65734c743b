package files

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// A File is a file that appears under its name when it is committed, whole.
// Writes are buffered.
type File struct {
	*bufio.Writer
	path    string
	partial *Partial
	device  *os.File // what is not a regular file, which is written in place; nil otherwise
}

// Create begins a file at path. Errors name path.
func Create(path string) (*File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, &os.PathError{Op: "create", Path: path, Err: errors.New("is a directory")}
		}
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &File{Writer: bufio.NewWriterSize(f, bufferSize), path: path, device: f}, nil
	}
	p, err := Begin(filepath.Dir(path), temporary(path))
	if err != nil {
		var e *os.PathError
		if errors.As(err, &e) {
			err = &os.PathError{Op: "create", Path: path, Err: e.Err}
		}
		return nil, err
	}
	return &File{Writer: bufio.NewWriterSize(p, bufferSize), path: path, partial: p}, nil
}

const bufferSize = 1 << 18

// temporary is the pattern of what will be renamed to path: a hidden name.
func temporary(path string) string { return "." + filepath.Base(path) + ".*.tmp" }

// Commit completes the file: flushed, on disk, under its name. After an error
// nothing of it is left.
func (f *File) Commit() error {
	if err := f.Flush(); err != nil {
		f.Abort()
		return err
	}
	if f.device != nil {
		return f.device.Close()
	}
	if err := f.partial.Commit(f.path); err != nil {
		f.Abort()
		return err
	}
	return nil
}

// Abort removes the unfinished file. After Commit it does nothing.
func (f *File) Abort() {
	if f.device != nil {
		f.device.Close()
		return
	}
	f.partial.Remove()
}

// Write makes the file at path of what write writes: whole or not at all.
func Write(path string, write func(w io.Writer) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}
