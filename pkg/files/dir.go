package files

import (
	"os"
	"path/filepath"
)

// A Dir is a directory that appears in its place when it is committed, whole.
// Until then it stands beside it under a temporary name; signals remove it.
type Dir struct{ path, temp string }

// CreateDir begins the directory at path, and makes those above it. What stands
// at path stays as it is until Commit.
func CreateDir(path string) (*Dir, error) {
	parent := filepath.Dir(path)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	unfinished.Lock()
	defer unfinished.Unlock()
	d := &Dir{path: path}
	err := begin(func() (string, error) {
		temp, err := os.MkdirTemp(parent, temporary(path))
		if err != nil {
			return "", err
		}
		d.temp = temp
		return temp, os.Chmod(temp, 0o755)
	})
	if err != nil {
		if d.temp != "" {
			os.RemoveAll(d.temp)
		}
		return nil, err
	}
	return d, nil
}

// Temp is where the directory stands until it is committed, for what writes into
// it by itself.
func (d *Dir) Temp() string { return d.temp }

// WriteFile writes a file of the directory, with the directories on its way, and
// waits until it is on disk. Several may be written at once.
func (d *Dir) WriteFile(name string, data []byte) error {
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
func (d *Dir) create(name string) (*os.File, error) {
	unfinished.Lock()
	defer unfinished.Unlock()
	path := filepath.Join(d.temp, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
}

// Commit puts the directory in its place. Of what stands there, the files and
// directories in replaced go, by their names below it with slashes, and all else
// moves over, unless the new directory has something in its place. Signals wait
// until that is done.
func (d *Dir) Commit(replaced map[string]bool) error {
	unfinished.Lock()
	defer unfinished.Unlock()
	if err := exchange(d.temp, d.path, replaced); err != nil {
		return err
	}
	forget(d.temp)
	return nil
}

// Abort removes the directory. After Commit it does nothing.
func (d *Dir) Abort() {
	unfinished.Lock()
	defer unfinished.Unlock()
	if unfinished.names[d.temp] {
		os.RemoveAll(d.temp)
		forget(d.temp)
	}
}

// Resolve returns the place that path names, absolute and with links followed,
// so that what a link leads to is replaced and not the link. What cannot be
// followed, as a place that is not there yet, stays as path has it.
func Resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target, nil
	}
	return path, nil
}
