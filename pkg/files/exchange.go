package files

import (
	"errors"
	"os"
	"path"
	"path/filepath"
)

// exchange puts the finished directory temp in the place of dir. When there is
// something at dir, it takes two renames; between them, and until what is kept
// has moved over, the old directory stands at temp.old.
func exchange(temp, dir string, replaced map[string]bool) error {
	old := temp + ".old"
	err := os.Rename(dir, old)
	if errors.Is(err, os.ErrNotExist) {
		return os.Rename(temp, dir)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temp, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	// Until this is done the old directory stays: nothing of others is lost.
	if err := keep(old, dir, replaced, ""); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// keep moves what is not replaced from the old directory to the new one, unless
// something of the new one has its place.
func keep(old, dir string, replaced map[string]bool, below string) error {
	entries, err := os.ReadDir(filepath.Join(old, below))
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(below, e.Name())
		_, err := os.Lstat(filepath.Join(dir, name))
		there := err == nil
		switch {
		case e.IsDir() && (there || replaced[name]):
			if err := keep(old, dir, replaced, name); err != nil {
				return err
			}
		case replaced[name] || there:
		default:
			if err := os.MkdirAll(filepath.Join(dir, below), 0o755); err != nil {
				return err
			}
			if err := os.Rename(filepath.Join(old, name), filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}
