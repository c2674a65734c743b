package domain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// drawn makes rows of normal numbers, every third of them in few values and
// every fifth often missing, and of categories.
func drawn(rng *rand.Rand, rows, numbers int, categories ...int) view.View {
	v := view.View{Rows: int64(rows), SampleRows: int64(rows), Sample: make([]view.Row, rows)}
	add := func(name string, kind view.Kind, cell func() view.Cell) {
		v.Names = append(v.Names, name)
		v.Columns = append(v.Columns, view.Column{Name: name, Role: "feature", Kind: kind, Rows: int64(rows)})
		for i := range v.Sample {
			v.Sample[i].N = 1
			v.Sample[i].Cells = append(v.Sample[i].Cells, cell())
		}
	}
	for j := range numbers {
		add(fmt.Sprint("n", j), view.NumberKind, func() view.Cell {
			x := rng.NormFloat64()
			if j%3 == 2 {
				x = math.Floor(3 * math.Abs(x))
			}
			return view.Cell{Num: x, Null: j%5 == 4 && rng.Float64() < 0.1}
		})
	}
	for j, k := range categories {
		add(fmt.Sprint("c", j), view.CategoryKind, func() view.Cell {
			return view.Cell{String: true, Str: fmt.Sprint("v", rng.IntN(1+rng.IntN(k)))}
		})
	}
	return v
}

// few makes so few columns that many rounds are quick.
func few(rng *rand.Rand, rows int) view.View { return drawn(rng, rows, 2, 3, 6) }

// leads makes about as many columns as the sample case has.
func leads(rng *rand.Rand, rows int) view.View {
	return drawn(rng, rows, 7, 2, 2, 3, 4, 5, 6, 8, 10, 15, 30, 80)
}

// The AUC is the share of pairs, ties counting half: each pair is looked at, and
// it is what Mann and Whitney's U is over the pairs.
func TestAUCCountsPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var held []ranked
		var x, y []float64
		for range 1 + rng.IntN(12) {
			g := ranked{float64(rng.IntN(5)), int32(rng.IntN(3)), int32(rng.IntN(3))}
			held = append(held, g)
			x = append(x, slices.Repeat([]float64{g.margin}, int(g.ref))...)
			y = append(y, slices.Repeat([]float64{g.margin}, int(g.cur))...)
		}
		var want int64
		for _, a := range x {
			for _, b := range y {
				switch {
				case b > a:
					want += 2
				case b == a:
					want++
				}
			}
		}
		twice, pairs := rankedPairs(held)
		if twice != want || pairs != int64(len(x)*len(y)) {
			t.Fatalf("%v: %d of %d, want %d of %d", held, twice, pairs, want, len(x)*len(y))
		}
	}
}

// Without drift p <= 0.05 in 5 % of cases and p <= 0.5 in half of them, within
// three standard deviations of a binomial count, whatever the sizes. No case is
// at warn but by chance: of 200 at alpha 0.25 %, P(K >= 4) = 0.2 %.
func TestClassifierHoldsItsLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of seconds")
	}
	const cases = 200
	rng := rand.New(rand.NewPCG(5, 6))
	low, half, loud := 0, 0, 0
	for k := range cases {
		n, m := 80, []int{80, 160}[k%2]
		ref, cur := few(rng, n), few(rng, m)
		c, ok := Compare(&ref, &cur, "", Options{})
		if !ok || c.Unjudged != "" {
			t.Fatalf("not judged: %q", c.Unjudged)
		}
		least := 1. / 400
		if c.Effect < policy.AUCFloors.Warn {
			least = 1. / 20
		}
		if c.P < least || c.P > 1 {
			t.Fatalf("p %v of AUC %v", c.P, c.Effect)
		}
		if c.P <= 0.05 {
			low++
		}
		if c.P <= 0.5 {
			half++
		}
		if c.P <= policy.Calibrated.Alpha(policy.MultivariateFamily) && c.Effect >= policy.AUCFloors.Warn {
			loud++
		}
	}
	t.Logf("p at most 0.05 in %d, at most 0.5 in %d, at warn %d of %d", low, half, loud, cases)
	within := func(k int, share float64) bool {
		return math.Abs(float64(k)-share*cases) <= 3*math.Sqrt(cases*share*(1-share))
	}
	if !within(low, 0.05) || !within(half, 0.5) || loud >= 4 {
		t.Errorf("p at most 0.05 in %d, at most 0.5 in %d, at warn %d of %d", low, half, loud, cases)
	}
}

// A split is the best of those allowed, by the gain from its definition: each
// threshold of a number with missing values on either side, each category.
func TestSplitIsTheBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for range 200 {
		const groups = 120
		pool := &pool{columns: []column{{name: "n", classes: 5, missing: true}, {name: "c", classes: 4, category: true, missing: true}}}
		slope := make([][2]float64, groups)
		for range groups {
			pool.classes = append(pool.classes, uint8(rng.IntN(5)), uint8(rng.IntN(4)))
			pool.fold = append(pool.fold, 0)
		}
		b := newBooster(pool)
		rows := make([]int32, groups)
		for i := range rows {
			rows[i] = int32(i)
			// Missing values of n are often like its low ones, at times like its high ones.
			slope[i] = [2]float64{math.Floor(1024*(rng.Float64()-0.3*float64(pool.classes[2*i])*rng.Float64())) / 1024, 0.25}
			b.slope[i] = packed(slope[i][0], slope[i][1])
		}
		gain := func(column int, first uint16) float64 {
			var g, h [2]float64
			for i := range rows {
				side := 1 - int(first>>pool.classes[2*i+column]&1)
				g[side] += slope[i][0]
				h[side] += slope[i][1]
			}
			if h[0] < leastChild || h[1] < leastChild {
				return 0
			}
			all := g[0] + g[1]
			return g[0]*g[0]/(h[0]+ridge) + g[1]*g[1]/(h[1]+ridge) - all*all/(h[0]+h[1]+ridge)
		}
		best := 0.0
		for _, first := range []uint16{0b00010, 0b00110, 0b01110, 0b11110, 0b00011, 0b00111, 0b01111} {
			best = max(best, gain(0, first))
		}
		for _, first := range []uint16{0b0001, 0b0010, 0b0100, 0b1000} {
			best = max(best, gain(1, first))
		}
		b.count(0, rows)
		column, first := b.split(0)
		if got := gain(column, first); math.Abs(got-best) > 1e-9*best {
			t.Fatalf("column %d, classes %b: gain %v, the best is %v", column, first, got, best)
		}
	}
}

// Every column has its turn as a first split, a number first at its median.
func TestFirstSplitsAreDealt(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	ref, cur := leads(rng, 200), leads(rng, 200)
	pool, why := rowsOf(&ref, &cur, inputsOf(&ref, &cur, ""), Options{})
	if pool == nil {
		t.Fatal(why.Unjudged)
	}
	turns := make([]int, len(pool.columns))
	for _, root := range pool.roots {
		turns[root.column]++
		var first int
		for i := range pool.fold {
			first += int(root.first >> pool.row(i)[root.column] & 1)
		}
		if first == 0 || first == len(pool.fold) {
			t.Errorf("%s: all rows on one side", pool.columns[root.column].name)
		}
		// n1 is continuous and never missing, in 15 bins.
		if c := pool.columns[root.column]; c.name == "n1" && turns[root.column] == 1 && math.Abs(float64(first)/400-0.5) > 1./15 {
			t.Errorf("n1 is split at %d of 400 rows", first)
		}
	}
	if slices.Min(turns) < 1 || slices.Max(turns) > 2 {
		t.Errorf("turns %v", turns)
	}
}

// Rows that are equal in all features are one group, in one fold: a production
// that is the reference's rows over again cannot be told from it.
func TestEqualRowsAreInOneFold(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	v := few(rng, 200)
	pool, why := rowsOf(&v, &v, inputsOf(&v, &v, ""), Options{})
	if pool == nil {
		t.Fatal(why.Unjudged)
	}
	if len(pool.fold) != 200 || len(pool.labels) != 400 {
		t.Fatalf("%d groups of %d rows, want 200 of 400", len(pool.fold), len(pool.labels))
	}
	b := newBooster(pool)
	pool.label(pool.labels, b.ref, b.cur)
	if auc := b.auc(nil); auc != 0.5 {
		t.Errorf("AUC %v, want 0.5: every group has a row of each side", auc)
	}
}

// A draw of k rows has k of them, none beyond those there are, and each row is
// drawn as often as any other.
func TestThinDrawsEachRowAlike(t *testing.T) {
	counts := [4]int64{1, 10, 0, 4}
	var sum [4]int64
	const rounds, k = 3000, 6
	for i := range uint64(rounds) {
		c := counts
		subsample([]*int64{&c[0], &c[1], &c[2], &c[3]}, k, rng(1, i))
		if c[0]+c[1]+c[2]+c[3] != k || c[0] > 1 || c[2] > 0 || c[3] > 4 {
			t.Fatalf("%v of %v", c, counts)
		}
		for j := range c {
			sum[j] += c[j]
		}
	}
	for j, n := range counts {
		// Hypergeometric: variance k·s(1-s)·(15-k)/14 a round.
		s := float64(n) / 15
		want, sd := rounds*k*s, math.Sqrt(rounds*k*s*(1-s)*9/14)
		if math.Abs(float64(sum[j])-want) > 4*sd {
			t.Errorf("group %d: %d rows in all, want about %.0f", j, sum[j], want)
		}
	}
}

// BenchmarkCompare asks the classifier on a quiet night and on one with drift,
// where two columns fall together that rose together, of 18 columns. CPU time is
// about twice the time on two processors.
func BenchmarkCompare(b *testing.B) {
	turned := func(v view.View, rng *rand.Rand, rho float64) view.View {
		for i := range v.Sample {
			x, y := rng.NormFloat64(), rng.NormFloat64()
			v.Sample[i].Cells[0].Num, v.Sample[i].Cells[1].Num = x, rho*x+math.Sqrt(1-rho*rho)*y
		}
		return v
	}
	for _, night := range []struct {
		name string
		rho  float64
	}{{"quiet", 0.7}, {"drift", -0.7}} {
		rng := rand.New(rand.NewPCG(3, 4))
		ref, cur := turned(leads(rng, 303), rng, 0.7), turned(leads(rng, 2048), rng, night.rho)
		b.Run(night.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compare(&ref, &cur, "", Options{})
			}
		})
	}
}
