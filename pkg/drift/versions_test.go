package drift

import (
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestVersions(t *testing.T) {
	judged := func(rows ...view.Version) Report {
		x := make([]float64, 500)
		for i := range x {
			x[i] = float64(i)
		}
		ref, cur := viewOf(numberColumn("x", x, x)), viewOf(numberColumn("x", x, x))
		cur.Versions = rows
		return Compare(ref, cur, Options{})
	}
	for _, c := range []struct {
		what   string
		rows   []view.Version
		want   string // end of the headline; empty: nothing is said
		shares map[string]float64
	}{
		{"one", []view.Version{{Name: "7", Rows: 499}, {Name: "7", Rows: 1}}, "", map[string]float64{"7": 1}},
		{"none", []view.Version{{Rows: 500}}, "", nil},
		{"no sample", nil, "", nil},
		// 400 of 500 and 100 of 500; duplicates count as often as they came.
		{"two", []view.Version{{Name: "8", Rows: 100}, {Name: "7", Rows: 399}, {Name: "7", Rows: 1}},
			"; 2 model versions judged together: 7 (80 %) and 8 (20 %)", map[string]float64{"7": 0.8, "8": 0.2}},
		{"some without", []view.Version{{Rows: 250}, {Name: "7", Rows: 250}},
			"; 2 model versions judged together: 7 (50 %) and none (50 %)", map[string]float64{"7": 0.5, "none": 0.5}},
		// 3 and 2 rows are below k, which is 5.
		{"rare", []view.Version{{Name: "7", Rows: 495}, {Name: "a", Rows: 3}, {Name: "b", Rows: 2}},
			"; 2 model versions judged together: 7 (99 %) and other (1 %)", map[string]float64{"7": 0.99, "other": 0.01}},
		{"one called none", []view.Version{{Rows: 250}, {Name: "none", Rows: 250}},
			`; 2 model versions judged together: "none" (50 %) and none (50 %)`, map[string]float64{`"none"`: 0.5, "none": 0.5}},
		{"only one called none", []view.Version{{Name: "none", Rows: 500}}, "", map[string]float64{`"none"`: 1}},
		{"one called other", []view.Version{{Name: "other", Rows: 495}, {Name: "a", Rows: 3}, {Name: "b", Rows: 2}},
			`; 2 model versions judged together: "other" (99 %) and other (1 %)`, map[string]float64{`"other"`: 0.99, "other": 0.01}},
		{"many", []view.Version{{Name: "d", Rows: 50}, {Name: "c", Rows: 50}, {Name: "b", Rows: 100}, {Name: "a", Rows: 300}},
			"; 4 model versions judged together: a (60 %), b (20 %), c (10 %) and d (10 %)", map[string]float64{"a": 0.6, "b": 0.2, "c": 0.1, "d": 0.1}},
	} {
		rep := judged(c.rows...)
		if said := strings.Contains(rep.Run.Headline, "model version"); said != (c.want != "") || !strings.HasSuffix(rep.Run.Headline, c.want) {
			t.Errorf("%s: headline %q, want it to end in %q", c.what, rep.Run.Headline, c.want)
		}
		if rep.Run.Level != judged().Run.Level {
			t.Errorf("%s: level %s: versions are no drift", c.what, rep.Run.Level)
		}
		got := map[string]float64{}
		for _, s := range rep.Statistics {
			if s.Subject == verdict.SubjectVersions {
				got[s.Name] = s.Cur
			}
		}
		if len(got) != len(c.shares) {
			t.Errorf("%s: shares %v, want %v", c.what, got, c.shares)
		}
		for version, want := range c.shares {
			if got[version] != want {
				t.Errorf("%s: share of %s %v, want %v", c.what, version, got[version], want)
			}
		}
	}
}
