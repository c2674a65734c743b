package drift

import (
	"math"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestOutcomeOfTheReference(t *testing.T) {
	x, nan := seq(0, 300), math.NaN()
	won := slices.Concat(times(100, 1.0), times(200, 0.0))
	said := slices.Concat(times(100, "yes"), times(200, "no"))
	absent := func(c view.Column) view.Column {
		c.Vanished, c.Absent = true, c.Rows
		return c
	}
	number := func(ref []float64) (view.Column, view.Column) {
		return numberColumn("y", ref, ref), absent(numberColumn("y", ref, times(300, nan)))
	}
	const sentence = "y: only in the reference, with two values: taken as the outcome; name it with --target to be sure"
	for _, c := range []struct {
		what    string
		ref     []float64
		options Options
		level   string
	}{
		{"two values", won, Options{}, verdict.OK},
		{"another column is named", won, Options{Target: "z"}, verdict.Alert},
		{"three values", slices.Concat(won[:299], []float64{2}), Options{}, verdict.Alert},
		{"one value", times(300, 1.0), Options{}, verdict.Alert},
		{"a missing value", slices.Concat(won[:299], []float64{nan}), Options{}, verdict.Alert},
	} {
		ref, cur := number(c.ref)
		r := Compare(viewOf(numberColumn("x", x, x), ref), viewOf(numberColumn("x", x, x), cur), c.options)
		f := find(t, r, "y", verdict.CheckVanished)
		if f.Level != c.level || (f.Sentence == sentence) != (c.level == verdict.OK) || r.Run.QualityLevel != c.level {
			t.Errorf("%s: %+v, quality %s", c.what, f, r.Run.QualityLevel)
		}
		if features := map[string]int64{verdict.OK: 1, verdict.Alert: 2}[c.level]; r.Run.Features != features {
			t.Errorf("%s: %d features, want %d", c.what, r.Run.Features, features)
		}
	}

	// A category does as well; two columns that are gone are two that are gone.
	ref, cur := categoryColumn("y", said, said), absent(categoryColumn("y", said, times(300, "")))
	r := Compare(viewOf(numberColumn("x", x, x), ref), viewOf(numberColumn("x", x, x), cur), Options{})
	if f := find(t, r, "y", verdict.CheckVanished); f.Level != verdict.OK || r.Run.Level != verdict.OK {
		t.Errorf("%+v, %s", f, r.Run.Level)
	}
	ref2, cur2 := number(won)
	ref2.Name, cur2.Name = "y2", "y2"
	r = Compare(viewOf(numberColumn("x", x, x), ref, ref2), viewOf(numberColumn("x", x, x), cur, cur2), Options{})
	for _, s := range []string{"y", "y2"} {
		if f := find(t, r, s, verdict.CheckVanished); f.Level != verdict.Alert {
			t.Errorf("%+v", f)
		}
	}
}
