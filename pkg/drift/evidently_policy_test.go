package drift

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An integer column with 14 codes is numeric to Evidently, unless it is told otherwise.
func TestEvidentlyTypeIsForced(t *testing.T) {
	codes := make([]float64, 300)
	for i := range codes {
		codes[i] = float64(i % 14)
	}
	side := viewOf(numberColumn("code", codes, codes))
	if f := find(t, Compare(side, side, Options{Policy: policy.Evidently}), "code", verdict.CheckDistribution); f.Test != "ks" || f.Level != verdict.OK {
		t.Errorf("%+v", f)
	}
	o := evidently.Options{Columns: map[string]evidently.Column{"code": {Type: "cat"}}}
	if f := find(t, Compare(side, side, Options{Policy: policy.Evidently, Evidently: o}), "code", verdict.CheckDistribution); f.Test != "chisquare" || f.P != 1 {
		t.Errorf("%+v", f)
	}
	words := viewOf(categoryColumn("code", []string{"a"}, times(9, "a")))
	o.Columns["code"] = evidently.Column{Type: "num"}
	if f := find(t, Compare(words, words, Options{Policy: policy.Evidently, Evidently: o}), "code", verdict.CheckDistribution); f.Level != verdict.Insufficient || !strings.Contains(f.Sentence, "holds no numbers") {
		t.Errorf("%+v", f)
	}
}

// What Evidently cannot be followed in is said, and counts in no share.
func TestEvidentlyDeclines(t *testing.T) {
	x := seq(0, 300)
	full := numberColumn("full", x, x)
	full.Number.Values = func() ([]float64, []int64, bool) { return nil, nil, false }
	mixed := numberColumn("mixed", x, x)
	mixed.TypeErrors = 3
	mixed.Rows += 3
	codes := categoryColumn("codes", []string{"a"}, []string{"a", "a", "a"})
	codes.Category.UnseenTotal, codes.Category.UnseenDistinct = 9_000, 4_000
	codes.Rows += 9_000
	length := numberColumn("note (length)", x, x)
	note := view.Column{Name: "note", Role: table.Feature, Kind: view.TextKind, Rows: 300, Derived: []view.Column{length}}
	side := viewOf(full, mixed, codes, note, numberColumn("fine", x, x))
	r := Compare(side, side, Options{Policy: policy.Evidently})
	for subject, want := range map[string]string{
		"full":          "full: holds too many distinct values to keep them all, which Evidently's scores are made of; a plan made with exact: true in monitor.yaml keeps 65,536",
		"mixed":         "mixed: holds words among its numbers: pandas reads all of it as words",
		"codes":         "codes: holds too many distinct values to keep them all, which Evidently's scores are made of; a plan made with exact: true in monitor.yaml keeps 65,536",
		"note (length)": "note (length): text: Evidently trains a classifier on it, which is not reproduced",
	} {
		if f := find(t, r, subject, verdict.CheckDistribution); f.Level != verdict.Insufficient || f.Sentence != want {
			t.Errorf("%s %q, want %q", f.Level, f.Sentence, want)
		}
	}
	if r.Run.Features != 5 || r.Run.Insufficient != 4 || r.Run.DriftShare != 0 || r.Run.FeatureLevel != verdict.OK {
		t.Errorf("%+v", r.Run)
	}
}

// A data set has drifted or not: below the share it is a notice.
func TestEvidentlyDataSet(t *testing.T) {
	x, y := seq(0, 300), seq(200, 300)
	ref := viewOf(numberColumn("a", x, x), numberColumn("b", x, x), numberColumn("c", x, x))
	one := viewOf(numberColumn("a", x, y), numberColumn("b", x, x), numberColumn("c", x, x))
	two := viewOf(numberColumn("a", x, y), numberColumn("b", x, y), numberColumn("c", x, x))
	for _, c := range []struct {
		cur   view.View
		share float64
		want  string
	}{{one, 0, verdict.Notice}, {two, 0, verdict.Alert}, {one, 0.33, verdict.Alert}, {two, 0.7, verdict.Notice}} {
		r := Compare(ref, c.cur, Options{Policy: policy.Evidently, Drifted: Shares{Alert: c.share}})
		if r.Run.FeatureLevel != c.want {
			t.Errorf("share %v: %s, want %s", c.share, r.Run.FeatureLevel, c.want)
		}
	}
	f := find(t, Compare(ref, one, Options{Policy: policy.Evidently}), "a", verdict.CheckDistribution)
	if !strings.HasPrefix(f.Sentence, "a: median rose from") || !strings.Contains(f.Sentence, "; Evidently: drifted by ks (p ") {
		t.Error(f.Sentence)
	}
}

// Whatever test is forced on whatever column, the report stands.
func TestEvidentlyOddColumns(t *testing.T) {
	nan := math.NaN()
	x := seq(0, 40)
	for _, test := range strings.Fields("anderson chisquare cramer_von_mises ed es fisher_exact g_test hellinger jensenshannon kl_div ks mannw psi t_test wasserstein z") {
		for what, pair := range map[string][2][]float64{
			"one row each":       {{1}, {1}},
			"two rows":           {{1}, {2}},
			"one row":            {x, {1}},
			"no rows":            {x, nil},
			"all missing before": {times(40, nan), x},
			"constants":          {times(40, 1.0), times(40, 2.0)},
			"huge":               {{-math.MaxFloat64, 0, math.MaxFloat64}, {-math.MaxFloat64, math.MaxFloat64}},
			"tiny":               {{0, 5e-324, 1e-323}, {5e-324, 0, 0}},
			"huge and many":      {append(seq(0, 30), math.MaxFloat64), append(seq(5, 30), -math.MaxFloat64)},
		} {
			for _, kind := range []string{"num", "cat"} {
				ref, cur := numberColumn("odd", pair[0], pair[0]), numberColumn("odd", pair[0], pair[1])
				cur.PosInf, cur.NegInf = 2, 1
				cur.Rows += 3
				o := evidently.Options{All: evidently.Rule{Test: test}, Columns: map[string]evidently.Column{"odd": {Type: kind}}}
				r := Compare(viewOf(ref), viewOf(cur), Options{Policy: policy.Evidently, Evidently: o})
				sane(t, r)
				takes := slices.ContainsFunc(o.Bars(), func(b evidently.Bar) bool { return b.Column == "" && b.Kind == kind })
				if f := find(t, r, "odd", verdict.CheckDistribution); !takes && f.Level != verdict.Insufficient {
					t.Errorf("%s %s as %s: %+v", what, test, kind, f)
				}
			}
		}
	}
}

// Pairs of columns are shown and not judged.
func TestEvidentlyLooksAtNoPairs(t *testing.T) {
	pair := func(r float64) view.View {
		return view.View{Rows: 900, Pairs: []view.Pair{{A: "a", B: "b", N: 900, Normal: r, Pearson: r, Spread: (1 - r*r) * (1 - r*r)}}}
	}
	r := Compare(pair(0.6), pair(0), Options{Policy: policy.Evidently})
	if len(r.Correlations) != 1 || !math.IsNaN(r.Correlations[0].P) || r.Run.FeatureLevel != "" {
		t.Errorf("%+v %+v", r.Correlations, r.Run)
	}
	for _, f := range r.Findings {
		if f.Check == verdict.CheckCorrelation {
			t.Errorf("%+v", f)
		}
	}
}
