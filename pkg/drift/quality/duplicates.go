package quality

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"gonum.org/v1/gonum/mathext"
)

// Duplicates compares how often rows repeat the inputs of an earlier one: its
// features, for the other columns the reference need not have. Its effect is the share of rows beyond the expected, in
// points.
type Duplicates struct {
	policy.Evidence
	Share    float64 // of the judged rows
	Expected float64 // of them; 0 where none is
	Looked   int64   // different rows that were followed through all their repeats
	Of       float64 // different rows, an estimate unless Looked is as many
	Most     int64   // how often the row came that came most, where one stands out, else 0
}

// repeats are the rows beyond the first of each, rounded, and by how much that may
// be too many or too few: two standard errors.
func repeats(r *view.Repeats) (n, doubt float64) {
	return math.Round(math.Max(0, float64(r.Rows)-r.Distinct)), 2 * r.Error
}

// looked is how many different rows were followed.
func looked(r *view.Repeats) int64 {
	if r.Exact {
		return int64(r.Distinct)
	}
	return int64(len(r.Times) + len(r.Often))
}

// Repeats compares how often rows repeat earlier ones; nil without rows that were
// counted so.
//
// By chance alone the number of equal pairs grows with the square of the rows, so
// given all repeats of both sides, those of the judged rows are binomial. That is
// approximate, and conservative where rows of few categories repeat anyway, and
// where the repeats are an estimate: it is held against its lower bound.
// What was to be expected is what as many of the reference's rows have; of fewer
// reference rows, their share times the ratio of the sizes.
func Repeats(ref, cur *view.View) *Duplicates {
	before, after := &ref.Inputs, &cur.Inputs
	if after.Rows <= 0 {
		return nil
	}
	r := &Duplicates{Evidence: policy.None(before.Rows, after.Rows), Looked: looked(after), Of: after.Distinct}
	k, doubt := repeats(after)
	r.Share = k / float64(after.Rows)
	r.Test, r.Statistic = "binomial", r.Share
	if len(after.Often) > 0 {
		r.Most = after.Often[0]
	}
	if k == 0 && doubt >= 0 {
		r.P, r.Effect, r.Certain = 1, 0, true
		return r
	}
	if before.Rows <= 0 {
		r.Unjudged = verdict.ReasonNoRefRows
		return r
	}
	known, less := repeats(before)
	mine, theirs := math.Pow(float64(after.Rows), 2), math.Pow(float64(before.Rows), 2)
	part := mine / (mine + theirs)
	if !(part >= 0 && part <= 1 && k <= float64(after.Rows) && known <= float64(before.Rows) && doubt >= 0 && less >= 0) {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	// P(K >= k) for K of k + r binomial with probability part.
	r.P = 1
	if sure := k - doubt; sure > 0 {
		r.P = mathext.RegIncBeta(sure, known+less+1, part)
	}
	switch {
	case after.Rows <= before.Rows:
		r.Expected = math.Max(0, 1-before.In(after.Rows)/float64(after.Rows))
	default:
		r.Expected = math.Min(1, known/float64(before.Rows)*math.Max(1, float64(after.Rows)/float64(before.Rows)))
	}
	r.Effect, r.Direction = 100*(r.Share-r.Expected), verdict.Up
	r.Certain = !resent(&ref.Lines, &cur.Lines)
	return r
}

// leastResent is the share of lines that came before, beyond the reference's, from
// which on lines are taken to be logged twice.
const leastResent = 0.02

// resent says whether whole lines come again, with time and id. Inputs that are
// scored again at another time are traffic: they are told, and the evidence of all
// tests shrinks by them, but nothing is wrong with the log.
func resent(ref, cur *view.Repeats) bool {
	share := func(r *view.Repeats) float64 {
		if r.Rows <= 0 {
			return 0
		}
		n, doubt := repeats(r)
		return (n - doubt) / float64(r.Rows)
	}
	return share(cur)-math.Max(0, share(ref)) >= leastResent
}
