package stats

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// vector is a line of testdata/oracle/vectors.jsonl.gz, which make.py beside it
// wrote from SciPy 1.17.1 or exact fractions.
type vector struct {
	F string `json:"f"`
	A []any  `json:"a"`
	W any    `json:"w"`
}

// tolerance says how far a result may be from what is wanted: |got - want| <=
// rel·|want| + abs.
type tolerance struct{ rel, abs float64 }

var (
	exactly   = tolerance{}
	statistic = tolerance{rel: 1e-12}
	pvalue    = tolerance{rel: 1e-9, abs: 1e-300} // nothing is promised below 1e-300
)

func TestOracle(t *testing.T) {
	tally, failed := map[string]int{}, map[string]int{}
	for i, v := range readVectors(t) {
		tally[v.F]++
		check, ok := oracles[v.F]
		if !ok {
			t.Fatalf("vector %d: no check for %s", i+1, v.F)
		}
		if failed[v.F] > 8 || testing.Short() && tally[v.F]%8 != 1 {
			continue // enough to see what is wrong
		}
		if testing.Short() && v.generated() > 15_000 {
			continue // a sixteenth of the vectors, and nine tenths of the time
		}
		c := &oracleCase{t: t, where: fmt.Sprintf("vector %d: %s%s", i+1, v.F, brief(v.A)), a: v.A, w: flat(v.W)}
		check(c)
		if c.failures > 0 {
			failed[v.F]++
		}
	}
	for f := range oracles {
		if tally[f] == 0 {
			t.Errorf("no vectors for %s", f)
		}
	}
}

// generated is how many values the vector's samples have that are written as a
// seed and a length.
func (v vector) generated() int {
	n := 0
	for _, a := range v.A {
		if a, ok := a.([]any); ok && len(a) == 5 {
			if kind, ok := a[0].(string); ok && !strings.HasSuffix(kind, "inf") {
				n += int(number(a[2]))
			}
		}
	}
	return n
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	f, err := os.Open("testdata/oracle/vectors.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", len(all)+1, err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

type oracleCase struct {
	t        *testing.T
	where    string
	a        []any
	w        []float64
	failures int
}

func (c *oracleCase) num(i int) float64      { return number(c.a[i]) }
func (c *oracleCase) int(i int) int64        { return int64(number(c.a[i])) }
func (c *oracleCase) sample(i int) []float64 { return sampleOf(c.a[i].([]any)) }
func (c *oracleCase) counts(i int) []int64   { return countsOf(c.a[i]) }

func (c *oracleCase) fail(format string, a ...any) {
	c.t.Helper()
	c.failures++
	c.t.Errorf("%s: %s", c.where, fmt.Sprintf(format, a...))
}

func (c *oracleCase) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.fail("%v", err)
	}
}

func (c *oracleCase) close(what string, got, want float64, tol tolerance) {
	c.t.Helper()
	if got == want {
		return
	}
	if d := math.Abs(got - want); !(d <= tol.rel*math.Abs(want)+tol.abs) {
		c.fail("%s = %v, want %v (off by %.2g of it)", what, got, want, d/math.Abs(want))
	}
}

// pair hands two samples to a function and sees that they come back unchanged.
func (c *oracleCase) pair(call func(ref, cur []float64)) {
	ref, cur := c.sample(0), c.sample(1)
	ref2, cur2 := slices.Clone(ref), slices.Clone(cur)
	call(ref, cur)
	if !reflect.DeepEqual(ref, ref2) || !reflect.DeepEqual(cur, cur2) {
		c.fail("an argument was changed")
	}
}

var oracles = map[string]func(c *oracleCase){
	"KS": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			r, err := ks(ref, cur)
			c.ok(err)
			c.close("D", r.D, c.w[0], statistic)
			c.close("P", r.P, c.w[1], pvalue)
		})
	},
	"KSCounts": func(c *oracleCase) {
		r, err := KSCounts(c.counts(0), c.counts(1))
		c.ok(err)
		// SciPy subtracts two rounded CDFs, which costs it up to 2e-16 of 1.
		c.close("D", r.D, c.w[0], tolerance{1e-12, 4e-16})
		c.close("P", r.P, c.w[1], pvalue)
	},
	"KSPValue": func(c *oracleCase) {
		c.close("P", ksP(c.num(0), c.int(1), c.int(2)), c.w[0], pvalue)
	},
	"ChiSquared": func(c *oracleCase) {
		r, err := ChiSquared(c.counts(0), c.counts(1))
		c.ok(err)
		c.close("X2", r.X2, c.w[0], statistic)
		c.close("P", r.P, c.w[1], pvalue)
		c.close("DF", float64(r.DF), c.w[2], exactly)
		// φ̃² is a difference: near 0 its root loses half the digits.
		c.close("V", r.V, c.w[3], tolerance{1e-12, 1e-8})
	},
	"Independence": func(c *oracleCase) {
		var table [][]int64
		for _, row := range c.a[0].([]any) {
			table = append(table, countsOf(row))
		}
		r, err := contingency("table", table)
		c.ok(err)
		c.close("X2", r.X2, c.w[0], statistic)
		c.close("P", r.P, c.w[1], pvalue)
		c.close("DF", float64(r.DF), c.w[2], exactly)
		v, err := CramersV(table)
		c.ok(err)
		c.close("V", v, c.w[3], tolerance{1e-12, 1e-8}) // as in ChiSquared
	},
	"PSICounts": func(c *oracleCase) {
		r, err := PSICounts(c.counts(0), c.counts(1))
		c.ok(err)
		// PSI is a difference of Raw and Bias.
		c.close("PSI", r.PSI, c.w[0], tolerance{1e-12, 1e-14 * (r.Raw + r.Bias)})
		c.close("Raw", r.Raw, c.w[1], statistic)
		c.close("Bias", r.Bias, c.w[2], statistic)
		for i, v := range r.Terms {
			c.close("term", v, c.w[3+i], statistic)
		}
	},
	"JensenShannon": func(c *oracleCase) {
		r, err := JensenShannon(floats(c.counts(0)), floats(c.counts(1)))
		c.ok(err)
		// SciPy's sum cancels: 1e-16 absolute in the divergence, 1e-8 in its root.
		c.close("Divergence", r.Divergence, c.w[0], tolerance{1e-12, 1e-15})
		c.close("Distance", r.Distance, c.w[1], tolerance{1e-12, math.Min(1e-8, 1e-15/c.w[1])})
		c.close("DistanceBase2", r.DistanceBase2, c.w[2], tolerance{1e-12, math.Min(2e-8, 2e-15/c.w[2])})
	},
	"KL": func(c *oracleCase) {
		d, err := KL(c.sample(0), c.sample(1))
		c.ok(err)
		c.close("divergence", d, c.w[0], tolerance{1e-12, 1e-15}) // terms of both signs cancel
	},
	"PSI": func(c *oracleCase) {
		d, err := PSI(c.sample(0), c.sample(1))
		c.ok(err)
		c.close("PSI", d, c.w[0], tolerance{1e-12, 2e-15}) // the oracle adds two KL, which cancel
	},
	"TwoProportions": func(c *oracleCase) {
		r, err := TwoProportions(c.int(0), c.int(1), c.int(2), c.int(3))
		c.ok(err)
		c.close("Z", r.Z, c.w[0], statistic)
		c.close("P", r.P, c.w[1], pvalue)
		c.close("Diff", r.Diff, c.w[2], statistic)
	},
	"FisherExact": func(c *oracleCase) {
		r, err := FisherExact(c.int(0), c.int(1), c.int(2), c.int(3))
		c.ok(err)
		c.close("P", r.P, c.w[0], pvalue)
	},
	"Wilson": func(c *oracleCase) {
		r, err := Wilson(c.int(0), c.int(1), c.num(2))
		c.ok(err)
		// SciPy subtracts for Lo; near 0 that leaves 1e-16 absolute.
		c.close("Lo", r.Lo, c.w[0], tolerance{1e-12, 1e-15})
		c.close("Hi", r.Hi, c.w[1], statistic)
	},
	"OutOfRange": func(c *oracleCase) {
		r, err := OutOfRange(c.int(0), c.int(1), c.int(2))
		c.ok(err)
		c.close("P", r.P, c.w[0], pvalue)
		c.close("Expected", r.Expected, c.w[1], statistic)
	},
	"BetaBinomialTail": func(c *oracleCase) {
		p, err := BetaBinomialTail(c.int(0), c.int(1), c.num(2), c.num(3))
		c.ok(err)
		c.close("P", p, c.w[0], pvalue)
	},
	"Unseen": func(c *oracleCase) {
		r, err := Unseen(c.int(0), c.int(1), c.int(2), c.int(3), c.int(4))
		c.ok(err)
		c.close("Z", r.Z, c.w[0], statistic)
		c.close("P", r.P, c.w[1], pvalue)
		c.close("Expected", r.Expected, c.w[2], statistic)
		c.close("Share", r.Share, c.w[3], statistic)
	},
	"BenjaminiHochberg": func(c *oracleCase) {
		q, err := BenjaminiHochberg(c.sample(0))
		c.ok(err)
		for i, v := range q {
			c.close("q", v, c.w[i], statistic)
		}
	},
	"Wasserstein": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			d, err := wasserstein(ref, cur)
			c.ok(err)
			c.close("distance", d, c.w[0], tolerance{1e-12, 5e-324}) // one denormal step
		})
	},
	"Energy": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			d, err := energy(ref, cur)
			c.ok(err)
			c.close("distance", d, c.w[0], statistic)
		})
	},
	"WassersteinWeighted": func(c *oracleCase) {
		d, err := WassersteinWeighted(c.sample(0), c.sample(1), c.sample(2), c.sample(3))
		c.ok(err)
		c.close("distance", d, c.w[0], statistic)
	},
	"EnergyWeighted": func(c *oracleCase) {
		d, err := EnergyWeighted(c.sample(0), c.sample(1), c.sample(2), c.sample(3))
		c.ok(err)
		c.close("distance", d, c.w[0], statistic)
	},
	"Quantiles": func(c *oracleCase) {
		x := c.sample(0)
		keep := slices.Clone(x)
		q, err := Quantiles(x, c.sample(1)...)
		c.ok(err)
		if !reflect.DeepEqual(x, keep) {
			c.fail("the argument was changed")
		}
		for i, v := range q {
			// Interpolating between values of opposite sign cancels.
			c.close("quantile", v, c.w[i], tolerance{1e-12, 1e-15 * math.Max(math.Abs(c.w[0]), 1e-300)})
		}
	},
	"QuantilesWeighted": func(c *oracleCase) {
		q, err := QuantilesWeighted(c.sample(0), c.counts(1), c.sample(2)...)
		c.ok(err)
		for i, v := range q {
			c.close("quantile", v, c.w[i], statistic)
		}
	},
	"Mean": func(c *oracleCase) {
		x := c.sample(0)
		m, err := Mean(x)
		c.ok(err)
		// A mean near 0 of larger values keeps 1e-16 of their size.
		c.close("mean", m, c.w[0], tolerance{1e-12, 1e-16 * size(x)})
	},
	"StdDev": func(c *oracleCase) {
		s, err := StdDev(c.sample(0))
		c.ok(err)
		c.close("deviation", s, c.w[0], tolerance{1e-12, 5e-324})
	},
	"Correlations": func(c *oracleCase) {
		r, err := Correlations(c.num(0), c.num(1), c.num(2), c.num(3), c.num(4), c.num(5))
		c.ok(err)
		c.close("T", r.T, c.w[0], statistic)
		c.close("P", r.P, c.w[1], pvalue)
	},
	"DetectablePSI": func(c *oracleCase) {
		d, err := DetectablePSI(c.int(0), c.int(1), int(c.int(2)), c.num(3), c.num(4))
		c.ok(err)
		c.close("PSI", d, c.w[0], tolerance{rel: 1e-9}) // roots of two solvers
	},
	"DetectableProportion": func(c *oracleCase) {
		d, err := DetectableProportion(c.num(0), c.int(1), c.int(2), c.num(3), c.num(4))
		c.ok(err)
		c.close("difference", d, c.w[0], tolerance{rel: 1e-9}) // roots of two solvers
	},
	"CramerVonMises": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			r, err := cramerVonMises(ref, cur)
			c.ok(err)
			// Where SciPy gave T it subtracted numbers 1e3 times as large.
			c.close("T", r.T, c.w[0], tolerance{1e-12, 1e-14})
			c.close("P", r.P, c.w[1], pvalue)
		})
	},
	"MannWhitney": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			r, err := mannWhitney(ref, cur)
			c.ok(err)
			c.close("U", r.U, c.w[0], statistic)
			c.close("P", r.P, c.w[1], pvalue)
		})
	},
	"AndersonDarling": func(c *oracleCase) {
		var samples [][]float64
		for i := range c.a {
			samples = append(samples, c.sample(i))
		}
		r, err := andersonDarling(samples...)
		c.ok(err)
		// k-1 is subtracted from A²akN, which is near it without drift.
		c.close("A2", r.A2, c.w[0], tolerance{1e-12, 1e-11})
		c.close("P", r.P, c.w[1], pvalue)
	},
	"EppsSingleton": func(c *oracleCase) {
		c.pair(func(ref, cur []float64) {
			r, err := eppsSingleton(ref, cur)
			c.ok(err)
			// Inverting the covariance multiplies rounding by its condition, the third number
			// wanted; angles lose as many digits as they are large, the fourth.
			rel := 1e-12 + 1e-15*c.w[2] + 1e-15*c.w[3]
			c.close("W", r.W, c.w[0], tolerance{rel, 1e-12})
			// P moves by W/2 times as much, relatively.
			c.close("P", r.P, c.w[1], tolerance{1e-9 + rel*r.W, 1e-300})
		})
	},
	"MannWhitneyLess": func(c *oracleCase) {
		r, err := mannWhitney(c.sample(0), c.sample(1))
		c.ok(err)
		c.close("Less", r.Less, c.w[0], pvalue)
	},
	"StudentTCounts": func(c *oracleCase) {
		ref, cur := c.sample(0), c.sample(1)
		x := slices.Concat(ref, cur)
		slices.Sort(x)
		n := tally(ref, cur)
		r, err := StudentTCounts(slices.Compact(x), n[0], n[1])
		c.ok(err)
		// Means of large values that nearly agree keep 1e-16 of their size, also SciPy's.
		c.close("T", r.T, c.w[0], tolerance{1e-12, 1e-12})
		c.close("P", r.P, c.w[1], pvalue)
		c.close("DF", r.DF, c.w[2], exactly)
	},
	"Goodness": func(c *oracleCase) {
		for i, test := range []func(ref, cur []int64) (GoodnessResult, error){Goodness, GoodnessG} {
			r, err := test(c.counts(0), c.counts(1))
			c.ok(err)
			// SciPy subtracts expectations after rounding them, up to 1e-16 of m.
			c.close("X2", r.X2, c.w[2*i], tolerance{1e-12, 1e-10})
			c.close("P", r.P, c.w[2*i+1], pvalue)
		}
	},
	"student": func(c *oracleCase) {
		c.close("P", studentTwoSided(c.num(0), c.num(1)), c.w[0], pvalue)
	},
	"NormalSF": func(c *oracleCase) { c.close("p", NormalSF(c.num(0)), c.w[0], statistic) },
	"NormalQuantile": func(c *oracleCase) {
		c.close("z", NormalQuantile(c.num(0)), c.w[0], statistic)
	},
	"ChiSquaredSF": func(c *oracleCase) {
		c.close("p", ChiSquaredSF(c.num(0), int(c.int(1))), c.w[0], pvalue)
	},
}

func size(x []float64) float64 {
	var m float64
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	return m
}

func floats(counts []int64) []float64 {
	f := make([]float64, len(counts))
	for i, c := range counts {
		f[i] = float64(c)
	}
	return f
}

func countsOf(v any) []int64 {
	var c []int64
	for _, x := range v.([]any) {
		c = append(c, int64(x.(float64)))
	}
	return c
}

func number(v any) float64 {
	switch v {
	case "inf":
		return math.Inf(1)
	case "-inf":
		return math.Inf(-1)
	}
	return v.(float64)
}

func flat(v any) []float64 {
	list, ok := v.([]any)
	if !ok {
		return []float64{number(v)}
	}
	var all []float64
	for _, x := range list {
		all = append(all, flat(x)...)
	}
	return all
}

// sampleOf follows make.py's recipe [kind, seed, size, shift, scale], or takes the
// numbers as they stand.
func sampleOf(a []any) []float64 {
	kind, ok := a[0].(string)
	if !ok || strings.HasSuffix(kind, "inf") {
		x := make([]float64, len(a))
		for i, v := range a {
			x[i] = number(v)
		}
		return x
	}
	next := splitmix(uint64(number(a[1])))
	shift, scale := number(a[3]), number(a[4])
	x := make([]float64, int(number(a[2])))
	for i := range x {
		u := next()
		switch kind {
		case "bell":
			u = ((u + next()) + next()) + next() - 2
		case "heavy":
			u = 1 / (1 - u)
		case "steps":
			u = math.Floor(u * 10)
		case "whole":
			u = math.Floor(u * 1000)
		case "const":
			u = 0
		}
		x[i] = float64(u*scale) + shift // the conversion forbids a fused multiply-add
	}
	return x
}

// splitmix returns a generator of 53-bit fractions in [0, 1).
func splitmix(seed uint64) func() float64 {
	return func() float64 {
		seed += 0x9E3779B97F4A7C15
		z := seed
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		return float64(z>>11) * 0x1p-53
	}
}

func brief(a []any) string {
	b, _ := json.Marshal(a)
	if len(b) > 160 {
		return string(b[:160]) + "…"
	}
	return string(b)
}
