package drift

import (
	"math"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Values of another type reach the comparison as missing ones, with a count of
// how many they were.
func TestValuesOfAnotherType(t *testing.T) {
	x := seq(0, 400)
	ref := viewOf(numberColumn("x", x, x))
	cur := viewOf(numberColumn("x", x, slices.Concat(x[:300], times(100, math.NaN()))))
	cur.Read, cur.Columns[0].Rejected = 400, 75
	r := Compare(ref, cur, Options{})
	if f := find(t, r, "x", verdict.CheckType); f.Level != verdict.Alert || f.Effect != 100*75.0/400 || f.Sentence != "x: rows of the wrong type rose from 0 % to 19 %" {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "x", verdict.CheckMissing); f.Level != verdict.Alert || f.Sentence != "x: rows missing rose from 0 % to 25 %; 75 % of them were values of another type" {
		t.Errorf("%+v", f)
	}
	// The judged rows are a part of those that were read: nobody knows which
	// values were theirs.
	cur.Read = 4000
	r = Compare(ref, cur, Options{})
	if f := find(t, r, "x", verdict.CheckType); f.Level != verdict.OK || f.NCur != 4000 || f.Effect != 100*75.0/4000 {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "x", verdict.CheckMissing); f.Sentence != "x: rows missing rose from 0 % to 25 %" {
		t.Errorf("%+v", f)
	}
	// As in the reference.
	cur.Read, ref.Columns[0].Rejected = 400, 75
	if f := find(t, Compare(ref, cur, Options{}), "x", verdict.CheckType); f.Direction != "" || f.Effect != 0 {
		t.Errorf("%+v", f)
	}
}
