package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// lockWait is how long Lock waits for another process.
const lockWait = 10 * time.Minute

var errHeld = errors.New("held by another process")

// held are the locks of this process, by the path that they are for.
var held = struct {
	sync.Mutex
	locks map[string]*lock
}{locks: map[string]*lock{}}

type lock struct {
	file  *os.File // nil where the file system has no locks
	name  string   // of the file beside the path; empty where the path itself is locked
	users int
}

// Lock keeps other processes from writing the file or directory at path, which need not
// be there, until unlock is called: for whoever reads something in order to write it
// anew. It waits for a process that writes there, up to ten minutes; the lock of a
// process that died is free. What such a process left of a directory at path is put
// right first. Within this process the same path can be locked again; it is
// free when each has unlocked. Files and directories that are created here while it is held go on
// under it.
//
// Whoever locks a directory and files locks the directory first, and no file that lies
// in it: the directory is the lock of all below. Links are followed. A path in a
// directory that is not there is an error of fs.ErrNotExist.
func Lock(path string) (unlock func(), err error) {
	full, err := Resolve(path)
	if err != nil {
		return nil, err
	}
	for begun := time.Now(); ; {
		unlock, err := tryLock(full)
		if err == nil {
			return unlock, nil
		}
		if !errors.Is(err, errHeld) {
			var e *fs.PathError
			if errors.As(err, &e) && e.Path == full {
				e.Path = path // as the caller has it
			}
			return nil, err
		}
		if time.Since(begun) > lockWait {
			return nil, fmt.Errorf("%s: another process is writing it", path)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func tryLock(path string) (unlock func(), err error) {
	held.Lock()
	defer held.Unlock()
	l := held.locks[path]
	if l == nil {
		if l, err = take(path); err != nil {
			return nil, err
		}
		if err := recoverDir(path); err != nil {
			l.free()
			return nil, err
		}
		held.locks[path] = l
	}
	l.users++
	var once sync.Once
	return func() {
		once.Do(func() {
			held.Lock()
			defer held.Unlock()
			if l.users--; l.users == 0 {
				delete(held.locks, path)
				l.free()
			}
		})
	}, nil
}

// take locks a file beside path, which is there as long as the lock is held; where
// nothing can be put beside it, path itself.
func take(path string) (*lock, error) {
	if inPlace(path) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		if err := lockFile(f); err != nil {
			f.Close()
			return nil, err
		}
		return &lock{file: f}, nil
	}
	if err := ancestor(path); err != nil {
		return nil, err
	}
	l := &lock{name: filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")}
	f, err := os.OpenFile(l.name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, &fs.PathError{Op: "lock", Path: path, Err: withoutPath(err)}
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	if !sameFile(f, l.name) { // the one who had it has removed it
		f.Close()
		return nil, errHeld
	}
	l.file = f
	unfinished.Lock()
	defer unfinished.Unlock()
	return l, begin(func() (string, error) { return l.name, nil })
}

func (l *lock) free() {
	if l.name == "" {
		l.file.Close()
		return
	}
	unfinished.Lock()
	defer unfinished.Unlock()
	if removesOpen {
		_ = os.Remove(l.name) // while it is held: nobody else can have taken it
	}
	l.file.Close()
	if !removesOpen {
		_ = os.Remove(l.name) // which fails while another one has it open
	}
	forget(l.name)
}

// sameFile tells whether the open file still has its name.
func sameFile(f *os.File, name string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Stat(name)
	return err == nil && os.SameFile(a, b)
}

// ancestor puts right the directory above path that is not there, if a killed process
// left it so.
func ancestor(path string) error {
	parent := filepath.Dir(path)
	if _, err := os.Lstat(parent); !errors.Is(err, fs.ErrNotExist) || parent == path {
		return nil
	}
	if err := ancestor(parent); err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Dir(parent)); err != nil {
		return nil
	}
	l, err := take(parent)
	if err != nil {
		return err
	}
	defer l.free()
	return recoverDir(parent)
}

// Below tells whether path lies in the directory dir, links followed.
func Below(path, dir string) bool {
	path, err1 := Resolve(path)
	dir, err2 := Resolve(dir)
	if err1 != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
