package read

import (
	"strings"
	"unicode/utf8"
)

// NameLimit is how many bytes of a name are kept, a category's or other.
const NameLimit = 256

const cellLimit = 8192 // bytes of a string in a row that are kept

// Shorten cuts s to at most limit bytes at a rune's end and makes it valid
// UTF-8, in memory of its own.
func Shorten(s string, limit int) string {
	if len(s) > limit {
		end := limit
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return strings.Clone(strings.ToValidUTF8(s, "\uFFFD"))
}
