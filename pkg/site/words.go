package site

import (
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
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

// isShare tells a statistic that is a share of rows or of something else.
func isShare(s verdict.Statistic) bool {
	return s.Unit == "1" && (strings.HasSuffix(s.Name, "_rate") || s.Name == "domain_importance")
}

// percentBeside writes a share that stands beside another: where both differ they
// look different.
func percentBeside(share, other float64) string {
	s, _ := words.Percents(share, other)
	return s
}

// share is n of total, NaN without a total.
func share(n, total int64) float64 {
	if total <= 0 {
		return math.NaN()
	}
	return float64(n) / float64(total)
}

// sentence ends a finding's words like a sentence.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
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

// clip shortens a value for a table.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
