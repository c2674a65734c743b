package quality

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"gonum.org/v1/gonum/mathext"
)

// Duplicates compares how often rows repeat an earlier one. Its effect is the share of
// rows beyond the expected, in points.
type Duplicates struct {
	policy.Evidence
	Share    float64 // of the judged rows
	Expected float64 // of them; 0 where none is
	Looked   int64   // different rows that were followed through all their repeats
	Of       float64 // different rows, an estimate unless Looked is as many
	Most     int64   // how often the row came that came most, where one stands out, else 0
	Counted  bool    // Most is exact
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

// Repeats compares how often rows repeat the inputs of earlier ones: their features,
// for the other columns the reference need not have. Inputs that are scored again at
// another time are traffic: they are told, and the evidence of all tests shrinks by
// them, but nothing is wrong with the log. It is nil without rows that were counted so.
func Repeats(ref, cur *view.View) *Duplicates {
	r := compareRepeats(&ref.Inputs, &cur.Inputs)
	if r != nil && r.Unjudged == "" {
		r.Certain = true
	}
	return r
}

// Resent compares how often whole lines come again, with time and id; nil where none
// does, or none was counted.
func Resent(ref, cur *view.View) *Duplicates {
	r := compareRepeats(&ref.Lines, &cur.Lines)
	if r == nil || r.Share == 0 && r.Most == 0 {
		return nil
	}
	return r
}

// compareRepeats holds how often rows repeat earlier ones against the reference's.
//
// By chance alone the number of equal pairs grows with the square of the rows, so
// given all repeats of both sides, those of the judged rows are binomial. That is
// approximate, and conservative where rows of few categories repeat anyway, and
// where the repeats are an estimate: it is held against its lower bound.
// What was to be expected is what as many of the reference's rows have; of fewer
// reference rows, their share times the ratio of the sizes.
func compareRepeats(before, after *view.Repeats) *Duplicates {
	if after.Rows <= 0 {
		return nil
	}
	r := &Duplicates{Evidence: policy.None(before.Rows, after.Rows), Looked: looked(after), Of: after.Distinct}
	k, doubt := repeats(after)
	r.Share = k / float64(after.Rows)
	r.Test, r.Statistic = "binomial", r.Share
	r.Most, r.Counted = mostOften(after)
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
	return r
}

// standsOut is how often a row comes at the least that is told by its number.
const standsOut = 10

// mostOften is how often the row came that came most, 0 where none stands out, and
// whether that is exact.
func mostOften(r *view.Repeats) (n int64, counted bool) {
	if len(r.Often) > 0 {
		n = r.Often[0]
	}
	if r.Exact && len(r.Times) > 0 && r.Times[len(r.Times)-1] >= standsOut {
		return r.Times[len(r.Times)-1], true
	}
	return n, false
}
