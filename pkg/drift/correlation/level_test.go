package correlation

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// A line is a row of two numbers.
type line struct {
	A float64 `table:"a,null"`
	B float64 `table:"b,null"`
}

// kinds of pairs: normal, close to one line, of heavy tails that come together, of few
// values, with many zeros, one of which follows the other in no straight line.
var kinds = map[string]func(r *rand.Rand) line{
	"normal":    func(r *rand.Rand) line { a := r.NormFloat64(); return line{a, 0.6*a + 0.8*r.NormFloat64()} },
	"collinear": func(r *rand.Rand) line { a := r.NormFloat64(); return line{a, 0.999*a + 0.0447*r.NormFloat64()} },
	"t of two degrees": func(r *rand.Rand) line {
		s := 1 / math.Sqrt(r.ExpFloat64())
		return line{s * r.NormFloat64(), s * r.NormFloat64()}
	},
	"whole numbers": func(r *rand.Rand) line {
		a := r.NormFloat64()
		return line{math.Round(3 * a), math.Round(1.5*a + 2.6*r.NormFloat64())}
	},
	"half zeros": func(r *rand.Rand) line {
		a := r.NormFloat64()
		return line{math.Max(0, a), math.Max(0, 0.5*a+0.87*r.NormFloat64())}
	},
	"quadratic": func(r *rand.Rand) line { a := r.NormFloat64(); return line{a, a*a + r.NormFloat64()} },
	"opposite in 5 %": func(r *rand.Rand) line {
		a := r.NormFloat64()
		b := 0.95*a + 0.31*r.NormFloat64()
		if r.Float64() < 0.05 {
			b = -b
		}
		return line{a, b}
	},
}

func lines(r *rand.Rand, n int, draw func(r *rand.Rand) line) []line {
	out := make([]line, n)
	for i := range out {
		out[i] = draw(r)
	}
	return out
}

// sides counts a reference and a log on the grid of the reference.
func sides(t *testing.T, ref, cur []line) (before, after view.View) {
	t.Helper()
	b := plan.NewPlanner(plan.Options{Threshold: math.NaN()})
	if err := b.Add(table.Encode("reference", ref)); err != nil {
		t.Fatal(err)
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	count := func(name string, rows []line) view.View {
		f := tally.New(p, view.Period{})
		if err := f.AddRows(table.Encode(name, rows)); err != nil {
			t.Fatal(err)
		}
		return f.View()
	}
	return count("reference", ref), count("predictions", cur)
}

// pairOf is the pair of a and b.
func pairOf(t *testing.T, v *view.View) *view.Pair {
	t.Helper()
	for i := range v.Pairs {
		if v.Pairs[i].A == "a" && v.Pairs[i].B == "b" {
			return &v.Pairs[i]
		}
	}
	t.Fatal("no pair of a and b")
	return nil
}

// Without a change the test of two correlations rejects a share of about alpha,
// whatever the pairs are. At 1 %, 400 trials have 12 or more in 0.1 % of cases, 120 have 7 or more in 0.02 %; where
// the variance comes from a hundred pairs the tail is a little heavier.
func TestCorrelationsKeepTheirLevel(t *testing.T) {
	trials, most := 400, 11
	if testing.Short() {
		trials, most = 120, 6
	}
	for name, draw := range kinds {
		for _, s := range [][2]int{{100, 100}, {303, 200}, {1000, 500}} {
			if testing.Short() && s != [2]int{303, 200} {
				continue
			}
			rng := rand.New(rand.NewPCG(3, uint64(s[0])))
			rejected := 0
			for range trials {
				ref, cur := sides(t, lines(rng, s[0], draw), lines(rng, s[1], draw))
				if c := correlated(pairOf(t, &ref), pairOf(t, &cur), policy.Design{}); c == nil {
					t.Fatalf("%s: not tested", name)
				} else if c.P <= 0.01 {
					rejected++
				}
			}
			t.Logf("%s, %d against %d: %.2f %% at 1 %%", name, s[1], s[0], 100*float64(rejected)/float64(trials))
			if rejected > most {
				t.Errorf("%s, %d against %d: %d of %d below 0.01", name, s[1], s[0], rejected, trials)
			}
		}
	}
}

// A change of 0.3 is found at 500 rows, by about as many as normal theory foretells.
func TestCorrelationsFindAChange(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	found := 0
	const trials = 100
	for range trials {
		ref, cur := sides(t, lines(rng, 500, kinds["normal"]), lines(rng, 500, func(r *rand.Rand) line {
			a := r.NormFloat64()
			return line{a, 0.3*a + 0.954*r.NormFloat64()}
		}))
		if correlated(pairOf(t, &ref), pairOf(t, &cur), policy.Design{}).P <= 0.001 {
			found++
		}
	}
	if found < 95 {
		t.Errorf("found in %d of %d", found, trials)
	}
}

// The spread is what the scores themselves give.
func TestSpreadOfThePairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for name, draw := range kinds {
		rows := lines(rng, 700, draw)
		rows[3].A, rows[9].B = math.NaN(), math.NaN()
		ref, _ := sides(t, rows, rows)
		got := pairOf(t, &ref)
		scores := func(of func(line) float64) []float64 {
			x := make([]float64, 0, len(rows))
			for _, l := range rows {
				v := of(l)
				below, same, all := 0.0, 0.0, 0.0
				for _, o := range rows {
					if w := of(o); w == w {
						all++
						if w < v {
							below++
						} else if w == v {
							same++
						}
					}
				}
				if v == v {
					v = math.Sqrt2 * math.Erfinv(2*(below+same/2)/all-1)
				}
				x = append(x, v)
			}
			return x
		}
		a, b := scores(func(l line) float64 { return l.A }), scores(func(l line) float64 { return l.B })
		var n, sa, sb, saa, sbb, sab float64
		each := func(use func(x, y float64)) {
			for i := range a {
				if a[i] == a[i] && b[i] == b[i] {
					use(a[i], b[i])
				}
			}
		}
		each(func(x, y float64) { n, sa, sb = n+1, sa+x, sb+y })
		ma, mb := sa/n, sb/n
		each(func(x, y float64) {
			saa, sbb, sab = saa+(x-ma)*(x-ma)/n, sbb+(y-mb)*(y-mb)/n, sab+(x-ma)*(y-mb)/n
		})
		r, v := sab/math.Sqrt(saa*sbb), 0.0
		each(func(x, y float64) {
			x, y = (x-ma)/math.Sqrt(saa), (y-mb)/math.Sqrt(sbb)
			d := x*y - r*(x*x+y*y)/2
			v += d * d / n
		})
		// Scores are rounded to 1/4096, their squares and cubes too.
		if math.Abs(got.Normal-r) > 1e-4 || math.Abs(got.Spread-v) > 2e-3*(v+1) {
			t.Errorf("%s: r %.5f and spread %.5f, want %.5f and %.5f", name, got.Normal, got.Spread, r, v)
		}
	}
}
