package regression

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/outcome"
)

// vector is what testdata/oracle/make.py wrote with scikit-learn, NumPy and SciPy.
type vector struct {
	Name    string
	Ref     []float64
	RefY    []float64 `json:"ref_y"`
	Cur     []float64
	CurY    []float64 `json:"cur_y"`
	Figures struct {
		MAE           float64
		RMSE          float64
		Bias          float64
		R2            float64
		OutcomeMean   float64 `json:"outcome_mean"`
		Quantiles     []float64
		MAESE         float64 `json:"mae_se"`
		BiasSE        float64 `json:"bias_se"`
		RMSEJackknife float64 `json:"rmse_jackknife"`
		R2Jackknife   float64 `json:"r2_jackknife"`
	}
	Welch   map[string]struct{ T, P float64 }
	Meaning struct{ X2, P float64 }
}

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/oracle/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(text, &vs); err != nil || len(vs) < 4 {
		t.Fatalf("%d vectors: %v", len(vs), err)
	}
	return vs
}

// pairs are those of predictions and outcomes.
func pairs(scores, values []float64) []outcome.Pair {
	n := map[[2]float64]int64{}
	for i := range scores {
		n[[2]float64{scores[i], values[i]}]++
	}
	var out []outcome.Pair
	for p, k := range n {
		out = append(out, outcome.Pair{Score: p[0], Value: p[1], N: k})
	}
	slices.SortFunc(out, func(a, b outcome.Pair) int {
		if a.Score < b.Score || a.Score == b.Score && a.Value < b.Value {
			return -1
		}
		return 1
	})
	return out
}

func near(a, b, relative float64) bool {
	return math.Abs(a-b) <= relative*math.Max(math.Abs(a), math.Abs(b))+1e-300
}

// The figures are scikit-learn's and NumPy's, the tests SciPy's. Standard errors by
// influence functions are within a twentieth of the jackknife's, of 45 rows a fifth.
func TestScikitLearn(t *testing.T) {
	for _, v := range vectors(t) {
		cur := pairs(v.Cur, v.CurY)
		got := map[string]figure{}
		for _, f := range figures(cur) {
			got[f.metric] = f
		}
		want := v.Figures
		for metric, x := range map[string]float64{mae: want.MAE, rmse: want.RMSE, bias: want.Bias, r2: want.R2, outcomeMean: want.OutcomeMean} {
			if !near(got[metric].value, x, 1e-10) {
				t.Errorf("%s: %s is %v, want %v", v.Name, metric, got[metric].value, x)
			}
		}
		for i, q := range errorQuantiles {
			f, told := got[q.name]
			if told != (math.Min(q.p, 1-q.p)*float64(len(v.Cur)) >= fewestBeyond) || told && math.Abs(f.value-want.Quantiles[i]) > 1e-9*math.Abs(want.Quantiles[4]) {
				t.Errorf("%s: %s is %v, %t, want %v", v.Name, q.name, f.value, told, want.Quantiles[i])
			}
			if told && !(f.lo <= f.value && f.value <= f.hi) {
				t.Errorf("%s: %s %v to %v", v.Name, q.name, f.lo, f.hi)
			}
		}
		loose := 0.05
		if len(v.Cur) < 100 {
			loose = 0.2
		}
		for metric, x := range map[string]float64{rmse: want.RMSEJackknife, r2: want.R2Jackknife} {
			if !near(got[metric].se, x, loose) {
				t.Errorf("%s: standard error of %s is %v, by the jackknife %v", v.Name, metric, got[metric].se, x)
			}
		}
		if !near(got[mae].se, want.MAESE, 1e-10) || !near(got[bias].se, want.BiasSE, 1e-10) {
			t.Errorf("%s: standard errors %v and %v, want %v and %v", v.Name, got[mae].se, got[bias].se, want.MAESE, want.BiasSE)
		}
		ref := pairs(v.Ref, v.RefY)
		e := evaluation{ref: outcome.Sample{Rows: ref, Apart: ref, Spread: 1}}
		tested := 0
		for _, c := range e.compared(outcome.Sample{Rows: cur, Apart: cur, Spread: 1}) {
			if w, ok := v.Welch[c.Metric]; ok {
				tested++
				if !near(c.Statistic, w.T, 1e-9) || !near(c.P, w.P, 1e-8) {
					t.Errorf("%s: %s: t %v, p %v, want %v, %v", v.Name, c.Metric, c.Statistic, c.P, w.T, w.P)
				}
			}
		}
		if tested != 3 {
			t.Errorf("%s: %d tests", v.Name, tested)
		}
		if c := meaning(ref, cur); !near(c.X2, v.Meaning.X2, 1e-8) || !near(c.P, v.Meaning.P, 1e-6) {
			t.Errorf("%s: X² %v, p %v, want %v, %v", v.Name, c.X2, c.P, v.Meaning.X2, v.Meaning.P)
		}
	}
}

// draw makes rows of predictions: mean is the outcome's at a prediction, spread its
// deviation there.
func draw(r *rand.Rand, n int, prediction func() float64, mean, spread func(float64) float64) []outcome.Pair {
	var scores, values []float64
	for range n {
		s := prediction()
		scores, values = append(scores, s), append(values, mean(s)+spread(s)*r.NormFloat64())
	}
	return pairs(scores, values)
}

// Without concept drift the test rejects a share of about its level, also where the
// predictions shift, errors grow with them or have long tails, and where the mean
// outcome is no line of the prediction; with a changed level or slope it rejects.
// Binomial bounds: 600 trials at 1 % give up to 15 rejections but for 0.1 %.
func TestMeaningLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(31, 32))
	normal := func() float64 { return 100 + 20*r.NormFloat64() }
	shifted := func() float64 { return 110 + 15*r.NormFloat64() }
	for name, c := range map[string]struct {
		mean, spread func(float64) float64
	}{
		"a line":      {func(s float64) float64 { return s }, func(float64) float64 { return 10 }},
		"growing":     {func(s float64) float64 { return s }, func(s float64) float64 { return math.Abs(s) / 8 }},
		"a curve":     {func(s float64) float64 { return s * s / 100 }, func(float64) float64 { return 10 }},
		"long tailed": {func(s float64) float64 { return s }, func(float64) float64 { return math.Exp(1.2 * r.NormFloat64()) }},
	} {
		rejected, level, slope := 0, 0, 0
		const trials = 600
		for range trials {
			ref, cur := draw(r, 500, normal, c.mean, c.spread), draw(r, 400, shifted, c.mean, c.spread)
			if meaning(ref, cur).P < 0.01 {
				rejected++
			}
		}
		for range 60 {
			ref := draw(r, 500, normal, c.mean, c.spread)
			if meaning(ref, draw(r, 400, shifted, func(s float64) float64 { return c.mean(s) + 6 }, c.spread)).P < 0.01 {
				level++
			}
			if meaning(ref, draw(r, 400, normal, func(s float64) float64 { return c.mean(s) + 0.5*(s-100) }, c.spread)).P < 0.01 {
				slope++
			}
		}
		if rejected > 15 {
			t.Errorf("%s: %d of %d rejected at 1 %%", name, rejected, trials)
		}
		if level < 57 || slope < 57 {
			t.Errorf("%s: a changed level is found in %d, a changed slope in %d of 60", name, level, slope)
		}
		t.Logf("%s: %d of %d, level %d, slope %d", name, rejected, trials, level, slope)
	}
}

// 95 % intervals of the figures hold those of the population. Binomial bounds: of 400,
// fewer than 364 have a chance of 0.1 %; order statistics are a little wide.
func TestIntervalsHold(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(41, 42))
	one := func() []outcome.Pair {
		return draw(r, 300, func() float64 { return 10 * r.Float64() }, func(s float64) float64 { return s + 0.5 }, func(s float64) float64 { return 1 + s/5 })
	}
	truth := map[string]float64{}
	for _, f := range figures(draw(r, 400_000, func() float64 { return 10 * r.Float64() }, func(s float64) float64 { return s + 0.5 }, func(s float64) float64 { return 1 + s/5 })) {
		truth[f.metric] = f.value
	}
	holds := map[string]int{}
	for range 400 {
		for _, f := range figures(one()) {
			if f.lo <= truth[f.metric] && truth[f.metric] <= f.hi {
				holds[f.metric]++
			}
		}
	}
	if len(holds) != 10 {
		t.Errorf("%d figures", len(holds))
	}
	for metric, n := range holds {
		if n < 364 {
			t.Errorf("%s: %d of 400 intervals hold", metric, n)
		}
	}
}

// Odd rows give figures or none, never a panic, and no infinity.
func TestOddRows(t *testing.T) {
	for _, ps := range [][]outcome.Pair{nil, {{Score: 1, Value: 2, N: 1}}, {{Score: 1, Value: 1, N: 50}}, {{Score: 1, Value: 2, N: 20}, {Score: 2, Value: 2, N: 20}}, {{Score: 1e300, Value: -1e300, N: 40}}} {
		s := outcome.Sample{Rows: ps, Apart: ps, Spread: 1}
		e := evaluation{ref: s}
		for _, f := range figures(ps) {
			if math.IsInf(f.value, 0) && ps[0].Score < 1e300 {
				t.Errorf("%v: %s is infinite", ps, f.metric)
			}
		}
		if len(ps) > 0 {
			e.metrics(s, e.compared(s), "")
			residuals("residuals", ps)
			meaning(ps, ps)
		}
	}
}

// Where each entity has four rows that are alike, intervals are those of one of each, and
// a quantile that one of each is too few for is not told.
func TestIntervalsOfEntities(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	once := draw(r, 80, r.Float64, func(s float64) float64 { return s }, func(float64) float64 { return 1 })
	four := slices.Clone(once)
	for i := range four {
		four[i].N *= 4
	}
	told := map[string]figure{}
	for _, f := range widened(outcome.Sample{Rows: four, Apart: once, Spread: 1}) {
		told[f.metric] = f
	}
	for _, want := range figures(once) {
		got := told[want.metric]
		if math.Abs((got.hi-got.lo)-(want.hi-want.lo)) > 1e-9 {
			t.Errorf("%s: %v wide, want %v", want.metric, got.hi-got.lo, want.hi-want.lo)
		}
	}
	if _, ok := told["error_p05"]; ok || len(told) != len(figures(once)) {
		t.Errorf("%d figures", len(told))
	}
}

// Intervals of estimates hold what the outcomes of the same rows then give where a row's
// outcome is its entity's: errors are normal, as the model of the error has them. Without
// the entities three intervals of ten fail. Binomial bounds: of 400, fewer than 364 have a
// chance of 0.1 %.
func TestEstimatesOfEntitiesHold(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	predict := func() float64 { return 10 * r.Float64() }
	deviation := func(s float64) float64 { return 1 + s/5 }
	const trials, entities = 400, 150
	holds, alone := map[string]int{}, map[string]int{}
	for range trials {
		known := draw(r, 1000, predict, func(s float64) float64 { return s }, deviation)
		ref := outcome.Sample{Rows: known, Apart: known, Spread: 1}
		rows := draw(r, entities, predict, func(s float64) float64 { return s }, deviation)
		n, squares, distance, square := 0.0, 0.0, 0.0, 0.0
		for i := range rows {
			rows[i].N = []int64{1, 1, 2, 6}[r.IntN(4)]
			k, d := float64(rows[i].N), deviation(rows[i].Score)
			n, squares, distance, square = n+k, squares+k*k, distance+k*d*math.Sqrt(2/math.Pi), square+k*d*d
		}
		errors := []outcome.PredictedError{{Mean: distance / n, N: int64(n)}, {Squared: true, Mean: square / n, N: int64(n)}}
		count := func(together float64, held map[string]int) {
			e := evaluation{Options: outcome.Options{Errors: errors, Together: together}, ref: ref}
			for _, x := range e.estimates(int64(n)) {
				for _, f := range figures(rows) {
					if f.metric == x.Metric && x.Lo <= f.value && f.value <= x.Hi {
						held[x.Metric]++
					}
				}
			}
		}
		count(squares/n, holds)
		count(0, alone)
	}
	for _, metric := range []string{mae, rmse} {
		t.Logf("%s: of %d intervals %d hold, %d as if rows were alone", metric, trials, holds[metric], alone[metric])
		if holds[metric] < 364 || alone[metric] > 320 {
			t.Errorf("%s: of %d intervals %d hold, %d as if rows were alone", metric, trials, holds[metric], alone[metric])
		}
	}
}
