//go:build !windows

package files

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	directoriesSync = true
	removesOpen     = true // an open file can be removed
)

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

// lockFile locks an open file, which its end, or that of the process, unlocks. Where the
// file system has no locks it does nothing.
func lockFile(f *os.File) error {
	for {
		switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return errHeld
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOLCK), errors.Is(err, unix.EINVAL):
			return nil
		default:
			return err
		}
	}
}

// otherDevice tells what lies on another device than its parent.
func otherDevice(path string) bool {
	a, err := os.Lstat(path)
	if err != nil {
		return false
	}
	b, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return false
	}
	x, ok := a.Sys().(*syscall.Stat_t)
	y, ok2 := b.Sys().(*syscall.Stat_t)
	return ok && ok2 && x.Dev != y.Dev
}

// writable tells whether names can be made in a directory.
func writable(dir string) bool { return unix.Access(dir, unix.W_OK|unix.X_OK) == nil }

// unsupported tells the errors of a file system that cannot exchange, or link.
func unsupported(err error) bool {
	for _, e := range []error{errors.ErrUnsupported, unix.ENOSYS, unix.EINVAL, unix.ENOTSUP, unix.EOPNOTSUPP, unix.EPERM, unix.EMLINK, unix.EXDEV} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// caught are the signals that end a process and can be caught.
var caught = []os.Signal{
	unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGSYS, unix.SIGTERM, unix.SIGPIPE,
}

// spurious tells a SIGPIPE that no broken standard stream is behind: sockets raise it
// too, and their writers see the error.
func spurious(s os.Signal) bool {
	if s != unix.SIGPIPE {
		return false
	}
	streams := []unix.PollFd{{Fd: 1, Events: unix.POLLOUT}, {Fd: 2, Events: unix.POLLOUT}}
	if _, err := unix.Poll(streams, 0); err != nil {
		return false
	}
	return (streams[0].Revents|streams[1].Revents)&unix.POLLERR == 0
}

// asDefault tells the signals that end a Go process by themselves, where nobody
// watches for them.
func asDefault(s os.Signal) bool {
	return s == unix.SIGHUP || s == unix.SIGINT || s == unix.SIGTERM
}

func number(s os.Signal) int { return int(s.(syscall.Signal)) }
