package table

import (
	"os"
	"path/filepath"
)

// A PartialDir is a directory that is not complete yet and has a temporary name;
// signals remove it as they remove a Partial.
type PartialDir struct{ path string }

// CreatePartialDir makes a directory in dir; pattern is that of os.MkdirTemp.
func CreatePartialDir(dir, pattern string) (*PartialDir, error) {
	partials.Lock()
	defer partials.Unlock()
	d := &PartialDir{}
	err := begin(func() (string, error) {
		path, err := os.MkdirTemp(dir, pattern)
		if err != nil {
			return "", err
		}
		d.path = path
		return path, os.Chmod(path, 0o755)
	})
	if err != nil {
		if d.path != "" {
			os.RemoveAll(d.path)
		}
		return nil, err
	}
	return d, nil
}

// Name is the directory's temporary name.
func (d *PartialDir) Name() string { return d.path }

// WriteFile writes a file of the directory, with the directories on its way, and
// waits until it is on disk. Several may be written at once.
func (d *PartialDir) WriteFile(name string, data []byte) error {
	f, err := d.create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// create begins a file: not while a signal takes the directory away.
func (d *PartialDir) create(name string) (*os.File, error) {
	partials.Lock()
	defer partials.Unlock()
	path := filepath.Join(d.path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
}

// Complete calls move, which puts the finished directory in its place. Signals
// wait until it has returned.
func (d *PartialDir) Complete(move func(path string) error) error {
	partials.Lock()
	defer partials.Unlock()
	if err := move(d.path); err != nil {
		return err
	}
	forget(d.path)
	return nil
}

// Remove removes the directory. After Complete it does nothing.
func (d *PartialDir) Remove() {
	partials.Lock()
	defer partials.Unlock()
	if partials.names[d.path] {
		os.RemoveAll(d.path)
		forget(d.path)
	}
}
