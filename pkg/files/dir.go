package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// A Dir is a directory that appears in its place when it is committed, whole.
// Until then it stands beside it under a temporary name, or in it where nothing can be
// put beside it; signals remove it.
type Dir struct {
	path, temp string
	inPlace    bool
	unlock     func()
}

// CreateDir begins the directory at path, and makes those above it. What stands
// at path stays as it is until Commit. Links are followed. It waits for another process
// that writes there, and keeps others out until Commit or Abort.
func CreateDir(path string) (*Dir, error) {
	full, err := Resolve(path)
	if err != nil {
		return nil, err
	}
	unlock, err := Lock(full)
	if errors.Is(err, fs.ErrNotExist) {
		if err := mkdirAll(filepath.Dir(full)); err != nil {
			return nil, err
		}
		unlock, err = Lock(full)
	}
	if err != nil {
		return nil, err
	}
	d := &Dir{path: full, inPlace: inPlace(full), unlock: unlock}
	unfinished.Lock()
	defer unfinished.Unlock()
	err = begin(func() (string, error) {
		d.temp = temporary(full)
		if d.inPlace {
			d.temp = temporary(filepath.Join(full, inside))
		}
		return d.temp, mkdir(d.temp)
	})
	if err != nil {
		unfinished.Unlock()
		unlock()
		unfinished.Lock()
		return nil, err
	}
	return d, nil
}

// WriteFile writes a file of the directory, with the directories on its way, and
// waits until it is on disk. Several may be written at once.
func (d *Dir) WriteFile(name string, data []byte) error {
	f, err := d.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// Create begins a file of the directory, with the directories on its way, as long as no
// signal takes the directory away. Several may be written at once.
func (d *Dir) Create(name string) (*Part, error) {
	unfinished.Lock()
	defer unfinished.Unlock()
	path := filepath.Join(d.temp, filepath.FromSlash(name))
	if err := mkdirAll(filepath.Dir(path)); err != nil {
		return nil, err
	}
	f, err := create(path)
	if err != nil {
		return nil, err
	}
	return &Part{file: f}, nil
}

// A Part is a file of a Dir.
type Part struct {
	file   *os.File
	closed bool
}

// Name is where the file stands until its directory is committed.
func (p *Part) Name() string { return p.file.Name() }

// Write implements io.Writer.
func (p *Part) Write(b []byte) (int, error) { return write(p.file, b) }

// Close waits until the file is on disk. The second call does nothing.
func (p *Part) Close() error {
	if p.closed {
		return nil
	}
	p.closed = true
	if err := syncFile(p.file); err != nil {
		p.file.Close()
		return err
	}
	return p.file.Close()
}

// Commit puts the directory in its place. Of what stands there, the files and
// directories in replaced go, by their names below it with slashes, and all else
// is kept, unless the new directory has something in its place. Signals wait
// until that is done.
func (d *Dir) Commit(replaced map[string]bool) error {
	unfinished.Lock()
	put := putBeside
	if d.inPlace {
		put = putInside
	}
	err := put(d.temp, d.path, replaced)
	if err == nil || d.inPlace && promised(d.path) { // the next start finishes it
		forget(d.temp)
	}
	unfinished.Unlock()
	if err == nil {
		d.unlock()
	}
	return err
}

// Abort removes the directory. After Commit it does nothing.
func (d *Dir) Abort() {
	unfinished.Lock()
	if unfinished.names[d.temp] {
		_ = removeAll(d.temp)
		forget(d.temp)
	}
	unfinished.Unlock()
	d.unlock()
}
