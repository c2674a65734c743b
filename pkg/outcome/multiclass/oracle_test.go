package multiclass

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// vector is what testdata/oracle/make.py wrote with NannyML and scikit-learn.
type vector struct {
	Versions   string
	Reference  [][]float64 // the scores, then the place of the outcome
	Rows       [][]float64
	Calibrated []bool                // by class
	Estimated  map[string][2]float64 // and the sampling error
	Confusion  [][]float64
	Measured   map[string]float64
	ByClass    map[string][]float64 `json:"by_class"`
	Matrix     [][]float64
}

func vectors(t *testing.T) map[string]vector {
	t.Helper()
	out := map[string]vector{}
	for _, name := range []string{"timid", "right", "sharp", "four"} {
		text, err := os.ReadFile("testdata/oracle/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		out[name] = v
	}
	return out
}

func rowsIn(lines [][]float64) (rows []row, k int) {
	k = len(lines[0]) - 1
	for _, x := range lines {
		rows = append(rows, row{x[:k], bestOf(x[:k]), int(x[k]), 1})
	}
	return rows, k
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// NannyML rounds sums to five decimals, of some hundred rows: a few parts in ten
// million.
const nannyML = 1e-6

func TestNannyML(t *testing.T) {
	for name, v := range vectors(t) {
		ref, k := rowsIn(v.Reference)
		cur, _ := rowsIn(v.Rows)
		by := learn(ref, k)
		for c, did := range v.Calibrated {
			switch {
			case did && by.names[c] == "none":
				t.Errorf("%s: the scores of class %d are not calibrated", name, c)
			case !did && by.names[c] != "none" && name != "right":
				t.Errorf("%s: the scores of class %d are calibrated", name, c)
			case !did: // of scores that are right already random splits decide
				by.calibrate[c] = func(score float64) float64 { return score }
			}
		}
		q := expect(cur, by.chances(cur), k)
		sampling := samplingErrors(ref, k, float64(len(cur)))
		for metric, want := range v.Estimated {
			near(t, name+" "+metric, q.means[metric], want[0], nannyML)
			near(t, name+" sampling error of "+metric, sampling[metric], want[1], nannyML)
		}
		for y := range k {
			for p := range k {
				near(t, fmt.Sprint(name, " confusion ", y, p), q.table[y][p], v.Confusion[y][p], nannyML)
			}
		}
	}
}

func TestScikitLearn(t *testing.T) {
	for name, v := range vectors(t) {
		cur, k := rowsIn(v.Rows)
		got := map[string]float64{}
		for _, f := range figures(cur, k) {
			got[fmt.Sprint(f.metric, f.class)] = f.value
		}
		for metric, want := range v.Measured {
			near(t, name+" "+metric, got[metric+"-1"], want, 1e-12)
		}
		for metric, all := range v.ByClass {
			for c, want := range all {
				near(t, fmt.Sprint(name, " ", metric, " of ", c), got[fmt.Sprint(metric, c)], want, 1e-12)
			}
		}
		for y, line := range table(cur, k) {
			for p, n := range line {
				near(t, fmt.Sprint(name, " matrix ", y, p), n, v.Matrix[y][p], 0)
			}
		}
	}
}

// The standard error of one class's area is DeLong's, and that of a mean over classes
// and of the losses the jackknife's.
func TestStandardErrors(t *testing.T) {
	for name, v := range vectors(t) {
		cur, k := rowsIn(v.Rows)
		of := func(rows []row) map[string]figure {
			out := map[string]figure{}
			for _, f := range figures(rows, k) {
				out[fmt.Sprint(f.metric, f.class)] = f
			}
			return out
		}
		all := of(cur)
		for c := range k {
			_, se := binary.AUC(against(cur, c))
			near(t, fmt.Sprint(name, " DeLong of ", c), all[fmt.Sprint(auc, c)].se/se, 1, 0.02)
		}
		n := float64(len(cur))
		sums, squares := map[string]float64{}, map[string]float64{}
		for i := range cur {
			rest := append(append([]row(nil), cur[:i]...), cur[i+1:]...)
			for key, f := range of(rest) {
				sums[key] += f.value
				squares[key] += f.value * f.value
			}
		}
		for _, metric := range []string{auc, precision, recall, specific, f1, logLoss} {
			key := metric + "-1"
			mean := sums[key] / n
			jackknife := math.Sqrt((n - 1) * (squares[key]/n - mean*mean))
			near(t, name+" jackknife of "+metric, all[key].se/jackknife, 1, 0.05)
		}
		if testing.Short() || name == "timid" {
			break
		}
	}
}

// Estimates by window are those of the rows in it; windows of few rows, and rows without a
// time, have none.
func TestEstimatesByWindow(t *testing.T) {
	v := vectors(t)["sharp"]
	ref, k := rowsIn(v.Reference)
	monday := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	o := outcome.Options{Classes: []string{"a", "b", "c"}, Windows: []view.Window{{Start: monday, Length: 24 * time.Hour}, {Start: monday.AddDate(0, 0, 1), Length: 24 * time.Hour}, {Start: monday.AddDate(0, 0, 2), Length: 24 * time.Hour}}}
	var second []outcome.ScoredRow
	for i, x := range v.Rows {
		var scores []byte
		for _, s := range x[:k] {
			scores = outcome.AppendScore(scores, s)
		}
		r := outcome.ScoredRow{Pair: outcome.Pair{Value: -1, N: 1, Scores: string(scores)}}
		switch {
		case i%3 == 0:
			r.At = monday.Add(time.Duration(i) * time.Minute)
		case i%3 == 1:
			r.At = monday.Add(24*time.Hour + time.Duration(i)*time.Minute)
			second = append(second, r)
		case i < 100:
			r.At = monday.Add(50 * time.Hour)
		}
		o.Scored = append(o.Scored, r)
	}
	e := evaluation{Options: o, k: k, ref: sample{ref, ref, 1}, by: learn(ref, k)}
	got := map[string][]verdict.Estimate{}
	for _, x := range e.windowed() {
		got[x.Window] = append(got[x.Window], x)
	}
	if len(got) != 2 || got["2026-01-05T00:00:00Z"] == nil {
		t.Errorf("windows %v", slices.Sorted(maps.Keys(got)))
	}
	e.Scored = second
	whole := e.estimates("", e.scored(nil))
	told := 0
	for _, x := range got["2026-01-06T00:00:00Z"] {
		i := slices.IndexFunc(whole, func(w verdict.Estimate) bool { return w.Metric == x.Metric && w.Class == x.Class && w.Predicted == "" })
		if i < 0 || x.Value != whole[i].Value || x.N != int64(len(second)) || x.Reference != whole[i].Reference {
			t.Errorf("%+v", x)
		}
		told++
	}
	if told != 7+k { // over all classes, and each class's share
		t.Errorf("%d figures", told)
	}
}
