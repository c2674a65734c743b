// Package rollup makes the levels of a run's areas, that of the run, and the
// headline, of all findings: no level is better, and no headline calmer, than what
// was found.
package rollup

import (
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Parts are what a run is summed up from.
type Parts struct {
	Findings []verdict.Finding // by rank; those of segments after those of all rows
	Segments []verdict.Segment

	Warn, Alert float64 // shares of drifted features at which the features' level turns
	OfJudged    bool    // shares are of the features that could be judged, as Evidently has them, not of all

	Source  map[string]string // the feature of a subject that is a part of one, such as a text's length
	Counted map[string]string // the level by which a subject is in the share of drifted features, where that is another than its finding's
	Scores  map[string]string // where the score of that name went, in words
	Briefs  map[string]string // a finding's sentence in a few words, by Key, where its check alone does not give them
	Apart   []Apart
	Notes   []string // what the headline says at its end, whatever was found
}

// Apart is a column by whose values the rows were judged in segments, and of which
// some values have none of their own.
type Apart struct {
	Column           string
	Values, Together int // of k rows or more; those of them that were judged as one
}

// Sum gives the run its levels, its counts of features and its headline. What
// run.Because says stands where a rule keeps the run at notice, or where it could
// not be judged. An accepted finding is in none of them.
func (p *Parts) Sum(run *verdict.Run) {
	s := sum{Parts: p, run: run}
	s.count()
	run.ScoreLevel = s.worst(verdict.AreaScore)
	run.FeatureLevel = s.featureLevel()
	run.QualityLevel = s.qualityLevel()
	run.ModelLevel = s.worst(verdict.AreaModel)
	run.SkewLevel = s.worst(verdict.AreaSkew)
	run.LatencyLevel, run.APILevel = s.worst(verdict.AreaLatency), s.worst(verdict.AreaAPI)
	run.Level = verdict.WorstJudged(run.ScoreLevel, run.FeatureLevel, run.QualityLevel, run.ModelLevel, run.SkewLevel,
		run.LatencyLevel, run.APILevel, s.worst(verdict.AreaRun), atMostWarn(s.worst(verdict.AreaSegments)), s.retrainLevel())
	if run.Level == "" || !verdict.Reaches(run.Level, verdict.Notice) && (s.mostlyUnjudged() || s.incomplete()) {
		run.Level = verdict.Insufficient
	}
	run.Because = s.because()
	run.Headline = s.headline()
}

// Key is what tells a finding from the run's others.
func Key(f *verdict.Finding) string {
	return strings.Join([]string{f.Segment, f.Subject, f.Check, f.Test}, "\x00")
}

// sum is a run under way.
type sum struct {
	*Parts
	run      *verdict.Run
	moved    []string        // features at warn or alert, by rank
	movedBy  string          // how far the first of them
	known    map[string]bool // features of which that is accepted
	features map[string]string
}

// in returns the findings of an area that count, by rank.
func (s *sum) in(area string) []*verdict.Finding {
	var out []*verdict.Finding
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Window == "" && f.Accepted == "" && verdict.AreaOf(f) == area {
			out = append(out, f)
		}
	}
	return out
}

// first is the finding of an area that is the first to look at; nil without one at
// warn or above.
func (s *sum) first(area string) *verdict.Finding {
	for _, f := range s.in(area) {
		if verdict.Reaches(f.Level, verdict.Warn) {
			return f
		}
	}
	return nil
}

// worst is the worst level of an area's findings.
func (s *sum) worst(area string) string {
	level := ""
	for _, f := range s.in(area) {
		level = verdict.WorstJudged(level, f.Level)
	}
	return level
}

// count counts the features: a text once, by its worst part.
func (s *sum) count() {
	s.features, s.known = map[string]string{}, map[string]bool{}
	s.run.Features, s.run.Drifted, s.run.Alerted, s.run.Insufficient, s.run.DriftShare = 0, 0, 0, 0, math.NaN()
	for i := range s.Findings {
		f := &s.Findings[i]
		if f.Window != "" || f.Check != verdict.CheckDistribution || verdict.AreaOf(f) != verdict.AreaFeatures {
			continue
		}
		name, level := f.Subject, f.Level
		if whole, ok := s.Source[f.Subject]; ok {
			name = whole
		}
		if counted, ok := s.Counted[f.Subject]; ok {
			level = counted
		}
		if f.Accepted != "" && verdict.Reaches(level, verdict.Warn) {
			level, s.known[name] = verdict.OK, true
		}
		before := s.features[name]
		if verdict.Reaches(level, verdict.Warn) && !verdict.Reaches(before, verdict.Warn) {
			if s.moved = append(s.moved, words.Name(name)); len(s.moved) == 1 && f.EffectUnit == "PSI" && !math.IsNaN(f.Effect) {
				s.movedBy = "PSI " + words.Effect(f.Effect, f.EffectUnit)
			}
		}
		s.features[name] = verdict.WorstJudged(before, level)
	}
	for _, level := range s.features {
		s.run.Features++
		switch level {
		case verdict.Insufficient:
			s.run.Insufficient++
		case verdict.Alert:
			s.run.Alerted++
			s.run.Drifted++
		case verdict.Warn:
			s.run.Drifted++
		}
	}
	if s.run.Features > s.run.Insufficient {
		of := s.run.Features
		if s.OfJudged {
			of -= s.run.Insufficient
		}
		s.run.DriftShare = float64(s.run.Drifted) / float64(of)
	}
}

// featureLevel is by the share of drifted features; one of them, or a pair, at
// alert is a warning by itself, and so is what a classifier sees in all of them.
func (s *sum) featureLevel() string {
	level := ""
	switch share := s.run.DriftShare; {
	case s.run.Features == 0:
	case math.IsNaN(share):
		level = verdict.Insufficient
	case share >= s.Alert && s.run.Drifted > 0:
		level = verdict.Alert
	case share >= s.Warn && s.run.Drifted > 0 || s.run.Alerted > 0:
		level = verdict.Warn
	case s.run.Drifted > 0:
		level = verdict.Notice
	default:
		level = verdict.OK
	}
	for _, f := range s.in(verdict.AreaCorrelations) {
		switch f.Level {
		case verdict.Alert:
			level = verdict.Worst(level, verdict.Warn)
		case verdict.Warn:
			level = verdict.Worst(level, verdict.Notice)
		}
	}
	if s.first(verdict.AreaMultivariate) != nil {
		level = verdict.Worst(level, verdict.Warn)
	}
	return level
}

// qualityLevel takes a new column for the plain fact that it is.
func (s *sum) qualityLevel() string {
	level := ""
	for _, f := range s.in(verdict.AreaQuality) {
		if plainFact(f) {
			level = verdict.WorstJudged(level, verdict.Notice)
			continue
		}
		level = verdict.WorstJudged(level, f.Level)
	}
	return level
}

// fewStrays is the percentage of rows below which those that a wrong clock dated are no
// fault of the log.
const fewStrays = 1

// plainFact says that a finding above ok is something to know of, not a fault.
func plainFact(f *verdict.Finding) bool {
	return (f.Check == verdict.CheckNew || f.Check == verdict.CheckClock && f.Effect < fewStrays) && verdict.Reaches(f.Level, verdict.Warn)
}

// retrainLevel is that of the reasons to retrain that fired: what could not be
// judged lowers nothing.
func (s *sum) retrainLevel() string {
	if level := s.worst(verdict.AreaRetraining); verdict.Reaches(level, verdict.Warn) {
		return level
	}
	return ""
}

func atMostWarn(level string) string {
	if verdict.Reaches(level, verdict.Warn) {
		return verdict.Warn
	}
	return ""
}

// mostlyUnjudged says that too few features could be judged to say that all is
// well; where there are none, the scores stand for them.
func (s *sum) mostlyUnjudged() bool {
	if s.run.Features == 0 {
		return s.run.ScoreLevel == verdict.Insufficient
	}
	return 2*(s.run.Features-s.run.Insufficient) < s.run.Features
}

// incomplete says that parts of the log are missing.
func (s *sum) incomplete() bool { return s.run.Coverage > 0 && s.run.Coverage < 1 }

// atLeast says that so many features could not be judged that a count of those
// that moved is a lower bound.
func (s *sum) atLeast() bool { return s.run.Insufficient > 0 && 2*s.run.Insufficient >= s.run.Features }
