package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Stdin is what standard input is called where a file is named.
const Stdin = "/dev/stdin"

// isStdin tells the names of standard input.
func isStdin(name string) bool {
	return slices.Contains([]string{Stdin, "-", "/dev/fd/0", "/proc/self/fd/0"}, name)
}

// IsStream tells the names of what lies in no directory of its own: standard input, a
// file that is open already, a pipe and a device.
func IsStream(name string) bool {
	if isStdin(name) || strings.HasPrefix(name, "/dev/fd/") || strings.HasPrefix(name, "/proc/self/fd/") {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// copies are the copies of what can be read once only, by name.
var copies = struct {
	sync.Mutex
	paths map[string]string
	kept  []*os.File // copies without a name are there as long as they are open
	named []string   // copies that have one
}{paths: make(map[string]string)}

// Reread returns a path by which what is called name can be read again and again:
// name for a file or a directory. A pipe, a device and [Stdin] give their contents
// once, to a copy that is made when it is first asked for; the path is the copy's. Its
// errors do not name the file.
func Reread(name string) (path string, err error) {
	stdin := isStdin(name)
	key := name
	if stdin {
		key = Stdin
	}
	copies.Lock()
	defer copies.Unlock()
	if path, ok := copies.paths[key]; ok {
		return path, nil
	}
	from := os.Stdin
	if !stdin {
		info, err := os.Stat(name)
		if err != nil {
			return "", withoutPath(err)
		}
		if info.Mode().IsRegular() || info.IsDir() {
			return name, nil
		}
		if from, err = os.Open(name); err != nil {
			return "", withoutPath(err)
		}
		defer from.Close()
	}
	if path, err = copyOf(from); err != nil {
		return "", withoutPath(err)
	}
	copies.paths[key] = path
	return path, nil
}

// Open opens what is called name, as Reread finds it. Its errors are of the type
// *fs.PathError.
func Open(name string) (*os.File, error) {
	path, err := Reread(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: withoutPath(err)}
	}
	return f, nil
}

// copyOf copies a stream and returns the path of the copy. The lock is held.
func copyOf(from io.Reader) (path string, err error) {
	if runtime.GOOS == "linux" {
		f, err := Spool(from)
		if err != nil {
			return "", err
		}
		copies.kept = append(copies.kept, f)
		return fmt.Sprintf("/proc/self/fd/%d", f.Fd()), nil
	}
	var f *os.File
	unfinished.Lock()
	err = begin(func() (string, error) { // a signal removes it
		if f, err = os.CreateTemp("", "leadsman-*.spool"); err != nil {
			return "", err
		}
		return f.Name(), nil
	})
	unfinished.Unlock()
	if err != nil {
		return "", err
	}
	copies.named = append(copies.named, f.Name())
	if _, err = io.Copy(f, from); err != nil {
		f.Close()
		return "", err
	}
	return f.Name(), f.Close()
}

// RemoveCopies removes the copies that Reread made.
func RemoveCopies() {
	copies.Lock()
	defer copies.Unlock()
	for _, f := range copies.kept {
		f.Close()
	}
	unfinished.Lock()
	defer unfinished.Unlock()
	for _, name := range copies.named {
		os.Remove(name)
		forget(name)
	}
	copies.paths, copies.kept, copies.named = make(map[string]string), nil, nil
}

func withoutPath(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}
