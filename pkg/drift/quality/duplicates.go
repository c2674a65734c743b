package quality

import (
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"gonum.org/v1/gonum/mathext"
)

// Duplicates compares how often a whole row comes again. Its effect is the share
// of rows beyond the expected, in points.
type Duplicates struct {
	policy.Evidence
	Share, Expected float64 // of the sampled rows; Expected is 0 where none is
}

// Repeats compares how often a whole row comes again; nil without sampled rows.
//
// By chance alone the number of equal pairs grows with the rows sampled times the
// rows they are sampled from, so given all duplicates of both sides, those of the
// judged period are binomial. That is approximate, and conservative where rows of
// few categories repeat anyway.
func Repeats(ref, cur *view.View) *Duplicates {
	if cur.SampleRows <= 0 {
		return nil
	}
	r := &Duplicates{Evidence: policy.None(ref.SampleRows, cur.SampleRows)}
	r.Share = bins.Share(cur.Duplicates, cur.SampleRows)
	r.Test, r.Statistic = "binomial", r.Share
	if cur.Duplicates <= 0 {
		r.P, r.Effect, r.Certain = 1, 0, true
		return r
	}
	if ref.SampleRows <= 0 {
		r.Unjudged = verdict.ReasonNoRefRows
		return r
	}
	mine := float64(cur.Rows) * float64(cur.SampleRows)
	theirs := float64(ref.Rows) * float64(ref.SampleRows)
	part := mine / (mine + theirs)
	if !(part >= 0 && part <= 1) || ref.Duplicates < 0 {
		r.Unjudged = verdict.ReasonCounters
		return r
	}
	// P(K >= k) for K of k + r binomial with probability part.
	r.P = mathext.RegIncBeta(float64(cur.Duplicates), float64(ref.Duplicates)+1, part)
	r.Expected = math.Min(1, bins.Share(ref.Duplicates, ref.SampleRows)*math.Max(1, float64(cur.Rows)/float64(ref.Rows)))
	r.Effect, r.Direction = 100*(r.Share-r.Expected), verdict.Up
	return r
}
