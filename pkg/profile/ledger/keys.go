package ledger

import (
	"strconv"
	"strings"
)

// Index writes i so that keys sort as numbers do.
func Index(prefix string, i int) string {
	var digits, key [64]byte
	s := strconv.AppendInt(digits[:0], int64(i), 10)
	b := append(append(key[:0], prefix...), "000000"[min(6, len(s)):]...)
	return string(append(b, s...))
}

// Take strips prefix from key.
func Take(key *string, prefix string) bool {
	rest, ok := strings.CutPrefix(*key, prefix)
	if ok {
		*key = rest
	}
	return ok
}

// Place strips the number that index wrote at the front of key; it is -1 unless
// below n.
func Place(key *string, n int) int {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= n {
		return -1
	}
	return i
}
