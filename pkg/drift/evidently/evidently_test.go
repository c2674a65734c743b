package evidently

import (
	"math"
	"testing"
)

func TestOptionsAreChecked(t *testing.T) {
	nan := math.NaN()
	o := Options{
		All: Rule{Test: "chi2"},
		Num: Rule{Test: "chisquare", Threshold: &nan},
		Cat: Rule{Test: "TVD"},
		Columns: map[string]Column{
			"c":     {Type: "cat", Rule: Rule{Test: "wasserstein"}},
			"b":     {Rule: Rule{Test: "abs_text_content_drift"}},
			"a":     {Type: "text", Rule: Rule{Test: "z"}},
			"right": {Type: "num", Rule: Rule{Test: "ks"}},
		},
	}
	want := `evidently.all.test: want one of anderson, chisquare, cramer_von_mises, ed, es, fisher_exact, g_test, hellinger, jensenshannon, kl_div, ks, mannw, psi, t_test, wasserstein, z, got "chi2"
evidently.num.threshold: want a number, got NaN
evidently.num.test: chisquare is for cat columns only
evidently.cat.test: TVD is not reproduced: it shuffles rows by NumPy's generator, in an order that profiles do not keep
evidently.columns.a.type: want one of num, cat, got "text"
evidently.columns.b.test: abs_text_content_drift is not reproduced: it trains a classifier on the text
evidently.columns.c.test: wasserstein is for num columns only`
	if err := o.Check(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	fine := Options{All: Rule{Test: "ks"}, Cat: Rule{Test: "z"}, Columns: map[string]Column{"a": {Type: "cat"}}}
	if err := fine.Check(); err != nil {
		t.Error(err)
	}
}

// numpy.histogram_bin_edges(numpy.repeat(numpy.arange(21), 100000), "sturges") has 20 bins,
// and 23 of the same values as floats; with 1000 of each both have 16.
func TestIntegersHaveWiderBins(t *testing.T) {
	for _, c := range []struct {
		rows     int64
		ref, cur bool
		want     int
	}{{50_000, true, true, 20}, {50_000, true, false, 23}, {50_000, false, true, 23}, {500, true, true, 16}, {500, false, false, 16}} {
		p := &pooled{num: true, wholeRef: c.ref, wholeCur: c.cur}
		for i := range 21 {
			p.x = append(p.x, float64(i))
			p.add(c.rows, c.rows)
		}
		ref, _, reason := p.shares(false)
		if len(ref) != c.want || reason != "" {
			t.Errorf("%+v: %d classes, %s", c, len(ref), reason)
		}
	}
}
