package binary

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// Of a window only the deciles of the scores are known. What is estimated of
// them is what all scores give, to 0.01 where the window is like the judged
// period, and to 0.02 where it has moved by itself.
func TestEstimatesOfWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	truth := func(s float64) float64 { return 1 / (1 + math.Exp(-(0.5 + 0.7*logOdds(s)))) }
	var refScores []float64
	var positive []bool
	for range 1000 {
		s := r.Float64()
		refScores = append(refScores, s)
		positive = append(positive, r.Float64() < truth(s))
	}
	known, ref := knowing(t, refScores, positive), tallies{}
	for i, s := range refScores {
		ref.add(s, positive[i])
	}
	planner := plan.NewPlanner(plan.Options{Window: 24 * time.Hour})
	rows := func(scores []float64, days int64) arrow.RecordBatch {
		at := make([]int64, len(scores))
		for i := range at {
			at[i] = int64(i) % days * 24 * time.Hour.Microseconds()
		}
		return outcometest.Batch(t, map[table.Role]any{table.Timestamp: at, table.Score: scores})
	}
	if err := planner.Add(rows(refScores, 1)); err != nil {
		t.Fatal(err)
	}
	plan, err := planner.Plan()
	if err != nil {
		t.Fatal(err)
	}
	cur := tally.New(plan, view.Period{})
	var scores []float64
	for i := range 6000 {
		s := 0.2 + 0.8*r.Float64()
		if i%3 == 2 { // the third day's
			s = s * s
		}
		scores = append(scores, s)
	}
	if err := cur.AddRows(rows(scores, 3)); err != nil {
		t.Fatal(err)
	}
	judged := cur.View()
	at := slices.IndexFunc(judged.Columns, func(c view.Column) bool { return c.Role == table.Score })
	got := Evaluate(known, &judged.Columns[at], nil, outcome.Options{Threshold: 0.5, Windows: judged.Windows})
	found := 0
	for day := range 3 {
		var own tallies
		for i := day; i < len(scores); i += 3 {
			own.add(scores[i], false)
		}
		e := evaluation{Options: outcome.Options{Threshold: 0.5}, ref: ref.sorted()}
		want := estimateQuality(own.sorted(), calibrate(e.ref), 0.5)
		was := estimateQuality(e.ref, calibrate(e.ref), 0.5)
		near := 0.01
		if day == 2 {
			near = 0.02
		}
		for _, x := range got.Estimates {
			if x.Window != time.Unix(int64(day)*86400, 0).UTC().Format(time.RFC3339) {
				continue
			}
			exact := map[string]float64{
				"roc_auc": want.AUC - was.AUC + measure(e.ref, 0.5).AUC, "positive_rate": want.PositiveRate, "accuracy": want.Accuracy,
				"precision": want.Precision, "recall": want.Recall,
			}
			if v, ok := exact[x.Metric]; ok {
				found++
				if !(math.Abs(x.Value-v) <= near) || x.N != 2000 {
					t.Errorf("day %d, %s of %d rows: got %.4f, all scores give %.4f", day, x.Metric, x.N, x.Value, v)
				}
			}
		}
	}
	if found != 15 {
		t.Errorf("%d estimates by window", found)
	}
}

// By hand: of four rows in (0.5, 0.9] three lie at 0.6 and one at 0.8, as the
// judged period's three in four do; two below all edges stand at the least.
func TestScoresInAWindow(t *testing.T) {
	n := &view.Number{Edges: []float64{0.2, 0.5, 0.9}, At: []int64{1, 0, 0}, Open: []int64{2, 5, 4, 0}}
	got := scoresIn(n, []Tally{{0.6, 3, 0}, {0.8, 1, 0}}, []Tally{{0.3, 1, 1}, {0.7, 9, 0}})
	if want := []Tally{{0.2, 2, 0}, {0.2, 1, 0}, {0.3, 5, 0}, {0.6, 3, 0}, {0.8, 1, 0}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// By hand: of ten joined rows in one window the best 20 % are two, both positive,
// of four positives; the other window has one row, negative and scored highest.
func TestTheFirstToCallByWindow(t *testing.T) {
	at := []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 24 * time.Hour.Microseconds()}
	outcomes := []string{"0", "0", "0", "0", "1", "0", "1", "0", "1", "1", "0"}
	var scores []float64
	for i := range at {
		scores = append(scores, float64(i)/20)
	}
	j := &outcome.Join{Threshold: 0.3, Window: 24 * time.Hour}
	j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.Timestamp: at, table.Target: outcomes}))
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.Timestamp: at, table.Score: scores}))
	got := map[string]float64{}
	score := &view.Column{Rows: 15, Number: &view.Number{Values: func() ([]float64, []int64, bool) { return scores, nil, false }}}
	for _, o := range Evaluate(&outcome.Truth{}, score, met(j), outcome.Options{Threshold: 0.3}).Outcomes {
		if o.Kind == "top" && o.Score == 0.2 || o.Metric == "unlabelled" {
			got[o.Window+" "+o.Metric] = o.Value
		}
	}
	for name, want := range map[string]float64{
		"1970-01-01T00:00:00Z precision_at_k": 1, "1970-01-01T00:00:00Z lift_at_k": 2.5,
		"1970-01-02T00:00:00Z precision_at_k": 0, " unlabelled": 4, // of 15
		" precision_at_k": 0.5, " lift_at_k": 1.375, // of all eleven: the newest row, which is negative, and one positive
	} {
		if v, ok := got[name]; !ok || math.Abs(v-want) > 1e-12 {
			t.Errorf("%s: got %v, %t, want %v", name, v, ok, want)
		}
	}
	if len(got) != 6 {
		t.Errorf("got %v", got)
	}
}
