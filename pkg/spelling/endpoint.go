package spelling

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// idPart stands in an endpoint for a part that looks like an identifier.
const idPart = "{id}"

// mostEndpoint is how many bytes of an endpoint are read; the rest is cut.
const mostEndpoint = 4096

// mostEncoded is how often percent-encoding is undone; what was encoded more often is
// no name.
const mostEncoded = 4

// Endpoint returns an endpoint as it may be kept: where, never who. Scheme, user,
// host, query, fragment and ;parameters are cut, and so is the protocol of a request
// line ("GET /x?y HTTP/1.1" is "GET /x"). Percent-encoding is undone, and a segment
// that looks like an identifier becomes {id}: a number, UUID, hash, e-mail address,
// token, or a word with four digits or more that are no year, as in order-83912. Words
// with short numbers stay: v2, 1.0, model-3, predict_batch. A verb behind a colon is a
// part of its own, so that 83912:predict is {id}:predict. What is cut down to nothing
// is "/"; only the empty text is empty. Endpoint(Endpoint(s)) is Endpoint(s).
func Endpoint(s string) string {
	if isPlainEndpoint(s) {
		return s
	}
	s, _, _ = strings.Cut(s[:min(len(s), mostEndpoint)], "?")
	for range mostEncoded {
		decoded, err := url.PathUnescape(s)
		if err != nil || decoded == s {
			break
		}
		s = decoded
	}
	s = strings.TrimSpace(s)
	var out strings.Builder
	if first, rest, ok := strings.Cut(s, " "); ok && isMethod(first) {
		out.WriteString(first + " ")
		if s = strings.TrimSpace(rest); strings.Contains(s, " HTTP/") {
			s = s[:strings.LastIndex(s, " HTTP/")]
		}
	}
	s = withoutHost(s)
	if at := strings.IndexAny(s, "?#"); at >= 0 {
		s = s[:at]
	}
	empty := out.Len()
	for i := 0; i <= len(s); i++ {
		part := s[i:]
		if at := strings.IndexByte(part, '/'); at >= 0 {
			part = part[:at]
		}
		if i > 0 {
			out.WriteByte('/')
		}
		i += len(part)
		part, _, _ = strings.Cut(part, ";")
		appendSegment(&out, part)
	}
	switch rest := out.String()[empty:]; {
	case rest == "":
		out.WriteByte('/')
	case len(withoutHost(rest)) < len(rest): // what was cut stood in an address
		return Endpoint(out.String())
	}
	return strings.TrimSpace(out.String())
}

// isPlainEndpoint tells, quickly, an endpoint that Endpoint would surely leave as it
// is: short words of small ASCII letters between slashes, underscores and hyphens, and
// single digits behind them.
func isPlainEndpoint(s string) bool {
	letters, digits := 0, 0 // of the word
	for i := range len(s) {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z' && digits == 0:
			letters++
		case '0' <= b && b <= '9' && letters > 0 && digits == 0:
			digits++
		case b == '/' && (i == 0 || s[i-1] != '/'), (b == '_' || b == '-') && letters > 0:
			letters, digits = 0, 0
		default:
			return false
		}
		if letters+digits >= longWord {
			return false
		}
	}
	return true
}

func isMethod(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return len(s) > 2 && len(s) < 12
}

// withoutHost cuts scheme, user and host of an address.
func withoutHost(s string) string {
	at := strings.Index(s, "://")
	if at < 0 || strings.ContainsAny(s[:at], "/?#") {
		return s
	}
	s = s[at+3:]
	if at := strings.IndexAny(s, "/?#"); at >= 0 {
		return s[at:]
	}
	return ""
}

// appendSegment appends a segment of a path, with {id} for what looks like an
// identifier.
func appendSegment(out *strings.Builder, s string) {
	for _, r := range s {
		if r == '@' || r == '%' || r == '\\' || r == utf8.RuneError || (r < ' ' || r > '~') && !unicode.IsPrint(r) {
			out.WriteString(idPart)
			return
		}
	}
	for {
		part, rest, more := strings.Cut(s, ":")
		if looksLikeID(part) {
			part = idPart
		}
		out.WriteString(part)
		if !more {
			return
		}
		out.WriteByte(':')
		s = rest
	}
}

// looksLikeID tells what a path may name somebody by: digits without letters, and
// words of a token.
func looksLikeID(s string) bool {
	letters, digits := false, false
	var all, word mixture
	from := 0 // where the word begins
	for i, r := range s {
		switch {
		case 'a' <= r && r <= 'z', r > '9' && unicode.IsLetter(r):
			letters = true
		case '0' <= r && r <= '9', r > '~' && unicode.IsDigit(r):
			digits = true
		default:
			if word.isToken(s[from:i]) {
				return true
			}
			word, all.last, from = mixture{}, 0, i+utf8.RuneLen(r)
			continue
		}
		word.add(r)
		all.add(r)
	}
	if !letters {
		return digits && !isVersion(s)
	}
	return word.isToken(s[from:]) || all.isRandom()
}

// isVersion tells numbers such as 1.0 and 2.11.3.
func isVersion(s string) bool {
	parts := strings.Split(s, ".")
	for _, part := range parts {
		if len(part) > 2 || !areDigits(part) {
			return false
		}
	}
	return len(parts) == 2 || len(parts) == 3
}

// longWord is the length from which on words are looked at for random letters.
const longWord = 16

// shortHash is the length of the shortest hash in use, that of git.
const shortHash = 7

// A mixture is what letters and digits there are in a word.
type mixture struct {
	n, digits, runs int  // runs of digits
	changes         int  // from one of small, large, digit to another; a large first letter is small
	row, longest    int  // small consonants behind one another: at the end, and at most
	noHex           bool // it has letters that hexadecimal numbers lack
	last            byte // a, A or 0: what the last one was; 0 at the beginning
}

func (m *mixture) add(r rune) {
	class := byte('a')
	switch {
	case r <= '9', r > '~' && unicode.IsDigit(r):
		class = '0'
		m.digits++
		if m.last != '0' {
			m.runs++
		}
	case m.last != 0 && (r <= 'Z' || r > '~' && unicode.IsUpper(r)):
		class = 'A'
	}
	if m.last != 0 && class != m.last {
		m.changes++
	}
	switch r {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		m.row = 0
	default:
		m.row++
		if class != 'a' || r < 'a' || r > 'z' {
			m.row = 0
		}
		m.longest = max(m.longest, m.row)
	}
	m.noHex = m.noHex || r > 'f' || 'F' < r && r < 'a'
	m.n, m.last = m.n+1, class
}

// isToken tells a word that nobody would name a path by.
func (m *mixture) isToken(word string) bool {
	switch {
	case m.digits > 4, m.digits == 4 && !isYear(word):
		return true
	case m.n >= shortHash && (!m.noHex && m.digits > 0 || m.runs > 1):
		return !isStage(word)
	}
	return m.n >= longWord && !m.noHex || m.isRandom()
}

// isRandom tells letters in no order. They change between small, large and digits at
// every second place, where names in camel case do so at every fourth, and have
// longer rows of consonants.
func (m *mixture) isRandom() bool {
	return m.n >= longWord && (5*m.changes > 2*m.n || m.longest >= 6 || m.longest == 5 && m.digits > 0)
}

// isYear tells a word whose four digits stand together and are a year.
func isYear(word string) bool {
	digits := strings.TrimFunc(word, unicode.IsLetter)
	return len(digits) == 4 && (digits[:2] == "19" || digits[:2] == "20")
}

// isStage tells versions such as v1beta2 and v1p1alpha1.
func isStage(word string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, word)
	return slices.Contains([]string{"valpha", "vbeta", "vrc", "vpalpha", "vpbeta"}, letters)
}
