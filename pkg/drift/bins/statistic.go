package bins

import (
	"math"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// confidence is that of all intervals that are published.
const confidence = 0.95

// Statistic is a number about a subject on both sides, without an interval; a
// side that has none is NaN.
func Statistic(subject, name string, ref, cur float64, unit string) verdict.Statistic {
	nan := math.NaN()
	return verdict.Statistic{Subject: subject, Name: name, Ref: ref, Cur: cur, Lo: nan, Hi: nan, Unit: unit}
}

// Proportion is a share of rows on both sides, refHits of n and curHits of m, with
// the interval of the current one.
func Proportion(subject, name string, refHits, n, curHits, m int64) verdict.Statistic {
	s := Statistic(subject, name, Share(refHits, n), Share(curHits, m), "1")
	if in, err := stats.Wilson(curHits, m, confidence); err == nil {
		s.Lo, s.Hi = in.Lo, in.Hi
	}
	return s
}

// Distinct counts a column's distinct numbers, NaN when they were too many to keep.
func Distinct(n *view.Number) float64 {
	if n.Values == nil {
		return math.NaN()
	}
	x, _, ok := n.Values()
	if !ok {
		return math.NaN()
	}
	return float64(len(x))
}

// Held counts the categories that rows hold.
func Held(c *view.Category) int64 {
	n := max(0, c.UnseenDistinct) + max(0, c.KnownDistinct)
	for i := range c.Names {
		if At(c.Counts, i) > 0 {
			n++
		}
	}
	return n
}

// Holding is the share of m rows that hold a category, with its rows; NaN where it
// is one of too many to be counted.
func Holding(c *view.Category, value string, m int64) (n int64, share float64) {
	n, ok := c.Count(value)
	if n = max(0, n); !ok {
		return 0, math.NaN()
	}
	return n, Share(n, m)
}
