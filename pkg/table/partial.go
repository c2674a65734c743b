package table

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// A Partial is a file that is not complete yet and has a temporary name. While
// there are any, SIGINT and SIGTERM remove them before they end the process; a
// process that writes to its standard output alone handles no signal.
type Partial struct{ *os.File }

// CreatePartial creates a file in dir; pattern is that of os.CreateTemp.
func CreatePartial(dir, pattern string) (*Partial, error) {
	partials.Lock()
	defer partials.Unlock()
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

// begin watches over what create makes. The lock is held.
func begin(create func() (name string, err error)) error {
	if len(partials.names) == 0 {
		partials.unwatch = watch() // before there is a file to leave behind
	}
	name, err := create()
	if err != nil {
		if len(partials.names) == 0 {
			partials.unwatch()
		}
		return err
	}
	partials.names[name] = true
	return nil
}

// forget ends the watch over what is complete, or gone. The lock is held.
func forget(name string) {
	delete(partials.names, name)
	if len(partials.names) == 0 {
		partials.unwatch()
	}
}

// Rename gives the file, which is complete and closed, its name.
func (p *Partial) Rename(to string) error {
	partials.Lock()
	defer partials.Unlock()
	if err := os.Rename(p.Name(), to); err != nil {
		return err
	}
	forget(p.Name())
	return nil
}

// Remove closes and removes the file. After Rename it does nothing.
func (p *Partial) Remove() {
	partials.Lock()
	defer partials.Unlock()
	if partials.names[p.Name()] {
		p.Close()
		os.Remove(p.Name())
		forget(p.Name())
	}
}

var partials = struct {
	sync.Mutex
	names   map[string]bool // of files and directories
	unwatch func()
}{names: map[string]bool{}}

// watch begins to wait for a signal. One that the process was started to ignore,
// as under nohup, stays ignored.
func watch() (unwatch func()) {
	var wanted []os.Signal
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
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
		select {
		case s := <-got:
			die(s)
		case <-over:
			select {
			case s := <-got: // it came with the last file's end
				die(s)
			default:
			}
		}
	}()
	return func() {
		signal.Stop(got)
		close(over)
	}
}

// die removes what is not complete and lets the signal do what it does by
// default. No file can be begun or completed any more.
func die(s os.Signal) {
	partials.Lock()
	for name := range partials.names {
		os.RemoveAll(name)
	}
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) != nil {
		_ = self.Kill() // there is no such signal on this system
	}
	select {}
}
