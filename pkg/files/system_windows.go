package files

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// Scratch opens a temporary file: closing it, or the end of the process, removes
// it. An open file keeps its name here, so the system is asked to do that.
func Scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "leadsman-*.spool")
	if err != nil {
		return nil, err
	}
	name := f.Name()
	if err := f.Close(); err != nil {
		return nil, err
	}
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil,
		windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_TEMPORARY|windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(handle), name), nil
}

const (
	directoriesSync = false // a directory cannot be opened for that
	removesOpen     = false
)

// lockFile locks an open file, which its end, or that of the process, unlocks.
func lockFile(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errHeld
	}
	return err
}

func otherDevice(string) bool { return false }

func writable(string) bool { return true }

// unsupported tells the errors of a file system that cannot exchange, or link.
func unsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, windows.ERROR_INVALID_FUNCTION) || errors.Is(err, windows.ERROR_NOT_SUPPORTED)
}

// caught are the signals that end a process and can be caught.
var caught = []os.Signal{os.Interrupt, syscall.SIGTERM}

func spurious(os.Signal) bool { return false }

func asDefault(os.Signal) bool { return true }

func number(s os.Signal) int { return int(s.(syscall.Signal)) }
