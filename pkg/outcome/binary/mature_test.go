package binary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

const day = 24 * time.Hour

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// joinOf joins outcomes of so many days of 200 predictions; known and positive say of a
// day and a score what becomes of a row.
func joinOf(t *testing.T, days int, known func(r *rand.Rand, day int, score float64) bool, positive func(r *rand.Rand, day int, score float64) bool) *outcome.Met {
	t.Helper()
	r := rand.New(rand.NewPCG(12, 13))
	var ids, all, labels []string
	var at []int64
	var scores []float64
	for d := range days {
		for i := range 200 {
			s := r.Float64()
			id := fmt.Sprint(d, "-", i)
			all, scores, at = append(all, id), append(scores, s), append(at, monday.Add(time.Duration(d)*day+time.Duration(i)*time.Minute).UnixMicro())
			if !known(r, d, s) {
				continue
			}
			label := "0"
			if positive(r, d, s) {
				label = "1"
			}
			ids, labels = append(ids, id), append(labels, label)
		}
	}
	j := &outcome.Join{Threshold: 0.5, Window: day}
	if missing := j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.ID: ids, table.Target: labels})); missing != "" {
		t.Fatal(missing)
	}
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: all, table.Timestamp: at, table.Score: scores}))
	return met(j)
}

func always(*rand.Rand, int, float64) bool { return true }

func byScores(r *rand.Rand, _ int, s float64) bool { return r.Float64() < s }

// Younger predictions than Mature do not count, and the period of a length ends and
// begins so much earlier.
func TestMature(t *testing.T) {
	j := joinOf(t, 20, always, byScores)
	now := monday.Add(20 * day)
	o := outcome.Options{From: monday, Until: now, Now: now, Settings: outcome.Settings{Mature: 14 * day}}
	if p := o.Period(j); !p.Until.Equal(now.Add(-14*day)) || !p.From.Equal(monday) || !strings.Contains(p.Young, "14 days") && !strings.Contains(p.Young, "14d") {
		t.Errorf("%+v", p)
	}
	o.Length, o.From = day, now.Add(-day)
	if p := o.Period(j); !p.Until.Equal(now.Add(-14*day)) || !p.From.Equal(now.Add(-15*day+time.Microsecond)) {
		t.Errorf("%+v", p)
	}
	if n := rowsOf(Between(j, o.Period(j).From, o.Period(j).Until)); n != 200 {
		t.Errorf("%d rows", n)
	}
}

// Without it, days that wait for most of their outcomes do not count, and a log whose
// days are known alike is judged whole.
func TestDaysThatWait(t *testing.T) {
	late := func(r *rand.Rand, d int, _ float64) bool { return r.Float64() < math.Min(0.8, 0.1*float64(20-d)) }
	o := outcome.Options{From: monday, Until: monday.Add(20 * day)}
	if p := o.Period(joinOf(t, 20, late, byScores)); p.Young == "" || p.Until.Before(monday.Add(12*day)) || p.Until.After(monday.Add(16*day)) {
		t.Errorf("%+v", p)
	}
	if p := o.Period(joinOf(t, 20, always, byScores)); p.Young != "" || !p.Until.Equal(o.Until) {
		t.Errorf("%+v", p)
	}
	eight := func(r *rand.Rand, _ int, _ float64) bool { return r.Float64() < 0.8 }
	if p := o.Period(joinOf(t, 20, eight, byScores)); p.Young != "" {
		t.Errorf("%+v", p)
	}
}

// coverageOf returns the rows of kind coverage, and what is said of a selection.
func coverageOf(m *outcome.Met) (cells []verdict.Outcome, selected string) {
	rows, selected := m.Joined(outcome.Period{}, &outcome.Sample{}, "", nil)
	return slices.DeleteFunc(rows, func(o verdict.Outcome) bool { return o.Kind != "coverage" }), selected
}

// Outcomes that come for high scores alone are of a selection.
func TestSelection(t *testing.T) {
	called := func(r *rand.Rand, _ int, s float64) bool { return r.Float64() < 0.2+0.6*s }
	cells, selected := coverageOf(joinOf(t, 5, called, byScores))
	if len(cells) != 10 || !strings.HasPrefix(selected, "selected: ") {
		t.Errorf("%q of %v", selected, cells)
	}
	half := func(r *rand.Rand, _ int, _ float64) bool { return r.Float64() < 0.5 }
	cells, selected = coverageOf(joinOf(t, 5, half, byScores))
	if len(cells) != 10 || selected != "" {
		t.Errorf("%q of %v", selected, cells)
	}
	var n int64
	for _, c := range cells {
		n += c.N
	}
	if n != 1000 {
		t.Errorf("%d predictions", n)
	}
}

// A reference with scores of training rows knows no quality: the first outcomes of the
// log do, and a change after them is seen.
func TestFirstOutcomesAreTheBaseline(t *testing.T) {
	changed := func(r *rand.Rand, d int, s float64) bool {
		if d >= 6 {
			s = 0.5
		}
		return r.Float64() < s
	}
	truth := inSample(t)
	report := Evaluate(truth, nil, joinOf(t, 10, always, changed), outcome.Options{Threshold: 0.5, From: monday, Until: monday.Add(10 * day)})
	if len(report.Compared) == 0 || report.Declined != "" {
		t.Fatalf("%+v", report.Compared)
	}
	for _, c := range report.Compared {
		// 300 outcomes are two days of 200.
		if c.Metric == "roc_auc" && (c.NRef != 400 || c.N != 1600 || !(c.Cur < c.Ref-0.1) || !strings.Contains(c.Against, "2026-01-07")) {
			t.Errorf("%+v", c)
		}
	}
	few := Evaluate(truth, nil, joinOf(t, 1, always, changed), outcome.Options{Threshold: 0.5})
	if len(few.Compared) != 0 || !few.InSample {
		t.Errorf("%+v", few.Compared)
	}
}

// Of leads that are scored every day the first prediction counts: later days have fewer
// outcomes that count, and wait for none. It is so where each prediction has an id of its
// own, and where the lead is the id.
func TestScoredAgainIsNotWaiting(t *testing.T) {
	for _, own := range []bool{true, false} {
		var ids, leads, labels, known []string
		var at []int64
		var scores []float64
		for d := range 8 {
			for lead := range 150 + 20*d {
				id := fmt.Sprint(lead)
				if own {
					id = fmt.Sprint(d, "-", lead)
				}
				if own || lead >= 150+20*(d-1) || d == 0 {
					known, labels = append(known, id), append(labels, fmt.Sprint(lead%2))
				}
				ids, leads, scores = append(ids, id), append(leads, fmt.Sprint(lead)), append(scores, float64(lead)/300)
				at = append(at, monday.Add(time.Duration(d)*day+time.Duration(lead)*time.Minute).UnixMicro())
			}
		}
		j := &outcome.Join{Threshold: 0.5, Window: day, Settings: outcome.Settings{Join: "first"}}
		if missing := j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.ID: known, table.Target: labels})); missing != "" {
			t.Fatal(missing)
		}
		j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: ids, table.Entity: leads, table.Timestamp: at, table.Score: scores}))
		o := outcome.Options{From: monday, Until: monday.Add(8 * day)}
		p := o.Period(met(j))
		if n := rowsOf(Between(met(j), p.From, p.Until)); p.Young != "" || n != 290 {
			t.Errorf("an id of its own: %t: %d rows: %+v", own, n, p)
		}
	}
}
