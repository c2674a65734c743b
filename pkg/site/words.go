package site

import (
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// isShare tells a statistic that is a share of rows or of something else.
func isShare(s verdict.Statistic) bool {
	return s.Unit == "1" && (strings.HasSuffix(s.Name, "_rate") || s.Name == "domain_importance")
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
		"winsorised_mean": "mean, the most extreme rows counted as the next", "winsorised_std": "standard deviation, the most extreme rows counted as the next",
		"p05": "5th percentile", "p25": "25th percentile", "p50": "median", "p75": "75th percentile", "p95": "95th percentile",
		"distinct": "distinct values", "ks": "Kolmogorov–Smirnov distance", "wasserstein": "Wasserstein distance",
		"jensen_shannon": "Jensen–Shannon distance", "psi": "PSI", "positive_rate": "positive rate",
		"domain_importance": "part in telling both sides apart",
	}[name]; ok {
		return w
	}
	return strings.ReplaceAll(name, "_", " ")
}

// capital begins a sentence of ours with a capital letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
