package cli

import (
	"os"
	"slices"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/words"
)

// optional are the flags that may stand without a value, what they then mean,
// and the values that may stand in the next word all the same.
var optional = map[string]struct {
	fallback string
	values   []string
}{"check": {"warn", []string{"warn", "alert"}}}

// permute puts flags before operands, level by level of commands, as GNU
// programs read them; "--" ends the flags. The flag package would stop at the
// first operand. Unknown flags are errors here, with the nearest known one.
func permute(app *ucli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	out := args[:1:1]
	known := flagsOf(app.Flags)
	commands := app.Commands
	var flags, operands []string
	rest := args[1:]
	for len(rest) > 0 {
		arg := rest[0]
		rest = rest[1:]
		if arg == "--" {
			operands = append(operands, rest...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			if sub := commandNamed(commands, arg); sub != nil && len(operands) == 0 {
				out = append(append(out, flags...), sub.Name)
				known, commands, flags = flagsOf(sub.Flags), sub.Subcommands, nil
				continue
			}
			if misspelt(commands, arg) && len(operands) == 0 {
				return nil, unknownCommand(app, arg)
			}
			operands = append(operands, arg)
			continue
		}
		name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !strings.HasPrefix(arg, "--") && len(name) > 1 && known[name[:1]] != nil && known[name] == nil {
			// -oFILE
			name, value, hasValue = name[:1], strings.TrimPrefix(arg[2:], "="), true
		}
		f := known[name]
		if f == nil {
			return nil, Usagef("unknown flag %s%s", arg[:len(arg)-len(strings.TrimLeft(arg, "-"))]+name, suggestFlag(name, known))
		}
		_, isBool := f.(*ucli.BoolFlag)
		if o, ok := optional[name]; ok && !hasValue {
			value, hasValue = o.fallback, true
			if len(rest) > 0 && slices.Contains(o.values, rest[0]) {
				value, rest = rest[0], rest[1:]
			}
		}
		switch {
		case isBool && hasValue:
			return nil, Usagef("--%s: takes no value", name)
		case isBool:
			flags = append(flags, "--"+name)
		case hasValue:
			flags = append(flags, "--"+name+"="+value)
		case len(rest) == 0:
			return nil, Usagef("%s: wants a value", arg)
		default:
			flags = append(flags, "--"+name+"="+rest[0])
			rest = rest[1:]
		}
	}
	out = append(out, flags...)
	if len(operands) > 0 {
		out = append(append(out, "--"), operands...)
	}
	return out, nil
}

// misspelt tells whether an operand looks like a command and is no file.
func misspelt(commands []*ucli.Command, operand string) bool {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	if words.Nearest(operand, names) == "" {
		return false
	}
	_, err := os.Stat(operand)
	return err != nil
}

func commandNamed(commands []*ucli.Command, name string) *ucli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// flagsOf returns the flags by all of their names, help and version included.
func flagsOf(flags []ucli.Flag) map[string]ucli.Flag {
	known := map[string]ucli.Flag{}
	for _, f := range append([]ucli.Flag{ucli.HelpFlag, ucli.VersionFlag}, flags...) {
		for _, name := range f.Names() {
			known[name] = f
		}
	}
	return known
}

func suggestFlag(name string, known map[string]ucli.Flag) string {
	var names []string
	for n := range known {
		if len(n) > 1 {
			names = append(names, n)
		}
	}
	if near := words.Nearest(name, names); near != "" {
		return " (did you mean --" + near + "?)"
	}
	return ""
}
