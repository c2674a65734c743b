package cli

import (
	"fmt"
	"io"
	"strings"

	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/table"
)

func completionFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "completion", Usage: "print the completion script for `SHELL` (bash, zsh or fish) and exit"}
}

// completeFlag, as the last argument, asks what could stand in the place of the one
// before it.
const completeFlag = "--complete"

const valuesKey = "values"

// tables are those that a shell offers for --table: what ingest and driftcalc write.
var tables = strings.Fields("bins contributions correlations estimates findings health latency lines outcomes predictions recent reference rejects requests run score_bins segments skew_rows statistics thresholds traffic trend triggers unmet")

// Offer names the values of a flag for the completion of shells.
func Offer(app *ucli.App, flag string, values ...string) {
	if app.Metadata == nil {
		app.Metadata = map[string]any{}
	}
	all, _ := app.Metadata[valuesKey].(map[string][]string)
	if all == nil {
		all = map[string][]string{}
		app.Metadata[valuesKey] = all
	}
	all[flag] = values
}

// valuesOf are the values of a flag that can be named; nil where a file or a number
// is wanted.
func valuesOf(app *ucli.App, flag string) []string {
	all, _ := app.Metadata[valuesKey].(map[string][]string)
	if own := all[flag]; own != nil {
		return own
	}
	switch flag {
	case "completion":
		return []string{"bash", "zsh", "fish"}
	case "format":
		return table.Formats
	case "table":
		return tables
	}
	return nil
}

// complete prints what may follow args, the last of which is the beginning of a word,
// maybe empty: values of the flag before it, flags, or the names of commands.
func complete(w io.Writer, app *ucli.App, args []string) {
	flags, commands := append([]ucli.Flag{ucli.HelpFlag, ucli.VersionFlag}, app.Flags...), app.Commands
	word, before := "", ""
	for i, arg := range args {
		if sub := commandNamed(commands, arg); sub != nil && i < len(args)-1 {
			flags, commands = append([]ucli.Flag{ucli.HelpFlag}, sub.Flags...), sub.Subcommands
		}
		if arg == "=" && i < len(args)-1 { // bash makes three words of --flag=value
			continue
		}
		before, word = word, arg
	}
	known := flagsOf(flags)
	values := func(flag string) []string {
		f := known[strings.TrimLeft(flag, "-")]
		if f == nil || !strings.HasPrefix(flag, "-") {
			return nil
		}
		return valuesOf(app, f.Names()[0])
	}
	name, _, assigned := strings.Cut(word, "=")
	switch {
	case assigned && strings.HasPrefix(word, "--"):
		for _, v := range values(name) {
			fmt.Fprintln(w, name+"="+v)
		}
	case takesValue(known, before):
		for _, v := range values(before) {
			fmt.Fprintln(w, v)
		}
	case strings.HasPrefix(word, "-"):
		for _, f := range flags {
			fmt.Fprintln(w, "--"+f.Names()[0])
		}
	default:
		for _, c := range commands {
			fmt.Fprintln(w, c.Name)
		}
	}
}

// takesValue tells whether the word is a flag whose value comes next.
func takesValue(known map[string]ucli.Flag, word string) bool {
	if !strings.HasPrefix(word, "-") {
		return false
	}
	f := known[strings.TrimLeft(word, "-")]
	_, isSwitch := f.(*ucli.BoolFlag)
	return f != nil && !isSwitch
}

// The scripts ask the command itself what may follow; the word under the cursor is
// passed also where it is empty.
const bashCompletion = `_%[1]s() {
  local cur="${COMP_WORDS[COMP_CWORD]}" words
  [ "$cur" = "=" ] && cur=""
  words=$("${COMP_WORDS[@]:0:COMP_CWORD}" "$cur" --complete 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o bashdefault -o default -F _%[1]s %[1]s
`

const zshCompletion = `#compdef %[1]s
_%[1]s() {
  local -a found
  found=("${(@f)$("${words[@]:0:$CURRENT-1}" "${words[$CURRENT]}" --complete 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _%[1]s %[1]s
`

const fishCompletion = `complete -c %[1]s -a '(set -l w (commandline -opc) (commandline -ct | string collect --allow-empty); $w --complete 2>/dev/null)'
`

func printCompletion(w io.Writer, name, shell string) error {
	scripts := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	script, ok := scripts[shell]
	if !ok {
		return Usagef("--completion: unknown shell %q: want bash, zsh or fish", shell)
	}
	_, err := fmt.Fprintf(w, script, name)
	return err
}
