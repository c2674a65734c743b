package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// putBeside puts the finished directory temp in the place of dir. What dir keeps is
// linked into temp first, so that one step makes all of it new: an exchange of the two
// names, or where there is none, two renames under a journal.
func putBeside(temp, dir string, replaced map[string]bool) error {
	_, err := os.Lstat(dir)
	there := err == nil
	if there {
		if err := keep(dir, temp, replaced, ""); err != nil {
			return err
		}
	}
	if err := syncDirs(temp); err != nil {
		return err
	}
	if !there {
		if err := rename(temp, dir); err != nil {
			return err
		}
		return syncDir(filepath.Dir(dir))
	}
	err = swap(temp, dir)
	if err != nil && unsupported(err) {
		return twoRenames(temp, dir)
	}
	if err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return err
	}
	return removeAll(temp) // the old one
}

// keep links what is not replaced of the old directory into the new one, unless
// something of the new one has its place.
func keep(old, dir string, replaced map[string]bool, below string) error {
	entries, err := os.ReadDir(filepath.Join(old, below))
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(below, e.Name())
		from, to := filepath.Join(old, name), filepath.Join(dir, name)
		info, err := os.Lstat(to)
		there := err == nil
		switch {
		case e.IsDir() && there && !info.IsDir(), !e.IsDir() && (replaced[name] || there):
		case e.IsDir():
			if !there && !replaced[name] {
				if err := copyDir(from, to); err != nil {
					return err
				}
			}
			if err := keep(old, dir, replaced, name); err != nil {
				return err
			}
		default:
			if err := mkdirAll(filepath.Dir(to)); err != nil {
				return err
			}
			if err := link(from, to); err != nil {
				if !unsupported(err) {
					return err
				}
				if err := copyFile(from, to, e); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// copyDir makes an empty directory with the rights of another.
func copyDir(from, to string) error {
	if err := mkdirAll(to); err != nil {
		return err
	}
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	return os.Chmod(to, info.Mode().Perm())
}

// copyFile copies a file that cannot be linked, with its rights and time.
func copyFile(from, to string, e fs.DirEntry) error {
	if e.Type()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	if !e.Type().IsRegular() {
		return &os.PathError{Op: "copy", Path: from, Err: errors.New("is no regular file")}
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(hooked{out}, in); err != nil {
		return err
	}
	if err := errors.Join(out.Chmod(info.Mode().Perm()), syncFile(out), out.Close()); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// twoRenames puts temp in the place of dir where names cannot be exchanged. Between the
// two there is nothing at dir; the journal tells the next process what to do then.
func twoRenames(temp, dir string) error {
	if err := writeNote(journalOf(dir), []byte(filepath.Base(temp)+"\n")); err != nil {
		return err
	}
	old := temp + ".old"
	if err := rename(dir, old); err != nil {
		return errors.Join(err, remove(journalOf(dir)))
	}
	if err := rename(temp, dir); err != nil {
		return errors.Join(err, rename(old, dir), remove(journalOf(dir)))
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := removeAll(old); err != nil {
		return err
	}
	return remove(journalOf(dir))
}

func journalOf(dir string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".journal")
}

// writeNote writes a small file, and waits until it and its name are on disk. One that
// a killed process left half written gives way.
func writeNote(name string, text []byte) error {
	if err := gone(remove(name)); err != nil {
		return err
	}
	f, err := create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := write(f, text); err != nil {
		return errors.Join(err, remove(name))
	}
	if err := errors.Join(syncFile(f), f.Close()); err != nil {
		return errors.Join(err, remove(name))
	}
	return syncDir(filepath.Dir(name))
}
