package retrain

import (
	"fmt"
	"math"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// adviceOfLimit is what to do when a figure by outcomes is beyond its limit.
const adviceOfLimit = "Retrain on rows with recent outcomes, and hold the new model against this one on outcomes that neither has seen."

// advice is what to do when a trigger fires.
var advice = map[string]string{
	verdict.TriggerDriftShare:       "See which features moved and why; if they stay so, retrain on rows that are like the new ones.",
	verdict.TriggerScoreP:           "See which features moved the scores; if they stay so, retrain on rows that are like the new ones.",
	verdict.TriggerPositiveRateDrop: "Ask those who act on the scores what changed, and look at the precision of the highest scores before you retrain.",
	verdict.TriggerEstimatedAUCDrop: "Collect outcomes of recent rows to confirm it, then retrain on them.",
	verdict.TriggerRealisedAUCDrop:  "Retrain on rows with recent outcomes, and hold the new model against this one on outcomes that neither has seen.",
	verdict.TriggerLeastAUC:         adviceOfLimit,
	verdict.TriggerLeastF1:          adviceOfLimit,
	verdict.TriggerLeastPrecision:   adviceOfLimit,
	verdict.TriggerLeastRecall:      adviceOfLimit,
	verdict.TriggerLeastAccuracy:    adviceOfLimit,
	verdict.TriggerLowPositiveRate:  "Ask those who act on the scores what changed, and check how outcomes come in, before you retrain.",
	verdict.TriggerHighPositiveRate: "Ask those who act on the scores what changed, and check how outcomes come in, before you retrain.",
	verdict.TriggerMostMAE:          adviceOfLimit,
	verdict.TriggerMostRMSE:         adviceOfLimit,
	verdict.TriggerModelAge:         "Retrain on the newest outcomes; where the model's quality stands, allow it more days in monitor.yaml.",
	verdict.TriggerNewLabels:        "There are enough new outcomes to retrain: hold the new model against this one on the newest of them.",
}

func sayNotMeasured(t *trigger) string {
	return "Whether to retrain cannot be told by " + t.Name + ": " + t.unmeasured + "."
}

func sayDue(t *trigger) string {
	return fmt.Sprintf("Retraining is due: %s; the threshold is %s. %s", t.says, t.bar, t.Action)
}

func sayDoubtful(t *trigger) string {
	return capital(t.says) + ": beyond the threshold of " + t.bar + ", which chance alone can do, so it is no reason to retrain."
}

func sayNotDue(t *trigger) string {
	return capital(t.says) + ": no reason to retrain, the threshold is " + t.bar + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// sharePoints writes a difference of shares.
func sharePoints(x float64) string { return amount(math.Round(1e4*x)/100, "point", "points") }

// amount writes a number of something.
func amount(x float64, one, many string) string {
	s := words.Number(x)
	if s == "1" {
		return s + " " + one
	}
	return s + " " + many
}
