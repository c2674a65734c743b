package drift

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// binary makes a column of 1000 rows with so many of "a", against 500 in the
// reference.
func binary(name string, a int) view.Column {
	half := slices.Concat(times(500, "a"), times(500, "b"))
	return categoryColumn(name, half, slices.Concat(times(a, "a"), times(1000-a, "b")))
}

func TestFeatureLevelIsByShareAndAlerts(t *testing.T) {
	// PSI of .5/.5 against .32/.68 is .18·(ln(.5/.32) + ln(.68/.5)) = 0.136, warn;
	// against .2/.8 it is .3·(ln 2.5 + ln 1.6) = 0.416, alert.
	const warn, alert = 320, 200
	for _, c := range []struct {
		moved []int
		o     Options
		want  string
	}{
		{nil, Options{}, verdict.OK},
		{[]int{warn}, Options{}, verdict.Notice},     // 10 %
		{[]int{alert}, Options{}, verdict.Warn},      // 10 %, but one at alert
		{[]int{warn, warn}, Options{}, verdict.Warn}, // 20 %
		{[]int{alert, alert, warn, warn}, Options{}, verdict.Warn},
		{[]int{warn, warn, warn, warn, warn}, Options{}, verdict.Alert}, // 50 %
		{[]int{warn}, Options{Drifted: Shares{Warn: 0.1}}, verdict.Warn},
		{[]int{warn, warn}, Options{Drifted: Shares{Warn: 0.3}}, verdict.Notice},
		{[]int{warn, warn}, Options{Drifted: Shares{Alert: 0.2}}, verdict.Alert},
	} {
		var ref, cur []view.Column
		for i := range 10 {
			a := 500
			if i < len(c.moved) {
				a = c.moved[i]
			}
			ref = append(ref, binary(fmt.Sprint("f", i), 500))
			cur = append(cur, binary(fmt.Sprint("f", i), a))
		}
		r := Compare(viewOf(ref...), viewOf(cur...), c.o)
		if r.Run.FeatureLevel != c.want || r.Run.Drifted != int64(len(c.moved)) {
			t.Errorf("%v %+v: %s with %d drifted, want %s", c.moved, c.o.Drifted, r.Run.FeatureLevel, r.Run.Drifted, c.want)
		}
	}
}

// A feature's smallest detectable effect is that of the first Benjamini-Hochberg
// step.
func TestDetectableAtTheFirstStep(t *testing.T) {
	x := seq(0, 300)
	columns := []view.Column{as(table.Score, numberColumn("score", x, x))}
	for i := range 8 {
		columns = append(columns, numberColumn(fmt.Sprint("f", i), x, x))
	}
	v := viewOf(columns...)
	v.Pairs = []view.Pair{{A: "f0", B: "f1", N: 300, Normal: 0.5}}
	r := Compare(v, v, Options{})
	for _, c := range []struct {
		subject, check string
		alpha          float64
		tests          int
	}{{"score", verdict.CheckDistribution, 0.01, 1}, {"f3", verdict.CheckDistribution, 0.02, 8}, {"f3", verdict.CheckRange, 0.005, 9}, {verdict.SubjectCorrelations, verdict.CheckCorrelation, 0.0025, 1}} {
		f := find(t, r, c.subject, c.check)
		if f.Alpha != c.alpha {
			t.Errorf("%s %s: alpha %v, want %v", c.subject, c.check, f.Alpha, c.alpha)
		}
		if c.check != verdict.CheckDistribution {
			continue
		}
		want, err := stats.DetectablePSI(300, 300, 10, c.alpha/float64(c.tests), 0.8)
		if err != nil || f.MDE != want {
			t.Errorf("%s: smallest detectable effect %v, want %v (%v)", c.subject, f.MDE, want, err)
		}
	}
}

// What could not be judged says nothing about what could.
func TestInsufficientChecksDoNotHideJudgedOnes(t *testing.T) {
	x := seq(0, 300)
	gaps := slices.Concat(times(100, math.NaN()), seq(0, 100))
	r := Compare(viewOf(numberColumn("x", x, append(times(150, math.NaN()), seq(0, 150)...)), numberColumn("y", x, x)),
		viewOf(numberColumn("x", x, gaps), numberColumn("y", x, x[:200])), Options{})
	if f := find(t, r, "x", verdict.CheckMissing); f.Level != verdict.Insufficient {
		t.Errorf("%+v", f)
	}
	if r.Run.QualityLevel != verdict.OK {
		t.Errorf("quality is %s", r.Run.QualityLevel)
	}
	// A text whose commas were never counted is judged by its length.
	text := view.Column{Name: "t", Role: table.Feature, Kind: view.TextKind, Rows: 300,
		Derived: []view.Column{numberColumn("t (commas)", nil, nil), numberColumn("t (length)", x, x)}}
	r = Compare(viewOf(text), viewOf(text), Options{})
	if r.Run.Features != 1 || r.Run.Insufficient != 0 || r.Run.FeatureLevel != verdict.OK {
		t.Errorf("%+v", r.Run)
	}
}

func TestLessMissingIsAChangeToo(t *testing.T) {
	x := seq(0, 1000)
	half := append(seq(0, 500), times(500, math.NaN())...)
	r := Compare(viewOf(numberColumn("x", x, half)), viewOf(numberColumn("x", x, x)), Options{})
	if f := find(t, r, "x", verdict.CheckMissing); f.Level != verdict.Alert || f.Direction != verdict.Down || f.Effect != -50 {
		t.Errorf("%+v", f)
	}
}

func TestLabelsWithoutReference(t *testing.T) {
	label := func(s []string) view.Column { return as(table.Label, categoryColumn("label", nil, s)) }
	r := Compare(viewOf(label(nil)), viewOf(label(slices.Concat(times(30, "hot"), times(70, "cold")))), Options{PositiveLabel: "hot"})
	for _, f := range r.Findings {
		if f.Subject == "label" {
			t.Errorf("%+v", f)
		}
	}
	i := slices.IndexFunc(r.Statistics, func(s verdict.Statistic) bool { return s.Name == "positive_rate" })
	if i < 0 || r.Statistics[i].Cur != 0.3 || !math.IsNaN(r.Statistics[i].Ref) {
		t.Errorf("%+v", r.Statistics)
	}
}

func TestInSampleScoresHaveNoCorrelationsEither(t *testing.T) {
	x := seq(0, 300)
	score := as(table.Score, numberColumn("score", x, x))
	score.InSample = true
	ref, cur := viewOf(score, numberColumn("f", x, x)), viewOf(as(table.Score, numberColumn("score", x, x)), numberColumn("f", x, x))
	ref.Pairs = []view.Pair{{A: "score", B: "f", N: 300, Normal: 0.9}}
	cur.Pairs = []view.Pair{{A: "score", B: "f", N: 300, Normal: 0.1}}
	r := Compare(ref, cur, Options{})
	for _, f := range r.Findings {
		if f.Check == verdict.CheckCorrelation {
			t.Errorf("%+v", f)
		}
	}
	if len(r.Correlations) != 1 || !math.IsNaN(r.Correlations[0].P) {
		t.Errorf("%+v", r.Correlations)
	}
}

// A value that one side holds often is shown, however rare on the other.
func TestAnonymityIsPerSide(t *testing.T) {
	ref := slices.Concat(times(297, "a"), times(3, "few"))
	cur := slices.Concat(times(200, "a"), times(100, "few"))
	r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, cur)), Options{})
	if f := find(t, r, "s", verdict.CheckDistribution); !strings.Contains(f.Sentence, "few rose from 1 % to 33 %") {
		t.Errorf("%q", f.Sentence)
	}
}

func TestAtMostFiftyBins(t *testing.T) {
	var ref []string
	for i := range 80 {
		ref = append(ref, times(100+i, fmt.Sprintf("v%02d", i))...)
	}
	r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, ref)), Options{})
	var n int64
	for _, b := range r.Bins {
		n += b.NRef
	}
	last := r.Bins[len(r.Bins)-1]
	// The 31 with the fewest rows, 100 to 130 of them, are one bin.
	if len(r.Bins) != 50 || n != int64(len(ref)) || last.NRef != 31*115 || last.Name != "all others" {
		t.Errorf("%d classes of %d rows, the last %+v", len(r.Bins), n, last)
	}
}

func TestValuesBetweenEdgesCount(t *testing.T) {
	x := seq(0, 100)
	var between []float64
	for _, v := range x[:99] {
		between = append(between, v+0.5)
	}
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, between)), Options{})
	var got []int64
	for _, b := range r.Bins {
		got = append(got, b.NCur)
	}
	// Up to 9: 0.5 ... 8.5; above 9 to 19: 9.5 ... 18.5; and so on to 98.5.
	if want := []int64{9, 10, 10, 10, 10, 10, 10, 10, 10, 10}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// At 0, 1 of 100 against none; at 1, 2 of 100 against 1 of 99; the gap shrinks.
	if f := find(t, r, "x", verdict.CheckDistribution); math.Abs(f.Statistic-0.01) > 1e-15 {
		t.Errorf("D = %v", f.Statistic)
	}
}

// An alert below the usual warning is a warning's bar as well.
func TestWarnIsNotAboveAlert(t *testing.T) {
	for _, c := range []struct{ given, want Shares }{
		{Shares{}, Shares{0.2, 0.5}}, {Shares{Alert: 0.1}, Shares{0.1, 0.1}}, {Shares{Warn: 0.4}, Shares{0.4, 0.5}},
	} {
		if got := (Options{Drifted: c.given}).settled().Drifted; got != c.want {
			t.Errorf("%+v: got %+v, want %+v", c.given, got, c.want)
		}
	}
}
