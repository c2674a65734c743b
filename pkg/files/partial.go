package files

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
)

// A partial is a file that is not complete yet and has a temporary name. Signals
// remove it; what no signal could remove, the next one of its name does.
type partial struct{ file *os.File }

// temporary is a name for what will be renamed to path, beside it: hidden, and of
// random number.
func temporary(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.tmp", filepath.Base(path), rand.Uint32()))
}

// ofTemporary matches what temporary names for a file or directory called base, with the
// ending of an old directory.
func ofTemporary(base string) *regexp.Regexp {
	return regexp.MustCompile(`^\.` + regexp.QuoteMeta(base) + `\.[0-9]+\.tmp(\.old)?$`)
}

// begin creates the file that will be renamed to path.
func beginPartial(path string) (*partial, error) {
	sweepFiles(path)
	unfinished.Lock()
	defer unfinished.Unlock()
	var f *os.File
	err := begin(func() (name string, err error) {
		for range 100 {
			f, err = create(temporary(path))
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			if err != nil {
				return "", err
			}
			// Who sweeps has the file locked while he removes it.
			if !removesOpen || lockFile(f) == nil && sameFile(f, f.Name()) {
				return f.Name(), nil
			}
			f.Close()
		}
		return "", fs.ErrExist
	})
	if err != nil {
		return nil, err
	}
	return &partial{f}, nil
}

// sweepFiles removes what processes that were killed left of files that were to become
// path: those that nobody has locked.
func sweepFiles(path string) {
	stale, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return
	}
	ours := ofTemporary(filepath.Base(path))
	for _, e := range stale {
		if !e.Type().IsRegular() || !ours.MatchString(e.Name()) {
			continue
		}
		name := filepath.Join(filepath.Dir(path), e.Name())
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if removesOpen {
			if lockFile(f) == nil && sameFile(f, name) {
				_ = remove(name)
			}
			f.Close()
			continue
		}
		f.Close()
		_ = remove(name) // fails where another has it open
	}
}

// Write implements io.Writer.
func (p *partial) Write(b []byte) (int, error) { return write(p.file, b) }

// commit completes the file: on disk, closed, with the name to. After an error it
// is still to be removed.
func (p *partial) commit(to string) error {
	if err := syncFile(p.file); err != nil {
		return err
	}
	unfinished.Lock()
	defer unfinished.Unlock()
	if !removesOpen {
		if err := p.file.Close(); err != nil {
			return err
		}
	}
	if err := rename(p.file.Name(), to); err != nil {
		return err
	}
	forget(p.file.Name())
	if removesOpen {
		if err := p.file.Close(); err != nil { // and so unlocked
			return err
		}
	}
	return syncDir(filepath.Dir(to))
}

// remove closes and removes the file. After commit it does nothing.
func (p *partial) remove() {
	unfinished.Lock()
	defer unfinished.Unlock()
	if unfinished.names[p.file.Name()] {
		_ = remove(p.file.Name())
		p.file.Close()
		_ = gone(os.Remove(p.file.Name()))
		forget(p.file.Name())
	}
}
