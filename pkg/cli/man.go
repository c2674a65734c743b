package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	ucli "github.com/urfave/cli/v2"
)

// Man is the manual page of a command in the language of man(7), of section 1. Others
// are the pages that it names at its end.
func Man(app *ucli.App, others []string) string {
	name := strings.ReplaceAll(app.HelpName, " ", "-")
	var b strings.Builder
	// No date: the same program writes the same page.
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"leadsman %s\" \"leadsman\"\n", strings.ToUpper(roff(name)), roff(app.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(app.Usage))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.nf\n%s\n.fi\n", roff(app.UsageText))
	b.WriteString(".SH DESCRIPTION\n")
	manText(&b, app.Description)
	if all := app.VisibleCommands(); len(all) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, c := range all {
			fmt.Fprintf(&b, ".SS %s\n", roff(c.Name))
			usage := *c
			usage.HelpName = app.HelpName + " " + c.Name
			fmt.Fprintf(&b, "%s\n.PP\n.nf\n%s\n.fi\n", roff(sentenceOf(c.Usage)), roff(usageOf(&usage)))
			manText(&b, c.Description)
			manFlags(&b, c.VisibleFlags(), ".PP\n.I %s\n")
		}
	}
	if flags := append(app.VisibleFlags(), completionFlag(), ucli.HelpFlag, ucli.VersionFlag); len(flags) > 0 {
		b.WriteString(".SH OPTIONS\n")
		manFlags(&b, flags, ".SS %s\n")
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, s := range []string{"0\tcomplete", "1\tfailed: input that cannot be read, or a fault of input or output", "2\tusage", "3\ta gate asked for with --check tripped, after everything was written"} {
		status, means, _ := strings.Cut(s, "\t")
		fmt.Fprintf(&b, ".TP\n%s\n%s\n", status, roff(means))
	}
	if len(others) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, other := range others {
			end := ","
			if i == len(others)-1 {
				end = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", roff(other), end)
		}
	}
	return b.String()
}

func manFlags(b *strings.Builder, flags []ucli.Flag, heading string) {
	for _, g := range flagGroups(flags) {
		if len(g.flags) == 0 {
			continue
		}
		fmt.Fprintf(b, heading, roff(g.name))
		for _, f := range g.flags {
			name, text := flagText(f)
			fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(name), roff(text))
		}
	}
}

// manText writes a description: its paragraphs are filled, lines that are indented or
// end in a colon stand as they are.
func manText(b *strings.Builder, text string) {
	filled, asItIs := false, false // what goes on from the line before
	for _, line := range strings.Split(text, "\n") {
		indented := strings.HasPrefix(line, "  ")
		if asItIs && !indented {
			b.WriteString(".fi\n")
		}
		switch {
		case indented && !asItIs:
			b.WriteString(".PP\n.nf\n")
		case !indented && line != "" && !filled:
			b.WriteString(".PP\n")
		}
		if line != "" {
			b.WriteString(roff(line) + "\n")
		}
		filled, asItIs = line != "" && !indented, indented
	}
	if asItIs {
		b.WriteString(".fi\n")
	}
}

func sentenceOf(usage string) string {
	if usage == "" {
		return ""
	}
	return strings.ToUpper(usage[:1]) + usage[1:] + "."
}

// roff escapes text: a line that begins with a dot or an apostrophe would be a
// request, a hyphen would be typeset as another sign than the shell takes.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	var b strings.Builder
	for _, r := range strings.Join(lines, "\n") {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, r) // troff reads bytes
		}
	}
	return b.String()
}
