package drift

import (
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// A bin outside the reference's range with fewer than K rows on both sides is
// part of its neighbour, in the test as in what is published.
func TestFewRowsOutsideAreNoBin(t *testing.T) {
	x := seq(0, 100)
	for _, c := range []struct {
		below, above int
		options      Options
		classes      int
		first, last  verdict.Bin // kind and rows
	}{
		{1, 4, Options{}, 10, verdict.Bin{Kind: verdict.BinInterval, NRef: 10, NCur: 11}, verdict.Bin{Kind: verdict.BinInterval, NRef: 10, NCur: 14}},
		{5, 4, Options{}, 11, verdict.Bin{Kind: verdict.BinUnder, NCur: 5}, verdict.Bin{Kind: verdict.BinInterval, NRef: 10, NCur: 14}},
		{4, 5, Options{}, 11, verdict.Bin{Kind: verdict.BinInterval, NRef: 10, NCur: 14}, verdict.Bin{Kind: verdict.BinOver, NCur: 5}},
		{1, 1, Options{K: -1}, 12, verdict.Bin{Kind: verdict.BinUnder, NCur: 1}, verdict.Bin{Kind: verdict.BinOver, NCur: 1}},
	} {
		cur := slices.Concat(x, times(c.below, -50.0), times(c.above, 500.0))
		classes := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, cur)), c.options).Bins
		for _, end := range [][2]verdict.Bin{{classes[0], c.first}, {classes[len(classes)-1], c.last}} {
			got, want := end[0], end[1]
			if got.Kind != want.Kind || got.NRef != want.NRef || got.NCur != want.NCur {
				t.Errorf("%d below, %d above: %+v, want %+v", c.below, c.above, got, want)
			}
		}
		if len(classes) != c.classes {
			t.Errorf("%d below, %d above: %d classes, want %d", c.below, c.above, len(classes), c.classes)
		}
	}
}
