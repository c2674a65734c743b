package performance

import (
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func figure(metric string, ref, cur, se, p float64) outcome.Comparison {
	return outcome.Comparison{Metric: metric, NRef: 3000, N: 2000, Ref: ref, Cur: cur, Expected: math.NaN(), SE: se, P: p}
}

func concept(p, change, weight float64) outcome.Comparison {
	c := figure("recalibration", 0.4, 0.3, math.NaN(), p)
	c.Concept = outcome.Concept{DF: 2, Change: change, Weight: weight}
	return c
}

func judged(levels Levels, compared ...outcome.Comparison) (drift.Report, outcome.Report) {
	r := drift.Report{Findings: []verdict.Finding{{Subject: "x", Level: verdict.Alert, Rank: 1}, {Subject: "y", Level: verdict.OK, Rank: 2}}}
	q := outcome.Report{Compared: compared, Outcomes: []verdict.Outcome{}}
	for _, c := range compared {
		kind := "metric"
		if c.Metric == "recalibration" {
			kind = "test"
		}
		q.Outcomes = append(q.Outcomes, verdict.Outcome{Kind: kind, Metric: c.Metric}, verdict.Outcome{Window: "w", Kind: kind, Metric: c.Metric})
	}
	Judge(&r, &q, levels)
	return r, q
}

// A figure that is worse is at warn and alert from its floors on, where chance does
// not explain it; one that is better never is. At 3,000 and 2,000 rows a change at
// the floor of alert would have been seen.
func TestLevels(t *testing.T) {
	const certain, chance = 1e-9, 0.5
	for _, c := range []struct {
		compared outcome.Comparison
		levels   Levels
		want     string
	}{
		{figure("roc_auc", 0.84, 0.80, 0.01, certain), Levels{}, verdict.OK},
		{figure("roc_auc", 0.84, 0.78, 0.01, certain), Levels{}, verdict.Warn},
		{figure("roc_auc", 0.84, 0.78, 0.01, chance), Levels{}, verdict.OK},
		{figure("roc_auc", 0.84, 0.73, 0.01, certain), Levels{}, verdict.Alert},
		{figure("roc_auc", 0.73, 0.84, 0.01, certain), Levels{}, verdict.OK},
		{figure("roc_auc", 0.84, 0.78, 0.01, certain), Levels{AUC: Floors{Warn: 0.07}}, verdict.OK},
		{figure("roc_auc", 0.84, 0.83, 0.1, chance), Levels{}, verdict.Insufficient},
		{figure("brier", 0.20, 0.21, 0.002, certain), Levels{}, verdict.OK},
		{figure("brier", 0.20, 0.23, 0.002, certain), Levels{}, verdict.Warn},
		{figure("log_loss", 0.20, 0.26, 0.002, certain), Levels{}, verdict.Alert},
		{figure("log_loss", 0.26, 0.20, 0.002, certain), Levels{}, verdict.OK},
		{figure("recall", 0.5, 0.44, math.NaN(), certain), Levels{}, verdict.Warn},
		{figure("recall", 0.44, 0.5, math.NaN(), certain), Levels{}, verdict.OK},
		{figure("positive_rate", 0.44, 0.5, math.NaN(), certain), Levels{}, verdict.Warn},
		{figure("positive_rate", 0.4, 0, math.NaN(), certain), Levels{}, verdict.Alert},
		{concept(certain, 0.3, 500), Levels{}, verdict.Warn},
		{concept(certain, 2, 500), Levels{}, verdict.Warn}, // at most
		{concept(certain, 0.1, 500), Levels{}, verdict.OK},
		{concept(chance, 0, 500), Levels{}, verdict.OK},
		{concept(chance, 0, 20), Levels{}, verdict.Insufficient},
	} {
		r, q := judged(c.levels, c.compared)
		f := find(t, r, c.compared.Metric)
		if f.Level != c.want || f.Reason == "" || f.Sentence == "" || (f.Action != "") != (c.want != verdict.OK) {
			t.Errorf("%s from %v to %v, p %v, %+v: %s (%s), want %s", c.compared.Metric, c.compared.Ref, c.compared.Cur, c.compared.P, c.levels, f.Level, f.Sentence, c.want)
		}
		if o := q.Outcomes[0]; o.Level != f.Level || o.Q != f.Q {
			t.Errorf("the table has %+v of %+v", o, f)
		}
		if q.Outcomes[1].Level != "" {
			t.Errorf("a window is judged: %+v", q.Outcomes[1])
		}
	}
}

func find(t *testing.T, r drift.Report, metric string) verdict.Finding {
	t.Helper()
	for i, f := range r.Findings {
		if f.Rank != int64(i+1) {
			t.Errorf("rank %d at place %d", f.Rank, i+1)
		}
		if f.Test == metric {
			return f
		}
	}
	t.Fatalf("no finding about %s", metric)
	return verdict.Finding{}
}

// All figures are one family of 0.75 %: of two p of 0.5 % and 50 % the first has the q
// 1 %, which is none. What cannot be judged is in no family.
func TestOneFamily(t *testing.T) {
	r, _ := judged(Levels{}, figure("roc_auc", 0.84, 0.7, 0.02, 0.005), figure("brier", 0.2, 0.2, 0.002, 0.5))
	if f := find(t, r, "roc_auc"); math.Abs(f.Q-0.01) > 1e-12 || f.Alpha != 0.0075 || f.Level == verdict.Alert {
		t.Errorf("%+v", f)
	}
	few := figure("brier", 0.2, 0.2, 0.002, 0.5)
	few.Unjudged = verdict.ReasonTooFewRows
	r, _ = judged(Levels{}, figure("roc_auc", 0.84, 0.7, 0.02, 0.005), few)
	if f := find(t, r, "roc_auc"); f.Q != 0.005 || f.Level != verdict.Alert {
		t.Errorf("%+v", f)
	}
	if f := find(t, r, "brier"); f.Level != verdict.Insufficient || !math.IsNaN(f.Q) {
		t.Errorf("%+v", f)
	}
}

// A finding stands before those of others that are as grave, since it is what the
// rows became.
func TestBrokenOutcomesAreFirst(t *testing.T) {
	r, _ := judged(Levels{}, figure("positive_rate", 0.4, 0, math.NaN(), 1e-200))
	if f := r.Findings[0]; f.Subject != verdict.SubjectModel || !strings.Contains(f.Sentence, "fell from 40 % to 0 %") && !strings.Contains(f.Sentence, "All outcomes are alike") {
		t.Errorf("%+v", f)
	}
}

// What moved for the rows and what for the meaning of scores are told apart.
func TestRowsAndMeaning(t *testing.T) {
	for _, c := range []struct {
		expected float64
		want     string
	}{
		{0.83, "not the rows that changed but what a score means"},
		{0.61, "the rows that changed, not what a score means"},
		{0.72, "in part the rows changed"},
	} {
		f := figure("roc_auc", 0.84, 0.6, 0.01, 1e-9)
		f.Expected = c.expected
		r, _ := judged(Levels{}, f)
		if s := find(t, r, "roc_auc").Sentence; !strings.Contains(s, c.want) {
			t.Errorf("expected %v: %s", c.expected, s)
		}
	}
}

// Without anything to hold outcomes against that is said; without outcomes nothing is.
func TestNothingToCompare(t *testing.T) {
	r, q := drift.Report{}, outcome.Report{Outcomes: []verdict.Outcome{}, Declined: "the reference has no outcomes"}
	Judge(&r, &q, Levels{})
	if len(r.Findings) != 1 || r.Findings[0].Level != verdict.Insufficient || !strings.Contains(r.Findings[0].Sentence, q.Declined) {
		t.Errorf("%+v", r.Findings)
	}
	r = drift.Report{}
	Judge(&r, &outcome.Report{}, Levels{})
	if len(r.Findings)+len(r.Thresholds) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestLevelsCheck(t *testing.T) {
	if err := (Levels{AUC: Floors{0.2, 0.1}}).Check(); err == nil || !strings.Contains(err.Error(), "levels.outcomes.auc.alert") {
		t.Error(err)
	}
	if err := (Levels{AUC: Floors{Warn: 0.2}}).Check(); err != nil {
		t.Error(err)
	}
	if got := (Floors{Warn: 0.2}).settled(aucFloors); got != (Floors{0.2, 0.2}) {
		t.Errorf("%v", got)
	}
}
