// Package wording puts the vocabulary of verdicts into words for people: levels,
// checks, subjects and triggers, the same on pages and in files for machines.
package wording

import (
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Level is a level in a word for people.
func Level(level string) string {
	switch level {
	case verdict.OK:
		return "OK"
	case verdict.Notice:
		return "Notice"
	case verdict.Warn:
		return "Warning"
	case verdict.Alert:
		return "Alert"
	case verdict.Insufficient:
		return "Cannot tell"
	}
	return "Not judged"
}

// Sentence ends a finding's words like a sentence.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// Subject names a subject for people: (latency) is no column.
func Subject(s string) string {
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
	case verdict.SubjectNewColumns:
		return "New columns"
	case verdict.SubjectModel:
		return "Model quality"
	case verdict.SubjectVersions:
		return "Model versions"
	case verdict.SubjectRetraining:
		return "Retraining"
	case verdict.SubjectSkew:
		return "Logged scores"
	case verdict.SubjectMargin:
		return "Mean margin"
	case verdict.SubjectCorrelations:
		return "Correlations"
	case "":
		return "(no name)"
	}
	return Clip(s, 100)
}

// Clip shortens a value for a table.
func Clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Trigger is what a reason to retrain looks at, for people.
func Trigger(name string) string {
	switch verdict.TriggerNow(name) {
	case verdict.TriggerDriftShare:
		return "drifted features, of those judged"
	case verdict.TriggerScoreP:
		return "p-value of the score's drift (at or below)"
	case verdict.TriggerPositiveRateDrop:
		return "fall of the share of positive outcomes"
	case verdict.TriggerEstimatedAUCDrop:
		return "fall of the estimated ROC AUC"
	case verdict.TriggerRealisedAUCDrop:
		return "fall of the ROC AUC by outcomes"
	case verdict.TriggerLeastAUC:
		return "ROC AUC by outcomes (below)"
	case verdict.TriggerLeastF1:
		return "F1 (below)"
	case verdict.TriggerLeastPrecision:
		return "precision (below)"
	case verdict.TriggerLeastRecall:
		return "recall (below)"
	case verdict.TriggerLeastAccuracy:
		return "accuracy (below)"
	case verdict.TriggerLowPositiveRate:
		return "share of positive outcomes (below)"
	case verdict.TriggerHighPositiveRate:
		return "share of positive outcomes (above)"
	case verdict.TriggerMostMAE:
		return "mean absolute error (above)"
	case verdict.TriggerMostRMSE:
		return "root mean squared error (above)"
	case verdict.TriggerModelAge:
		return "age of the model"
	case verdict.TriggerNewLabels:
		return "new outcomes"
	}
	return Subject(name)
}

// PercentBeside writes a share that stands beside another: where both differ they
// look different.
func PercentBeside(share, other float64) string {
	s, _ := words.Percents(share, other)
	return s
}

// Class is the style class of a level: one of six fixed words, whatever the table
// holds.
func Class(level string) string {
	if slices.Contains(verdict.Levels, level) {
		return level
	}
	return "none"
}

// Listed names up to four subjects.
func Listed(names []string) string {
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = words.Plain(Subject(n))
	}
	return words.List(shown)
}
