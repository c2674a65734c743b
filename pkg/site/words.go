package site

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// levelWord is a level in a word for people.
func levelWord(level string) string {
	switch level {
	case verdict.OK:
		return "OK"
	case verdict.Warn:
		return "Warning"
	case verdict.Alert:
		return "Alert"
	case verdict.Insufficient:
		return "Cannot tell"
	}
	return "Not judged"
}

// levelClass is the style class of a level: one of five fixed words, whatever
// the table holds.
func levelClass(level string) string {
	switch level {
	case verdict.OK, verdict.Warn, verdict.Alert, verdict.Insufficient:
		return level
	}
	return "none"
}

const dash = "–"

// count writes a whole number with thin spaces between thousands.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if len(s) > 4 {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "\u202f" + s[i:]
		}
	}
	if neg {
		s = "−" + s
	}
	return s
}

// number writes v with three significant digits, but never fewer digits than
// its whole part has; NaN is a dash.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return dash
	}
	abs := math.Abs(v)
	sign := ""
	if v < 0 {
		sign = "−"
	}
	switch {
	case abs == 0:
		return "0"
	case abs >= 1e15 || abs < 1e-4:
		return sign + strconv.FormatFloat(abs, 'e', 1, 64)
	case abs >= 100:
		return sign + count(int64(math.Round(abs)))
	}
	dec := 2 - int(math.Floor(math.Log10(abs)))
	s := strconv.FormatFloat(abs, 'f', min(max(dec, 0), 6), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return sign + s
}

// signed writes a change with its sign.
func signed(v float64) string {
	s := number(v)
	if v > 0 && s != dash {
		return "+" + s
	}
	return s
}

// odds writes log-odds with three decimals, as a column of them is read.
func odds(v float64) string {
	if math.IsNaN(v) || math.Abs(v) >= 1000 {
		return number(v)
	}
	s := strconv.FormatFloat(v, 'f', 3, 64)
	if strings.Trim(s, "-0.") == "" {
		return "0.000"
	}
	return strings.Replace(s, "-", "−", 1)
}

// oddsChange is odds with its sign.
func oddsChange(v float64) string {
	if s := odds(v); v > 0 && s != dash && s != "0.000" {
		return "+" + s
	}
	return odds(v)
}

// oddsBetween writes an interval of log-odds, or nothing.
func oddsBetween(lo, hi float64) string {
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return ""
	}
	return odds(lo) + " to " + odds(hi)
}

// shift writes a change of log-odds with its sign and as many digits as a
// sentence needs.
func shift(v float64) string {
	if d := 1 - int(math.Floor(math.Log10(math.Abs(v)))); d >= 0 && d < 5 {
		v = math.Round(v*math.Pow10(d)) / math.Pow10(d)
	}
	return signed(v)
}

// score writes a score with as many decimals as its neighbours in a column.
func score(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) >= 1000 {
		return number(v)
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', 3, 64), "-", "−", 1)
}

// pvalue writes a p-value; below 0.001 the exact value says no more.
func pvalue(v float64) string {
	switch {
	case math.IsNaN(v):
		return dash
	case v < 0.001:
		return "< 0.001"
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// percent writes a share.
func percent(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return dash
	case v > 0 && v < 0.0005:
		return "< 0.1 %"
	case v < 0 && v > -0.0005:
		return "0 %"
	case v != 0 && math.Abs(v) < 0.0995, v > 0.995 && v < 1:
		return strings.Replace(strconv.FormatFloat(100*v, 'f', 1, 64), "-", "−", 1) + " %"
	}
	return strings.Replace(strconv.FormatFloat(100*v, 'f', 0, 64), "-", "−", 1) + " %"
}

// rate writes a share that limits near 1 are asked of.
func rate(v float64) string {
	if v > 0.9 && v < 1 {
		// Never rounded up to what a limit may ask for.
		return strconv.FormatFloat(math.Floor(1000*v+1e-9)/10, 'f', 1, 64) + " %"
	}
	return percent(v)
}

// points writes the difference of two shares in percentage points.
func points(d float64) string {
	if math.IsNaN(d) {
		return dash
	}
	s := strconv.FormatFloat(100*d, 'f', 1, 64)
	switch {
	case s == "0.0" || s == "-0.0":
		return "0"
	case d > 0:
		return "+" + s
	}
	return strings.Replace(s, "-", "−", 1)
}

// measure writes a value with its unit.
func measure(v float64, unit string) string {
	switch {
	case math.IsNaN(v):
		return dash
	case unit == "share" || unit == "%":
		return percent(v)
	case unit == "" || unit == "1" || unit == "rows" || strings.Contains(unit, "nats"):
		return number(v)
	}
	return number(v) + " " + unit
}

// statisticValue writes one side of a statistic; rates are shares.
func statisticValue(s verdict.Statistic, v float64) string {
	if s.Unit == "1" && (strings.HasSuffix(s.Name, "_rate") || s.Name == "domain_importance") {
		return percent(v)
	}
	return measure(v, s.Unit)
}

// effect writes a finding's or a night's effect with its unit.
func effect(v float64, unit string) string {
	switch unit {
	case "PSI":
		if math.IsNaN(v) {
			return dash
		}
		s := strconv.FormatFloat(v, 'f', 2, 64)
		if s == "-0.00" {
			return "0.00" // a debiased PSI is often a little below 0
		}
		return strings.Replace(s, "-", "−", 1)
	case "points":
		if math.IsNaN(v) {
			return dash
		}
		return number(v) + " points"
	case "AUC":
		if math.IsNaN(v) {
			return dash
		}
		return "AUC " + number(v)
	}
	return measure(v, unit)
}

// share is n of total, NaN without a total.
func share(n, total int64) float64 {
	if total <= 0 {
		return math.NaN()
	}
	return float64(n) / float64(total)
}

// day writes a date, stamp a time, both UTC.
func day(t time.Time) string {
	if t.IsZero() {
		return dash
	}
	return t.UTC().Format("2 Jan 2006")
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return dash
	}
	return t.UTC().Format("2 Jan 2006, 15:04") + " UTC"
}

// moment is stamp with seconds.
func moment(t time.Time) string {
	if t.IsZero() {
		return dash
	}
	return t.UTC().Format("2 Jan 2006, 15:04:05")
}

// span writes a period, the year once.
func span(from, to time.Time) string {
	switch {
	case from.IsZero() || to.IsZero():
		return "an unknown period"
	case day(from) == day(to):
		return day(to)
	case from.UTC().Year() == to.UTC().Year():
		return from.UTC().Format("2 Jan") + " – " + day(to)
	}
	return day(from) + " – " + day(to)
}

// plural writes a count and its noun.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// sentence makes a finding's words end like a sentence, keeps numbers and their
// units on one line, and writes the minus that they have in tables.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	s = beforeUnit.ReplaceAllString(s, "${1}\u00a0${2}")
	s = asciiMinus.ReplaceAllString(s, "${1}−${2}")
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

var (
	beforeUnit = regexp.MustCompile(`(\d) (%|ms\b|points?\b|log-odds|σ)`)
	asciiMinus = regexp.MustCompile(`(^|[ (])-(\d)`)
)

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// openings are the words with which findings begin that are no name of a value:
// names stay as they are written.
var openings = []string{"a", "all", "differs", "in", "its", "mean", "median", "missing", "never", "no", "none", "not", "rows", "steady", "the", "too", "unchanged"}

// said is a finding's words under its subject's name, which they need not repeat.
func said(subject, words string) string {
	rest, ok := strings.CutPrefix(words, subject+": ")
	if first, _, _ := strings.Cut(rest, " "); ok && slices.Contains(openings, strings.TrimRight(first, ";:,")) {
		rest = capital(rest)
	}
	return sentence(rest)
}

// aligned gives numbers that stand together as many decimals each; where one of
// them is no plain number all stay as they are.
func aligned(numbers ...string) []string {
	most := 0
	for _, s := range numbers {
		if s == "" || s == dash {
			continue
		}
		if strings.Trim(s, "−-+0123456789.\u202f") != "" {
			return numbers
		}
		_, decimals, _ := strings.Cut(s, ".")
		most = max(most, len(decimals))
	}
	out := slices.Clone(numbers)
	for i, s := range out {
		whole, decimals, _ := strings.Cut(s, ".")
		if s != "" && s != dash && most > 0 {
			out[i] = whole + "." + decimals + strings.Repeat("0", most-len(decimals))
		}
	}
	return out
}

// checkWord is what a check asks, for people.
func checkWord(check string) string {
	switch check {
	case verdict.CheckDistribution:
		return "values"
	case verdict.CheckMissing:
		return "missing values"
	case verdict.CheckUnseen:
		return "unseen categories"
	case verdict.CheckRange:
		return "out of range"
	case verdict.CheckConstant:
		return "constant column"
	case verdict.CheckNew:
		return "new column"
	case verdict.CheckVanished:
		return "vanished column"
	case verdict.CheckDuplicates:
		return "duplicate rows"
	case verdict.CheckSuccess:
		return "success rate"
	case verdict.CheckNonfinite:
		return "NaN or infinite"
	case verdict.CheckType:
		return "wrong type"
	case verdict.CheckMultivariate:
		return "told apart by a classifier"
	case verdict.CheckContribution:
		return "share in the score's shift"
	case verdict.CheckRetrain:
		return "reason to retrain"
	}
	return check
}

// duration writes milliseconds, short ones as microseconds.
func duration(ms float64) string {
	switch {
	case math.IsNaN(ms) || math.IsInf(ms, 0):
		return dash
	case ms > 0 && ms < 0.1:
		return number(1000*ms) + " µs"
	}
	return number(ms) + " ms"
}

// times writes a ratio.
func times(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return dash
	}
	return number(v) + " ×"
}

// psi writes a population stability index.
func psi(v float64) string { return effect(v, "PSI") }

// measureWord names a measure of correlation for people.
func measureWord(measure string) string {
	switch measure {
	case "pearson":
		return "Pearson, normal scores"
	case "cramers_v":
		return "Cramér’s V"
	}
	return measure
}

// testWord names a test for people.
func testWord(test string) string {
	switch test {
	case "ks":
		return "KS"
	case "chi2":
		return "chi-squared"
	case "ks (grid)":
		return "KS on the grid"
	case "domain_classifier":
		return "domain classifier"
	case "treeshap":
		return "TreeSHAP"
	}
	return test
}

// statisticWord names a statistic for people.
func statisticWord(name string) string {
	if w, ok := map[string]string{
		"rows": "rows", "missing_rate": "missing", "mean": "mean", "std": "standard deviation",
		"p05": "5th percentile", "p25": "25th percentile", "p50": "median", "p75": "75th percentile", "p95": "95th percentile",
		"distinct": "distinct values", "ks": "Kolmogorov–Smirnov distance", "wasserstein": "Wasserstein distance",
		"jensen_shannon": "Jensen–Shannon distance", "psi": "PSI", "positive_rate": "positive rate",
		"domain_importance": "part in telling both sides apart",
	}[name]; ok {
		return w
	}
	return strings.ReplaceAll(name, "_", " ")
}

// subjectWord names a subject for people: (latency) is no column.
func subjectWord(s string) string {
	switch s {
	case verdict.SubjectRows:
		return "Rows"
	case verdict.SubjectLatency:
		return "Latency"
	case verdict.SubjectTraffic:
		return "Traffic"
	case verdict.SubjectAPI:
		return "API"
	case verdict.SubjectFeatures:
		return "All features together"
	case verdict.SubjectRetraining:
		return "Retraining"
	case verdict.SubjectMargin:
		return "Mean margin"
	case verdict.SubjectCorrelations:
		return "Correlations"
	case "":
		return "(no name)"
	}
	return clip(s, 100)
}
