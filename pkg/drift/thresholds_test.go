package drift

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/serving"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// everyCheck makes two sides on which each check has something to say.
func everyCheck() (ref, cur view.View) {
	x, y := seq(0, 300), seq(150, 300)
	nan := math.NaN()
	words := append(times(150, "a"), times(150, "b")...)
	odd := func(c view.Column) view.Column {
		c.TypeErrors, c.NaN, c.Rows = 30, 30, c.Rows+60
		return c
	}
	scores := func(v []float64) view.Column {
		c := numberColumn("score", x, v)
		c.Role = table.Score
		return c
	}
	ref = viewOf(scores(x), numberColumn("moved", x, x), numberColumn("lost", x, x), numberColumn("odd", x, x), numberColumn("same", x, x),
		categoryColumn("word", words, words), categoryColumn("gone", words, words))
	cur = viewOf(scores(y), numberColumn("moved", x, y), numberColumn("lost", x, append(seq(0, 200), times(100, nan)...)), odd(numberColumn("odd", x, x)),
		numberColumn("same", x, times(300, 7.0)), categoryColumn("word", words, append(times(150, "a"), times(150, "new")...)), categoryColumn("fresh", nil, words))
	ref.Pairs = []view.Pair{{A: "moved", B: "lost", N: 300, Normal: 0.9}, {A: "odd", B: "word", N: 300, Normal: nan, Table: [][]int64{{100, 50}, {50, 100}}}}
	cur.Pairs = []view.Pair{{A: "moved", B: "lost", N: 300, Normal: -0.9}, {A: "odd", B: "word", N: 300, Normal: nan, Table: [][]int64{{50, 100}, {100, 50}}}}
	ref.Lines, cur.Lines = repeated(300, 0), repeated(300, 140)
	ref.Names, cur.Names = []string{"moved"}, []string{"moved"}
	for i := range 60 {
		ref.Sample = append(ref.Sample, view.Row{N: 1, Cells: []view.Cell{{Num: float64(i)}}})
		cur.Sample = append(cur.Sample, view.Row{N: 1, Cells: []view.Cell{{Num: float64(100 + i)}}})
	}
	week := afterAWeek(300, 200, 200)
	cur.First, cur.Last, cur.Requests = week.First, week.Last, week.Requests
	cur.Inference, cur.Traffic, cur.Windows = week.Inference, week.Traffic, week.Windows
	return ref, cur
}

// inForce returns the row of a finding's bars, nil when there is none.
func inForce(rows []verdict.Threshold, f *verdict.Finding) *verdict.Threshold {
	for i := range rows {
		r := &rows[i]
		if (f.Segment != "") != (r.Area == "segments") || r.Source != f.ThresholdSource {
			continue
		}
		if r.Area == "segments" && r.Unit == f.EffectUnit {
			return r
		}
		if r.Check != f.Check {
			continue
		}
		fits := (f.Test == "rule") == (r.Unit == "")
		switch f.Check {
		case verdict.CheckDistribution:
			fits = strings.Contains(r.Effect, f.Test+" (") // Evidently's
			if r.Unit == "PSI" {
				fits = r.Area == map[string]string{"score": "score", "feature": "features"}[f.Role]
			}
		case verdict.CheckCorrelation:
			fits = r.Unit == f.EffectUnit
		}
		if fits {
			return r
		}
	}
	return nil
}

func sameNumbers(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// Every finding that was judged is judged by the bars of its row, under every
// policy, and whatever the constants are.
func TestThresholdsAreThoseInForce(t *testing.T) {
	limits := serving.Limits{P95MS: 50, SuccessRate: 0.97, MinRows: 400}
	high := 0.25
	for _, o := range []Options{
		{Limits: limits}, {}, {Policy: policy.Classic, Limits: limits}, {Policy: policy.Evidently, Limits: limits},
		{Policy: policy.Evidently, Evidently: evidently.Options{Num: evidently.Rule{Test: "psi", Threshold: &high}, Columns: map[string]evidently.Column{"moved": {Rule: evidently.Rule{Test: "wasserstein"}}}}},
	} {
		compareBars(t, o)
	}
	for _, moved := range []struct {
		what *float64
		to   float64
	}{
		{&policy.PSIFloors.Warn, 0.15}, {&policy.PSIFloors.Alert, 0.4}, {&policy.PointFloors.Warn, 7}, {&policy.CorrelationFloors.Alert, 0.9}, {&policy.AUCFloors.Alert, 0.8}, {&lostFloors.Warn, 2},
	} {
		before := *moved.what
		o := Options{Limits: limits, Segments: make([]view.Split, 1)}
		old := fmt.Sprint(Thresholds(o))
		*moved.what = moved.to
		if fmt.Sprint(Thresholds(o)) == old {
			t.Errorf("the table does not follow a constant from %v to %v", before, moved.to)
		}
		compareBars(t, o)
		*moved.what = before
	}
}

func compareBars(t *testing.T, o Options) {
	t.Helper()
	ref, cur := everyCheck()
	o.Period = day
	o.Segments = []view.Split{{Column: "half", RefRows: ref.Rows, CurRows: cur.Rows, Parts: []view.Part{{Name: "all", RefRows: ref.Rows, CurRows: cur.Rows, Ref: ref, Cur: cur}}}}
	r := Compare(ref, cur, o)
	rows := map[string]bool{}
	for _, row := range r.Thresholds {
		if text := fmt.Sprint(row); rows[text] {
			t.Errorf("%v: a row stands twice: %s", o.Policy, text)
		} else {
			rows[text] = true
		}
	}
	checked := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.ThresholdSource == "" {
			continue // shown only
		}
		bar := inForce(r.Thresholds, f)
		if bar == nil {
			t.Errorf("%v: no row for %s %s by %s, %q", o.Policy, f.Subject, f.Check, f.Test, f.ThresholdSource)
			continue
		}
		checked[f.Check] = true
		if f.Segment != "" {
			checked["in a segment"] = true
		}
		warn, alert := f.Threshold, f.AlertThreshold
		if f.Check == verdict.CheckLatency && f.Test == "earlier windows" {
			usual := cur.Windows[1].View.Inference.Quantile(0.95)
			warn, alert = warn/usual, alert/usual
		}
		if !sameNumbers(warn, bar.Warn) || !sameNumbers(alert, bar.Alert) {
			t.Errorf("%v: %s %s is judged at %v and %v, the table says %+v", o.Policy, f.Subject, f.Check, warn, alert, *bar)
		}
		if f.Segment != "" && o.Policy == policy.Calibrated && f.Alpha <= bar.Alpha {
			continue // what the selection came to
		}
		if !math.IsNaN(f.Alpha) && f.Alpha != bar.Alpha {
			t.Errorf("%v: %s %s has alpha %v, the table says %+v", o.Policy, f.Subject, f.Check, f.Alpha, *bar)
		}
	}
	for _, must := range []string{"distribution", "missing", "type", "nonfinite", "unseen", "range", "constant", "resent", "vanished", "new", "latency", "success", "traffic", "in a segment"} {
		if !checked[must] {
			t.Errorf("%v: no finding of the check %s was compared", o.Policy, must)
		}
	}
	if o.Policy == policy.Calibrated && !checked["multivariate"] {
		t.Error("no classifier was compared")
	}
	if o.Policy != policy.Evidently && !checked["correlation"] {
		t.Errorf("%v: no correlation was compared", o.Policy)
	}
}

// What monitor.yaml sets is in force and says so; what it leaves out has no row.
func TestThresholdsOfTheConfig(t *testing.T) {
	count := func(rows []verdict.Threshold, source string) (n int) {
		for _, r := range rows {
			if strings.HasPrefix(r.Source, source) {
				n++
			}
		}
		return n
	}
	if n := count(Thresholds(Options{}), "monitor.yaml"); n != 0 {
		t.Errorf("%d rows come from a file that says nothing", n)
	}
	rows := Thresholds(Options{Drifted: Shares{Warn: 0.3}, Limits: serving.Limits{P95MS: 50, SuccessRate: 0.99, MinRows: 10}})
	want := map[string][2]float64{"latency": {50, 100}, "success": {0.99, 0.98}, "traffic": {10, 0}, "drift_share": {0.3, 0.5}}
	if n := count(rows, "monitor.yaml"); n != len(want) {
		t.Errorf("%d rows, want %d", n, len(want))
	}
	for _, r := range rows {
		if w := want[r.Check]; strings.HasPrefix(r.Source, "monitor.yaml") && (math.Abs(r.Warn-w[0]) > 1e-12 || math.Abs(r.Alert-w[1]) > 1e-12) {
			t.Errorf("%+v, want %v", r, w)
		}
	}
}
