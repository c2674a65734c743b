package design

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/leadsman/leadsman/pkg/stats"
)

// clustered counts rows of entities, each by the cell of one of its rows, in G buckets.
func clustered(rng *rand.Rand, entities [][]int, cells, buckets int) [][]int64 {
	out := make([][]int64, cells)
	for c := range out {
		out[c] = make([]int64, buckets)
	}
	for _, rows := range entities {
		g := rng.IntN(buckets)
		for _, c := range rows {
			out[c][g]++
		}
	}
	return out
}

// exact is the same design effect from the entities themselves.
func exact(entities [][]int, cells int) (size, rho, raoScott float64) {
	n, squares, agree := 0.0, 0.0, 0.0
	p := make([]float64, cells)
	for _, rows := range entities {
		n += float64(len(rows))
		squares += float64(len(rows) * len(rows))
		for _, c := range rows {
			p[c]++
		}
	}
	chance := 0.0
	for c := range p {
		p[c] /= n
		chance += p[c] * p[c]
	}
	for _, rows := range entities {
		w := make([]float64, cells)
		for _, c := range rows {
			w[c]++
		}
		for c := range w {
			agree += w[c] * (w[c] - 1)
			d := w[c] - p[c]*float64(len(rows))
			raoScott += d * d / (n * p[c]) / float64(cells-1)
		}
	}
	return squares / n, (agree/(squares-n) - chance) / (1 - chance), raoScott
}

// From 256 buckets the design effect is what the entities themselves give, on average
// over allocations: the estimates are unbiased, and the mean of 40 is within 6 %.
func TestBucketsStandForEntities(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, keep := range []float64{1, 0.5} { // chance that a row is as its entity's first
		var entities [][]int
		for range 700 {
			rows := make([]int, 1+rng.IntN(10))
			first := rng.IntN(10)
			for i := range rows {
				if rows[i] = first; rng.Float64() > keep {
					rows[i] = rng.IntN(10)
				}
			}
			entities = append(entities, rows)
		}
		size, rho, raoScott := exact(entities, 10)
		var got Clustering
		const trials = 40
		for range trials {
			r, err := Clusters(clustered(rng, entities, 10, 256), false)
			if err != nil {
				t.Fatal(err)
			}
			got.Size += r.Size / trials
			got.Rho += r.Rho / trials
			got.RaoScott += r.RaoScott / trials
		}
		for name, x := range map[string][2]float64{"size": {got.Size, size}, "rho": {got.Rho, rho}, "Rao and Scott's": {got.RaoScott, raoScott}} {
			if math.Abs(x[0]/x[1]-1) > 0.06 {
				t.Errorf("agreement %v: %s is %.3f by buckets, %.3f by entities", keep, name, x[0], x[1])
			}
		}
	}
}

// Rows each of an entity of its own are worth what they are, but for the noise of
// 256 buckets; copies of one row are worth one.
func TestClustersAtTheEnds(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var alone, copies [][]int
	for range 4000 {
		alone = append(alone, []int{rng.IntN(10)})
	}
	for range 400 {
		c := rng.IntN(10)
		copies = append(copies, []int{c, c, c, c, c})
	}
	if r, err := Clusters(clustered(rng, alone, 10, 256), true); err != nil || r.Effect > 1.35 {
		t.Errorf("independent rows: %+v, %v", r, err)
	}
	if r, err := Clusters(clustered(rng, copies, 10, 256), true); err != nil || math.Abs(r.Effect-5) > 0.8 || r.Rho < 0.9 {
		t.Errorf("five copies each: %+v, %v", r, err)
	}
	if r, err := Clusters([][]int64{{500, 0, 0, 0}}, false); err != nil || r.Effect != 500 {
		t.Errorf("one entity in one cell: %+v, %v", r, err)
	}
	for _, c := range []struct {
		cells [][]int64
		want  error
	}{{nil, stats.ErrEmpty}, {[][]int64{{0, 0}}, stats.ErrEmpty}, {[][]int64{{1}}, stats.ErrLength}, {[][]int64{{1, 2}, {1}}, stats.ErrLength}, {[][]int64{{1, -1}}, stats.ErrNegative}, {[][]int64{{1 << 53, 1}}, stats.ErrRange}} {
		if _, err := Clusters(c.cells, false); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.cells, err, c.want)
		}
	}
}

// With as many rows as there are, the tests are those of independent rows; with half
// of each the statistic halves, as it is homogeneous in the sizes.
func TestChiSquaredOfFewerRows(t *testing.T) {
	ref, cur := []int64{120, 80, 100}, []int64{50, 70, 30}
	whole, err := stats.ChiSquared(ref, cur)
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []float64{1, 2, 7.5} {
		got, err := ChiSquared(ref, cur, 300/by, 150/by)
		if err != nil || math.Abs(got.X2*by/whole.X2-1) > 1e-12 || got.P != stats.ChiSquaredSF(got.X2, 2) {
			t.Errorf("a %v-th: %+v, %v, want X² %v", by, got, err, whole.X2/by)
		}
	}
	// A third of the reference alone, in whole numbers.
	want, _ := stats.ChiSquared([]int64{40, 80 / 4, 100 / 5}, []int64{50, 70, 30})
	if got, err := ChiSquared([]int64{120, 60, 60}, cur, 80, 150); err != nil || math.Abs(got.X2/want.X2-1) > 1e-12 {
		t.Errorf("%+v, %v, want X² %v", got, err, want.X2)
	}
	two, _ := stats.TwoProportions(20, 100, 30, 80)
	if got, err := Proportions(20, 100, 30, 80, 100, 80); err != nil || math.Abs(got.Z/two.Z-1) > 1e-12 || math.Abs(got.P/two.P-1) > 1e-12 {
		t.Errorf("%+v, %v, want %+v", got, err, two)
	}
	half, _ := stats.TwoProportions(10, 50, 15, 40)
	if got, err := Proportions(20, 100, 30, 80, 50, 40); err != nil || math.Abs(got.Z/half.Z-1) > 1e-12 {
		t.Errorf("%+v, %v, want z %v", got, err, half.Z)
	}
}

// SciPy 1.17.1: f.sf(chi2.isf(p, df)/df, df, below).
func TestTail(t *testing.T) {
	for _, c := range []struct {
		p         float64
		df, below int
		want      float64
	}{
		{0.05, 9, 54, 0.07490648714444395},
		{0.0001, 9, 54, 0.0010295142885990507},
		{1e-12, 9, 54, 9.680054097853138e-08},
		{0.01, 1, 6, 0.0420043481487538},
		{1e-06, 1, 6, 0.0027338708323358172},
		{0.001, 3, 400, 0.0011533959269307505},
		{0.5, 20, 20, 0.5296520967386203},
		{0.01, 9, 0, 0.01}, {0, 9, 50, 0}, {1, 9, 50, 1},
	} {
		if got := Tail(c.p, c.df, c.below); math.Abs(got-c.want) > 1e-7*c.want {
			t.Errorf("Tail(%v, %d, %d) = %v, want %v", c.p, c.df, c.below, got, c.want)
		}
	}
}

// Windows of independent rows have the effect 1, on average, and windows that share a
// deviation the variance that it adds; a trend adds next to nothing.
func TestWindows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const windows, rows, cells = 40, 400, 10
	draw := func(shift func(w int) float64) [][]int64 {
		out := make([][]int64, windows)
		for w := range out {
			out[w] = make([]int64, cells)
			by := shift(w)
			for range rows {
				x := 0.5 * math.Erfc(-(rng.NormFloat64()+by)/math.Sqrt2) // uniform without a shift
				out[w][min(cells-1, int(x*cells))]++
			}
		}
		return out
	}
	at := make([]int64, windows)
	for i := range at {
		at[i] = int64(i)
	}
	steps := Successive(at, 1)
	if len(steps) != windows-1 || len(Successive(at, 7)) != windows-7 || len(Successive(at, 50)) != 0 {
		t.Errorf("%d steps of 1", len(steps))
	}
	effect := func(shift func(w int) float64) float64 {
		r, err := Windows(draw(shift), steps, true)
		if err != nil || r.Differences != windows-1 || r.Cells != cells {
			t.Fatalf("%+v, %v", r, err)
		}
		return r.Effect
	}
	if e := effect(func(int) float64 { return 0 }); e > 1.35 {
		t.Errorf("independent rows: %v", e)
	}
	if e := effect(func(w int) float64 { return 4 * float64(w) / windows }); e > 1.5 {
		t.Errorf("four σ over 40 windows: %v", e)
	}
	// A deviation of 0.3 σ between windows: the mean's variance is 1/400 + 0.09, 37 times
	// that of independent rows; of the shares of ten cells about a third of that.
	if e := effect(func(int) float64 { return 0.3 * rng.NormFloat64() }); e < 12 || e > 50 {
		t.Errorf("0.3 σ between windows: %v", e)
	}
	for _, c := range []struct {
		windows [][]int64
		steps   []Step
		want    error
	}{
		{nil, nil, stats.ErrEmpty}, {[][]int64{{1, 2}, {3, 4}}, []Step{{0, 1}}, stats.ErrEmpty}, {[][]int64{{1, 0}, {3, 0}}, []Step{{0, 1}}, stats.ErrEmpty},
		{[][]int64{{1, 2}, {3}}, []Step{{0, 1}}, stats.ErrLength}, {[][]int64{{1, -2}, {3, 4}}, []Step{{0, 1}}, stats.ErrNegative}, {[][]int64{{1, 2}, {3, 4}}, []Step{{0, 1}, {0, 2}}, stats.ErrRange},
	} {
		if _, err := Windows(c.windows, c.steps, false); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.windows, err, c.want)
		}
	}
}

// By hand: parts of 10 and 40 rows at equal weights are worth 1/(1/40 + 1/160) = 32.
func TestWeighted(t *testing.T) {
	if got := Weighted([]float64{0.5, 0.5}, []int64{10, 40}); math.Abs(got-32) > 1e-12 {
		t.Errorf("%v, want 32", got)
	}
	if got := Weighted([]float64{0, 1}, []int64{0, 40}); got != 40 {
		t.Errorf("%v, want 40", got)
	}
	if got := Weighted([]float64{0.5, 0.5}, []int64{0, 40}); got != 0 {
		t.Errorf("%v, want 0", got)
	}
}
