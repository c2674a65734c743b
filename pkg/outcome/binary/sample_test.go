package binary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/outcometest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// owned draws rows of people: each has one score and one outcome, and is there as
// often as times says.
func owned(r *rand.Rand, people int, times func() int, truth func(float64) float64) sample {
	var rows, apart tallies
	sum, squares := 0.0, 0.0
	for range people {
		score := r.Float64()
		positive := r.Float64() < truth(score)
		n := times()
		for range n {
			rows.add(score, positive)
		}
		apart.add(score, positive)
		sum, squares = sum+float64(n), squares+float64(n*n)
	}
	return sample{rows.sorted(), apart.sorted(), math.Sqrt(float64(people)*squares) / sum}
}

// Where people are scored again and again, 95 % intervals of estimates hold what the
// outcomes then give, which by rows they do far less often. Binomial bounds: of 200,
// fewer than 178 have a chance of 0.1 %.
func TestEstimatesOfEntitiesHold(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(12, 13))
	times := func() int { return 1 + r.IntN(10) }
	truth := func(s float64) float64 { return 0.2 + 0.6*s }
	const trials = 200
	held, byRows := map[string]int{}, map[string]int{}
	for range trials {
		ref, cur := owned(r, 400, times, truth), owned(r, 150, times, truth)
		got := Figures(cur.rows, 0.5)
		count := func(held map[string]int, known sample, together float64) {
			e := evaluation{Options: outcome.Options{Threshold: 0.5, Together: together}}
			e.learn(known)
			for _, x := range e.estimates("", cur.rows, true) {
				if x.Lo <= got[x.Metric] && got[x.Metric] <= x.Hi {
					held[x.Metric]++
				}
			}
		}
		count(held, ref, cur.together())
		count(byRows, eachAlone(ref.rows), 0)
	}
	for _, metric := range metricNames {
		t.Logf("%s: %d of %d hold, %d by rows", metric, held[metric], trials, byRows[metric])
		if held[metric] < 178 || byRows[metric] >= 150 {
			t.Errorf("%s: %d of %d hold, %d by rows", metric, held[metric], trials, byRows[metric])
		}
	}
}

// Where people are scored again and again, the tests of outcomes are loud where
// nothing has changed as often as they say, and by rows many times as often. 400
// nights at 1 %: a binomial bound of 12 with a chance of 0.1 % beyond it.
func TestEntitiesLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(11, 12))
	once := func() int { return 1 }
	for what, times := range map[string]func() int{
		"1 to 10":       func() int { return 1 + r.IntN(10) },
		"Pareto of 1.2": func() int { return min(200, int(math.Pow(1-r.Float64(), -1/1.2))) },
	} {
		same := func(s float64) float64 { return s }
		loud, byRows, found := map[string]int{}, 0, 0
		const nights = 400
		for range nights {
			ref, cur := owned(r, 1000, once, same), owned(r, 150, times, same)
			e := evaluation{Options: outcome.Options{Threshold: 0.5}}
			e.learn(ref)
			judged := cur
			worse := owned(r, 300, times, func(float64) float64 { return 0.5 })
			for _, c := range e.compared(e.learned, judged) {
				if c.P < 0.01 {
					loud[c.Metric]++
				}
			}
			for _, c := range e.compared(e.learned, worse) {
				if c.Metric == "roc_auc" && c.P < 0.01 {
					found++
				}
			}
			if Recalibration(e.ref, judged.rows).P < 0.01 {
				byRows++
			}
		}
		for metric, n := range loud {
			if n > 12 {
				t.Errorf("%s: %s rejects on %d of %d quiet nights at 1 %%", what, metric, n, nights)
			}
		}
		if byRows < nights/10 {
			t.Errorf("%s: by rows the recalibration test rejects on %d of %d: the draw shows nothing", what, byRows, nights)
		}
		if found < nights*95/100 {
			t.Errorf("%s: scores that tell nothing are found on %d of %d nights", what, found, nights)
		}
	}
}

// An interval of figures is that of one row each, farther where weights differ: the
// deviation of the area over draws is within a fifth of what the interval says.
func TestEntitiesInterval(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	r := rand.New(rand.NewPCG(21, 22))
	var areas []float64
	said := 0.0
	const draws = 400
	for range draws {
		s := owned(r, 200, func() int { return 1 + r.IntN(10) }, func(s float64) float64 { return s })
		of := s
		e := evaluation{Options: outcome.Options{Threshold: 0.5}}
		all := e.figures(of.rows)
		e.widen(all, &of)
		i := slices.IndexFunc(all, func(m verdict.Outcome) bool { return m.Metric == "roc_auc" })
		areas = append(areas, all[i].Value)
		said += (all[i].Hi - all[i].Lo) / 2 / outcome.Z95 / draws
	}
	if is := deviation(areas); math.Abs(said/is-1) > 0.2 {
		t.Errorf("the intervals' standard error is %.4f, the area's deviation %.4f", said, is)
	}
}

// Where every entity has as many rows, all alike, one of each is still what tests go by.
func TestEvenRepeats(t *testing.T) {
	twice := []outcome.Pair{{Score: 0.2, N: 2}, {Score: 0.7, Value: 1, N: 2}}
	once := []outcome.Pair{{Score: 0.2, N: 1}, {Score: 0.7, Value: 1, N: 1}}
	s, _ := sampled(outcome.Sample{Rows: twice, Apart: once, Spread: 1})
	if n := rowsOf(s.apart); n != 2 || !s.repeats() {
		t.Errorf("%d rows stand for two entities", n)
	}
}

// A window's intervals are those of one row of each entity, as the period's are.
func TestWindowsOfEntities(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	var ids, leads, labels []string
	var at []int64
	var scores []float64
	for lead := range 100 {
		s, label := r.Float64(), "0"
		if r.Float64() < s {
			label = "1"
		}
		for k := range 4 {
			ids, leads, labels = append(ids, fmt.Sprint(lead, "-", k)), append(leads, fmt.Sprint(lead)), append(labels, label)
			at, scores = append(at, monday.Add(time.Duration(lead)*time.Minute).UnixMicro()), append(scores, s)
		}
	}
	j := &outcome.Join{Threshold: 0.5, Window: day, Settings: outcome.Settings{Join: "all"}}
	if missing := j.AddOutcomes(outcometest.Batch(t, map[table.Role]any{table.ID: ids, table.Target: labels})); missing != "" {
		t.Fatal(missing)
	}
	j.AddRows(outcometest.Batch(t, map[table.Role]any{table.ID: ids, table.Entity: leads, table.Timestamp: at, table.Score: scores}))
	width := map[string]float64{}
	for _, o := range Evaluate(half(t), nil, met(j), outcome.Options{Threshold: 0.5}).Outcomes {
		if o.Kind == "metric" && o.Metric == "roc_auc" {
			width[o.Window] = o.Hi - o.Lo
		}
	}
	if one := width[name(monday)]; len(width) != 2 || !(one > 0) || one != width[""] {
		t.Errorf("widths %v: the day is the period", width)
	}
}
