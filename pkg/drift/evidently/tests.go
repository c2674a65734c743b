package evidently

import (
	"errors"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/stats"
)

// oneTest is one of Evidently's tests for tables. A column has drifted by a
// p-value below the threshold, or by a distance at or above it, but for the few tests
// that have the bound the other way.
type oneTest struct {
	name, kinds string // kinds: num, cat, or num and cat
	threshold   float64
	distance    bool
	other       bool // p at the threshold is drift, a distance at it is none
	run         func(p *pooled) (score float64, reason string)
}

var allTests = []oneTest{
	{name: "anderson", kinds: "num", threshold: 0.1, run: (*pooled).anderson},
	{name: "chisquare", kinds: "cat", threshold: 0.05, run: (*pooled).chisquare},
	{name: "cramer_von_mises", kinds: "num", threshold: 0.1, other: true, run: (*pooled).cramerVonMises},
	{name: "ed", kinds: "num", threshold: 0.1, distance: true, other: true, run: (*pooled).energy},
	{name: "es", kinds: "num", threshold: 0.05, run: (*pooled).eppsSingleton},
	{name: "fisher_exact", kinds: "cat", threshold: 0.1, run: (*pooled).fisher},
	{name: "g_test", kinds: "cat", threshold: 0.1, run: (*pooled).gTest},
	{name: "hellinger", kinds: "num and cat", threshold: 0.1, distance: true, run: (*pooled).hellinger},
	{name: "jensenshannon", kinds: "num and cat", threshold: 0.1, distance: true, run: (*pooled).jensenShannon},
	{name: "kl_div", kinds: "num and cat", threshold: 0.1, distance: true, run: (*pooled).kl},
	{name: "ks", kinds: "num", threshold: 0.05, other: true, run: (*pooled).ks},
	{name: "mannw", kinds: "num", threshold: 0.05, run: (*pooled).mannWhitney},
	{name: "psi", kinds: "num and cat", threshold: 0.1, distance: true, run: (*pooled).psi},
	{name: "t_test", kinds: "num", threshold: 0.05, run: (*pooled).studentT},
	{name: "wasserstein", kinds: "num", threshold: 0.1, distance: true, run: (*pooled).wasserstein},
	{name: "z", kinds: "cat", threshold: 0.05, run: (*pooled).z},
}

// refusedTests says why a test of Evidently's is not reproduced.
var refusedTests = map[string]string{
	"TVD":                     "it shuffles rows by NumPy's generator, in an order that profiles do not keep",
	"empirical_mmd":           "it shuffles rows without a seed, so it does not agree with itself",
	"perc_text_content_drift": "it trains a classifier on the text",
	"abs_text_content_drift":  "it trains a classifier on the text",
}

// testNames returns the names of Evidently's tests that can be chosen.
func testNames() []string {
	names := make([]string, len(allTests))
	for i, t := range allTests {
		names[i] = t.name
	}
	return names
}

func testNamed(name string) *oneTest {
	i := slices.IndexFunc(allTests, func(t oneTest) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return &allTests[i]
}

// takes says whether a test may be chosen for columns of that type; "" is any.
func (t *oneTest) takes(kind string) bool {
	return kind == "" || t.kinds == kind || t.kinds == "num and cat"
}

func (t *oneTest) relation() string {
	switch {
	case t.distance && t.other:
		return ">"
	case t.distance:
		return ">="
	case t.other:
		return "<="
	}
	return "<"
}

// drifted is false for an undefined score, as every comparison with it is.
func (t *oneTest) drifted(score, threshold float64) bool {
	switch t.relation() {
	case ">":
		return score > threshold
	case ">=":
		return score >= threshold
	case "<=":
		return score <= threshold
	}
	return score < threshold
}

func (t *oneTest) score(p *pooled) (float64, string) {
	if p.n == 0 || p.m == 0 {
		return 0, "no values"
	}
	return t.run(p)
}

func (p *pooled) hasInfinities() bool {
	a, b := p.infinities(p.ref)
	c, d := p.infinities(p.cur)
	return a+b+c+d > 0
}

func (p *pooled) ks() (float64, string) {
	r, err := stats.KSCounts(p.ref, p.cur)
	p.statistic = r.D
	return r.P, fails(err)
}

// chisquare is a test of fit: the reference is taken for the truth.
func (p *pooled) chisquare() (float64, string) {
	return p.fit(stats.Goodness(p.ref, p.cur))
}

func (p *pooled) gTest() (float64, string) {
	// SciPy's tolerance, the square root of 2^-52.
	if math.Abs(float64(p.n-p.m)) > 0x1p-26*float64(min(p.n, p.m)) {
		return 0, "it wants as many values on both sides"
	}
	return p.fit(stats.GoodnessG(p.ref, p.cur))
}

func (p *pooled) fit(r stats.GoodnessResult, err error) (float64, string) {
	p.statistic = r.X2
	if r.DF == 0 {
		return math.NaN(), fails(err) // SciPy's chi-squared without degrees of freedom
	}
	return r.P, fails(err)
}

// z compares the shares of the first value in order, the others being one.
func (p *pooled) z() (float64, string) {
	if len(p.ref) == 1 {
		return 1, ""
	}
	n, m := float64(p.n), float64(p.m)
	a, b := float64(p.n-p.ref[0])/n, float64(p.m-p.cur[0])/m
	both := (float64(a*n) + float64(b*m)) / (n + m)
	p.statistic = (a - b) / math.Sqrt(both*(1-both)*(1/n+1/m))
	// 1 minus the distribution function, as Evidently has it: below 1e-16 it is 0.
	return 2 * (1 - (1 - stats.NormalSF(math.Abs(p.statistic)))), ""
}

func (p *pooled) fisher() (float64, string) {
	switch {
	case distinctOf(p.ref) > 2 || distinctOf(p.cur) > 2:
		return 0, "it wants two values"
	case len(p.ref) > 2:
		return 0, "it wants the same two values on both sides"
	case p.n != p.m:
		return 0, "it wants as many values on both sides"
	case len(p.ref) == 1:
		return 1, ""
	}
	r, err := stats.FisherExact(p.ref[0], p.ref[1], p.cur[0], p.cur[1])
	p.statistic = r.OddsRatio
	return r.P, fails(err)
}

func (p *pooled) anderson() (float64, string) {
	if p.n+p.m == 3 && len(p.ref) > 1 {
		return math.NaN(), "" // a variance over N-3
	}
	r, err := stats.AndersonDarlingCounts(p.ref, p.cur)
	p.statistic = r.A2
	return r.P, fails(err)
}

// mannWhitney is one-sided: it sees only values that grow.
func (p *pooled) mannWhitney() (float64, string) {
	r, err := stats.MannWhitneyCounts(p.ref, p.cur)
	p.statistic = r.U
	return r.Less, fails(err)
}

func (p *pooled) studentT() (float64, string) {
	if p.hasInfinities() || p.n+p.m < 3 {
		return math.NaN(), ""
	}
	r, err := stats.StudentTCounts(p.x, p.ref, p.cur)
	p.statistic = r.T
	if errors.Is(err, stats.ErrConstant) {
		if len(p.ref) > 1 {
			return 0, "" // a difference over nothing
		}
		return math.NaN(), ""
	}
	return r.P, fails(err)
}

func (p *pooled) eppsSingleton() (float64, string) {
	if p.hasInfinities() {
		return math.NaN(), ""
	}
	all := make([]int64, len(p.ref))
	for i := range all {
		all[i] = p.ref[i] + p.cur[i]
	}
	switch q, err := stats.QuantilesWeighted(p.x, all, 0.25, 0.75); {
	case err != nil:
		return 0, fails(err)
	case q[0] == q[1]:
		return 0, "the middle half of its values is one"
	case p.n < 5 || p.m < 5:
		return math.NaN(), ""
	case distinctOf(p.ref) == 1 && distinctOf(p.cur) == 1:
		return 0, "its score of two constants is a rounding error"
	}
	r, err := stats.EppsSingletonCounts(p.x, p.ref, p.cur)
	p.statistic = r.W
	return r.P, fails(err)
}

// wasserstein is in units of the reference's standard deviation, or of a thousandth
// where that is less.
func (p *pooled) wasserstein() (float64, string) {
	if p.hasInfinities() {
		return p.infiniteDistance(), ""
	}
	refX, refN := p.side(p.ref)
	curX, curN := p.side(p.cur)
	d, err := stats.WassersteinWeighted(refX, refN, curX, curN)
	return d / max(deviation(refX, refN), 0.001), fails(err)
}

// infiniteDistance is what SciPy makes of an area between distribution functions that
// has infinite ends, in units of the reference's spread: one infinity on an end is an
// infinite step, two are none that is defined.
func (p *pooled) infiniteDistance() float64 {
	a, b := p.infinities(p.ref)
	c, d := p.infinities(p.cur)
	if a+b > 0 || c > 1 || d > 1 {
		return math.NaN()
	}
	return math.Inf(1)
}

// deviation is the standard deviation of values x, each n times, over their number. They
// are taken from the first: its difference from a value nearby is exact, however large both
// are.
func deviation(x, n []float64) float64 {
	var all, s, q float64
	for i, v := range x {
		all += n[i]
		s += float64((v - x[0]) * n[i])
	}
	mean := s / all
	for i, v := range x {
		d := v - x[0] - mean
		q += float64(float64(d*d) * n[i])
	}
	return math.Sqrt(q / all)
}

func (p *pooled) energy() (float64, string) {
	if p.hasInfinities() {
		a, b := p.infinities(p.ref)
		c, d := p.infinities(p.cur)
		if a+c > 1 || b+d > 1 {
			return math.NaN(), ""
		}
		return math.Inf(1), ""
	}
	refX, refN := p.side(p.ref)
	curX, curN := p.side(p.cur)
	d, err := stats.EnergyWeighted(refX, refN, curX, curN)
	return d, fails(err)
}

func (p *pooled) psi() (float64, string) {
	ref, cur, reason := p.shares(true)
	if reason != "" {
		return 0, reason
	}
	d, err := stats.PSI(ref, cur)
	return d, fails(err)
}

func (p *pooled) jensenShannon() (float64, string) {
	ref, cur, reason := p.shares(false)
	if reason != "" {
		return 0, reason
	}
	d, err := stats.JensenShannon(ref, cur)
	return d.Distance, fails(err)
}

func (p *pooled) kl() (float64, string) {
	ref, cur, reason := p.shares(true)
	if reason != "" {
		return 0, reason
	}
	for _, side := range [][]float64{ref, cur} {
		var all float64
		for _, s := range side {
			all += s
		}
		for i := range side {
			side[i] /= all
		}
	}
	d, err := stats.KL(ref, cur)
	return d, fails(err)
}

// hellinger bins numbers by NumPy's Sturges bins for the distinct values alone.
func (p *pooled) hellinger() (float64, string) {
	overlap := 0.0
	if !p.num {
		for i, c := range p.cur {
			overlap += math.Sqrt(float64(p.ref[i]) / float64(p.n) * (float64(c) / float64(p.m)))
		}
		return math.Sqrt(1 - min(overlap, 1)), ""
	}
	// The reference's integers stay integers unless the other side adds a value.
	whole := p.wholeRef && (p.wholeCur || distinctOf(p.ref) == len(p.ref))
	edges, reason := sturges(p.x[0], p.x[len(p.x)-1], int64(len(p.x)), whole)
	if reason != "" {
		return 0, reason
	}
	density := func(counts []int64, n int64) []float64 {
		out := make([]float64, len(edges)-1)
		for i, c := range p.histogram(counts, edges) {
			out[i] = float64(c) / (edges[i+1] - edges[i]) / float64(n)
		}
		return out
	}
	ref, cur := density(p.ref, p.n), density(p.cur, p.m)
	width := (edges[len(edges)-1] - edges[0]) / float64(len(edges)-1)
	for i := range ref {
		overlap += float64(math.Sqrt(ref[i]*cur[i]) * width)
	}
	return math.Sqrt(1 - min(overlap, 1)), ""
}

func fails(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, stats.ErrConstant):
		return "its values hardly differ"
	case errors.Is(err, stats.ErrLength):
		return "too few values"
	}
	return err.Error()
}
