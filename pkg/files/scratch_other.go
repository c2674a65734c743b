//go:build !windows

package files

import "os"

// Scratch opens a temporary file without a name: closing it, or the end of the
// process, removes it.
func Scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "leadsman-*.spool")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
