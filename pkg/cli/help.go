package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	ucli "github.com/urfave/cli/v2"
)

// helpWidth is how wide the text of --help is at most, but for examples that a shell
// takes as they are.
const helpWidth = 80

// Once: commands may run side by side in one process.
func init() {
	ucli.HelpPrinter = func(w io.Writer, _ string, data any) { printHelp(w, data) }
}

const statusText = "Exit status: 0 complete, 1 failed, 2 usage, 3 a gate asked for with --check\ntripped."

// printHelp writes the help of an app or of one of its commands.
func printHelp(w io.Writer, data any) {
	var b strings.Builder
	switch of := data.(type) {
	case *ucli.App:
		head(&b, of.HelpName, of.Usage, of.UsageText, of.Description)
		for _, g := range commandGroups(of.VisibleCommands()) {
			fmt.Fprintf(&b, "\n%s:\n", g.name)
			wide := 0
			for _, c := range g.commands {
				wide = max(wide, len(c.Name))
			}
			for _, c := range g.commands {
				b.WriteString(hanging("  "+c.Name, wide+4, c.Usage))
			}
		}
		writeFlags(&b, of.VisibleFlags())
		b.WriteString("\n" + statusText + "\n")
	case *ucli.Command:
		head(&b, of.HelpName, of.Usage, usageOf(of), of.Description)
		writeFlags(&b, of.VisibleFlags())
	}
	_, _ = io.WriteString(w, b.String()) // stdout keeps its error, and the exit status tells
}

// usageOf is how a command is called.
func usageOf(c *ucli.Command) string {
	if c.UsageText != "" {
		return c.UsageText
	}
	return strings.TrimSpace(c.HelpName + " [flags] " + c.ArgsUsage)
}

func head(b *strings.Builder, name, usage, call, about string) {
	b.WriteString(hanging(name+" -", utf8.RuneCountInString(name)+3, usage))
	fmt.Fprintf(b, "\nUsage:\n  %s\n", call)
	if about != "" {
		b.WriteString("\n")
		writeAbout(b, about)
	}
}

// writeAbout writes a description in lines of at most helpWidth: a paragraph with a longer
// one is filled anew, a longer example goes on behind a backslash.
func writeAbout(b *strings.Builder, about string) {
	var paragraph []string
	flush := func() {
		long := slices.ContainsFunc(paragraph, func(l string) bool { return utf8.RuneCountInString(l) > helpWidth })
		switch text := strings.Join(paragraph, "\n"); {
		case long:
			b.WriteString(hanging("", 0, text))
		case text != "":
			b.WriteString(text + "\n")
		}
		paragraph = nil
	}
	for _, line := range strings.Split(about, "\n") {
		switch {
		case line == "":
			flush()
			b.WriteString("\n")
		case strings.HasPrefix(line, "  "):
			flush()
			b.WriteString(example(line))
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
}

// example writes a command in lines of at most helpWidth, as a shell takes them: it is
// cut before flags, pipes and redirections.
func example(line string) string {
	var b strings.Builder
	for utf8.RuneCountInString(line) > helpWidth {
		cut := -1
		for _, before := range []string{" | ", " || ", " && ", " > ", " --", " -o "} {
			if cut = strings.LastIndex(line[:helpWidth-1], before); cut > 6 {
				break
			}
		}
		if cut <= 6 {
			break
		}
		b.WriteString(line[:cut] + " \\\n")
		line = "      " + strings.TrimLeft(line[cut:], " ")
	}
	return b.String() + line + "\n"
}

// A commandGroup is what several commands are for.
type commandGroup struct {
	name     string
	commands []*ucli.Command
}

// commandGroups are the commands by category, in order of their first.
func commandGroups(all []*ucli.Command) []commandGroup {
	var out []commandGroup
	for _, c := range all {
		name := c.Category
		if name == "" {
			name = "Commands"
		}
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, commandGroup{name: name})
		}
		g := &out[len(out)-1]
		g.commands = append(g.commands, c)
	}
	return out
}

// purposes are what flags are for, in the order of --help. A name means one thing in
// every command; what stands in no list is for what the command itself does.
var purposes = []struct {
	name  string
	flags []string
}{
	{"What it does", nil},
	{"What is read", []string{"config", "logs", "kind", "from", "plan", "reference", "target", "model", "features", "features-b", "outcomes", "rows", "health", "timeout", "id", "entity", "held-out", "in-sample", "max-bad", "stdin-name", "follow", "part-rows", "part-time", "ref", "expect", "partial", "scores", "label", "positive", "baseline", "requests", "predictions", "population", "bodies"}},
	{"What is judged", []string{"period", "last", "now", "window", "segment", "shard", "backfill"}},
	{"How it is judged", []string{"policy", "k-anonymity", "k", "tolerance", "threshold"}},
	{"What is written", []string{"output", "format", "table", "csv-safe", "json", "single", "history", "history-only", "index", "log-dir", "cpuprofile"}},
	{"The gate", []string{"check", "max-age"}},
	{"Help", []string{"list", "completion", "help", "version"}},
}

// A flagGroup is the flags of a command with one purpose.
type flagGroup struct {
	name  string
	flags []ucli.Flag
}

// flagGroups are the flags by purpose.
func flagGroups(all []ucli.Flag) []flagGroup {
	at := map[string]int{}
	out := make([]flagGroup, len(purposes))
	for i, p := range purposes {
		out[i].name = p.name
		for _, name := range p.flags {
			at[name] = i
		}
	}
	for _, f := range all {
		g := &out[at[f.Names()[0]]]
		g.flags = append(g.flags, f)
	}
	return out
}

func writeFlags(b *strings.Builder, all []ucli.Flag) {
	for _, g := range flagGroups(all) {
		if len(g.flags) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s:\n", g.name)
		for _, f := range g.flags {
			name, text := flagText(f)
			b.WriteString(hanging("  "+name, flagColumn, text))
		}
	}
}

// flagColumn is where the text of a flag begins.
const flagColumn = 26

// flagText is a flag with its value, and what it does.
func flagText(f ucli.Flag) (name, text string) {
	const mark = " (default: "
	name, text, _ = strings.Cut(f.String(), "\t")
	if i := strings.Index(name, " [ "); i >= 0 {
		name = name[:i] // that it can stand again its usage says
	}
	text = strings.TrimSpace(text)
	// Where the usage says itself what the default is, the value that stands for "not
	// given" is not shown; a switch is off until it is given.
	if strings.Count(text, mark) > 1 {
		text = text[:strings.LastIndex(text, mark)]
	}
	return name, strings.TrimSuffix(text, mark+"false)")
}

// hanging writes text behind name, in lines of at most helpWidth that begin at the
// column; on a line of its own where the name reaches beyond that.
func hanging(name string, column int, text string) string {
	var b strings.Builder
	b.WriteString(name)
	at := utf8.RuneCountInString(name)
	if at+2 > column && len(name) > 2 && strings.HasPrefix(name, "  ") {
		b.WriteString("\n")
		at = 0
	}
	fresh := true // nothing stands on the line yet
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case fresh:
			b.WriteString(strings.Repeat(" ", max(0, column-at)))
			at = max(at, column)
		case at+1+n > helpWidth:
			b.WriteString("\n" + strings.Repeat(" ", column))
			at = column
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at, fresh = at+n, false
	}
	b.WriteString("\n")
	return b.String()
}
