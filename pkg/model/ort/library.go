// Package ort scores rows with ONNX Runtime, through a model that it writes as
// ONNX itself. It is the one package that needs cgo, and it finds the runtime's
// library when it is first used: a program that imports it builds and runs
// without either, and gets errUnavailable.
package ort

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// errUnavailable says that there is no ONNX Runtime to score with. The error
// that is returned says why, and what to do.
var errUnavailable = errors.New("ONNX Runtime is not available")

// Pinned is the version that `leadsman deps` and `make deps` fetch.
const Pinned = "1.26.0"

var (
	mu     sync.Mutex
	chosen string // by SetLibrary
)

// SetLibrary names the library's file. It counts until the first call of New or
// Version that succeeds: a process has one ONNX Runtime.
func SetLibrary(path string) {
	mu.Lock()
	defer mu.Unlock()
	chosen = path
}

// library returns the file of the library: what SetLibrary said, else what
// ONNXRUNTIME_LIB says, else what `leadsman deps` keeps in the user's cache.
func library() (string, error) {
	path := chosen
	if path == "" {
		path = os.Getenv("ONNXRUNTIME_LIB")
	}
	if path != "" {
		if _, err := os.Stat(path); err != nil {
			var p *os.PathError
			if errors.As(err, &p) {
				err = p.Err
			}
			return "", fmt.Errorf("%w: %s: %w", errUnavailable, path, err)
		}
		return path, nil
	}
	path, err := Cached()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: `leadsman deps` fetches %s, or name it in ONNXRUNTIME_LIB", errUnavailable, fileName())
	}
	return path, nil
}

// Cached returns where the library is kept, whether or not it is there. Without a
// cache directory of the user it is an error.
func Cached() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("%w: %w", errUnavailable, err)
	}
	return filepath.Join(cache, "leadsman", "onnxruntime-"+Pinned, fileName()), nil
}

// WithEngine names a program that has this engine, for one that has it not.
func WithEngine() string {
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		return "leadsman-onnx of the same release"
	}
	return "one that `CGO_ENABLED=1 go build ./cmd/leadsman` makes"
}

func fileName() string {
	switch runtime.GOOS {
	case "darwin":
		return "libonnxruntime.dylib"
	case "windows":
		return "onnxruntime.dll"
	}
	return "libonnxruntime.so"
}
