package site

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// maxAnnotations is what GitHub shows of one step, by level.
const maxAnnotations = 10

// annotations are the findings at warn or above as workflow commands of GitHub
// Actions: a job that prints the file has them beside its log. A night without
// any has one notice.
func (b *builder) annotations() []byte {
	var out bytes.Buffer
	printed := map[string]int{}
	for _, s := range b.subjects {
		for _, f := range s.Findings {
			command := map[string]string{verdict.Warn: "warning", verdict.Alert: "error"}[f.Level]
			if command == "" || printed[command] == maxAnnotations {
				continue
			}
			printed[command]++
			words := f.Sentence
			if words == "" {
				words = subjectWord(f.Subject) + ": " + checkWord(f.Check)
			}
			fmt.Fprintf(&out, "::%s title=%s::%s\n", command, property(b.title()+": "+levelWord(f.Level)), message(sentence(words)))
		}
	}
	if out.Len() == 0 {
		fmt.Fprintf(&out, "::notice title=%s::%s\n", property(b.title()+": "+levelWord(b.r.Run.Level)), message(b.frame().Headline))
	}
	return out.Bytes()
}

// What the runner's parser takes for its own is written as it undoes it.
var (
	messageEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func message(s string) string  { return messageEscapes.Replace(clip(s, 400)) }
func property(s string) string { return propertyEscapes.Replace(clip(s, 120)) }
