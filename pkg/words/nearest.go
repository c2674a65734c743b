package words

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns the one of names that differs from name in the fewest
// characters, or "" when none is near. Equally near names are settled by their
// order in the alphabet.
func Nearest(name string, names []string) string {
	best, at := "", len(name)/3+2
	for _, n := range slices.Sorted(slices.Values(names)) {
		if d := editDistance(name, n); d < at {
			best, at = n, d
		}
	}
	return best
}

// DidYouMean returns ` (did you mean "x"?)` for the nearest of names, or "".
func DidYouMean(name string, names []string) string {
	if near := Nearest(name, names); near != "" {
		return ` (did you mean "` + near + `"?)`
	}
	return ""
}

// NotOneOf says that got is none of names, and which of them is near: want one of
// a, b, got "c" (did you mean "b"?).
func NotOneOf(got string, names []string) string {
	return fmt.Sprintf("want one of %s, got %q%s", strings.Join(names, ", "), got, DidYouMean(got, names))
}

// UnknownKey says that name is none of the keys, and what to write instead:
// unknown key (did you mean "score"?).
func UnknownKey(name string, keys []string) string {
	if near := DidYouMean(name, keys); near != "" {
		return "unknown key" + near
	}
	return "unknown key: want one of " + strings.Join(keys, ", ")
}

// editDistance counts the bytes to insert, delete or replace (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
