package rollup

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// longestBrief is how many characters of a headline one finding may have.
const longestBrief = 120

// brief is saying, and where that knows nothing better than the finding's sentence, what
// the finding's room makes of it.
func (s *sum) brief(f *verdict.Finding) string {
	if text := s.Briefs[Key(f)]; text != "" {
		return text
	}
	text := saying(f)
	if utf8.RuneCountInString(text) > longestBrief {
		return strings.ToLower(verdict.TraitsOf(f.Check).Title) + " of " + words.Name(f.Subject) + ": " + f.Level
	}
	return text
}

// saying names what a finding found in the few words that a headline has room for;
// the finding's own sentence has the numbers.
func saying(f *verdict.Finding) string {
	name := words.Name(f.Subject)
	switch f.Check {
	case verdict.CheckDistribution:
		if f.Role == verdict.RoleLabel {
			return "the mix of " + name + " has changed"
		}
		return "column " + name + " moved"
	case verdict.CheckMissing:
		if f.Direction == verdict.Down {
			return "column " + name + " is missing less often"
		}
		return "column " + name + " is missing more often"
	case verdict.CheckNonfinite:
		return "column " + name + " holds values that are no finite numbers"
	case verdict.CheckType:
		return "column " + name + " holds values of another type"
	case verdict.CheckUnseen:
		return "column " + name + " holds new categories"
	case verdict.CheckRange:
		return "column " + name + " leaves the reference's range"
	case verdict.CheckConstant:
		return "column " + name + " is constant"
	case verdict.CheckNew:
		return "column " + name + " is new"
	case verdict.CheckVanished:
		if f.Reason == verdict.ReasonEncoded {
			return "reference and log are in different columns, the model's own and raw ones"
		}
		return "column " + name + " has vanished"
	case verdict.CheckClock:
		return "rows are dated by a wrong clock"
	case verdict.CheckLines:
		return "lines of the log cannot be read"
	case verdict.CheckDuplicates:
		return "rows repeat"
	case verdict.CheckCorrelation:
		return "columns " + name + " no longer correlate as they did"
	case verdict.CheckMultivariate:
		return "taken together the features differ from the reference"
	case verdict.CheckSkew:
		return "logged scores are not those of the model at hand"
	case verdict.CheckLatency:
		text := "responses are slow"
		if f.Subject != verdict.SubjectLatency {
			text = "responses of " + name + " are slow"
		}
		if f.EffectUnit == "ms" && !math.IsNaN(f.Effect) {
			text += " (p95 " + words.Milliseconds(f.Effect) + ")"
		}
		return text
	case verdict.CheckSuccess:
		text := "too many requests fail"
		if f.Subject != verdict.SubjectAPI {
			text = "too many requests to " + name + " fail"
		}
		switch {
		case math.IsNaN(f.Effect):
		case f.Test == "limit":
			text += " (" + words.PercentDown(f.Effect) + " succeeded)"
		case f.EffectUnit == "points":
			text += " (" + words.Effect(f.Effect, f.EffectUnit) + " points fewer succeeded)"
		}
		return text
	case verdict.CheckVersions:
		return "scores differ from those of the version that scored most"
	case verdict.CheckTraffic:
		switch {
		case f.Reason == verdict.ReasonStale:
			return f.Sentence
		case f.Reason == verdict.ReasonNoneCame:
			return "no predictions, though there should be some"
		case f.Test == "limit":
			return "fewer predictions than limits.min_rows"
		case f.Direction == verdict.Down:
			return "fewer predictions than before"
		}
		return "more predictions than before"
	}
	return f.Sentence
}

// dueBecause says in a headline which reason to retrain fired.
func dueBecause(trigger string) string {
	switch trigger {
	case verdict.TriggerDriftShare:
		return "many features have drifted"
	case verdict.TriggerScoreP:
		return "the scores have drifted"
	case verdict.TriggerPositiveRateDrop:
		return "fewer outcomes are positive"
	case verdict.TriggerEstimatedAUCDrop:
		return "the estimated ROC AUC fell"
	case verdict.TriggerRealisedAUCDrop:
		return "the ROC AUC fell"
	case verdict.TriggerLeastAUC:
		return "the ROC AUC is below its limit"
	case verdict.TriggerLeastF1:
		return "F1 is below its limit"
	case verdict.TriggerLeastPrecision:
		return "precision is below its limit"
	case verdict.TriggerLeastRecall:
		return "recall is below its limit"
	case verdict.TriggerLeastAccuracy:
		return "accuracy is below its limit"
	case verdict.TriggerLowPositiveRate:
		return "too few outcomes are positive"
	case verdict.TriggerHighPositiveRate:
		return "too many outcomes are positive"
	case verdict.TriggerMostMAE:
		return "the mean absolute error is above its limit"
	case verdict.TriggerMostRMSE:
		return "the root mean squared error is above its limit"
	case verdict.TriggerModelAge:
		return "the model is old"
	case verdict.TriggerNewLabels:
		return "there are enough new outcomes"
	}
	return trigger
}

// whyUnjudged says in parentheses why findings could not be judged, where one
// reason stands for all; "" where it does not.
func whyUnjudged(findings []*verdict.Finding) string {
	why := ""
	for i, f := range findings {
		this := unjudged(f)
		if i > 0 && this != why {
			return ""
		}
		why = this
	}
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}

// unjudged says in a few words why a finding is at insufficient; "" where its
// sentence has to.
func unjudged(f *verdict.Finding) string {
	switch f.Reason {
	case verdict.ReasonFewRows, verdict.ReasonTooFewRows, verdict.ReasonTooRare, verdict.ReasonTooFewDistinct:
		if f.NRef > 0 && f.NRef < f.NCur {
			return "the reference is small"
		}
		return "too few rows"
	case verdict.ReasonNoRows:
		return "no rows"
	case verdict.ReasonNoValues:
		return "no values"
	case verdict.ReasonNoRefValues:
		return "no values in the reference"
	case verdict.ReasonGone:
		return "the column is gone"
	case verdict.ReasonNoRefScores:
		return "the reference has no scores"
	case verdict.ReasonNoLogScores:
		return "the log has no scores"
	case verdict.ReasonInSample:
		return "the reference's scores are those of training rows"
	case verdict.ReasonRepetitive:
		return "the rows repeat"
	}
	return ""
}

// because says which rule keeps the run at notice, or why it could not be judged;
// "" at other levels.
func (s *sum) because() string {
	switch s.run.Level {
	case verdict.Insufficient:
		if s.incomplete() {
			return sayIncomplete(s.run) + ", and what is missing may be what moved"
		}
		if s.run.Features == 0 {
			return "the scores could not be judged" + whyUnjudged(s.in(verdict.AreaScore))
		}
		return fmt.Sprintf("fewer than half of the features could be judged: %d of %d%s", s.run.Features-s.run.Insufficient, s.run.Features, whyUnjudged(s.weakest()))
	case verdict.Notice:
	default:
		return ""
	}
	var out []string
	if s.run.Drifted > 0 {
		out = append(out, fmt.Sprintf("%s, none of them at alert: less than the %s of features that make a warning", s.featuresMoved(), words.Percent(s.Warn)))
	}
	if f := s.first(verdict.AreaCorrelations); f != nil {
		out = append(out, "correlations at warning: only those at alert make a warning of the run")
	}
	if s.run.QualityLevel == verdict.Notice {
		out = append(out, s.plainFacts()...)
	}
	return strings.Join(out, "; ")
}

// plainFacts says why quality is at notice and no worse.
func (s *sum) plainFacts() []string {
	var out []string
	for _, check := range []string{verdict.CheckNew, verdict.CheckClock} {
		for _, f := range s.in(verdict.AreaQuality) {
			if f.Check != check || !plainFact(f) {
				continue
			}
			if check == verdict.CheckNew {
				out = append(out, "a new column is something to know of, not a fault")
			} else {
				out = append(out, "fewer than one row in a hundred is dated by a wrong clock")
			}
			break
		}
	}
	return out
}

// sayIncomplete says how much of the log is there.
func sayIncomplete(run *verdict.Run) string {
	return fmt.Sprintf("only %s of the log's parts are in", words.Percent(run.Coverage))
}

// sayApart says that some segments of a column were not judged by themselves.
func sayApart(a Apart) string {
	return fmt.Sprintf("%d of %d segments of %s were not judged by themselves", a.Together, a.Values, words.Name(a.Column))
}

// sayNone says that nothing was judged, and where the run knows its own time since
// when nothing comes.
func sayNone(run *verdict.Run) string {
	if age := run.Now.Sub(run.Newest); run.NowGiven && !run.Newest.IsZero() && age > 0 {
		return fmt.Sprintf("no predictions since %s, %s ago", words.Day(run.Newest), words.Age(age))
	}
	return "no predictions to judge"
}
