package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain returns text in which nothing steers what shows it: a character that does not
// print, or that turns the direction of writing, stands as Go escapes it, such as \x1b
// and \u202e. Line breaks, tabs and blanks of all widths stay; bytes that are no UTF-8
// become U+FFFD.
func Plain(text string) string {
	if strings.IndexFunc(text, steers) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		switch {
		case !steers(r):
			out.WriteRune(r)
		case r == utf8.RuneError:
			out.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&out, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			fmt.Fprintf(&out, `\U%08x`, r)
		}
	}
	return out.String()
}

func steers(r rune) bool {
	return r != '\n' && r != '\t' && (r < ' ' || r > '~' && !unicode.IsGraphic(r) || r == utf8.RuneError)
}
