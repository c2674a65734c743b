package delimited

import (
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Number reads a field as a number of which every digit counts: as
// record.ParseNumber does, but no integer beyond 2^53.
func Number(s string) (float64, bool) {
	x, ok := record.ParseNumber(s)
	if ok && math.Abs(x) >= 1<<53 && !strings.ContainsAny(s, ".eE") {
		return x, strings.TrimLeft(strings.TrimSpace(s), "+-0") == "9007199254740992"
	}
	return x, ok
}

// missing are the words that pandas.read_csv takes for missing unless it is told
// otherwise (its na_values).
var missing = map[string]bool{
	"#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true, "1.#IND": true, "1.#QNAN": true,
	"<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true, "n/a": true, "nan": true, "null": true,
}

// Missing reports whether pandas.read_csv takes a field for missing: an empty
// one, and words such as NA, NaN, None and null.
func Missing(field string) bool {
	if field == "" {
		return true
	}
	switch field[0] {
	case '#', '-', '1', '<', 'N', 'n':
		return missing[field]
	}
	return false
}
