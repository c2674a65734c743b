package bins

import (
	"math"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// number is a column of those values, each as often as it is given.
func number(x ...float64) *view.Number {
	n := &view.Number{Open: []int64{0}, Min: math.Inf(1), Max: math.Inf(-1)}
	for _, v := range x {
		n.Min, n.Max = math.Min(n.Min, v), math.Max(n.Max, v)
	}
	n.Values = func() ([]float64, []int64, bool) {
		ones := make([]int64, len(x))
		for i := range ones {
			ones[i] = 1
		}
		return x, ones, true
	}
	return n
}

// A bin has its lower end, as a score from the threshold on is positive; 1 is in the
// last. Every row is counted once.
func TestEvenBins(t *testing.T) {
	got := Even("score", number(0, 0.05, 0.15, 0.5, 0.95, 1), number(0.049, 0.3, 0.7), 1)
	if len(got) != verdict.ScoreBins {
		t.Fatalf("%d bins, want %d", len(got), verdict.ScoreBins)
	}
	want := map[int]verdict.ScoreBin{
		0: {Subject: "score", Lo: 0, Hi: 0.05, NRef: 1, NCur: 1}, 1: {Subject: "score", Lo: 0.05, Hi: 0.1, NRef: 1},
		3: {Subject: "score", Lo: 0.15, Hi: 0.2, NRef: 1}, 6: {Subject: "score", Lo: 0.3, Hi: 0.35, NCur: 1}, 10: {Subject: "score", Lo: 0.5, Hi: 0.55, NRef: 1},
		14: {Subject: "score", Lo: 0.7, Hi: 0.75, NCur: 1}, 19: {Subject: "score", Lo: 0.95, Hi: 1, NRef: 2},
	}
	for i, b := range got {
		w, ok := want[i]
		if !ok {
			w = verdict.ScoreBin{Subject: "score", Lo: float64(i) / 20, Hi: float64(i+1) / 20}
		}
		if b != w {
			t.Errorf("bin %d is %+v, want %+v", i, b, w)
		}
	}
	for _, beyond := range []float64{-0.01, 1.01} {
		if got := Even("score", number(0.5), number(beyond), 1); got != nil {
			t.Errorf("with %v: %+v", beyond, got)
		}
	}
}

// No bin is published that fewer than k rows of either side are in, empty ones aside;
// nothing is left out.
func TestEvenBinsOfFewRowsArePooled(t *testing.T) {
	ref := number(0.01, 0.01, 0.01, 0.01, 0.01, 0.32, 0.97)
	cur := number(0.02, 0.02, 0.55)
	got := Even("score", ref, cur, 5)
	var nRef, nCur int64
	at := 0.0
	for _, b := range got {
		if b.Lo != at || b.Hi <= b.Lo {
			t.Errorf("%+v does not join the one before, which ends at %v", b, at)
		}
		at = b.Hi
		if b.NRef+b.NCur > 0 && b.NRef < 5 && b.NCur < 5 {
			t.Errorf("%+v has fewer than 5 rows of either side", b)
		}
		nRef, nCur = nRef+b.NRef, nCur+b.NCur
	}
	if at != 1 || nRef != 7 || nCur != 3 {
		t.Errorf("up to %v, %d and %d rows: %+v", at, nRef, nCur, got)
	}
}
