package drift

import (
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestHeadlineOfTraffic(t *testing.T) {
	x := seq(0, 300)
	v := viewOf(numberColumn("x", x, x))
	for _, c := range []struct {
		rows   int64
		limits serving.Limits
		want   string
	}{
		{300, serving.Limits{MinRows: 301}, "Fewer predictions than limits.min_rows"},
		{100, serving.Limits{}, "Fewer predictions than before"},
		{9000, serving.Limits{}, "More predictions than before"},
	} {
		cur := v
		past := afterAWeek(c.rows, 20, c.rows)
		cur.First, cur.Last, cur.Windows = past.First, past.Last, past.Windows
		o := Options{Limits: c.limits}
		if c.limits.MinRows == 0 {
			cur.Rows, o.Period = c.rows, day
		}
		if r := Compare(v, cur, o); !strings.HasPrefix(r.Run.Headline, c.want+"; ") {
			t.Errorf("%q, want %q", r.Run.Headline, c.want)
		}
	}
}

func TestSentencesInNumber(t *testing.T) {
	x := seq(0, 1000)
	cur := slices.Concat(x[:800], times(109, -5.0), times(91, 5000.0))
	f := find(t, Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, cur)), Options{}), "x", verdict.CheckRange)
	if !strings.Contains(f.Sentence, "20 % of values lie outside the reference's range (11 % below, the rest above)") {
		t.Error(f.Sentence)
	}
	var few []string
	for i := range 300 {
		few = append(few, strings.Repeat("r", 1+i%150))
	}
	ref := slices.Concat(times(700, "a"), few)
	f = find(t, Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, times(1000, "a"))), Options{}), "s", verdict.CheckDistribution)
	if !strings.Contains(f.Sentence, "rare values are gone, from 30 %") {
		t.Error(f.Sentence)
	}
}
