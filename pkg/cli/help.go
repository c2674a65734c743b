package cli

import (
	"fmt"
	"io"
	"strings"

	ucli "github.com/urfave/cli/v2"
)

const helpTemplate = `{{.HelpName}} - {{.Usage}}

Usage:
  {{.UsageText}}
{{if .Description}}
{{.Description}}
{{end}}{{if .VisibleCommands}}
Commands:
{{range .VisibleCommands}}  {{.Name}}{{"\t"}}{{.Usage}}
{{end}}{{end}}{{if .VisibleFlags}}
Flags:
{{range .VisibleFlags}}  {{.}}
{{end}}{{end}}
Exit status: 0 complete, 1 failed, 2 usage, 3 a gate asked for with --check tripped.
`

const commandHelpTemplate = `{{.HelpName}} - {{.Usage}}

Usage:
  {{if .UsageText}}{{.UsageText}}{{else}}{{.HelpName}} [flags]{{with .ArgsUsage}} {{.}}{{end}}{{end}}
{{if .Description}}
{{.Description}}
{{end}}{{if .VisibleFlags}}
Flags:
{{range .VisibleFlags}}  {{.}}
{{end}}{{end}}`

var plainFlagText = ucli.FlagStringer

// Once: commands may run side by side in one process.
func init() { ucli.FlagStringer = flagText }

// flagText describes a flag in the list of flags. Where the usage says itself
// what the default is, the value that stands for "not given" is not shown.
func flagText(f ucli.Flag) string {
	const mark = " (default: "
	text := plainFlagText(f)
	if strings.Count(text, mark) > 1 {
		text = text[:strings.LastIndex(text, mark)]
	}
	return text
}

func completionFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "completion", Usage: "print the completion script for `SHELL` (bash, zsh or fish) and exit"}
}

// completeFlag, as the last argument, asks what could stand in its place.
const completeFlag = "--complete"

// complete prints what may follow args, the last of which is the beginning of
// a word: flags, or the names of commands.
func complete(w io.Writer, app *ucli.App, args []string) {
	flags, commands := append([]ucli.Flag{ucli.HelpFlag, ucli.VersionFlag}, app.Flags...), app.Commands
	word := ""
	for i, arg := range args {
		if sub := commandNamed(commands, arg); sub != nil && i < len(args)-1 {
			flags, commands = append([]ucli.Flag{ucli.HelpFlag}, sub.Flags...), sub.Subcommands
		}
		word = arg
	}
	if !strings.HasPrefix(word, "-") {
		for _, c := range commands {
			fmt.Fprintln(w, c.Name)
		}
		return
	}
	for _, f := range flags {
		fmt.Fprintln(w, "--"+f.Names()[0])
	}
}

// The scripts ask the command itself what may follow.
const bashCompletion = `_%[1]s() {
  local cur="${COMP_WORDS[COMP_CWORD]}" words
  words=$("${COMP_WORDS[@]:0:COMP_CWORD}" ${cur:+"$cur"} --complete 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o bashdefault -o default -F _%[1]s %[1]s
`

const zshCompletion = `#compdef %[1]s
_%[1]s() {
  local -a found
  found=("${(@f)$("${words[@]:0:$CURRENT-1}" ${words[$CURRENT]} --complete 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then _describe values found; else _files; fi
}
compdef _%[1]s %[1]s
`

const fishCompletion = `complete -c %[1]s -a '(set -l w (commandline -opc) (commandline -ct); $w --complete 2>/dev/null)'
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
