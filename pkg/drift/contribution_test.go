package drift

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// explainedRows are rows of contributions, each with how often it was seen first.
func explainedRows(rows ...[]float64) ExplainedRows {
	var s ExplainedRows
	for _, row := range rows {
		s.N = append(s.N, int64(row[0]))
		s.Values = append(s.Values, row[1:]...)
	}
	return s
}

// drawn makes n rows of three columns whose means are those, and a bias of 2.
func drawn(r *rand.Rand, n int, means ...float64) ExplainedRows {
	var s ExplainedRows
	for range n {
		shared := r.NormFloat64()
		for j, mean := range means {
			s.Values = append(s.Values, mean+shared+float64(j)*(r.ExpFloat64()-1))
		}
		s.Values, s.N = append(s.Values, 2), append(s.N, 1)
	}
	return s
}

func threeColumns(ref, cur ExplainedRows) *Explained {
	return &Explained{Columns: []string{"a1", "a2", "b1"}, Sources: []string{"a", "a", "b"}, Gains: []float64{1, 2, 5}, Logistic: true, Ref: ref, Cur: cur}
}

func contributionsOf(e *Explained) []verdict.Contribution {
	return Compare(view.View{}, view.View{}, Options{K: -1, Explained: e}).Contributions
}

// Counted by hand: means of 0.3, 0 and 0.1 in the reference's 40 rows (20 of each)
// and of 0.8, 0.1 and 0.1 now (30 and 10).
func TestContributionsByHand(t *testing.T) {
	e := threeColumns(
		explainedRows([]float64{20, 0.2, -0.1, 0.2, -1}, []float64{20, 0.4, 0.1, 0, -1}),
		explainedRows([]float64{30, 1, 0.1, 0.1, -1}, []float64{10, 0.2, 0.1, 0.1, -1}))
	nan := math.NaN()
	want := []verdict.Contribution{
		{Kind: "total", Ref: -0.6, Cur: 0, Change: 0.6, Share: 1, Gain: nan},
		{Kind: "bias", Ref: -1, Cur: -1, Share: 0, Gain: nan},
		{Kind: "feature", Feature: "a", Ref: 0.3, Cur: 0.9, Change: 0.6, Share: 1, Gain: 3. / 8, Rank: 1},
		{Kind: "feature", Feature: "b", Ref: 0.1, Cur: 0.1, Gain: 5. / 8, Rank: 2},
		{Kind: "column", Feature: "a", Column: "a1", Ref: 0.3, Cur: 0.8, Change: 0.5, Share: 5. / 6, Gain: 1. / 8},
		{Kind: "column", Feature: "a", Column: "a2", Ref: 0, Cur: 0.1, Change: 0.1, Share: 1. / 6, Gain: 2. / 8},
		{Kind: "column", Feature: "b", Column: "b1", Ref: 0.1, Cur: 0.1, Gain: 5. / 8},
	}
	got := contributionsOf(e)
	if len(got) != len(want) {
		t.Fatalf("%d contributions, want %d", len(got), len(want))
	}
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12 || a != a && b != b }
	for i, w := range want {
		g := got[i]
		if g.Kind != w.Kind || g.Feature != w.Feature || g.Column != w.Column || g.Rank != w.Rank || g.NRef != 40 || g.NCur != 40 ||
			!same(g.Ref, w.Ref) || !same(g.Cur, w.Cur) || !same(g.Change, w.Change) || !same(g.Share, w.Share) || !same(g.Gain, w.Gain) {
			t.Errorf("got %+v, want %+v", g, w)
		}
		if !(g.Lo <= g.Change+1e-12 && g.Change <= g.Hi+1e-12) {
			t.Errorf("%s %s: %v is outside %v to %v", g.Kind, g.Column, g.Change, g.Lo, g.Hi)
		}
	}
	if b := got[1]; b.Change != 0 || b.Lo != 0 || b.Hi != 0 {
		t.Errorf("the bias has changed: %+v", b)
	}
}

// The changes of the columns, and those of the features, sum to that of the mean
// margin.
func TestContributionsSum(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	e := threeColumns(drawn(r, 500, 0, 1, 2), drawn(r, 300, 0.5, 1, 1))
	mean := func(s *ExplainedRows) float64 {
		sum := 0.0
		for _, v := range s.Values {
			sum += v / float64(len(s.N))
		}
		return sum
	}
	margin := mean(&e.Cur) - mean(&e.Ref)
	sums := map[string]float64{}
	for _, c := range contributionsOf(e) {
		sums[c.Kind] += c.Change
		if math.Abs(c.Cur-c.Ref-c.Change) > 1e-12 {
			t.Errorf("%+v", c)
		}
	}
	for _, kind := range []string{"total", "feature", "column"} {
		if !(math.Abs(sums[kind]-margin) <= 1e-9) {
			t.Errorf("%s: %v, the mean margin changed by %v", kind, sums[kind], margin)
		}
	}
}

// Neither the order of the rows nor whether equal ones are counted or repeated
// changes a digit, and nothing that was given is changed.
func TestContributionsOfTheSameRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	ref, cur := drawn(r, 60, 0, 1, 2), drawn(r, 50, 0.2, 1, 2)
	for i := range ref.N {
		ref.N[i] = int64(1 + i%3)
	}
	cur.N[7] = 90
	e := threeColumns(ref, cur)
	before := threeColumns(ExplainedRows{slices.Clone(ref.Values), slices.Clone(ref.N), 0}, ExplainedRows{slices.Clone(cur.Values), slices.Clone(cur.N), 0})
	want := contributionsOf(e)
	if !reflect.DeepEqual(e, before) {
		t.Error("the rows were changed")
	}
	repeated := func(s ExplainedRows) ExplainedRows {
		var rows [][]float64
		for i, n := range s.N {
			for range n {
				rows = append(rows, append([]float64{1}, s.Values[4*i:4*i+4]...))
			}
		}
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		return explainedRows(rows...)
	}
	got := contributionsOf(threeColumns(repeated(ref), repeated(cur)))
	for i := range want {
		// NaN is not itself.
		for _, c := range []*verdict.Contribution{&want[i], &got[i]} {
			for _, x := range []*float64{&c.Share, &c.Gain} {
				if math.IsNaN(*x) {
					*x = -99
				}
			}
		}
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

// Of 250 pairs of samples some 95 % have intervals that hold the true change,
// whether it is 0 or not: of a total, of columns that go together, and of skewed
// ones. Binomial(250, 0.94), a little being left to the bootstrap of 90 skewed rows,
// is below 223 or above 246 once in 1,000 each.
func TestContributionIntervalsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	const trials = 250
	truth := []float64{0, 0.3, -0.2, 0.1} // total is the sum of the columns'
	truth[0] = truth[1] + truth[2] + truth[3]
	for _, drift := range []float64{0, 1} {
		held := make([]int, 4)
		for range trials {
			ref := drawn(r, 120, 0, 0, 0)
			cur := drawn(r, 90, drift*truth[1], drift*truth[2], drift*truth[3])
			samples := resample(&ref, &cur, 4)
			for k, of := range [][]int{{0, 1, 2, 3}, {0}, {1}, {2}} {
				if lo, hi := samples.interval(of); lo <= drift*truth[k] && drift*truth[k] <= hi {
					held[k]++
				}
			}
		}
		for k, n := range held {
			if n < 223 || n > 246 {
				t.Errorf("drift %v, interval %d holds the truth %d times of %d", drift, k, n, trials)
			}
		}
	}
}

// The spread of the draws is the standard error: of n rows with the variance v on
// a side, the root of the sum of v/n.
func TestDrawsHaveTheStandardError(t *testing.T) {
	ref := explainedRows([]float64{100, 0}, []float64{100, 2}) // v = 1, n = 200
	cur := explainedRows([]float64{1, 0}, []float64{3, 4})     // v = 3, n = 4
	for n := range 80 {                                        // and 80 rows more: v = 3·4/84 of 84 rows at 4, 0
		cur.Values, cur.N = append(cur.Values, 4+float64(n%2)), append(cur.N, 1)
	}
	variance := func(s *ExplainedRows) float64 {
		mean, sum := s.means(1)[0], 0.0
		for i, v := range s.Values {
			sum += float64(s.N[i]) * (v - mean) * (v - mean)
		}
		return sum / float64(s.rows()) / float64(s.rows())
	}
	want := math.Sqrt(variance(&ref) + variance(&cur))
	center := cur.means(1)[0] - ref.means(1)[0]
	got := 0.0
	distinct := map[float64]bool{}
	for _, draw := range resample(&ref, &cur, 1) {
		got += (draw[0] - center) * (draw[0] - center)
		distinct[draw[0]] = true
	}
	got = math.Sqrt(got / draws)
	if len(distinct) < draws*9/10 {
		t.Errorf("%d of %d draws are different", len(distinct), draws)
	}
	// The standard deviation of 1,000 draws is off by 2.2 %, twice in three times.
	if !(math.Abs(got-want) <= 0.08*want) {
		t.Errorf("standard error %v, want %v", got, want)
	}
}

// A column may vary on one side alone.
func TestDrawsOfOneSide(t *testing.T) {
	constant, varies := explainedRows([]float64{50, 3}), explainedRows([]float64{25, 2}, []float64{25, 4})
	for i, samples := range []resampled{resample(&constant, &varies, 1), resample(&varies, &constant, 1)} {
		// The standard error is 1/√50 = 0.14: an interval of some -0.28 to 0.28.
		if lo, hi := samples.interval([]int{0}); !(lo > -0.4 && lo < -0.2 && hi > 0.2 && hi < 0.4) {
			t.Errorf("side %d: %v to %v", i, lo, hi)
		}
	}
	if lo, hi := resample(&constant, &constant, 1).interval([]int{0}); lo != 0 || hi != 0 {
		t.Errorf("no side: %v to %v", lo, hi)
	}
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
	for _, c := range contributionsOf(threeColumns(drawn(r, 500, 0, 0, 0), drawn(r, 500, 1, 1, -2))) {
		if !math.IsNaN(c.Share) {
			t.Errorf("a share: %+v", c)
		}
	}
	// Of the change of 1.05, a brings 0.8 and b 0.2, but its interval holds 0; c brings
	// 0.05 for certain, too little.
	var noisy [2]ExplainedRows
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
	wide := &Explained{Ref: drawn(r, 400, times(8, 0.)...), Cur: drawn(r, 400, times(8, 9.)...)}
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
	if n != mostExplained {
		t.Errorf("%d findings, want %d", n, mostExplained)
	}
}

func TestMarginWords(t *testing.T) {
	for x, want := range map[float64]string{0.2134: "+0.21", -0.019336: "−0.019", 1.5: "+1.5", 0: "0", 12.34: "+12"} {
		if got := margin(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}

// A column that no raw field makes is kept apart, so that the sums still hold.
func TestContributionsOfNoField(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 6))
	e := threeColumns(drawn(r, 100, 0, 0, 0), drawn(r, 100, 0, 0, 0))
	e.Sources[2] = ""
	names := func() (out []string) {
		for _, c := range contributionsOf(e) {
			if c.Kind == "feature" {
				out = append(out, c.Feature)
			}
		}
		slices.Sort(out)
		return out
	}
	if got := names(); !slices.Equal(got, []string{"(none)", "a"}) {
		t.Errorf("features %q", got)
	}
	for i, want := range [][]string{{"(none)", "a"}, {"a"}} {
		side := []*ExplainedRows{&e.Ref, &e.Cur}[i]
		for k := range side.N {
			side.Values[4*k+2] = 0
		}
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("features %q, where %d sides have zeros alone", got, i+1)
		}
	}
}

func TestContributionsRefuse(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	good := func() *Explained { return threeColumns(drawn(r, 40, 0, 0, 0), drawn(r, 40, 0, 0, 0)) }
	least := drawn(r, 5, 0, 0, 0) // 30 rows, 5 of them distinct
	least.N[0] = 26
	if got := Compare(view.View{}, view.View{}, Options{Explained: threeColumns(least, least)}).Contributions; len(got) == 0 {
		t.Error("30 rows, 5 of them distinct, are too few")
	}
	few := explainedRows([]float64{20, 1, 2, 3, 4}, []float64{20, 2, 1, 3, 4})
	for _, c := range []struct {
		spoil func(e *Explained)
		want  string
	}{
		{func(e *Explained) { e.Cur = drawn(r, 29, 0, 0, 0) }, "29 rows on one side, too few to say which features moved it: it takes 30"},
		{func(e *Explained) { e.Ref = ExplainedRows{} }, "0 rows on one side, too few to say which features moved it: it takes 30"},
		{func(e *Explained) { e.Doubt = "another model" }, "another model"},
		{func(e *Explained) { e.Cur.All, e.Cur.N[0] = 1e6, 400 }, "few rows came so often that a sample does not tell which features moved it: keep all rows with --rows all"},
		{func(e *Explained) { e.Ref = few }, "2 distinct rows on one side, too few to show means of: it takes 5"},
		{func(e *Explained) { e.Ref.Values = e.Ref.Values[1:] }, "the contributions do not fit their rows"},
		{func(e *Explained) { e.Sources = e.Sources[1:] }, "the contributions do not fit their rows"},
		{func(e *Explained) { e.Gains = e.Gains[1:] }, "the contributions do not fit their rows"},
		{func(e *Explained) { e.Cur.N[3] = 0 }, "the contributions do not fit their rows"},
		{func(e *Explained) { *e = Explained{} }, "the contributions do not fit their rows"},
		{func(e *Explained) { e.Cur.Values[5] = math.Inf(1) }, "a contribution is no finite number"},
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
		{Importance: map[string]float64{"f0": 0.1, "f1": 0.6, "f2": 0.3}, Explained: &Explained{Columns: []string{"a"}, Sources: []string{"f0"}, Gains: []float64{1}}},
		{Explained: &Explained{Columns: []string{"a", "b", "c", "d"}, Sources: []string{"f1", "f0", "f1", "f2"}, Gains: []float64{2, 1, 4, 3}}},
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

// The default sample: 2,048 rows a side, 47 columns.
func BenchmarkContributions(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 8))
	e := &Explained{Ref: drawn(r, 2048, make([]float64, 47)...), Cur: drawn(r, 2048, make([]float64, 47)...)}
	for j := range 47 {
		e.Columns, e.Sources = append(e.Columns, string(rune('a'+j))), append(e.Sources, string(rune('a'+j/3)))
	}
	b.ReportAllocs()
	for b.Loop() {
		Compare(view.View{}, view.View{}, Options{Explained: e})
	}
}
