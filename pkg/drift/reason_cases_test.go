package drift

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/drift/skew"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// ReasonCases are the findings of comparisons that together have every reason
// that this package gives.
func ReasonCases() []verdict.Finding {
	var out []verdict.Finding
	compare := func(ref, cur view.View, o Options) {
		out = append(out, Compare(ref, cur, o).Findings...)
	}
	ref, cur := everyCheck()
	compare(ref, cur, Options{})
	odd := n300()
	odd.Columns = append(odd.Columns, view.Column{Name: "odd", Role: table.Feature, Rows: 300, Missing: 299, New: true})
	compare(n300(), odd, Options{})
	numberCases(compare)
	categoryCases(compare)
	rowCases(compare)
	brokenCases(compare)
	evidentlyCaseViews(compare)
	pairCases(compare)
	serviceCases(compare)
	skewCases(compare)
	versionCases(compare)
	compare(n300(), n300(), Options{Encoded: &Encoded{Reference: true, Lost: []string{"plan_free", "plan_pro", "source_ad", "source_web"}, Found: []string{"plan", "source"}}})
	compare(n300(), n300(), Options{Left: []Left{{Log: "predictions", Lines: 450, Bad: 150, Reason: "score: want a number"}}})
	classifierCases(compare)
	attributionCases(compare)
	// All rows of three customers, who are each in one class.
	hanging := n300()
	c := &hanging.Columns[0]
	c.Clusters = make(view.Clusters, 13)
	for k := range c.Clusters {
		c.Clusters[k] = make([]int64, view.Buckets)
	}
	c.Clusters[1][7], c.Clusters[5][80], c.Clusters[9][200] = 100, 100, 100
	hanging.EntityCount = 3
	compare(n300(), hanging, Options{})
	return out
}

type comparer func(ref, cur view.View, o Options)

func n300() view.View { return viewOf(numberColumn("salary", seq(0, 300), seq(0, 300))) }

func numberCases(compare comparer) {
	nan := math.NaN()
	x := seq(0, 300)
	n := func(name string, values []float64) view.View { return viewOf(numberColumn(name, x, values)) }
	scaled := func(by float64) []float64 {
		out := slices.Clone(x)
		for i := range out {
			out[i] = 150 + (out[i]-150)*by
		}
		return out
	}
	compare(n("salary", x), n("salary", x), Options{})
	compare(n("salary", x), n("salary", scaled(0.99)), Options{})
	compare(n("salary", x), n("salary", scaled(2)), Options{})
	compare(n("salary", x), n("salary", scaled(0.4)), Options{})
	compare(n("salary", x), n("salary", seq(100, 300)), Options{})
	compare(n("salary", x), n("salary", seq(100, 300)), Options{K: 1000})
	compare(n("salary", x), n("salary", seq(0, 20)), Options{Policy: policy.Calibrated})
	few := make([]float64, 20)
	for i := range few {
		few[i] = float64(15*i + 3)
	}
	compare(n("salary", x), n("salary", few), Options{})
	// Deciles that take turns in having more and fewer rows: a PSI of 0.15, and
	// two distribution functions that hardly part.
	var uneven []float64
	for i := range 10 {
		many := 57 - 34*(i%2)
		for k := range many {
			uneven = append(uneven, 40*float64(i)+40*float64(k)/float64(many))
		}
	}
	even := seq(0, 400)
	compare(viewOf(numberColumn("salary", even, even)), viewOf(numberColumn("salary", even, uneven)), Options{})
	compare(n("salary", x), n("salary", times(300, nan)), Options{})
	compare(n("salary", times(300, nan)), n("salary", x), Options{})
	compare(n("salary", times(300, nan)), n("salary", times(300, nan)), Options{})

	score := func(v []float64) view.Column { return as(table.Score, numberColumn("score", x, v)) }
	compare(viewOf(score(times(300, nan))), viewOf(score(x)), Options{})
	unscored := score(times(300, nan))
	unscored.Vanished = true
	compare(viewOf(score(x)), viewOf(unscored), Options{})
	trained := score(x)
	trained.InSample = true
	compare(viewOf(trained), viewOf(score(x)), Options{})

	// Many rows: a difference beyond chance that is too small.
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func(rows int, shift float64) []float64 {
		out := make([]float64, rows)
		for i := range out {
			out[i] = math.Round((rng.NormFloat64()+shift)*1000) / 1000
		}
		return out
	}
	many := draw(5000, 0)
	compare(viewOf(numberColumn("age", many, many)), viewOf(numberColumn("age", many, draw(5000, 0.15))), Options{})
}

func categoryCases(compare comparer) {
	c := func(values ...string) view.View { return viewOf(categoryColumn("size", c300(), values)) }
	compare(c(c300()...), c(append(times(250, "a"), times(50, "b")...)...), Options{})
	compare(c(c300()...), c(append(times(150, "a"), times(150, "huge")...)...), Options{})
	// One of two columns differs by a PSI of 0.1, with a p of 0.015.
	half := append(times(45, "a"), times(45, "b")...)
	same := categoryColumn("type", half, half)
	compare(viewOf(categoryColumn("size", half, half), same), viewOf(categoryColumn("size", half, append(times(61, "a"), times(29, "b")...)), same), Options{})
	var rare, others []string
	for i := range 12 {
		rare, others = append(rare, string(rune('a'+i))), append(others, string(rune('A'+i)))
	}
	compare(viewOf(categoryColumn("code", rare, rare)), viewOf(categoryColumn("code", rare, others)), Options{})
}

func c300() []string { return append(times(150, "a"), times(150, "b")...) }

func rowCases(compare comparer) {
	nan := math.NaN()
	x := seq(0, 300)
	with := func(missing int) view.View {
		return viewOf(numberColumn("age", x, append(seq(0, 300-missing), times(missing, nan)...)))
	}
	compare(with(3), with(4), Options{})
	compare(with(3), with(100), Options{})
	compare(with(100), with(3), Options{})
	compare(with(3), with(300), Options{})
	compare(with(300), with(300), Options{})
	compare(view.View{}, view.View{}, Options{})
	compare(viewOf(numberColumn("age", x, nil)), with(0), Options{})
	compare(with(30), viewOf(numberColumn("age", x, append(seq(0, 8), nan))), Options{})
	one := viewOf(numberColumn("age", times(300, 7.0), times(300, 7.0)))
	compare(one, one, Options{})
	compare(with(0), viewOf(numberColumn("age", x, times(300, 7.0))), Options{})

	// The only column that the log lacks, with two values in every row.
	outcome := func(v []string) view.Column { return categoryColumn("hired", c300(), v) }
	gone := outcome(times(300, ""))
	gone.Vanished, gone.Absent = true, 300
	compare(viewOf(numberColumn("age", x, x), outcome(c300())), viewOf(numberColumn("age", x, x), gone), Options{})
	compare(viewOf(numberColumn("age", x, x)), viewOf(numberColumn("name", x, x)), Options{})

	again := func(duplicates int64) view.View {
		v := with(0)
		v.Inputs, v.Lines = repeated(300, duplicates), repeated(300, duplicates)
		return v
	}
	compare(again(0), again(0), Options{})
	compare(again(1), again(100), Options{})
	compare(with(0), again(100), Options{})
	compare(again(1), again(400), Options{})
}

// brokenCases are views that no profile gives.
func brokenCases(compare comparer) {
	x := seq(0, 300)
	side := func(breaks func(c *view.Column)) view.View {
		c := numberColumn("age", x, x)
		breaks(&c)
		return viewOf(c)
	}
	whole := func(*view.Column) {}
	compare(side(whole), viewOf(categoryColumn("age", c300(), c300())), Options{})
	compare(side(whole), side(func(c *view.Column) { c.Number.At = c.Number.At[1:] }), Options{})
	compare(side(whole), viewOf(numberColumn("age", seq(1, 300), x)), Options{})
	compare(side(func(c *view.Column) { c.Number.Bins = []float64{0.5} }), side(whole), Options{})
	compare(side(func(c *view.Column) { c.Missing = -5 }), side(func(c *view.Column) { c.Missing = 400 }), Options{})
	compare(side(func(c *view.Column) { c.Number = nil }), side(func(c *view.Column) { c.Number = nil }), Options{})
	compare(side(func(c *view.Column) { c.TypeErrors = 400 }), side(whole), Options{})
}

func evidentlyCaseViews(compare comparer) {
	o := Options{Policy: policy.Evidently}
	x := seq(0, 300)
	n := func(breaks func(c *view.Column)) view.View {
		c := numberColumn("age", x, x)
		breaks(&c)
		return viewOf(c)
	}
	whole := func(*view.Column) {}
	compare(n(whole), viewOf(numberColumn("age", x, seq(100, 300))), o)
	compare(n(whole), n(func(c *view.Column) { c.TypeErrors = 3 }), o)
	compare(n(func(c *view.Column) { c.TypeErrors = 3 }), n(whole), o)
	compare(n(whole), n(func(c *view.Column) {
		c.Number.Values = func() ([]float64, []int64, bool) { return nil, nil, false }
	}), o)
	text := view.Column{Name: "notes", Role: table.Feature, Kind: view.TextKind, Rows: 300, Derived: []view.Column{numberColumn("notes (length)", x, x)}}
	compare(viewOf(text), viewOf(text), o)
	var distinct []string
	for i := range 30 {
		distinct = append(distinct, string(rune('a'+i)))
	}
	names := viewOf(categoryColumn("name", distinct, distinct))
	compare(names, names, o)
	truths := viewOf(categoryColumn("known", []string{"true", "false"}, append(append(times(20, "true"), times(20, "false")...), "")))
	compare(truths, truths, o)
	words := viewOf(categoryColumn("code", []string{"a"}, times(9, "a")))
	o.Evidently = evidently.Options{Columns: map[string]evidently.Column{"code": {Type: "num"}}}
	compare(words, words, o)
	o.Evidently = evidently.Options{All: evidently.Rule{Test: "ks"}}
	compare(words, words, o)
	o.Evidently = evidently.Options{All: evidently.Rule{Test: "fisher_exact"}}
	three := viewOf(categoryColumn("code", []string{"a", "b", "c"}, append(times(9, "a"), append(times(9, "b"), times(9, "c")...)...)))
	compare(three, three, o)
}

func pairCases(compare comparer) {
	pair := func(r float64, n int64) view.View {
		return view.View{Rows: n, Pairs: []view.Pair{{A: "age", B: "salary", N: n, Normal: r, Pearson: r, Spread: (1 - r*r) * (1 - r*r)}}}
	}
	compare(pair(0.6, 303), pair(0, 1000), Options{})
	compare(pair(0, 303), pair(0.6, 1000), Options{})
	compare(pair(0.6, 303), pair(0.58, 1000), Options{})
	compare(pair(0.6, 30), pair(0.5, 30), Options{})
}

func serviceCases(compare comparer) {
	limits := serving.Limits{P95MS: 50, SuccessRate: 0.98, MinRows: 100}
	v := view.View{Rows: 100, Inference: durations(100, 20), Traffic: []view.Traffic{total(1000, 985)}}
	compare(view.View{}, v, Options{Limits: limits})
	compare(view.View{}, v, Options{Limits: serving.Limits{P95MS: 15, SuccessRate: 0.999, MinRows: 200}})
	compare(view.View{}, v, Options{})
	v.Inference = view.Latency{N: 50, Min: 1, Max: 408, Buckets: []view.Bucket{{Lo: 1, Hi: 2, Count: 47}, {Lo: 400, Hi: 408, Count: 3}}}
	compare(view.View{}, v, Options{Limits: limits})
	v.Inference = durations(5, 20)
	compare(view.View{}, v, Options{Limits: limits})
	compare(view.View{}, afterAWeek(1000, 20, 995), Options{Period: day})
	compare(view.View{}, afterAWeek(1000, 200, 500), Options{Period: day})
	none := afterAWeek(1000, 20, 995)
	none.Rows = 0
	compare(view.View{}, none, Options{Period: day})
	compare(view.View{}, view.View{Rows: 300, First: monday, Last: monday.Add(day)}, Options{Strays: 1, Now: monday.Add(9 * day), NowGiven: true})
}

func skewCases(compare comparer) {
	for _, r := range []skew.Result{
		{Rows: 100, Median: math.NaN(), Most: math.NaN()},
		{Rows: 1200, Differ: 60, Median: 0.3, Most: 0.31, First: monday, Unread: 2, Others: 40, Version: "8"},
		{Unjudged: verdict.ReasonTooFewRows},
	} {
		compare(view.View{}, view.View{}, Options{Skew: &r})
	}
}

// versionCases are two versions of 300 rows each that score alike, otherwise, otherwise
// given other rows, and one that takes three times as long.
func versionCases(compare comparer) {
	x, few := seq(0, 300), seq(0, 12)
	rows := func(score, age []float64, ms float64) view.View {
		v := viewOf(as(table.Score, numberColumn("score", x, score)), numberColumn("age", x, age))
		v.Inference = durations(100, ms)
		return v
	}
	higher := seq(150, 300)
	for _, second := range []view.View{rows(x, x, 60), rows(higher, x, 20), rows(higher, higher, 20), rows(few, few, 20)} {
		ref, first := rows(x, x, 20), rows(x, x, 20)
		parts := []view.Part{{Name: "7", RefRows: 300, CurRows: 300, Ref: ref, Cur: first}, {Name: "8", RefRows: 300, CurRows: second.Rows, Ref: ref, Cur: second}}
		compare(ref, rows(append(x, x...), append(x, x...), 20), Options{Limits: serving.Limits{MinRows: 10}, Versions: view.Versions{
			Against: view.Split{Column: view.VersionColumn, Whole: true, RefRows: 300, CurRows: 600, Parts: parts},
			Between: view.Split{Column: view.VersionColumn, RefRows: 300, CurRows: 300, Parts: []view.Part{{Name: "8", RefRows: 300, CurRows: second.Rows, Ref: first, Cur: second}}},
			Most:    "7",
		}})
	}
}

func classifierCases(compare comparer) {
	rng := rand.New(rand.NewPCG(7, 8))
	ref, cur := few.draw(rng, 300), few.draw(rng, 300)
	compare(ref.sampled(ref), cur.sampled(ref), Options{})
	loud := few.draw(rng, 300)
	for i := range loud.numbers[1] {
		loud.numbers[1][i] *= 6
	}
	compare(ref.sampled(ref), loud.sampled(ref), Options{})
	compare(ref.sampled(ref), few.draw(rng, 10).sampled(ref), Options{})
	small, other := few.draw(rng, 60), few.draw(rng, 60)
	compare(small.sampled(small), other.sampled(small), Options{})
	before, after := leads.draw(rng, 303), leads.draw(rng, 500)
	a, b := turned(rng, before, 0.8), turned(rng, after, -0.8)
	compare(a.sampled(a), b.sampled(a), Options{})
	repeated := cur.sampled(ref)
	repeated.Sample = slices.Clone(repeated.Sample[:60])
	for i := range repeated.Sample {
		repeated.Sample[i].N = 20
	}
	repeated.Rows = 10_000
	compare(ref.sampled(ref), repeated, Options{})
	constant := viewOf(numberColumn("age", times(60, 1.0), times(60, 1.0)))
	constant.Names = []string{"age"}
	for range 60 {
		constant.Sample = append(constant.Sample, view.Row{N: 1, Cells: []view.Cell{{Num: 1}}})
	}
	compare(constant, constant, Options{})
}

func attributionCases(compare comparer) {
	r := rand.New(rand.NewPCG(3, 5))
	explained := func(e *attribution.Explained) { compare(view.View{}, view.View{}, Options{Explained: e}) }
	explained(threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, 1, 1, -0.5)))
	own := threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, 0, 0, 0))
	own.Gap = 0.7
	explained(own)
	part := threeColumns(drawn(r, 2000, 0, 0, 0), drawn(r, 2000, -0.5, -0.5, -0.5))
	part.Sources[1] = "c"
	explained(part)
	fair := func() *attribution.Explained { return threeColumns(drawn(r, 60, 0, 0, 0), drawn(r, 60, 0, 0, 0)) }
	e := fair()
	e.Columns = e.Columns[1:]
	explained(e)
	explained(threeColumns(drawn(r, 3, 0, 0, 0), drawn(r, 3, 0, 0, 0)))
	e = fair()
	e.Differ = 1
	explained(e)
	e = fair()
	e.Cur.Values[0] = math.NaN()
	explained(e)
	e = fair()
	for i := range e.Cur.N {
		e.Cur.N[i] = 1 + int64(i%2)*200
	}
	e.Cur.All = 1e6
	explained(e)
	e = fair()
	e.Cur.Values, e.Cur.N = e.Cur.Values[:8], []int64{30, 30}
	explained(e)
}
