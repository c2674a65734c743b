package feature

import (
	"regexp"
	"testing"
)

// The list of words must find what the regular expression does.
func FuzzWords(f *testing.F) {
	patterns := []string{`\b(ceo|co-founder|managing director|vp)\b`, `\b(a|ab|b)\b`, `\b(task)\b`}
	f.Add("Managing DIRECTOR", 0)
	f.Add("co-founder2, vp_x vp", 0)
	f.Add("über-b", 1)
	f.Add("taſK", 2)
	f.Add("\xffab\xc5", 1)
	f.Fuzz(func(t *testing.T, s string, which int) {
		pattern := patterns[uint(which)%3]
		c := column{op: match, pattern: regexp.MustCompile("(?i)" + pattern), words: wordsOf(pattern)}
		if c.words == nil {
			t.Fatalf("%s is no list of words", pattern)
		}
		if got, want := c.matches(s), c.pattern.MatchString(s); got != want {
			t.Errorf("%s in %q: want %v", pattern, s, want)
		}
	})
}

func TestWordsOf(t *testing.T) {
	for _, pattern := range []string{`ceo`, `\b(ceo`, `\b(ceo)`, `\b(c.o)\b`, `\b(|ceo)\b`, `\b(ceo )\b`, `\b(a|\w)\b`, `\b(é)\b`, `\b(a)|(b)\b`} {
		if w := wordsOf(pattern); w != nil {
			t.Errorf("%s is taken for the words %q", pattern, w)
		}
	}
}
