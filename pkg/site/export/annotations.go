package export

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// maxAnnotations is what GitHub shows of one step, by level.
const maxAnnotations = 10

// Annotations returns annotations.txt: the findings at warn or above as workflow
// commands of GitHub Actions. A job that prints the file has them beside its log.
// A night without any has one notice.
func Annotations(v View) []byte {
	var out bytes.Buffer
	printed := map[string]int{}
	for _, f := range v.Findings {
		command := map[string]string{verdict.Warn: "warning", verdict.Alert: "error"}[f.Level]
		if command == "" || f.Accepted != "" || printed[command] == maxAnnotations {
			continue
		}
		printed[command]++
		text := f.Sentence
		if text == "" {
			text = wording.Subject(f.Subject) + ": " + verdict.TraitsOf(f.Check).Title
		}
		fmt.Fprintf(&out, "::%s title=%s::%s\n", command, property(v.Title+": "+wording.Level(f.Level)), message(wording.Sentence(text)))
	}
	if out.Len() == 0 {
		fmt.Fprintf(&out, "::notice title=%s::%s\n", property(v.Title+": "+wording.Level(v.Tables.Run.Level)), message(v.Headline))
	}
	return out.Bytes()
}

// What the runner's parser takes for its own is written as it undoes it, and what steers a
// terminal so that it does not.
var (
	messageEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func message(s string) string  { return words.Plain(messageEscapes.Replace(wording.Clip(s, 400))) }
func property(s string) string { return words.Plain(propertyEscapes.Replace(wording.Clip(s, 120))) }
