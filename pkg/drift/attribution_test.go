package drift

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// explainedRows are rows of contributions, each with how often it was seen first.
func explainedRows(rows ...[]float64) attribution.Rows {
	var s attribution.Rows
	for _, row := range rows {
		s.N = append(s.N, int64(row[0]))
		s.Values = append(s.Values, row[1:]...)
	}
	return s
}

// drawn makes n rows of three columns whose means are those, and a bias of 2.
func drawn(r *rand.Rand, n int, means ...float64) attribution.Rows {
	var s attribution.Rows
	for range n {
		shared := r.NormFloat64()
		for j, mean := range means {
			s.Values = append(s.Values, mean+shared+float64(j)*(r.ExpFloat64()-1))
		}
		s.Values, s.N = append(s.Values, 2), append(s.N, 1)
	}
	return s
}

func threeColumns(ref, cur attribution.Rows) *attribution.Explained {
	return &attribution.Explained{Columns: []string{"a1", "a2", "b1"}, Sources: []string{"a", "a", "b"}, Gains: []float64{1, 2, 5}, Logistic: true, Ref: ref, Cur: cur}
}

// The findings say why, and change nothing else in the report.
func TestContributionFindings(t *testing.T) {
	x := seq(0, 300)
	moved := make([]float64, 300)
	for i := range moved {
		moved[i] = x[i] + 150
	}
	ref, cur := viewOf(numberColumn("a", x, x), numberColumn("b", x, x)), viewOf(numberColumn("a", x, moved), numberColumn("b", x, x))
	without := Compare(ref, cur, Options{})
	r := rand.New(rand.NewPCG(3, 5))
	e := threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, 1, 1, -0.5))
	e.Gains = nil
	with := Compare(ref, cur, Options{Explained: e})
	if !reflect.DeepEqual(with.Run.Headline, without.Run.Headline) || with.Run.Level != without.Run.Level || with.Run.Features != without.Run.Features || with.Run.Drifted != without.Run.Drifted {
		t.Errorf("run %+v, without contributions %+v", with.Run, without.Run)
	}
	var others, sentences []string
	for i, f := range with.Findings {
		if f.Rank != int64(i+1) {
			t.Errorf("finding %d has rank %d", i, f.Rank)
		}
		if f.Check != verdict.CheckContribution {
			others = append(others, f.Subject+f.Check+f.Level)
			continue
		}
		sentences = append(sentences, f.Sentence)
		if f.Level != verdict.OK || f.Test != "treeshap" || f.Role != verdict.RoleFeature || f.Kind != "number" || f.EffectUnit != "log-odds" || f.NRef != 2000 || f.NCur != 2000 || !math.IsNaN(f.Threshold) {
			t.Errorf("%+v", f)
		}
		if want := map[string]string{"a": "up", "b": "down"}[f.Subject]; f.Direction != want {
			t.Errorf("%s: direction %s, want %s", f.Subject, f.Direction, want)
		}
	}
	var want []string
	for _, f := range without.Findings {
		want = append(want, f.Subject+f.Check+f.Level)
	}
	if !slices.Equal(others, want) {
		t.Errorf("other findings\n%v\nwant\n%v", others, want)
	}
	c := with.Contributions
	if len(sentences) != 2 || c[2].Share <= 1 ||
		sentences[0] != "a explains more than all: "+margin(c[2].Change)+", while the mean margin rose by "+words.Digits(c[0].Change, 2)+" log-odds (95 % interval "+margin(c[2].Lo)+" to "+margin(c[2].Hi)+")" ||
		sentences[1] != "b pulls the other way: "+margin(c[3].Change)+", while the mean margin rose by "+words.Digits(c[0].Change, 2)+" log-odds (95 % interval "+margin(c[3].Lo)+" to "+margin(c[3].Hi)+")" {
		t.Errorf("sentences %q", sentences)
	}
	if !math.IsNaN(c[2].Gain) {
		t.Errorf("a gain of %v, without any", c[2].Gain)
	}

	part := threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, -0.5, -0.5, -0.5))
	part.Sources[1] = "c"
	report := Compare(view.View{}, view.View{}, Options{Explained: part})
	c = report.Contributions
	f := find(t, report, "c", verdict.CheckContribution)
	at := 1 + slices.IndexFunc(c[1:], func(c verdict.Contribution) bool { return c.Feature == "c" })
	if want := "c explains " + margin(c[at].Change) + " of the " + margin(c[0].Change) + " log-odds by which the mean margin fell (95 % interval " + margin(c[at].Lo) + " to " + margin(c[at].Hi) + ")"; f.Sentence != want {
		t.Errorf("got %q, want %q", f.Sentence, want)
	}

	// Where the total may be 0, nothing explains it, and there are no shares.
	for _, c := range Compare(view.View{}, view.View{}, Options{K: -1, Explained: threeColumns(drawn(r, 500, 0, 0, 0), drawn(r, 500, 1, 1, -2))}).Contributions {
		if !math.IsNaN(c.Share) {
			t.Errorf("a share: %+v", c)
		}
	}
	// Of the change of 1.05, a brings 0.8 and b 0.2, but its interval holds 0; c brings
	// 0.05 for certain, too little.
	var noisy [2]attribution.Rows
	for side := range noisy {
		for range 400 {
			noise, moved := 3*r.NormFloat64(), float64(side)
			noisy[side].Values = append(noisy[side].Values, 0.8*moved+noise, 0.05*moved, 0.2*moved-noise, 2)
			noisy[side].N = append(noisy[side].N, 1)
		}
	}
	part = threeColumns(noisy[0], noisy[1])
	part.Sources[1] = "c"
	var told []string
	for _, f := range Compare(view.View{}, view.View{}, Options{Explained: part}).Findings {
		if f.Check == verdict.CheckContribution {
			told = append(told, f.Subject)
		}
	}
	if !slices.Equal(told, []string{"a"}) {
		t.Errorf("told of %q", told)
	}
	// Only the five largest are told.
	wide := &attribution.Explained{Ref: drawn(r, 400, times(8, 0.)...), Cur: drawn(r, 400, times(8, 9.)...)}
	for j := range 8 {
		wide.Columns, wide.Sources = append(wide.Columns, string(rune('a'+j))), append(wide.Sources, string(rune('a'+j)))
	}
	n := 0
	for _, f := range Compare(view.View{}, view.View{}, Options{Explained: wide}).Findings {
		if f.Check == verdict.CheckContribution {
			n++
			if f.EffectUnit != "margin" || strings.Contains(f.Sentence, "log-odds") {
				t.Errorf("not of a logistic model: %+v", f)
			}
		}
	}
	if n != 5 {
		t.Errorf("%d findings, want 5", n)
	}
}

// margin is a difference of margins with its sign, and two digits that count.
func margin(x float64) string {
	if x > 0 {
		return "+" + words.Digits(x, 2)
	}
	return words.Digits(x, 2)
}

func TestContributionsRefuse(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	good := func() *attribution.Explained { return threeColumns(drawn(r, 40, 0, 0, 0), drawn(r, 40, 0, 0, 0)) }
	least := drawn(r, 5, 0, 0, 0) // 30 rows, 5 of them distinct
	least.N[0] = 26
	if got := Compare(view.View{}, view.View{}, Options{Explained: threeColumns(least, least)}).Contributions; len(got) == 0 {
		t.Error("30 rows, 5 of them distinct, are too few")
	}
	few := explainedRows([]float64{20, 1, 2, 3, 4}, []float64{20, 2, 1, 3, 4})
	for _, c := range []struct {
		spoil func(e *attribution.Explained)
		want  string
	}{
		{func(e *attribution.Explained) { e.Cur = drawn(r, 29, 0, 0, 0) }, "29 rows on one side, too few to say which features moved it: it takes 30"},
		{func(e *attribution.Explained) { e.Ref = attribution.Rows{} }, "0 rows on one side, too few to say which features moved it: it takes 30"},
		{func(e *attribution.Explained) { e.Differ = 0.3 }, "the model at hand does not give the scores that were logged (30 % of rows differ), so what it makes of the features is not told"},
		{func(e *attribution.Explained) { e.Cur.All, e.Cur.N[0] = 1e6, 400 }, "few rows came so often that a sample does not tell which features moved it: keep all rows with --rows all"},
		{func(e *attribution.Explained) { e.Ref = few }, "2 distinct rows on one side, too few to show means of: it takes 5"},
		{func(e *attribution.Explained) { e.Ref.Values = e.Ref.Values[1:] }, "the contributions do not fit their rows"},
		{func(e *attribution.Explained) { e.Sources = e.Sources[1:] }, "the contributions do not fit their rows"},
		{func(e *attribution.Explained) { e.Gains = e.Gains[1:] }, "the contributions do not fit their rows"},
		{func(e *attribution.Explained) { e.Cur.N[3] = 0 }, "the contributions do not fit their rows"},
		{func(e *attribution.Explained) { *e = attribution.Explained{} }, "the contributions do not fit their rows"},
		{func(e *attribution.Explained) { e.Cur.Values[5] = math.Inf(1) }, "a contribution is no finite number"},
	} {
		e := good()
		c.spoil(e)
		report := Compare(view.View{}, view.View{}, Options{Explained: e})
		f := find(t, report, verdict.SubjectMargin, verdict.CheckContribution)
		if len(report.Contributions) > 0 || f.Level != verdict.Insufficient || f.Sentence != "(margin): "+c.want {
			t.Errorf("%d contributions, %+v, want %s", len(report.Contributions), f, c.want)
		}
	}
}

// Within a level the ranking is by effect over floor times importance: of ten
// columns with the PSI of verdict_test's alert, that which the model reads most
// comes first, one that it does not read last, and what is about no feature keeps
// its place at the mean importance.
func TestRankingByImportance(t *testing.T) {
	var ref, cur []view.Column
	for _, name := range []string{"f0", "f1", "f2", "unread"} {
		ref, cur = append(ref, binary(name, 500)), append(cur, binary(name, 200))
	}
	// A score with the same effect.
	score := func(a int) view.Column { c := binary("label", a); c.Role = "label"; return c }
	ref, cur = append(ref, score(500)), append(cur, score(200))
	for _, o := range []Options{
		{Importance: map[string]float64{"f0": 0.1, "f1": 0.6, "f2": 0.3}, Explained: &attribution.Explained{Columns: []string{"a"}, Sources: []string{"f0"}, Gains: []float64{1}}},
		{Explained: &attribution.Explained{Columns: []string{"a", "b", "c", "d"}, Sources: []string{"f1", "f0", "f1", "f2"}, Gains: []float64{2, 1, 4, 3}}},
	} {
		var order []string
		for _, f := range Compare(viewOf(ref...), viewOf(cur...), o).Findings {
			if f.Check == verdict.CheckDistribution {
				if f.Level != verdict.Alert {
					t.Errorf("%s is %s", f.Subject, f.Level)
				}
				order = append(order, f.Subject)
			}
		}
		// Times three features: f0 0.3, f1 1.8, f2 0.9, the label 1, unread 0.
		if want := []string{"f1", "label", "f2", "f0", "unread"}; !slices.Equal(order, want) {
			t.Errorf("order %q, want %q", order, want)
		}
	}
	// No importance lifts a warning over an alert.
	cur[0] = binary("f0", 320)
	r := Compare(viewOf(ref...), viewOf(cur...), Options{Importance: map[string]float64{"f0": 1, "f1": 0, "f2": 0}})
	if a, b := find(t, r, "f0", verdict.CheckDistribution), find(t, r, "unread", verdict.CheckDistribution); a.Level != verdict.Warn || a.Rank < b.Rank {
		t.Errorf("%s at %s has rank %d, %s at %s rank %d", a.Subject, a.Level, a.Rank, b.Subject, b.Level, b.Rank)
	}
}

// Of a score whose mean rose by 0.1 a feature's share of the margin's change is that
// share of it, and the headline says which one explains it. Without scores it is unknown.
func TestSharesOfTheScore(t *testing.T) {
	x := seq(0, 300)
	var before, after []float64
	for _, v := range x {
		before, after = append(before, 0.2+v/1000), append(after, 0.3+v/1000)
	}
	r := rand.New(rand.NewPCG(3, 5))
	e := threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, 1, 1, 0.01))
	side := func(scored bool, score []float64) view.View {
		if !scored {
			return viewOf(numberColumn("a", x, x))
		}
		return viewOf(as(table.Score, numberColumn("score", before, score)), numberColumn("a", x, x))
	}
	for _, scored := range []bool{true, false} {
		got := Compare(side(scored, before), side(scored, after), Options{Explained: e})
		for _, k := range got.Contributions {
			known := scored && k.Kind == "feature"
			if math.IsNaN(k.InScore) == known || known && !(math.Abs(k.InScore-0.1*k.Share) < 1e-3) {
				t.Errorf("%+v", k)
			}
		}
		if said := strings.Contains(got.Run.Headline, "on average, and a explains nearly all of it"); said != scored {
			t.Errorf("%q", got.Run.Headline)
		}
	}
}
