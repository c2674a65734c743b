package outcome

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/stats"
)

// A Comparison is one figure of the judged rows held against the reference's.
type Comparison struct {
	Metric       string   // as in the table outcomes; recalibration: what a score means
	Version      string   // of the model, as segments of it are named, whose rows alone these are; empty: all
	Class        string   // it is that class against all others; empty: of all classes, or of no classes
	NRef, N      int64    // rows that it rests on
	Independent  [2]int64 // of the reference and of the judged rows: independent rows that those are worth, NRef and N where no two belong together
	Ref, Cur     float64  // the figure on both sides; of recalibration the positives that the scores let expect, and those that came
	Expected     float64  // the figure to be expected of the judged scores if they still meant what they meant; NaN: not known
	SE           float64  // standard error of Cur - Ref; NaN where Test is of two shares
	Unit         float64  // of a number whose scale is the owner's: the reference's standard deviation that a change is held against; else 0
	Test         string
	Statistic, P float64
	Unjudged     string  // verdict.Reason… why it says nothing; "" where it does
	Concept      Concept // of recalibration
	Selected     bool    // outcomes came for more rows of some scores than of others
	Against      string  // what the figure is held against, where that is not the reference
}

// ByError tests that two figures differ by d, of which se is the standard error: by z.
// Without an error above 0 a difference is not judged.
func (c *Comparison) ByError(d, se float64) {
	c.Test, c.SE = "z", se
	if d == 0 {
		c.Statistic, c.P = 0, 1
	} else if se > 0 {
		c.Statistic = d / se
		c.P = 2 * stats.NormalSF(math.Abs(c.Statistic))
	}
}

// ByShares tests that the share ref of n rows is the share cur of m others; no two rows
// belong together.
func (c *Comparison) ByShares(ref float64, n int64, cur float64, m int64) {
	if n == 0 || m == 0 {
		return
	}
	c.Test = "two proportions"
	exact, statistic, p, err := stats.Shares(int64(math.Round(ref*float64(n))), n, int64(math.Round(cur*float64(m))), m)
	if exact {
		c.Test = "fisher"
	}
	if err == nil {
		c.Statistic, c.P = statistic, p
	}
}

// Loss tells whether more of the figure is worse.
func (c *Comparison) Loss() bool {
	return slices.Contains([]string{"brier", "log_loss", "mae", "rmse"}, c.Metric)
}

// Concept says whether a score means in cur what it meant in ref: whether rows of
// one score are positive as often.
type Concept struct {
	X2, P    float64 // chi-squared of two degrees of freedom, one where a single cell tells; NaN where none does
	DF       int
	Change   float64 // root mean square of the change of the log-odds along the scores, less what chance gives
	Expected float64 // share of positives that ref's cells give cur's rows
	Observed float64 // share of positives in cur
	Rarer    float64 // rows of the rarer outcome that are expected in cur, or that it has if more
	N, M     int64   // rows of ref and cur
	Left     float64 // share of cur's rows whose cells hold none of ref's; they are left out
	Weight   float64 // variance of the positives in cur, given each cell's of both sides: what the test goes by
}

// Drop is a figure on both sides, and the 95 % interval of Ref less Cur.
type Drop struct {
	Ref, Cur, Lo, Hi float64
	NRef, N          int64  // rows that they rest on
	Reason           string // why there is none; empty when there is
}

// Drops is how far production lies below the reference.
type Drops struct {
	EstimatedAUC Drop
	RealisedAUC  Drop
	PositiveRate Drop
	Expected     bool // PositiveRate is what the scores let expect, for want of outcomes
}
