package attribution

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// explainedRows are rows of contributions, each with how often it was seen first.
func explainedRows(rows ...[]float64) Rows {
	var s Rows
	for _, row := range rows {
		s.N = append(s.N, int64(row[0]))
		s.Values = append(s.Values, row[1:]...)
	}
	return s
}

// drawn makes n rows of three columns whose means are those, and a bias of 2.
func drawn(r *rand.Rand, n int, means ...float64) Rows {
	var s Rows
	for range n {
		shared := r.NormFloat64()
		for j, mean := range means {
			s.Values = append(s.Values, mean+shared+float64(j)*(r.ExpFloat64()-1))
		}
		s.Values, s.N = append(s.Values, 2), append(s.N, 1)
	}
	return s
}

func threeColumns(ref, cur Rows) *Explained {
	return &Explained{Columns: []string{"a1", "a2", "b1"}, Sources: []string{"a", "a", "b"}, Gains: []float64{1, 2, 5}, Logistic: true, Ref: ref, Cur: cur}
}

func contributionsOf(e *Explained) []verdict.Contribution {
	return Attribute(e, 1).Contributions
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
	mean := func(s *Rows) float64 {
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
	before := threeColumns(Rows{slices.Clone(ref.Values), slices.Clone(ref.N), 0}, Rows{slices.Clone(cur.Values), slices.Clone(cur.N), 0})
	want := contributionsOf(e)
	if !reflect.DeepEqual(e, before) {
		t.Error("the rows were changed")
	}
	repeated := func(s Rows) Rows {
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
			for _, x := range []*float64{&c.Share, &c.InScore, &c.Gain} {
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
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
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
	variance := func(s *Rows) float64 {
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
		side := []*Rows{&e.Ref, &e.Cur}[i]
		for k := range side.N {
			side.Values[4*k+2] = 0
		}
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("features %q, where %d sides have zeros alone", got, i+1)
		}
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
		Attribute(e, 5)
	}
}
