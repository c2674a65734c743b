package binary

import (
	"fmt"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/words"
)

// What a baseline holds at least: outcomes, and of the rarer kind.
const (
	baselineRows  = 300
	baselineRarer = 30
)

// baseline takes the log's first windows with enough outcomes for the reference, where
// that has no figures of its own, such as with scores of training rows: the judged
// rows are those after it. Without enough nothing is changed.
func (e *evaluation) baseline(m *outcome.Met, windows []window) {
	var first tallies
	for _, w := range windows {
		end := w.end
		if !e.period.Until.IsZero() && end.After(e.period.Until) {
			return
		}
		for _, t := range w.joined {
			first.put(t)
		}
		ref := first.sorted()
		n, pos := sums(ref)
		if n < baselineRows || min(pos, n-pos) < baselineRarer {
			continue
		}
		if ref[0].Score < 0 || ref[len(ref)-1].Score > 1 {
			return
		}
		start, _ := sampled(m.Sample(windows[0].start, end.Add(-time.Microsecond)))
		e.learn(start)
		if e.period.From.Before(end) {
			e.period.From = end
		}
		e.against = fmt.Sprintf("held against the log's first %s, until %s, since %s", words.Count(n, "outcome", "outcomes"), end.Format(time.DateOnly), e.reason)
		return
	}
}
