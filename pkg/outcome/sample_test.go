package outcome

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// owned draws rows of people: each has one score and one outcome, and is there as
// often as times says.
func owned(r *rand.Rand, people int, base uint64, times func() int, truth func(float64) float64) samples {
	var s samples
	for i := range people {
		score := r.Float64()
		positive := r.Float64() < truth(score)
		for k := range times() {
			s.add(base+uint64(i), base+uint64(1000*i+k), score, positive)
		}
	}
	return s
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
			ref, cur := owned(r, 1000, 1<<40, once, same), owned(r, 150, 1, times, same)
			e := evaluation{Options: Options{Threshold: 0.5}}
			e.learn(ref.sample())
			judged := cur.sample()
			worse := owned(r, 300, 1, times, func(float64) float64 { return 0.5 })
			for _, c := range e.compared(e.learned, judged) {
				if c.P < 0.01 {
					loud[c.Metric]++
				}
			}
			for _, c := range e.compared(e.learned, worse.sample()) {
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

// One row an entity is kept whatever the order, and where each row is of another
// entity, or of nobody known, nothing is left out.
func TestSample(t *testing.T) {
	var forth, back, alone samples
	type row struct {
		entity, hash uint64
		score        float64
		positive     bool
	}
	rows := []row{{7, 3, 0.1, true}, {7, 1, 0.2, false}, {7, 2, 0.3, true}, {8, 4, 0.4, true}, {0, 5, 0.5, false}, {0, 6, 0.5, true}}
	for i := range rows {
		a, b := rows[i], rows[len(rows)-1-i]
		forth.add(a.entity, a.hash, a.score, a.positive)
		back.add(b.entity, b.hash, b.score, b.positive)
		alone.add(uint64(i+1), a.hash, a.score, a.positive)
	}
	got := forth.sample()
	want := []Tally{{0.2, 1, 0}, {0.4, 1, 1}, {0.5, 2, 1}} // of entity 7 the row of hash 1
	if again := back.sample(); !slices.Equal(got.apart, want) || !slices.Equal(again.apart, want) {
		t.Errorf("one row each: %v and %v, want %v", got.apart, again.apart, want)
	}
	// Weights 3, 1, 1, 1: four entities, Σw² = 12, Σw = 6.
	if spread := math.Sqrt(4*12.) / 6; math.Abs(got.spread-spread) > 1e-15 {
		t.Errorf("spread %v, want %v", got.spread, spread)
	}
	if s := alone.sample(); s.repeats() || s.spread != 1 {
		t.Errorf("six entities: %+v", s)
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
		s := owned(r, 200, 1, func() int { return 1 + r.IntN(10) }, func(s float64) float64 { return s })
		of := s.sample()
		e := evaluation{Options: Options{Threshold: 0.5}}
		all := e.figures(of.rows)
		e.widen(all, &of)
		i := slices.IndexFunc(all, func(m verdict.Outcome) bool { return m.Metric == "roc_auc" })
		areas = append(areas, all[i].Value)
		said += (all[i].Hi - all[i].Lo) / 2 / z95 / draws
	}
	if is := deviation(areas); math.Abs(said/is-1) > 0.2 {
		t.Errorf("the intervals' standard error is %.4f, the area's deviation %.4f", said, is)
	}
}
