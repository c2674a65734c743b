package files

import "os"

// A Partial is a file that is not complete yet and has a temporary name. Signals
// remove it.
type Partial struct{ file *os.File }

// Begin creates a file in dir; pattern is that of os.CreateTemp.
func Begin(dir, pattern string) (*Partial, error) {
	unfinished.Lock()
	defer unfinished.Unlock()
	var f *os.File
	err := begin(func() (name string, err error) {
		if f, err = os.CreateTemp(dir, pattern); err != nil {
			return "", err
		}
		return f.Name(), nil
	})
	if err != nil {
		return nil, err
	}
	return &Partial{f}, nil
}

// Name is the file's temporary name.
func (p *Partial) Name() string { return p.file.Name() }

// Write implements io.Writer.
func (p *Partial) Write(b []byte) (int, error) { return p.file.Write(b) }

// Commit completes the file: on disk, closed, with the name to. After an error it
// is still to be removed.
func (p *Partial) Commit(to string) error {
	if err := p.file.Sync(); err != nil {
		return err
	}
	if err := p.file.Chmod(0o644); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	unfinished.Lock()
	defer unfinished.Unlock()
	if err := os.Rename(p.Name(), to); err != nil {
		return err
	}
	forget(p.Name())
	return nil
}

// Remove closes and removes the file. After Commit it does nothing.
func (p *Partial) Remove() {
	unfinished.Lock()
	defer unfinished.Unlock()
	if unfinished.names[p.Name()] {
		p.file.Close()
		os.Remove(p.Name())
		forget(p.Name())
	}
}
