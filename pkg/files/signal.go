package files

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// unfinished are the files and directories that are not complete. While there
// are any, signals are watched.
var unfinished = struct {
	sync.Mutex
	names   map[string]bool
	unwatch func()
}{names: map[string]bool{}}

// begin watches over what create makes. The lock is held.
func begin(create func() (name string, err error)) error {
	if len(unfinished.names) == 0 {
		unfinished.unwatch = watch() // before there is a file to leave behind
	}
	name, err := create()
	if err != nil {
		if len(unfinished.names) == 0 {
			unfinished.unwatch()
		}
		return err
	}
	unfinished.names[name] = true
	return nil
}

// forget ends the watch over what is complete, or gone. The lock is held.
func forget(name string) {
	delete(unfinished.names, name)
	if len(unfinished.names) == 0 {
		unfinished.unwatch()
	}
}

// finishing says that SIGINT and SIGTERM are a wish to finish.
var finishing atomic.Bool

func wishes(s os.Signal) bool { return s == os.Interrupt || s == syscall.SIGTERM }

const sameWish = 500 * time.Millisecond

// Finish makes the first SIGINT or SIGTERM of a process that works on until it is told to
// stop a wish to finish: stop is closed. A second one ends the process as ever, but not
// within half a second: timeout(1) signals its child and then the group that it is in.
func Finish() (stop <-chan struct{}) {
	finishing.Store(true)
	got, wish := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(got, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-got
		close(wish)
		for wished := time.Now(); ; {
			if s := <-got; time.Since(wished) > sameWish {
				die(s)
			}
		}
	}()
	return wish
}

// watch begins to wait for a signal. One that the process was started to ignore,
// as under nohup, stays ignored.
func watch() (unwatch func()) {
	var wanted []os.Signal
	for _, s := range caught {
		if !signal.Ignored(s) {
			wanted = append(wanted, s)
		}
	}
	if len(wanted) == 0 {
		return func() {}
	}
	got, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(got, wanted...)
	go func() {
		for {
			select {
			case s := <-got:
				if !spurious(s) && !(finishing.Load() && wishes(s)) {
					die(s)
				}
				continue
			case <-over:
			}
			select {
			case s := <-got: // it came with the last file's end
				if !spurious(s) && !(finishing.Load() && wishes(s)) {
					die(s)
				}
			default:
			}
			return
		}
	}()
	return func() {
		signal.Stop(got)
		close(over)
	}
}

// die removes what is not complete and lets the signal do what it does by
// default. The lock stays held: no file can be begun or completed any more.
func die(s os.Signal) {
	unfinished.Lock()
	for name := range unfinished.names {
		_ = os.RemoveAll(name)
	}
	if !asDefault(s) { // by default it would print all goroutines, or do nothing
		os.Exit(128 + number(s))
	}
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) != nil {
		_ = self.Kill() // there is no such signal on this system
	}
	select {}
}
