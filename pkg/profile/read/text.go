package read

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
)

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

// Name returns the name by which s is known: s itself where it is UTF-8 of at
// most limit bytes; a longer one's beginning with the hash of the whole, so that
// names that differ at their ends are two. It returns a name as it is.
func Name(s string, limit int) string {
	if len(s) <= limit {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	mark := fmt.Sprintf("… %016x", sketch.HashString(s))
	return Shorten(s, limit-len(mark)) + mark
}
