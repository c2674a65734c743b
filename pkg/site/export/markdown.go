package export

import (
	"fmt"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// An Area is one aspect of the run in a line.
type Area struct {
	Name  string
	Level string
	Text  string // its value and what to know of it
}

// shownFindings bounds the summary's list of changes.
const shownFindings = 20

// Markdown returns summary.md: the run as a CI job shows it, with its areas and
// what to do, most urgent first. Text from the log is escaped: it may hold
// anything.
func Markdown(v View, areas []Area, advice []string) []byte {
	run := v.Tables.Run
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: %s\n\n", markdown(v.Title), wording.Level(run.Level))
	if run.Headline != "" {
		fmt.Fprintf(&out, "%s\n\n", markdown(strings.TrimSpace(v.Headline+" "+v.Since)))
	}
	if run.Simulated {
		out.WriteString("**Simulated data.**\n\n")
	}
	if run.Because != "" {
		fmt.Fprintf(&out, "%s: %s\n\n", wording.Level(run.Level), markdown(wording.Sentence(run.Because)))
	}
	if run.SampleReference {
		out.WriteString("**Compared with the built-in sample reference, not with your own data.**\n\n")
	}
	out.WriteString("| | level | |\n| --- | --- | --- |\n")
	for _, a := range areas {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", a.Name, wording.Level(a.Level), markdown(a.Text))
	}
	shown := 0
	for _, f := range v.Findings {
		if verdict.Severity(f.Level) < verdict.Severity(verdict.Warn) || f.Sentence == "" || shown == shownFindings {
			continue
		}
		if shown == 0 {
			out.WriteString("\n## What changed\n\n")
		}
		shown++
		level := wording.Level(f.Level)
		if f.Accepted != "" {
			level = "Accepted " + f.Accepted
		}
		fmt.Fprintf(&out, "- **%s** %s\n", markdown(level), markdown(wording.Sentence(f.Sentence)))
	}
	out.WriteString("\n## What to do\n\n")
	for _, a := range advice {
		fmt.Fprintf(&out, "- %s\n", markdown(a))
	}
	fmt.Fprintf(&out, "\n%s, %s; compared with %s; policy %s.\n", words.Count(run.Rows, "prediction", "predictions"),
		words.Span(run.PeriodStart, run.PeriodEnd), words.Count(run.ReferenceRows, "reference row", "reference rows"), markdown(run.Policy))
	if v.URL != "" {
		fmt.Fprintf(&out, "\n<%s>\n", v.URL)
	}
	return []byte(out.String())
}

// markdown escapes text so that it shows as it is: on one line, without markup,
// links, mentions or HTML.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case strings.ContainsRune("\\`*_[]#|~$@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == ':':
			// "https:" would become a link.
			b.WriteString(":\u200b")
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), ":\u200b ", ": ")
}
