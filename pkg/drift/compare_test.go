package drift

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestPolicyNames(t *testing.T) {
	for in, want := range map[string]policy.Policy{"": policy.Calibrated, "calibrated": policy.Calibrated, "classic": policy.Classic, "evidently": policy.Evidently} {
		if p, err := policy.Named(in); err != nil || p != want {
			t.Errorf("PolicyNamed(%q) = %v, %v", in, p, err)
		}
	}
	_, err := policy.Named("strict")
	const want = `policy: unknown "strict" (known: calibrated, classic, evidently)`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{
		{nil, ""}, {[]string{"", verdict.OK}, verdict.OK}, {[]string{verdict.OK, verdict.Insufficient}, verdict.Insufficient},
		{[]string{verdict.Insufficient, verdict.Warn, verdict.OK}, verdict.Warn}, {[]string{verdict.Warn, verdict.Alert}, verdict.Alert},
	} {
		if got := verdict.Worst(c.in...); got != c.want {
			t.Errorf("Worst(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if verdict.Reaches(verdict.Insufficient, verdict.Warn) || !verdict.Reaches(verdict.Warn, verdict.Warn) || !verdict.Reaches(verdict.Alert, verdict.Warn) || verdict.Reaches(verdict.Warn, verdict.Alert) {
		t.Error("Reaches")
	}
}

// The same rows on both sides: nothing may be found, and no effect is positive.
func TestSameDataIsOK(t *testing.T) {
	x := append(seq(0, 400), times(20, math.NaN())...)
	s := append(append(times(300, "a"), times(100, "b")...), times(20, "")...)
	ref := viewOf(as(table.Score, numberColumn("score", x, x)), numberColumn("x", x, x), categoryColumn("c", s, s))
	for _, by := range []policy.Policy{policy.Calibrated, policy.Classic, policy.Evidently} {
		r := Compare(ref, ref, Options{Policy: by})
		for _, f := range r.Findings {
			if f.Check == verdict.CheckTraffic {
				continue
			}
			if f.Level != verdict.OK {
				t.Errorf("%v: %s %s is %s: %s", by, f.Subject, f.Check, f.Level, f.Sentence)
			}
			if f.Effect > 0 {
				t.Errorf("%v: %s %s has effect %v without a difference", by, f.Subject, f.Check, f.Effect)
			}
			if f.Check == verdict.CheckDistribution && (f.Statistic != 0 || f.P != 1) {
				t.Errorf("%v: %s: statistic %v, p %v", by, f.Subject, f.Statistic, f.P)
			}
		}
		if r.Run.Level != verdict.OK || r.Run.Drifted != 0 || r.Run.Features != 2 {
			t.Errorf("%v: %+v", by, r.Run)
		}
		const want = "Nothing moved: the scores and both features are as in the reference"
		if r.Run.Headline != want {
			t.Errorf("headline %q", r.Run.Headline)
		}
	}
}

// 100 reference values 0..99 against 100 values 50..149.
func TestNumberByHand(t *testing.T) {
	x, y := seq(0, 100), seq(50, 100)
	ref, cur := viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, y))
	r := Compare(ref, cur, Options{})
	f := find(t, r, "x", verdict.CheckDistribution)
	// At 49 all of 0..49, half of the reference, and no current value lie at or below.
	if f.Statistic != 0.5 {
		t.Errorf("D = %v, want 0.5", f.Statistic)
	}
	// Deciles end at 9, 19, ... 89: ten bins of 10, and "above". Smoothed over
	// B = 11 bins: (c+1/2)/(100+5.5). Five bins 10:0, five 10:10, one 0:50.
	s := func(c float64) float64 { return (c + 0.5) / 105.5 }
	raw := 5*(s(0)-s(10))*math.Log(s(0)/s(10)) + (s(50)-s(0))*math.Log(s(50)/s(0))
	if want := raw - 10*(2.0/100); math.Abs(f.Effect-want) > 1e-12 {
		t.Errorf("PSI %v, want %v", f.Effect, want)
	}
	if f.Level != verdict.Alert || f.Direction != verdict.Up || f.NRef != 100 || f.NCur != 100 || f.Rank != 1 {
		t.Errorf("%+v", f)
	}
	// Ten deciles; the bin above them does not blunt the test.
	if want, err := stats.DetectablePSI(100, 100, 10, 0.02, 0.8); err != nil || f.MDE != want {
		t.Errorf("smallest detectable effect %v, want %v (%v)", f.MDE, want, err)
	}
	// Medians 49.5 and 99.5, rounded as the sd of 0..99 is 29.01; +1.7 of it.
	if want := "x: median rose from 50 to 100 (+1.7 σ)"; !strings.HasPrefix(f.Sentence, want) {
		t.Errorf("%q, want %q ...", f.Sentence, want)
	}
	// 50 of 100 values lie above 99, against an expected 2/101 of them.
	out := find(t, r, "x", verdict.CheckRange)
	if want := 100 * (0.5 - 2.0/101); math.Abs(out.Effect-want) > 1e-9 || out.Level != verdict.Alert || out.Direction != verdict.Up {
		t.Errorf("range: %+v, want effect %v", out, want)
	}
	var kinds []string
	var n, m int64
	share := 0.0
	for _, b := range r.Bins {
		kinds = append(kinds, b.Kind)
		n, m, share = n+b.NRef, m+b.NCur, share+b.PSIShare
	}
	if len(kinds) != 11 || kinds[0] != "interval" || kinds[10] != "over" || n != 100 || m != 100 || math.Abs(share-1) > 1e-12 {
		t.Errorf("classes %v of %d and %d rows, shares sum to %v", kinds, n, m, share)
	}
	if b := r.Bins[1]; b.NRef != 10 || b.NCur != 0 || !math.IsNaN(r.Bins[0].Lo) || !math.IsNaN(r.Bins[10].Hi) {
		t.Errorf("second bin %+v", b)
	}
	if r.Run.FeatureLevel != verdict.Alert || r.Run.DriftShare != 1 || r.Run.Level != verdict.Alert {
		t.Errorf("%+v", r.Run)
	}
}

// The median is told where it moved, though a skewed tail moved further.
func TestSentencePrefersTheMedian(t *testing.T) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i] = math.Exp(float64(i) / 200) // median e^2.4975 = 12.15, 95th percentile 115
		y[i] = x[i] / 3
	}
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, y)), Options{})
	if f := find(t, r, "x", verdict.CheckDistribution); !strings.HasPrefix(f.Sentence, "x: median fell from 12 to 4 (") {
		t.Errorf("%q", f.Sentence)
	}
	// Where it did not move, the quantile that moved furthest is told, by its own error:
	// 115.1 in steps of 2, 1151 of 20.
	for i := range y {
		y[i] = x[i]
		if i >= 800 {
			y[i] *= 10
		}
	}
	r = Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, y)), Options{})
	if f := find(t, r, "x", verdict.CheckDistribution); !strings.HasPrefix(f.Sentence, "x: 95th percentile rose from 116 to 1160 (") {
		t.Errorf("%q", f.Sentence)
	}
}

// The sentence of section 5 of the design, from counts.
func TestCategoryByHand(t *testing.T) {
	ref := slices.Concat(times(310, "51-200"), times(90, "UNKNOWN"), times(300, "1-10"), times(300, "11-50"))
	cur := slices.Concat(times(120, "51-200"), times(280, "UNKNOWN"), times(300, "1-10"), times(300, "11-50"))
	r := Compare(viewOf(categoryColumn("companysize", ref, ref)), viewOf(categoryColumn("companysize", ref, cur)), Options{})
	f := find(t, r, "companysize", verdict.CheckDistribution)
	// X² = 190²/430 + 190²/370, each twice (95²/215 on both sides): (95²/215 + 95²/185)·2.
	if want := 2 * (95.0*95/215 + 95.0*95/185); math.Abs(f.Statistic-want) > 1e-9 {
		t.Errorf("X2 = %v, want %v", f.Statistic, want)
	}
	s := func(c float64) float64 { return (c + 0.5) / 1002 }
	raw := (s(120)-s(310))*math.Log(s(120)/s(310)) + (s(280)-s(90))*math.Log(s(280)/s(90))
	if want := raw - 3*(2.0/1000); math.Abs(f.Effect-want) > 1e-12 {
		t.Errorf("PSI %v, want %v", f.Effect, want)
	}
	if want := "companysize: UNKNOWN rose from 9 % to 28 %, 51-200 fell from 31 % to 12 %; PSI 0.39, they explain 100 % of it"; f.Sentence != want {
		t.Errorf("%q\nwant\n%q", f.Sentence, want)
	}
}

func TestRareCategoriesArePooled(t *testing.T) {
	// 100 and 100 rows: a category's expectation is half its pooled count. "d" (6
	// of 200) expects 3 < 5 and is pooled with "e" (2); "c" (10) expects 5 and stays.
	ref := slices.Concat(times(50, "a"), times(41, "b"), times(5, "c"), times(4, "d"))
	cur := slices.Concat(times(50, "a"), times(41, "b"), times(5, "c"), times(2, "d"), times(2, "e"))
	r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, cur)), Options{})
	var got []string
	for _, b := range r.Bins {
		got = append(got, b.Kind+" "+b.Name)
	}
	want := []string{"category a", "category b", "category c", "rare rare"}
	if !slices.Equal(got, want) || r.Bins[3].NRef != 4 || r.Bins[3].NCur != 4 {
		t.Errorf("%q, want %q: %+v", got, want, r.Bins[3])
	}
}

// No value of fewer than five rows on both sides may leave, in any column.
func TestAnonymity(t *testing.T) {
	ref := slices.Concat(times(200, "common"), times(4, "secret-ref"), times(5, "shown-ref"))
	cur := slices.Concat(times(150, "common"), times(4, "secret-new"), times(30, "shown-new"), times(4, "secret-ref"))
	for _, by := range []policy.Policy{policy.Calibrated, policy.Classic, policy.Evidently} {
		r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, cur)), Options{Policy: by})
		out, err := json.Marshal([]any{r.Bins, sentencesOf(r), r.Run.Headline})
		_ = err // NaN is no JSON: look at the text below too
		text := string(out) + sentencesOf(r)
		for _, b := range r.Bins {
			text += b.Name
		}
		if strings.Contains(text, "secret") {
			t.Errorf("%v: a rare value leaves: %s", by, text)
		}
		if !strings.Contains(text, "shown-new") {
			t.Errorf("%v: the new category is not named: %s", by, text)
		}
	}
	// Raising k to 31 hides it.
	r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, cur)), Options{K: 31})
	if strings.Contains(sentencesOf(r), "shown") {
		t.Error("31 rows are asked for, 30 are shown")
	}
}

func TestPublicNumbersAreRounded(t *testing.T) {
	x := make([]float64, 500)
	for i := range x {
		x[i] = 1000.123456 + 10.987654*float64(i)
	}
	r := Compare(viewOf(numberColumn("salary", x, x)), viewOf(numberColumn("salary", x, x)), Options{})
	for _, b := range r.Bins {
		for _, e := range []float64{b.Lo, b.Hi} {
			if slices.Contains(x, e) || e == x[0] || e == x[499] {
				t.Errorf("edge %v is a row's value", e)
			}
		}
	}
	for _, s := range r.Statistics {
		if s.Name == "min" || s.Name == "max" || s.Name[0] == 'p' && slices.Contains(x, s.Ref) {
			t.Errorf("statistic %s = %v", s.Name, s.Ref)
		}
	}
	// Nor is it in words, when the median rises.
	y := make([]float64, 500)
	for i := range y {
		y[i] = x[i] + 2000.654321
	}
	r = Compare(viewOf(numberColumn("salary", x, x)), viewOf(numberColumn("salary", x, y)), Options{})
	// Medians 3741.54 and 5742.20, rounded to 100 as the spread is about 1,600.
	if f := find(t, r, "salary", verdict.CheckDistribution); !strings.HasPrefix(f.Sentence, "salary: median rose from 3700 to 5700 (") {
		t.Errorf("%q", f.Sentence)
	}
	// Of 50 rows, two or three lie beyond the 5th percentile: it is not shown.
	r = Compare(viewOf(numberColumn("salary", x, x)), viewOf(numberColumn("salary", x, x[:50])), Options{})
	for _, s := range r.Statistics {
		if s.Name == "p05" && (math.IsNaN(s.Ref) || !math.IsNaN(s.Cur)) {
			t.Errorf("p05 = %v, %v, want a number and none", s.Ref, s.Cur)
		}
	}
}

// Evidence without effect is no drift, and the words say so.
func TestSmallButCertain(t *testing.T) {
	x, y := seq(0, 20000), make([]float64, 20000)
	for i := range y {
		y[i] = math.Floor(20000 * math.Pow(float64(i)/20000, 1.1))
	}
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, y)), Options{})
	if f := find(t, r, "x", verdict.CheckDistribution); f.Level != verdict.OK || f.Q > f.Alpha || !strings.Contains(f.Sentence, "too little to matter") {
		t.Errorf("%+v", f)
	}
}

func TestMissing(t *testing.T) {
	full := seq(0, 1000)
	half := append(seq(0, 500), times(500, math.NaN())...)
	r := Compare(viewOf(numberColumn("x", full, full)), viewOf(numberColumn("x", full, half)), Options{})
	f := find(t, r, "x", verdict.CheckMissing)
	// z = 0.5/√(¼·¾·2/1000)
	if want := 0.5 / math.Sqrt(0.25*0.75*2/1000); f.Level != verdict.Alert || f.Effect != 50 || math.Abs(f.Statistic-want) > 1e-9 {
		t.Errorf("%+v, want z %v", f, want)
	}
	if want := "x: rows missing rose from 0 % to 50 %"; f.Sentence != want {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
	if last := r.Bins[len(r.Bins)-1]; last.Kind != "missing" || last.NCur != 500 || last.NRef != 0 || !math.IsNaN(last.PSIShare) {
		t.Errorf("bin %+v", last)
	}
	// One missing row of ten is one row: z would be 5.5, Fisher's p is 0.03.
	r = Compare(viewOf(numberColumn("x", full, full[:303])), viewOf(numberColumn("x", full, append(seq(0, 9), math.NaN()))), Options{})
	if f := find(t, r, "x", verdict.CheckMissing); f.Test != "fisher" || verdict.Reaches(f.Level, verdict.Warn) {
		t.Errorf("%+v", f)
	}
}

func TestUnseen(t *testing.T) {
	ref := slices.Concat(times(496, "a"), times(500, "b"), []string{"once", "twice", "twice", "thrice"})
	cur := slices.Concat(times(400, "a"), times(400, "b"), times(200, "new"))
	r := Compare(viewOf(categoryColumn("s", ref, ref)), viewOf(categoryColumn("s", ref, cur)), Options{})
	f := find(t, r, "s", verdict.CheckUnseen)
	// Expected: 2 singletons (once, thrice) of 1000 rows.
	if want := 100 * (0.2 - 0.002); f.Level != verdict.Alert || math.Abs(f.Effect-want) > 1e-9 {
		t.Errorf("%+v, want effect %v", f, want)
	}
	if want := "s: 20 % of rows hold categories that the reference lacks: new (20 %); 0.2 % was to be expected"; f.Sentence != want {
		t.Errorf("%q, want %q", f.Sentence, want)
	}
}

func TestColumnsComeAndGo(t *testing.T) {
	x := seq(0, 300)
	fresh := view.Column{Name: "fresh", Role: table.Feature, Rows: 300, New: true}
	gone := numberColumn("gone", x, times(300, math.NaN()))
	gone.Vanished, gone.Absent = true, 300
	ref := viewOf(numberColumn("x", x, x), numberColumn("gone", x, x))
	r := Compare(ref, viewOf(numberColumn("x", x, x), gone, fresh), Options{})
	if f := find(t, r, "gone", verdict.CheckVanished); f.Level != verdict.Alert || f.Rank != 1 {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "gone", verdict.CheckDistribution); f.Level != verdict.Insufficient {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "fresh", verdict.CheckNew); f.Level != verdict.Warn {
		t.Errorf("%+v", f)
	}
	// Few rows have it: named from k on, a warning from 5 % on. Who writes the log can
	// invent names, and as many as he likes.
	few := fresh
	few.Name, few.Missing = "few", 290
	columns := []view.Column{numberColumn("x", x, x), fresh, few}
	for i := range 100 {
		one := fresh
		one.Name, one.Missing = fmt.Sprintf("secret%d", i), 296+int64(i%4)
		columns = append(columns, one)
	}
	r = Compare(viewOf(numberColumn("x", x, x)), viewOf(columns...), Options{})
	if f := find(t, r, "fresh", verdict.CheckNew); f.Level != verdict.Warn {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "few", verdict.CheckNew); f.Level != verdict.OK || f.Sentence != "few: not in the reference, and in fewer than 5 % of the rows" {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, verdict.SubjectNewColumns, verdict.CheckNew); f.Level != verdict.OK || f.Sentence != "100 other new columns: in few rows each, so not named; the reference lacks them" {
		t.Errorf("%+v", f)
	}
	for _, f := range r.Findings {
		if strings.Contains(f.Subject+f.Sentence, "secret") {
			t.Errorf("%+v", f)
		}
	}
	// Of many that rows share the twenty that most have are named.
	for i := range columns[3:] {
		columns[3+i].Missing = 0
	}
	r = Compare(viewOf(numberColumn("x", x, x)), viewOf(columns...), Options{})
	if f := find(t, r, verdict.SubjectNewColumns, verdict.CheckNew); f.Sentence != "82 other new columns: in few rows each, so not named; the reference lacks them" {
		t.Errorf("%+v", f)
	}
	// So has one that the log holds as something that nobody reads, which is said.
	gone.Rejected = 300
	r = Compare(ref, viewOf(numberColumn("x", x, x), gone), Options{})
	if f := find(t, r, "gone", verdict.CheckVanished); f.Level != verdict.Alert || !strings.Contains(f.Sentence, "of a type that cannot be compared") {
		t.Errorf("%+v", f)
	}
	// A column that the judged view does not even mention has vanished too.
	r = Compare(ref, viewOf(numberColumn("x", x, x)), Options{})
	find(t, r, "gone", verdict.CheckVanished)
	if r.Run.QualityLevel != verdict.Alert || r.Run.Insufficient != 1 || r.Run.Features != 2 || r.Run.DriftShare != 0 {
		t.Errorf("%+v", r.Run)
	}
}

func TestConstant(t *testing.T) {
	x := seq(0, 300)
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, times(200, 7.0))), Options{})
	if f := find(t, r, "x", verdict.CheckConstant); f.Level != verdict.Alert {
		t.Errorf("%+v", f)
	}
	y := times(300, 7.0)
	r = Compare(viewOf(numberColumn("x", y, y)), viewOf(numberColumn("x", y, y[:200])), Options{})
	if f := find(t, r, "x", verdict.CheckConstant); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "x", verdict.CheckDistribution); f.Level != verdict.OK || f.Effect != 0 {
		t.Errorf("%+v", f)
	}
	// 299 of 300 alike: 100 rows that all agree are no news.
	z := append(times(299, 7.0), 8)
	r = Compare(viewOf(numberColumn("x", z, z)), viewOf(numberColumn("x", z, y[:100])), Options{})
	if f := find(t, r, "x", verdict.CheckConstant); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
}

func TestNonfiniteTouchesNothingElse(t *testing.T) {
	x := seq(0, 300)
	odd := numberColumn("x", x, x)
	odd.Rows += 3
	odd.PosInf, odd.NaN, odd.TypeErrors = 1, 1, 1
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(odd), Options{})
	if f := find(t, r, "x", verdict.CheckDistribution); f.Statistic != 0 || f.NCur != 300 {
		t.Errorf("%+v", f)
	}
	find(t, r, "x", verdict.CheckNonfinite)
	find(t, r, "x", verdict.CheckType)
	if r.Run.Level != verdict.OK {
		t.Errorf("%s\n%s", r.Run.Level, sentencesOf(r))
	}
}

func TestInSampleScoresAreNotJudged(t *testing.T) {
	x, y := seq(0, 300), seq(500, 300)
	ref := as(table.Score, numberColumn("score", x, x))
	ref.InSample = true
	r := Compare(viewOf(ref), viewOf(as(table.Score, numberColumn("score", x, y))), Options{})
	f := find(t, r, "score", verdict.CheckDistribution)
	if f.Level != verdict.Insufficient || !strings.Contains(f.Sentence, "training rows") || !math.IsNaN(f.Effect) {
		t.Errorf("%+v", f)
	}
	if r.Run.ScoreLevel != verdict.Insufficient {
		t.Errorf("score level %s", r.Run.ScoreLevel)
	}
}

// A reference without scores leaves them unjudged; it is no fault of the log.
func TestReferenceWithoutScores(t *testing.T) {
	x := seq(0, 300)
	ref := viewOf(as(table.Score, numberColumn("score", nil, times(300, math.NaN()))), numberColumn("x", x, x))
	r := Compare(ref, viewOf(as(table.Score, numberColumn("score", nil, x)), numberColumn("x", x, x)), Options{})
	if f := find(t, r, "score", verdict.CheckDistribution); f.Level != verdict.Insufficient || !strings.Contains(f.Sentence, "the reference has no scores") {
		t.Errorf("%+v", f)
	}
	if r.Run.QualityLevel != verdict.OK || r.Run.Level != verdict.OK || r.Run.ScoreLevel != verdict.Insufficient {
		t.Errorf("%+v", r.Run)
	}
	if want := "The feature is as in the reference; could not be judged: the scores (the reference has no scores)"; r.Run.Headline != want {
		t.Errorf("%q", r.Run.Headline)
	}
}

func TestScoresShift(t *testing.T) {
	x := make([]float64, 1000)
	y := make([]float64, 1000)
	for i := range x {
		x[i] = float64(i) / 2000 // mean 0.24975
		y[i] = x[i] + 0.08
	}
	score := func(v []float64) view.Column { return as(table.Score, numberColumn("score", x, v)) }
	r := Compare(viewOf(score(x), numberColumn("f", x, x)), viewOf(score(y), numberColumn("f", x, x)), Options{Threshold: 0.25})
	if want := "Scores rose from 0.25 to 0.33 on average; column score leaves the reference's range; the feature is as in the reference"; r.Run.Headline != want {
		t.Errorf("%q, want %q ...", r.Run.Headline, want)
	}
	for _, s := range r.Statistics {
		// Scores from 0.25 on: 500 of 1000; 0.25 - 0.08 = 0.17 = x[340], so 660.
		if s.Name == "positive_rate" && (s.Subject != "score" || s.Ref != 0.5 || s.Cur != 0.66 || !(s.Lo < 0.66 && 0.66 < s.Hi)) {
			t.Errorf("%+v", s)
		}
	}
}

func TestTooFewRows(t *testing.T) {
	x := seq(0, 300)
	few := make([]float64, 20)
	for i := range few {
		few[i] = float64(15*i + 3)
	}
	r := Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, few)), Options{})
	f := find(t, r, "x", verdict.CheckDistribution)
	if f.Level != verdict.Insufficient || !(f.MDE > f.AlertThreshold) || !strings.Contains(f.Sentence, "too few rows") {
		t.Errorf("%+v", f)
	}
	if r.Run.Insufficient != 1 || !math.IsNaN(r.Run.DriftShare) || r.Run.FeatureLevel != verdict.Insufficient {
		t.Errorf("%+v", r.Run)
	}
	// A shift beyond doubt is one even in 20 rows.
	r = Compare(viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, seq(1000, 20))), Options{})
	if f := find(t, r, "x", verdict.CheckDistribution); f.Level != verdict.Alert {
		t.Errorf("%+v", f)
	}
}

func TestTextByItsShapeOnly(t *testing.T) {
	text := func(lengths, ref []float64) view.Column {
		return view.Column{Name: "summary", Role: table.Feature, Kind: view.TextKind, Rows: int64(len(lengths)),
			Derived: []view.Column{numberColumn("summary (length)", ref, lengths), numberColumn("summary (commas)", ref, ref)}}
	}
	x := seq(0, 500)
	r := Compare(viewOf(text(x, x)), viewOf(text(seq(2000, 500), x)), Options{})
	if f := find(t, r, "summary (length)", verdict.CheckDistribution); f.Level != verdict.Alert || f.Kind != "text" {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "summary (commas)", verdict.CheckDistribution); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
	find(t, r, "summary", verdict.CheckMissing)
	if r.Run.Features != 1 || r.Run.Drifted != 1 || r.Run.Alerted != 1 {
		t.Errorf("a text is one feature: %+v", r.Run)
	}
}

func TestCorrelationChange(t *testing.T) {
	pair := func(r float64, n int64) []view.Pair {
		return []view.Pair{{A: "a", B: "b", N: n, Normal: r, Pearson: r, Spread: (1 - r*r) * (1 - r*r)}}
	}
	ref, cur := view.View{Rows: 303, Pairs: pair(0.6, 303)}, view.View{Rows: 1000, Pairs: pair(0, 1000)}
	r := Compare(ref, cur, Options{})
	f := find(t, r, "a ~ b", verdict.CheckCorrelation)
	// t = -0.6 / √(0.64²/303 + 1/1000)
	if want := -0.6 / math.Sqrt(0.64*0.64/303+1.0/1000); math.Abs(f.Statistic-want) > 1e-9 || f.Level != verdict.Alert || f.Direction != verdict.Down {
		t.Errorf("%+v, want t %v", f, want)
	}
	if len(r.Correlations) != 1 || r.Correlations[0].Q != f.Q || r.Run.FeatureLevel != verdict.Warn {
		t.Errorf("%+v %+v", r.Correlations, r.Run)
	}
	r = Compare(ref, view.View{Rows: 1000, Pairs: pair(0.58, 1000)}, Options{})
	if f := find(t, r, verdict.SubjectCorrelations, verdict.CheckCorrelation); f.Level != verdict.OK || f.Sentence != "none of 1 correlation changed" {
		t.Errorf("%+v", f)
	}
}

func TestDuplicates(t *testing.T) {
	side := func(rows, twice int64) view.View {
		return view.View{Rows: rows, Inputs: repeated(rows, twice), Lines: repeated(rows, twice)}
	}
	r := Compare(side(303, 0), side(1000, 300), Options{})
	if f := find(t, r, verdict.SubjectRows, verdict.CheckResent); f.Level != verdict.Alert || f.Effect != 30 {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, verdict.SubjectRows, verdict.CheckDuplicates); f.Level != verdict.OK || f.Effect != 30 {
		t.Errorf("the same is told of the inputs, once at a level: %+v", f)
	}
	// Equal pairs grow with the square: 5 in 303 rows foretell 5·(1000/303)² = 54 in 1000.
	if f := find(t, Compare(side(303, 5), side(1000, 54), Options{}), verdict.SubjectRows, verdict.CheckResent); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
	for _, f := range Compare(side(303, 0), side(1000, 0), Options{}).Findings {
		if f.Check == verdict.CheckResent {
			t.Errorf("no line came again: %+v", f)
		}
	}
}

// One line that is sent again and again is told, with its share, whether all rows
// were followed or only some, and where it is too little of the log to warn of.
func TestOneLineIsResent(t *testing.T) {
	exact := repeated(303, 0)
	exact.Rows, exact.Times[302] = 5302, 5000
	for _, c := range []struct {
		lines view.Repeats
		level string
		want  string
	}{
		{exact, verdict.Alert, "94 % of rows are whole lines that were logged before; one line came 5000 times, 94 % of all rows"},
		{view.Repeats{Rows: 1e6, Distinct: 995001, Times: times(4096, int64(1)), Often: []int64{5000}}, verdict.OK,
			"0.5 % of rows are whole lines that were logged before; one line came about 5000 times, 0.5 % of all rows"},
	} {
		ref := view.View{Rows: 303, Inputs: repeated(303, 0), Lines: repeated(303, 0)}
		cur := view.View{Rows: c.lines.Rows, Inputs: repeated(c.lines.Rows, 0), Lines: c.lines}
		if f := find(t, Compare(ref, cur, Options{}), verdict.SubjectRows, verdict.CheckResent); f.Level != c.level || f.Sentence != c.want || f.Reason != verdict.ReasonResent {
			t.Errorf("%+v, want %s: %s", f, c.level, c.want)
		}
	}
}

// Inputs that come again at other times are told, and no fault of the log.
func TestInputsThatComeAgain(t *testing.T) {
	ref := view.View{Rows: 303, Inputs: repeated(303, 0), Lines: repeated(303, 0)}
	cur := view.View{Rows: 1000, Inputs: repeated(1000, 300), Lines: repeated(1000, 0)}
	f := find(t, Compare(ref, cur, Options{}), verdict.SubjectRows, verdict.CheckDuplicates)
	if f.Level != verdict.OK || f.Effect != 30 || f.Reason != verdict.ReasonRepeats || !strings.Contains(f.Sentence, "30 %") {
		t.Errorf("%+v", f)
	}
}

// repeated are rows of which so many came a second time.
func repeated(rows, twice int64) view.Repeats {
	times := slices.Concat(slices.Repeat([]int64{1}, int(max(0, rows-2*twice))), slices.Repeat([]int64{2}, int(max(0, twice))))
	return view.Repeats{Rows: rows, Distinct: float64(rows - twice), Exact: true, Times: times}
}

// Under the classic policy each rule stands alone.
func TestClassic(t *testing.T) {
	ref := slices.Concat(times(500, "a"), times(500, "b"))
	cur := slices.Concat(times(450, "a"), times(550, "b"))
	// X² = 4·50²/... = 2·(25²/475 + 25²/525) = 5.01, p = 0.025; PSI 0.01.
	columns := func(s []string) view.View { return viewOf(categoryColumn("s", ref, s)) }
	r := Compare(columns(ref), columns(cur), Options{Policy: policy.Classic})
	if f := find(t, r, "s", verdict.CheckDistribution); f.Level != verdict.Warn || !math.IsNaN(f.Q) || f.Effect < 0 {
		t.Errorf("%+v", f)
	}
	r = Compare(columns(ref), columns(cur), Options{})
	if f := find(t, r, "s", verdict.CheckDistribution); f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
}

func TestRankIsByLevelThenEffect(t *testing.T) {
	x := seq(0, 1000)
	r := Compare(
		viewOf(numberColumn("still", x, x), numberColumn("some", x, x), numberColumn("much", x, x)),
		viewOf(numberColumn("still", x, x), numberColumn("some", x, seq(150, 1000)), numberColumn("much", x, seq(600, 1000))), Options{})
	for i, f := range r.Findings {
		if f.Rank != int64(i+1) {
			t.Errorf("finding %d has rank %d", i, f.Rank)
		}
		if i > 0 {
			before := r.Findings[i-1]
			if verdict.Severity(before.Level) < verdict.Severity(f.Level) {
				t.Errorf("%s %s before %s %s", before.Subject, before.Level, f.Subject, f.Level)
			}
		}
	}
	if f := r.Findings[0]; f.Subject != "much" {
		t.Errorf("first is %s", f.Subject)
	}
}

func TestArgumentsAreUnchanged(t *testing.T) {
	x := seq(0, 100)
	ref, cur := viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, seq(5, 100)))
	before := slices.Clone(cur.Columns[0].Number.Open)
	edges := slices.Clone(ref.Columns[0].Number.Edges)
	Compare(ref, cur, Options{Now: time.Unix(0, 0)})
	if !slices.Equal(before, cur.Columns[0].Number.Open) || !slices.Equal(edges, ref.Columns[0].Number.Edges) {
		t.Error("a view was changed")
	}
}
