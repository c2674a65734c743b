package feature

import (
	"regexp"
	"strings"
	"sync"
)

// words finds what the pattern \b(a|b c|…)\b finds, case ignored, many times
// faster than regexp does: titles are matched against lists of words.
type words []string

var wordList = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\\b\(([A-Za-z0-9_]+(?:[ -][A-Za-z0-9_]+)*(?:\|[A-Za-z0-9_]+(?:[ -][A-Za-z0-9_]+)*)*)\)\\b$`)
})

// wordsOf returns the words of a pattern of that form, nil for any other.
func wordsOf(pattern string) words {
	m := wordList().FindStringSubmatch(pattern)
	if m == nil {
		return nil
	}
	return strings.Split(strings.ToLower(m[1]), "|")
}

// plain tells whether s holds neither of the two letters beyond ASCII that fold
// to an ASCII letter, ſ and the Kelvin sign.
func plain(s string) bool {
	return !strings.Contains(s, "\u017f") && !strings.Contains(s, "\u212a")
}

// find tells whether lower, which is plain and in lower case, holds a word.
func (w words) find(lower []byte) bool {
	for _, word := range w {
		for i := 0; i+len(word) <= len(lower); i++ {
			if lower[i] != word[0] || i > 0 && isWord(lower[i-1]) || string(lower[i:i+len(word)]) != word {
				continue
			}
			if i+len(word) == len(lower) || !isWord(lower[i+len(word)]) {
				return true
			}
		}
	}
	return false
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// lowerASCII returns s with the letters A to Z in lower case, in buf where it
// has room.
func lowerASCII(buf []byte, s string) []byte {
	buf = append(buf[:0], s...)
	for i, c := range buf {
		if c >= 'A' && c <= 'Z' {
			buf[i] = c + 'a' - 'A'
		}
	}
	return buf
}
