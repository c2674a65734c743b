package words

import (
	"fmt"
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

// List joins up to three names and says how many more there are.
func List(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
