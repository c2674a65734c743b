package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// recoverDir finishes or undoes what a process that was killed left of a directory at
// path, and removes its rubbish. The lock of path is held, so that nobody is at work.
func recoverDir(path string) error {
	if inPlace(path) {
		return recoverInside(path)
	}
	parent, ours := filepath.Dir(path), ofTemporary(filepath.Base(path))
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() && ours.MatchString(e.Name()) {
			found = append(found, filepath.Join(parent, e.Name()))
		}
	}
	if err := replay(path); err != nil {
		return err
	}
	if !exists(path) {
		if err := restore(path, found); err != nil {
			return err
		}
	}
	for _, dir := range found {
		// An earlier version moved what is kept out of the old directory last.
		if exists(dir) && (!strings.HasSuffix(dir, ".old") || contained(dir, path)) {
			if err := removeAll(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// replay does what a journal of two renames says is left to do.
func replay(path string) error {
	text, err := os.ReadFile(journalOf(path))
	if err != nil {
		return gone(err)
	}
	name, whole := strings.CutSuffix(string(text), "\n")
	if whole && ofTemporary(filepath.Base(path)).MatchString(name) {
		temp := filepath.Join(filepath.Dir(path), name)
		old := temp + ".old"
		for _, from := range []string{temp, old} { // both are whole
			if !exists(path) && exists(from) {
				if err := rename(from, path); err != nil {
					return err
				}
			}
		}
		if err := syncDir(filepath.Dir(path)); err != nil {
			return err
		}
		if exists(path) {
			if err := removeAll(old); err != nil {
				return err
			}
		}
	}
	return remove(journalOf(path))
}

// restore puts an old directory back in its place, where no journal tells of one:
// earlier versions kept none.
func restore(path string, found []string) error {
	var old []string
	for _, dir := range found {
		if strings.HasSuffix(dir, ".old") {
			old = append(old, dir)
		}
	}
	switch len(old) {
	case 0:
		return nil
	case 1:
		return rename(old[0], path)
	}
	return fmt.Errorf("%s is not there, and %d old ones stand beside it (%s): rename the right one to %s", path, len(old), strings.Join(old, ", "), filepath.Base(path))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// contained tells whether all files below dir have one of their name below other.
func contained(dir, other string) bool {
	missing := errors.New("missing")
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if rel, err := filepath.Rel(dir, path); err != nil || !exists(filepath.Join(other, rel)) {
			return missing
		}
		return nil
	}) == nil
}
