package say

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

func Misfit() string { return "the contributions do not fit their rows" }

func TooFewExplained(r *attribution.Result) string {
	return fmt.Sprintf("%s on one side, too few to say which features moved it: it takes %d", words.Count(min(r.NRef, r.NCur), "row", "rows"), attribution.LeastRows)
}

func TooFewDistinct(r *attribution.Result, k int64) string {
	return fmt.Sprintf("%s on one side, too few to show means of: it takes %d", words.Count(r.Distinct, "distinct row", "distinct rows"), k)
}

func OtherModel(differ float64) string {
	return fmt.Sprintf("the model at hand does not give the scores that were logged (%.0f %% of rows differ), so what it makes of the features is not told", 100*differ)
}

func OwnRows(gap float64) string {
	return fmt.Sprintf("the model at hand was trained on the reference's rows: it scores them %s log-odds off their held-out scores on average, so its shares would explain a change that did not happen", words.Signed(gap))
}

func Repetitive() string {
	return "few rows came so often that a sample does not tell which features moved it: keep all rows with --rows all"
}

func NotFinite() string { return "a contribution is no finite number" }

func Explains(f, total *verdict.Contribution) string {
	return ofMargin(f, fmt.Sprintf("explains %s of the %s%s by which the mean margin %s", margin(f.Change), margin(total.Change), unitOf(total), roseOrFell(total.Change > 0)))
}

func Opposes(f, total *verdict.Contribution) string {
	return ofMargin(f, fmt.Sprintf("pulls the other way: %s, %s", margin(f.Change), whole(total)))
}

func Exceeds(f, total *verdict.Contribution) string {
	return ofMargin(f, fmt.Sprintf("explains more than all: %s, %s", margin(f.Change), whole(total)))
}

func ofMargin(f *verdict.Contribution, what string) string {
	return fmt.Sprintf("%s %s (95 %% interval %s to %s)", words.Name(f.Feature), what, margin(f.Lo), margin(f.Hi))
}

func whole(total *verdict.Contribution) string {
	return fmt.Sprintf("while the mean margin %s by %s%s", roseOrFell(total.Change > 0), words.Digits(math.Abs(total.Change), 2), unitOf(total))
}

// unitOf follows a number; what is only a margin has none.
func unitOf(c *verdict.Contribution) string {
	if c.Unit == "margin" {
		return ""
	}
	return " " + c.Unit
}

// margin writes a difference of margins with its sign, and two digits that count.
func margin(x float64) string {
	if x > 0 {
		return "+" + words.Digits(x, 2)
	}
	return words.Digits(x, 2)
}
