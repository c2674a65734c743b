package binary

import (
	"slices"
	"sort"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// scoresIn are the scores of a window of a profile, which counts them only
// between the reference's least score, its deciles and its greatest: each count
// is spread as the judged period's scores are between the same two, or, where it
// has none, as the reference's, or else in the middle. Scores beyond all of the
// reference's are spread likewise, or stand at its ends.
func scoresIn(n *view.Number, judged, ref []Tally) []Tally {
	if len(n.Edges) == 0 || len(n.Open) != len(n.Edges)+1 || len(n.At) != len(n.Edges) {
		return nil
	}
	var out []Tally
	for i, rows := range n.Open {
		if rows > 0 {
			out = spread(out, rows, n.Edges, i, judged, ref)
		}
		if i < len(n.At) && n.At[i] > 0 {
			out = append(out, Tally{Score: n.Edges[i], N: n.At[i]})
		}
	}
	slices.SortFunc(out, byScore)
	return out
}

// spread appends rows between edges i-1 and i.
func spread(out []Tally, rows int64, edges []float64, i int, shapes ...[]Tally) []Tally {
	for _, shape := range shapes {
		lo, hi := 0, len(shape)
		if i > 0 {
			lo = sort.Search(len(shape), func(k int) bool { return shape[k].Score > edges[i-1] })
		}
		switch {
		case i == 0: // below all edges
			hi = sort.Search(len(shape), func(k int) bool { return shape[k].Score >= edges[0] })
		case i < len(edges):
			hi = sort.Search(len(shape), func(k int) bool { return shape[k].Score > edges[i] })
		}
		all := rowsOf(shape[lo:hi])
		if all == 0 {
			continue
		}
		// Whole rows, so that their sum is right: what falls to a score is the
		// rounded share up to it less that before it.
		var before, given int64
		for _, t := range shape[lo:hi] {
			before += t.N
			upTo := int64(float64(rows)*float64(before)/float64(all) + 0.5)
			if k := upTo - given; k > 0 {
				out = append(out, Tally{Score: t.Score, N: k})
			}
			given = upTo
		}
		return out
	}
	at := edges[min(i, len(edges)-1)]
	if i > 0 && i < len(edges) {
		at = (edges[i-1] + edges[i]) / 2
	}
	return append(out, Tally{Score: at, N: rows})
}

// windowed are the estimates of the profile's windows.
func (e *evaluation) windowed(score *view.Column, judged []Tally) []verdict.Estimate {
	var out []verdict.Estimate
	for i := range e.Windows {
		w := &e.Windows[i]
		for k := range w.View.Columns {
			c := &w.View.Columns[k]
			if c.Name != score.Name || c.Number == nil {
				continue
			}
			out = append(out, e.estimates(name(w.Start.UTC()), scoresIn(c.Number, judged, e.ref), false)...)
		}
	}
	return out
}
