package words

import (
	"strings"
	"unicode"
)

const longestName = 40

// Name makes a category or column fit to stand in a sentence: one line, at most
// 40 characters.
func Name(s string) string {
	if s == "" {
		return "(empty)"
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == longestName {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// List joins up to four things, and of more the first three, saying how many more
// there are.
func List(things []string) string {
	switch n := len(things); {
	case n > 4:
		return strings.Join(things[:3], ", ") + " and " + Whole(int64(n-3)) + " more"
	case n > 1:
		return strings.Join(things[:n-1], ", ") + " and " + things[n-1]
	}
	return strings.Join(things, "")
}
