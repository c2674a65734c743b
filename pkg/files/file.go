package files

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// A File is a file that appears under its name when it is committed, whole.
// Writes are buffered.
type File struct {
	*bufio.Writer
	path    string // where it will stand, links followed
	partial *partial
	device  *os.File // what is not a regular file, which is written in place; nil otherwise
	over    *os.File // a regular file beside which nothing can be put; nil otherwise
}

// Create begins a file at path. A link is written through, as a shell's redirection
// does it. Errors name path.
func Create(path string) (*File, error) {
	named := func(err error) error {
		var e *os.PathError
		if errors.As(err, &e) {
			return &os.PathError{Op: "create", Path: path, Err: e.Err}
		}
		return err
	}
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
	full, err := Resolve(path)
	if err != nil {
		return nil, named(err)
	}
	if inPlace(full) {
		return createOver(full, named)
	}
	p, err := beginPartial(full)
	if err != nil {
		return nil, named(err)
	}
	return &File{Writer: bufio.NewWriterSize(p, bufferSize), path: full, partial: p}, nil
}

// createOver begins a file beside which nothing can be put: it is made elsewhere and
// copied over what is there when it is whole. That copy is not one step.
func createOver(path string, named func(error) error) (*File, error) {
	target, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, named(err)
	}
	spool, err := Scratch()
	if err != nil {
		target.Close()
		return nil, named(err)
	}
	return &File{Writer: bufio.NewWriterSize(spool, bufferSize), path: path, device: spool, over: target}, nil
}

const bufferSize = 1 << 18

// Commit completes the file: flushed, on disk, under its name. After an error
// nothing of it is left.
func (f *File) Commit() error {
	if err := f.Flush(); err != nil {
		f.Abort()
		return err
	}
	if f.over != nil {
		defer f.Abort()
		return f.copyOver()
	}
	if f.device != nil {
		return f.device.Close()
	}
	if err := f.partial.commit(f.path); err != nil {
		f.Abort()
		return err
	}
	return nil
}

// copyOver writes the spool over the target, and cuts off what was longer.
func (f *File) copyOver() error {
	if _, err := f.device.Seek(0, io.SeekStart); err != nil {
		return err
	}
	n, err := io.Copy(hooked{f.over}, f.device)
	if err != nil {
		return err
	}
	if err := truncate(f.over, n); err != nil {
		return err
	}
	return syncFile(f.over)
}

type hooked struct{ *os.File }

func (h hooked) Write(b []byte) (int, error) { return write(h.File, b) }

// ReadFrom would go past Write.
func (h hooked) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{h}, r)
}

// Abort removes the unfinished file. After Commit it does nothing.
func (f *File) Abort() {
	if f.over != nil {
		f.over.Close()
	}
	if f.device != nil {
		f.device.Close()
		return
	}
	f.partial.remove()
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

// maxLinks is how many links lead to one place at most, as on Linux.
const maxLinks = 40

// Resolve returns the place that path names, absolute and with links followed, so that
// what a link leads to is written and not the link. That need not be there; a link that
// leads to itself is an error.
func Resolve(path string) (string, error) {
	name := path
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for range maxLinks {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target, nil
		}
		// What is there of it is a directory, or a link that leads to nothing yet.
		parent := filepath.Dir(path)
		if parent == path {
			return path, nil
		}
		if parent, err = Resolve(parent); err != nil {
			return "", err
		}
		path = filepath.Join(parent, filepath.Base(path))
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(parent, target)
		}
		path = target
	}
	return "", &os.PathError{Op: "open", Path: name, Err: syscall.ELOOP}
}
