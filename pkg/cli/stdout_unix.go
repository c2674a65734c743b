//go:build !windows

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// wasClosed tells a stream that was closed when the process began. Go opens /dev/null
// for reading and writing in its place; a shell's >/dev/null is for writing.
func wasClosed(f *os.File) bool {
	is, err := f.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(is, null) {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
