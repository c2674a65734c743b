package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A population of 19 independent columns as a lead's: skewed and tied numbers,
// categories of few and many values, some missing.
type population struct {
	numbers    int
	categories []int // how many values each has; shares fall like 1/rank
}

var leads = population{numbers: 8, categories: []int{2, 2, 3, 4, 5, 6, 8, 10, 15, 30, 80}}

type sample struct {
	numbers    [][]float64
	categories [][]string
}

func (p population) draw(rng *rand.Rand, rows int) sample {
	var s sample
	for j := range p.numbers {
		x := make([]float64, rows)
		for i := range x {
			z := rng.NormFloat64()
			switch j % 4 {
			case 0:
				x[i] = z
			case 1:
				x[i] = math.Exp(1.5 * z)
			case 2:
				x[i] = math.Floor(3 * math.Abs(z)) // few distinct values
			case 3:
				x[i] = rng.Float64()
			}
			if j >= 4 && rng.Float64() < 0.1 {
				x[i] = math.NaN()
			}
		}
		s.numbers = append(s.numbers, x)
	}
	for j, k := range p.categories {
		var total float64
		for r := 1; r <= k; r++ {
			total += 1 / float64(r)
		}
		c := make([]string, rows)
		for i := range c {
			u := rng.Float64() * total
			r := 1
			for ; r < k && u > 1/float64(r); r++ {
				u -= 1 / float64(r)
			}
			c[i] = fmt.Sprint("v", r)
			if j%3 == 2 && rng.Float64() < 0.05 {
				c[i] = ""
			}
		}
		s.categories = append(s.categories, c)
	}
	return s
}

func (s sample) view(ref sample) view.View {
	var columns []view.Column
	for j, x := range s.numbers {
		c := numberColumn(fmt.Sprint("n", j), ref.numbers[j], x)
		if j == 0 {
			c.Role = table.Score
		}
		columns = append(columns, c)
	}
	for j, x := range s.categories {
		columns = append(columns, categoryColumn(fmt.Sprint("c", j), ref.categories[j], x))
	}
	return viewOf(columns...)
}

// With both sides drawn from one population a run is at warn or beyond in at
// most about 5 % of cases: P(K >= 13) = 0.7 % for K ~ Binomial(120, 0.05).
func TestRunsWithoutDriftAreQuiet(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const pairs = 120
	for _, m := range []int{200, 1000} {
		rng := rand.New(rand.NewPCG(1, uint64(m)))
		loud := 0
		for range pairs {
			ref, cur := leads.draw(rng, 303), leads.draw(rng, m)
			r := Compare(ref.view(ref), cur.view(ref), Options{})
			if verdict.Reaches(r.Run.Level, verdict.Warn) {
				loud++
				t.Logf("%d rows: %s", m, r.Run.Headline)
			}
		}
		t.Logf("%d rows: %d of %d runs at warn or beyond", m, loud, pairs)
		if loud >= 13 {
			t.Errorf("%d rows: %d of %d runs without drift at warn or beyond", m, loud, pairs)
		}
	}
}

// Planted changes of one column are found, and the finding says which way:
// P(K <= 16) = 0.3 % for K ~ Binomial(20, 0.97).
func TestPlantedChangesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const pairs = 20
	for _, c := range []struct {
		name           string
		rows           int
		plant          func(rng *rand.Rand, s *sample)
		subject, check string
		direction      string
	}{
		{"scores shift by 0.7 sigma", 400, func(_ *rand.Rand, s *sample) {
			for i := range s.numbers[0] {
				s.numbers[0][i] += 0.7
			}
		}, "n0", verdict.CheckDistribution, verdict.Up},
		{"a log-normal feature falls to a third", 1000, func(_ *rand.Rand, s *sample) {
			for i := range s.numbers[1] {
				s.numbers[1][i] /= 3
			}
		}, "n1", verdict.CheckDistribution, verdict.Down},
		{"a spread doubles", 1000, func(_ *rand.Rand, s *sample) {
			for i := range s.numbers[4] {
				s.numbers[4][i] *= 2
			}
		}, "n4", verdict.CheckDistribution, verdict.Changed},
		{"a category takes over", 400, func(rng *rand.Rand, s *sample) {
			for i := range s.categories[4] {
				if rng.Float64() < 0.3 {
					s.categories[4][i] = "v5"
				}
			}
		}, "c4", verdict.CheckDistribution, verdict.Changed},
		{"a new category", 400, func(rng *rand.Rand, s *sample) {
			for i := range s.categories[3] {
				if rng.Float64() < 0.15 {
					s.categories[3][i] = "new"
				}
			}
		}, "c3", verdict.CheckUnseen, verdict.Up},
		{"missing values", 400, func(rng *rand.Rand, s *sample) {
			for i := range s.numbers[3] {
				if rng.Float64() < 0.15 {
					s.numbers[3][i] = math.NaN()
				}
			}
		}, "n3", verdict.CheckMissing, verdict.Up},
		{"another unit", 200, func(_ *rand.Rand, s *sample) {
			for i := range s.numbers[7] {
				s.numbers[7][i] *= 1000
			}
		}, "n7", verdict.CheckRange, verdict.Up},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(2, 3))
			found := 0
			for range pairs {
				ref, cur := leads.draw(rng, 303), leads.draw(rng, c.rows)
				c.plant(rng, &cur)
				r := Compare(ref.view(ref), cur.view(ref), Options{})
				f := find(t, r, c.subject, c.check)
				if verdict.Reaches(f.Level, verdict.Warn) && f.Direction == c.direction {
					found++
				} else {
					t.Logf("%s %s: %s", f.Level, f.Direction, f.Sentence)
				}
			}
			if found < 17 {
				t.Errorf("found in %d of %d", found, pairs)
			}
		})
	}
}
