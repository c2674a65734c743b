package spelling

// missing are the words that pandas.read_csv takes for missing unless it is told
// otherwise (its na_values).
var missing = map[string]bool{
	"#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true, "1.#IND": true, "1.#QNAN": true,
	"<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true, "n/a": true, "nan": true, "null": true,
}

// IsMissing reports whether a text is a word for a missing value: one of those
// that pandas.read_csv takes for missing, such as NA, NaN, None and null.
func IsMissing(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '#', '-', '1', '<', 'N', 'n':
		return missing[s]
	}
	return false
}
