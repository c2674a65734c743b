package files

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
)

// faultsBy names the variable of the environment that asks for a fault. It is empty in
// the program that is shipped; tests set it when they link:
//
//	-ldflags '-X github.com/leadsman/leadsman/pkg/files.faultsBy=LEADSMAN_FAULT'
//
// The variable holds kind:what. `trace:FILE` adds every call to FILE, a line each;
// `kill:CALL` ends the process before that call, and where it is a write, in its middle;
// `full:CALL` gives the call a full disk. A call is what the trace says of it: operation,
// path below the working directory with random numbers as *, and which of its like it is.
var faultsBy string

var faults = sync.OnceValue(func() *fault {
	kind, what, ok := strings.Cut(os.Getenv(faultsBy), ":")
	if faultsBy == "" || !ok {
		return nil
	}
	f := &fault{kind: kind, what: what, seen: map[string]int{}}
	f.base, _ = os.Getwd() //nolint:errcheck // paths stay as they are without it
	return f
})

type fault struct {
	sync.Mutex
	kind, what, base string
	seen             map[string]int
}

var random = regexp.MustCompile(`\.[0-9]+\.`)

// is counts a call and tells whether it is the one that was asked for.
func (f *fault) is(op, path string) bool {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if rel, err := filepath.Rel(f.base, path); err == nil && !strings.HasPrefix(rel, "..") {
		path = rel
	}
	call := op + " " + random.ReplaceAllString(filepath.ToSlash(path), ".*.")
	f.Lock()
	defer f.Unlock()
	f.seen[call]++
	call = fmt.Sprintf("%s #%d", call, f.seen[call])
	if f.kind != "trace" {
		return call == f.what
	}
	to, err := os.OpenFile(f.what, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		panic(err) // a test without its trace
	}
	defer to.Close()
	fmt.Fprintln(to, call)
	return false
}

func die9() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

// before is called before each call; its error is the call's.
func before(op, path string) error {
	f := faults()
	if f == nil || !f.is(op, path) {
		return nil
	}
	if f.kind == "kill" {
		die9()
	}
	return syscall.ENOSPC
}

// beforeWrite is before of a write, of which half is done.
func beforeWrite(to *os.File, b []byte) error {
	f := faults()
	if f == nil || !f.is("write", to.Name()) {
		return nil
	}
	_, _ = to.Write(b[:len(b)/2])
	if f.kind == "kill" {
		die9()
	}
	return syscall.ENOSPC
}
