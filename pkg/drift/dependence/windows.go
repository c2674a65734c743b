package dependence

import (
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats/design"
)

const (
	leastRows  = 20 // rows of a window that is compared with another
	leastSteps = 4  // pairs of windows that tell how much windows vary
	perCell    = 5  // rows of a cell in a window, on average; rarer cells are pooled

	weekly = 14 * 24 * time.Hour // days from which on a day is compared with the same weekday
)

// A series is windows of time that are compared with each other: the earlier ones of
// the log, or the reference's.
type series struct {
	groups [][]*view.View // windows that count as one, each group of at least leastRows
	steps  []design.Step
}

// earlier are the windows of the log before the judged rows; none where these have no
// times.
func earlier(v *view.View) []*view.Window {
	var out []*view.Window
	if v.First.IsZero() {
		return nil
	}
	for i := range v.Windows {
		if w := &v.Windows[i]; !w.Start.Add(w.Length).After(v.First) {
			out = append(out, w)
		}
	}
	return out
}

// all are the windows of a reference.
func all(v *view.View) []*view.Window {
	var out []*view.Window
	for i := range v.Windows {
		out = append(out, &v.Windows[i])
	}
	return out
}

// seriesOf pools windows until nearly all of them hold enough rows. Days are compared
// with the same weekday where there are two weeks of them, or with whole weeks. ok is
// false where too few are left.
func seriesOf(windows []*view.Window) (s series, ok bool) {
	if len(windows) <= leastSteps {
		return s, false
	}
	first, last, length := windows[0].Start, windows[len(windows)-1].Start, windows[0].Length
	type grouping struct{ width, lag int64 }
	tries := []grouping{{1, 1}, {2, 1}, {4, 1}, {8, 1}, {16, 1}}
	if length == 24*time.Hour && last.Add(length).Sub(first) >= weekly {
		tries = []grouping{{1, 7}, {7, 1}, {14, 1}, {28, 1}}
	}
	for _, try := range tries {
		rows, members := map[int64]int64{}, map[int64][]*view.View{}
		for _, w := range windows {
			at := int64(w.Start.Sub(first)/length) / try.width
			rows[at] += w.View.Rows
			members[at] = append(members[at], &w.View)
		}
		var at []int64
		for g, n := range rows {
			if n >= leastRows {
				at = append(at, g)
			}
		}
		slices.Sort(at)
		s = series{steps: design.Successive(at, try.lag)}
		if 4*len(at) < 3*len(rows) || len(s.steps) < leastSteps {
			continue
		}
		for _, g := range at {
			s.groups = append(s.groups, members[g])
		}
		return s, true
	}
	return series{}, false
}

// A variation is how much the windows of a series vary in a column: in the shares of
// its values and in that of rows without one.
type variation struct{ values, missing design.Dispersion }

// of measures a column, which pick finds in the view of a window. What does not vary
// tells nothing: its effect is 0.
func (s *series) of(pick func(v *view.View) *view.Column, ordered bool) (v variation) {
	var classes, states [][]int64
	for _, group := range s.groups {
		var sum []int64
		state := make([]int64, 2)
		for _, w := range group {
			c := pick(w)
			if c == nil || c.Rows <= 0 {
				continue
			}
			if sum == nil {
				sum = make([]int64, len(c.Classes))
			}
			for i := range min(len(sum), len(c.Classes)) {
				sum[i] += c.Classes[i]
			}
			state[0] += c.Values()
			state[1] += c.Rows - c.Values()
		}
		if sum == nil {
			return variation{}
		}
		classes, states = append(classes, sum), append(states, state)
	}
	if d, err := design.Windows(pooled(classes), s.steps, ordered); err == nil {
		v.values = d
	}
	if d, err := design.Windows(states, s.steps, false); err == nil {
		v.missing = d
	}
	return v
}

// pooled joins cells of few rows with the next ones, and the last with the ones before.
func pooled(windows [][]int64) [][]int64 {
	out := make([][]int64, len(windows))
	if len(windows) == 0 {
		return out
	}
	var total int64
	open := false
	for c := range windows[0] {
		if !open {
			for w := range out {
				out[w] = append(out[w], 0)
			}
			total = 0
		}
		for w := range out {
			if c < len(windows[w]) {
				out[w][len(out[w])-1] += windows[w][c]
				total += windows[w][c]
			}
		}
		open = total < int64(perCell*len(windows))
	}
	if last := len(out[0]) - 1; open && last > 0 {
		for w := range out {
			out[w][last-1] += out[w][last]
			out[w] = out[w][:last]
		}
	}
	return out
}
