package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	ucli "github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/words"
)

// The exit statuses of every command.
const (
	statusFailed = 1
	statusUsage  = 2
	statusGate   = 3
)

// Version is the version that --version prints; the Makefile sets it.
var Version = ""

// An Env is the world of one command: its streams and what they are.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	StdinTerminal  bool
	StdoutTerminal bool
	StderrTerminal bool
	NoColor        bool

	name string
	help string    // what to type before --help
	raw  io.Writer // stderr itself, for a progress bar
}

const envKey = "env"

// EnvOf returns the world of the running command.
func EnvOf(ctx *ucli.Context) *Env { return ctx.App.Metadata[envKey].(*Env) }

// New returns a command with leadsman's conventions: usage is one line, about
// a text with examples.
func New(name, usage, operands, about string) *ucli.App {
	return &ucli.App{
		Name:            name,
		HelpName:        name,
		Usage:           usage,
		UsageText:       strings.TrimSpace(name + " [flags] " + operands),
		Description:     strings.TrimSpace(about),
		Version:         version(),
		HideHelpCommand: true,

		DisableSliceFlagSeparator: true, // a column's name may hold a comma
	}
}

// Under makes app a command of the program parent: it is called `parent name`,
// and its messages still begin with its own name.
func Under(parent string, app *ucli.App) *ucli.App {
	app.HelpName = parent + " " + app.Name
	app.UsageText = parent + " " + app.UsageText
	return app
}

func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// Main runs the command of this process and exits.
func Main(app *ucli.App) { MainWith(app, os.Args) }

// MainWith is Main with other arguments than the process's, of which the first
// is the command's name.
func MainWith(app *ucli.App, args []string) {
	env := &Env{
		Stdin: os.Stdin, Stdout: &stdout{file: os.Stdout}, Stderr: os.Stderr,
		StdinTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		StdoutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		StderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		NoColor:        os.Getenv("NO_COLOR") != "",
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // most of the heap is numbers, which cost the collector nothing
	}
	status := Run(app, env, args)
	files.RemoveCopies()
	os.Exit(status)
}

// Run runs app in env with the arguments args, of which the first is the
// command's name, and returns the exit status.
func Run(app *ucli.App, env *Env, args []string) (status int) {
	env.name, env.help, env.raw = app.Name, app.HelpName, env.Stderr
	env.Stderr = plain{env.raw, env.StderrTerminal}
	out := &output{Writer: env.Stdout}
	env.Stdout = out
	defer func() { env.Stderr, env.Stdout = env.raw, out.Writer }()
	if app.Metadata == nil {
		app.Metadata = map[string]any{}
	}
	app.Metadata[envKey] = env
	app.Reader, app.Writer, app.ErrWriter = env.Stdin, env.Stdout, env.Stderr
	app.ExitErrHandler = func(*ucli.Context, error) {}
	app.OnUsageError = usageError
	app.Flags = append(app.Flags, completionFlag())
	for _, c := range app.Commands {
		c.OnUsageError = usageError
		c.HideHelpCommand = true
		if work := c.Action; work != nil {
			c.Action = func(ctx *ucli.Context) error {
				if err := checkFiles(ctx, env.Stdin); err != nil {
					return err
				}
				return work(ctx)
			}
		}
	}
	action := app.Action
	app.Action = func(ctx *ucli.Context) error {
		if shell := ctx.String("completion"); shell != "" {
			return printCompletion(env.Stdout, app.Name, shell)
		}
		if action == nil {
			if ctx.NArg() > 0 {
				return unknownCommand(app, ctx.Args().First())
			}
			return Usagef("want a command: %s", strings.Join(commandNames(app), ", "))
		}
		if err := checkFiles(ctx, env.Stdin); err != nil {
			return err
		}
		return action(ctx)
	}
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(env.Stderr, "%s: this is a bug in leadsman: %v\n%s", app.Name, p, debug.Stack())
			status = statusFailed
		}
	}()
	if n := len(args) - 1; n > 0 && args[n] == completeFlag {
		complete(env.Stdout, app, args[1:n])
		return 0
	}
	args, err := permute(app, args)
	if err == nil {
		err = app.Run(args)
	}
	if err == nil || errors.Is(err, errGate) { // whose output is whole
		err = cmp.Or(out.failed(), err)
	}
	return env.exit(err)
}

// exit prints err, if any, and returns the status that it stands for.
func (e *Env) exit(err error) int {
	if err == nil {
		return 0
	}
	var step ended
	if errors.As(err, &step) {
		return int(step)
	}
	if errors.Is(err, errGate) {
		e.Notef("%s", err)
		return statusGate
	}
	var usage *usageErr
	if errors.As(err, &usage) {
		fmt.Fprintf(e.Stderr, "%s: %s\nTry '%s --help'.\n", e.name, err, e.help)
		return statusUsage
	}
	e.Notef("%s", err)
	return statusFailed
}

// Notef writes a line on stderr, or several, each after the command's name.
func (e *Env) Notef(format string, args ...any) {
	text := strings.TrimRight(fmt.Sprintf(format, args...), "\n")
	fmt.Fprintf(e.Stderr, "%s: %s\n", e.name, strings.ReplaceAll(text, "\n", "\n"+e.name+": "))
}

type usageErr struct{ text string }

func (e *usageErr) Error() string { return e.text }

// Usagef returns an error of usage, which ends the command with status 2.
func Usagef(format string, args ...any) error {
	return &usageErr{fmt.Sprintf(format, args...)}
}

var errGate = errors.New("gate")

type gateErr struct{ text string }

func (e *gateErr) Error() string        { return e.text }
func (e *gateErr) Is(target error) bool { return target == errGate }

// Gatef returns the error of a gate that tripped, which ends the command with
// status 3. It is returned after the whole output was written.
func Gatef(format string, args ...any) error {
	return &gateErr{fmt.Sprintf(format, args...)}
}

// usageError turns the flag package's messages into leadsman's.
func usageError(_ *ucli.Context, err error, _ bool) error {
	text := err.Error()
	// invalid value "x" for flag -rows: parse error
	if rest, ok := strings.CutPrefix(text, "invalid value "); ok {
		if value, rest, ok := strings.Cut(rest, " for flag -"); ok {
			name, _, _ := strings.Cut(rest, ":")
			return Usagef("--%s: cannot take the value %s", name, value)
		}
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return Usagef("--%s: wants a value", strings.TrimPrefix(name, "-"))
	}
	return Usagef("%s", text)
}

func commandNames(app *ucli.App) []string {
	var names []string
	for _, c := range app.Commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func unknownCommand(app *ucli.App, name string) error {
	return Usagef("unknown command %q%s: want one of %s", name, words.DidYouMean(name, commandNames(app)), strings.Join(commandNames(app), ", "))
}
