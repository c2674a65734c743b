package profile

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Keys of counters. What a ledger's sum, list, exact … write is set again by
// setCount, setAt, setExact …, which say whether the number can be what was
// written.

var stateNames = [states]string{"values", "missing", "nan", "pos_inf", "neg_inf", "type_errors"}

// textParts are the prefixes of a text's keys.
var textParts = [2]string{"length/", "commas/"}

// index writes i so that keys sort as numbers do.
func index(prefix string, i int) string {
	var digits, key [64]byte
	s := strconv.AppendInt(digits[:0], int64(i), 10)
	b := append(append(key[:0], prefix...), "000000"[min(6, len(s)):]...)
	return string(append(b, s...))
}

// take strips prefix from key.
func take(key *string, prefix string) bool {
	rest, ok := strings.CutPrefix(*key, prefix)
	if ok {
		*key = rest
	}
	return ok
}

// place strips the number that index wrote at the front of key; it is -1 unless
// below n.
func place(key *string, n int) int {
	text, rest, _ := strings.Cut(*key, "/")
	*key = rest
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 || i >= n {
		return -1
	}
	return i
}

// setCount sets a sum, which stands in a ledger only above 0.
func setCount(to *int64, n int64) bool {
	*to = n
	return n > 0
}

func setState(state *[states]int64, key string, n int64) bool {
	i := slices.Index(stateNames[:], key)
	return i >= 0 && setCount(&state[i], n)
}

func setAt(list []int64, key string, n int64) bool {
	i := place(&key, len(list))
	return i >= 0 && key == "" && setCount(&list[i], n)
}

func setExact(s *exactSum, key string, n int64) bool {
	i := place(&key, math.MaxInt32)
	return i >= 0 && key == "" && s.set(i, n)
}

// setWide sets a limb of a sum of 128 bits.
func setWide(w *wide, key string, n int64) bool {
	i := place(&key, 4)
	return i >= 0 && key == "" && w.setLimb(i, n)
}
