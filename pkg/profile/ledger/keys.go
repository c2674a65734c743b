package ledger

import (
	"math"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/profile/sketch"
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

// SetCount sets what Sum has put, which is above 0. Like every other set it says
// whether the number can be what was put; what cannot be leaves its target in any
// state.
func SetCount(to *int64, n int64) bool {
	*to = n
	return n > 0
}

// SetAt sets the element of a list that key, less its prefix, names.
func SetAt(list []int64, key string, n int64) bool {
	i := Place(&key, len(list))
	return i >= 0 && key == "" && SetCount(&list[i], n)
}

// SetExact sets the limb of an exact sum that key, less its prefix, names.
func SetExact(s *sketch.Sum, key string, n int64) bool {
	i := Place(&key, math.MaxInt32)
	return i >= 0 && key == "" && s.Set(i, n)
}

// SetWide sets the limb of a sum of 128 bits that key, less its prefix, names.
func SetWide(w *sketch.Wide, key string, n int64) bool {
	i := Place(&key, 4)
	return i >= 0 && key == "" && w.SetLimb(i, n)
}
