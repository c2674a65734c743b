package cli

import (
	"io"
	"sync/atomic"

	ucli "github.com/urfave/cli/v2"
)

// A Filter is a command with its arguments, without its name.
type Filter struct {
	App  *ucli.App
	Args []string
}

// ended is the exit status of a command that another ran, and that has said why.
type ended int

func (e ended) Error() string { return "a step failed" }

// Step runs a command within that of e, with its streams but for stdin, which is
// empty. Its error ends the outer command with the same status and no further
// word.
func (e *Env) Step(app *ucli.App, args ...string) error {
	return e.run(Filter{app, args}, nothing{}, e.Stdout, e.raw)
}

// Pipe runs `{ sources...; } | sink` within the command of e. Whichever side
// fails first says so, and the other ends without a word.
func (e *Env) Pipe(sources []Filter, sink Filter) error {
	from, to := io.Pipe()
	sourceNotes, sinkNotes := &notes{to: e.raw}, &notes{to: e.raw}
	done := make(chan error, 1)
	in := &lazy{Reader: from, start: func() {
		for _, s := range sources {
			if err := e.run(s, nothing{}, to, sourceNotes); err != nil {
				sinkNotes.off.Store(true)
				to.CloseWithError(io.ErrUnexpectedEOF)
				done <- err
				return
			}
		}
		to.Close()
		done <- nil
	}}
	err := e.run(sink, in, e.Stdout, sinkNotes)
	if !in.started {
		return err
	}
	sourceNotes.off.Store(err != nil)
	from.Close()
	if failed := <-done; sinkNotes.off.Load() {
		return failed
	}
	return err
}

func (e *Env) run(f Filter, in io.Reader, out, notes io.Writer) error {
	env := &Env{Stdin: in, Stdout: out, Stderr: notes, StderrTerminal: e.StderrTerminal, NoColor: e.NoColor}
	if status := Run(f.App, env, append([]string{f.App.Name}, f.Args...)); status != 0 {
		return ended(status)
	}
	return nil
}

// nothing is an empty input.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

// lazy starts what writes to it at the first read. By then its reader has parsed
// its flags, and the parser has state that all commands of a process share.
type lazy struct {
	io.Reader
	start   func()
	started bool
}

func (l *lazy) Read(b []byte) (int, error) {
	if !l.started {
		l.started = true
		go l.start()
	}
	return l.Reader.Read(b)
}

// notes passes on what one side of a pipe says, until the other has failed.
type notes struct {
	to  io.Writer
	off atomic.Bool
}

func (n *notes) Write(b []byte) (int, error) {
	if n.off.Load() {
		return len(b), nil
	}
	return n.to.Write(b)
}
