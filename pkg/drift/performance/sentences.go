package performance

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// names of the figures, as they begin a sentence.
var names = map[string]string{
	"roc_auc": "ROC AUC", "brier": "Brier score", "log_loss": "log loss", "accuracy": "accuracy", "precision": "precision",
	"recall": "recall", "specificity": "specificity", "positive_rate": "share of positive outcomes",
	"mae": "mean absolute error", "rmse": "root mean squared error", "bias": "bias (mean of prediction less outcome)", "r2": "R²", "outcome_mean": "mean outcome",
}

// unjudged is the finding where outcomes came and there is nothing to hold them
// against.
func unjudged(q *outcome.Report) *finding {
	f := &finding{Finding: verdict.NewFinding(verdict.SubjectModel, verdict.RoleRun, "", verdict.CheckPerformance)}
	f.Level, f.Reason, f.Sentence = verdict.Insufficient, verdict.ReasonNotMeasured, "model quality cannot be judged: "+q.Declined
	if q.Declined == "" {
		f.Sentence += "no judged prediction has an outcome"
		if q.Young != "" {
			f.Sentence += "; " + q.Young
		}
	}
	if q.InSample {
		f.Reason = verdict.ReasonInSample
	}
	return f
}

// unjoined is the finding where outcomes are known and none of them met a prediction.
func unjoined(q *outcome.Report) *finding {
	f := &finding{Finding: verdict.NewFinding(verdict.SubjectModel, verdict.RoleRun, "", verdict.CheckPerformance)}
	f.Level, f.Reason = verdict.Warn, verdict.ReasonUnjoined
	f.Sentence = "no known outcome met a prediction, so that nothing can be said of model quality: " + q.Unjoined
	return f
}

// explain gives the reason of a finding, and its sentence.
func explain(f *finding) (reason, sentence string) {
	c := f.of
	concept := c.Metric == "recalibration"
	moved := verdict.Reaches(f.Level, verdict.Warn)
	switch {
	case c.Unjudged == verdict.ReasonOtherScores:
		return c.Unjudged, sayOtherScores(c)
	case c.Unjudged != "":
		return c.Unjudged, sayTooFew(c)
	case concept && moved:
		return verdict.ReasonMeaning, sayMeaning(c)
	case checkOf(c.Metric) == verdict.CheckOutcomes && moved:
		return verdict.ReasonOutcomesMoved, sayOutcomes(c)
	case moved:
		return verdict.ReasonWorse, sayWorse(c)
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, sayFewRows(f)
	case concept:
		return verdict.ReasonMeaningKept, sayMeaningKept(c)
	}
	return verdict.ReasonNotWorse, sayNotWorse(c)
}

// figures writes a figure on both sides.
func figures(c *outcome.Comparison, a, b float64) (string, string) {
	if c.Unit > 0 || c.Metric == "roc_auc" || c.Loss() {
		return words.Numbers(a, b)
	}
	return words.Percents(a, b)
}

// nameOf is what a figure is called.
func nameOf(c *outcome.Comparison) string {
	if c.Class != "" && c.Metric == "positive_rate" {
		return "share of the outcomes"
	}
	return names[c.Metric]
}

// fromTo says how a figure moved.
func fromTo(c *outcome.Comparison) string {
	before, now := figures(c, c.Ref, c.Cur)
	verb := "is still " + now
	switch {
	case c.Cur > c.Ref:
		verb = "rose from " + before + " to " + now
	case c.Cur < c.Ref:
		verb = "fell from " + before + " to " + now
	}
	return nameOf(c) + " " + verb
}

// told tells what the rows explain of a change, and what the meaning of the scores.
func told(c *outcome.Comparison) string {
	if math.IsNaN(c.Expected) {
		return ""
	}
	_, expected := figures(c, c.Cur, c.Expected)
	rows, meaning := math.Abs(c.Ref-c.Expected), math.Abs(c.Expected-c.Cur)
	scores, score := "scores", "a score"
	if c.Unit > 0 {
		scores, score = "predictions", "a prediction"
	}
	switch {
	case rows < 0.25*math.Abs(c.Ref-c.Cur):
		return "; of these " + scores + " " + expected + " was to be expected, so that it is not the rows that changed but what " + score + " means"
	case meaning < 0.25*math.Abs(c.Ref-c.Cur):
		return "; of these " + scores + " " + expected + " was to be expected, so that it is the rows that changed, not what " + score + " means"
	}
	return "; of these " + scores + " " + expected + " was to be expected: in part the rows changed, in part what " + score + " means"
}

func sayWorse(c *outcome.Comparison) string {
	return fmt.Sprintf("%s, by %s%s", fromTo(c), words.Count(c.N, "outcome", "outcomes"), told(c)) + selected(c)
}

func sayOutcomes(c *outcome.Comparison) string {
	s := fmt.Sprintf("%s, by %s%s", fromTo(c), words.Count(c.N, "outcome", "outcomes"), told(c)) + selected(c)
	if c.Unit == 0 && (c.Cur == 0 || c.Cur == 1) {
		s += ". All outcomes are alike: check how they come in"
	}
	return s
}

// brief is what a headline has room for of a finding's sentence; "" where nothing is
// worse.
func brief(f *finding) string {
	text := ""
	switch f.Reason {
	case verdict.ReasonWorse, verdict.ReasonOutcomesMoved:
		text = fromTo(f.of)
	case verdict.ReasonMeaning:
		of := "a score"
		if f.of.Unit > 0 {
			of = "a prediction"
		}
		text = of + " does not mean what it meant"
		if before, now := figures(f.of, f.of.Ref, f.of.Cur); f.of.Unit == 0 && before != now {
			text += ": " + now + " of such rows are positive, were " + before
		}
	case verdict.ReasonUnjoined:
		text = "no known outcome met a prediction"
	}
	if text != "" && f.of != nil && f.of.Class != "" {
		text = words.Name(f.of.Class) + ": " + text
	}
	return text
}

// selected says that the figure is of a selection, and what it is held against where
// that is not the reference.
func selected(c *outcome.Comparison) string {
	s := ""
	if c.Selected {
		s = "; selected: outcomes came for more rows of some scores than of others"
	}
	if c.Against != "" {
		s += "; " + c.Against
	}
	return s
}

func sayNotWorse(c *outcome.Comparison) string {
	return fromTo(c) + ", by " + words.Count(c.N, "outcome", "outcomes")
}

func sayFewRows(f *finding) string {
	unseen := fmt.Sprintf("with %s against %s of reference a change large enough for an alert can go unseen", words.Count(f.NCur, "outcome", "outcomes"), words.Count(f.NRef, "row", "rows"))
	if f.of.Metric == "recalibration" {
		return "no sign that a score means something else than it did, but " + unseen
	}
	return fromTo(f.of) + ", no more than chance explains, but " + unseen
}

func sayTooFew(c *outcome.Comparison) string {
	what := nameOf(c)
	if c.Metric == "recalibration" {
		what = "what a score means"
	}
	if c.Unit > 0 {
		return fmt.Sprintf("%s: too few outcomes to tell: %d in the reference and %d", what, c.Independent[0], c.Independent[1])
	}
	return fmt.Sprintf("%s: too few outcomes to tell: fewer than %d of the rarer kind came, and were to be expected, among %d", what, outcome.Fewest, c.N)
}

func sayOtherScores(c *outcome.Comparison) string {
	return fmt.Sprintf("%s of the rows have scores where the reference has none: what those mean cannot be told", words.Percent(c.Concept.Left))
}

// left tells of rows that the test leaves out.
func left(c *outcome.Comparison) string {
	if c.Concept.Left == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of the rows, with scores where the reference has none, are left out", words.Percent(c.Concept.Left))
}

func sayMeaning(c *outcome.Comparison) string {
	if c.Unit > 0 {
		return sayNumbers(c) + left(c) + selected(c)
	}
	before, now := words.Percents(c.Ref, c.Cur)
	if before == now {
		return fmt.Sprintf("a score does not mean what it meant: as many rows are positive as the scores let expect (%s), but no longer those with high scores as much more often than those with low ones%s", now, left(c)) + selected(c)
	}
	return fmt.Sprintf("a score does not mean what it meant: rows with these scores were positive in %s of cases, now in %s%s", before, now, left(c)) + selected(c)
}

// sayNumbers says that a predicted number does not mean what it meant.
func sayNumbers(c *outcome.Comparison) string {
	before, now := words.Numbers(c.Ref, c.Cur)
	if before == now || math.Abs(c.Cur-c.Ref) < 0.1*c.Unit {
		return fmt.Sprintf("a prediction does not mean what it meant: the mean outcome is the one to be expected (%s), but no longer rises with the predictions as it did", now)
	}
	return fmt.Sprintf("a prediction does not mean what it meant: rows with these predictions had a mean outcome of %s, now %s", before, now)
}

func sayMeaningKept(c *outcome.Comparison) string {
	if c.Unit > 0 {
		before, now := words.Numbers(c.Ref, c.Cur)
		return fmt.Sprintf("no sign that a prediction means something else than it did: rows with these predictions had a mean outcome of %s, now %s%s", before, now, left(c))
	}
	before, now := words.Percents(c.Ref, c.Cur)
	return fmt.Sprintf("no sign that a score means something else than it did: rows with these scores were positive in %s of cases, now in %s%s", before, now, left(c))
}
