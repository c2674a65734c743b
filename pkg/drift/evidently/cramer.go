package evidently

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// cramerVonMises is Evidently's copy of SciPy's. Up to 20 values a side it counts
// arrangements in 16 or 32 bits; beyond, the limiting distribution is a series cut off
// at 1e-7 and taken from 1: below that a p-value is what the cut left.
func (p *pooled) cramerVonMises() (float64, string) {
	r, err := stats.CramerVonMisesCounts(p.ref, p.cur)
	p.statistic = r.T
	switch {
	case err != nil:
		return 0, fails(err)
	case r.Exact:
		return p.cramerSmall()
	}
	n, m := float64(p.n), float64(p.m)
	k, all := n*m, n+m
	mean := (1 + 1/all) / 6
	variance := (all + 1) * (4*k*all - 3*(n*n+m*m) - 2*k) / (45 * all * all * 4 * k)
	return cramerLimit(1.0/6 + (r.T-mean)/math.Sqrt(45*variance)), ""
}

func cramerLimit(x float64) float64 {
	if x < 0.003 {
		return 1
	}
	var cdf float64
	for k := 0.0; ; k++ {
		up, _ := math.Lgamma(k + 0.5)
		down, _ := math.Lgamma(k + 1)
		y := 4*k + 1
		q := y * y / (16 * x)
		term := math.Exp(up-down) / (math.Pow(math.Pi, 1.5) * math.Sqrt(x)) * math.Sqrt(y) * math.Exp(-2*q) * scaledBessel(q)
		cdf += term
		if !(math.Abs(term) >= 1e-7) {
			break
		}
	}
	return math.Max(0, 1-cdf)
}

// scaledBessel returns exp(q) times the modified Bessel function of the second kind of
// order 1/4, the integral of exp(-q(cosh t - 1)) cosh(t/4) over t > 0, by the trapezoidal
// rule, which converges faster than any power here.
func scaledBessel(q float64) float64 {
	const h = 1.0 / 16
	sum := 0.5
	for i := 1; ; i++ {
		t := float64(i) * h
		s := math.Sinh(t / 2)
		e := 2 * q * s * s // q(cosh t - 1)
		if !(e < 745) {
			break
		}
		sum += math.Exp(-e) * math.Cosh(t/4)
	}
	return sum * h
}

// ways is a value of ζ and how many arrangements reach it, as rounded.
type ways struct{ zeta, paths float64 }

// cramerSmall counts the arrangements of at most 20 and 20 values in the type that NumPy
// picks for their number: a half below 65,000, a single above. What rounds to an equal
// ζ is added once only, as np.intersect1d has it.
func (p *pooled) cramerSmall() (float64, string) {
	n, m := p.n, p.m
	lcm := n * m
	for d := min(n, m); d > 1; d-- {
		if n%d == 0 && m%d == 0 {
			lcm = n * m / d
			break
		}
	}
	all := 1.0
	for i := int64(1); i <= n; i++ {
		all = all * float64(m+i) / float64(i) // whole at every step
	}
	if float64(lcm*lcm*(n+m)) >= all {
		return 0, "NumPy refuses its integers at these sizes"
	}
	half := all < 65000
	round := toSingle
	if half {
		round = toHalf
	}

	u12 := n*rankSquares(p.ref, p.cur) + m*rankSquares(p.cur, p.ref) // 12U
	top, bottom := lcm*lcm*(n+m)*(u12-2*n*m*(4*n*m-1)), 12*n*m*n*m
	least := top / bottom
	if top%bottom < 0 {
		least--
	}

	a, b := lcm/n, lcm/m
	columns := make([]tallied, n+1)
	columns[0] = tallied{[]ways{{0, 1}}, []int32{0}}
	for u := range m + 1 {
		var below tallied
		for v := range n + 1 {
			here := join(below, columns[v], round)
			step := float64((a*v - b*u) * (a*v - b*u))
			for i := range here.list {
				here.list[i].zeta = round(here.list[i].zeta + step)
			}
			columns[v], below = here, here
		}
	}
	var high []float32
	for _, w := range columns[n].list {
		if w.zeta >= float64(least) {
			high = append(high, float32(w.paths))
		}
	}
	sum := float64(pairwise(high))
	return round(float64(float32(round(sum)) / float32(round(all)))), ""
}

// rankSquares returns 12 times the sum of squares that the first sample adds to U.
func rankSquares(first, second []int64) int64 {
	var s, below int64
	for i, a := range first {
		t := 2*below + second[i]
		s += a * (3*t*t + a*a - 1)
		below += second[i]
	}
	return s
}

// A tallied is a list of ways in NumPy's order, and the places in it by rising ζ.
type tallied struct {
	list   []ways
	rising []int32
}

// join returns the values that both hold, ascending and with their paths added, then
// what is left of each. Of a value that one holds twice the first counts.
func join(x, y tallied, round func(float64) float64) tallied {
	out := tallied{list: make([]ways, 0, len(x.list)+len(y.list)), rising: make([]int32, 0, len(x.list)+len(y.list))}
	var places [2][]int32 // in out, of what is left; -1: shared
	for side, t := range [2]tallied{x, y} {
		places[side] = make([]int32, len(t.list))
	}
	i, j := 0, 0
	for i < len(x.rising) && j < len(y.rising) {
		zx, zy := x.list[x.rising[i]].zeta, y.list[y.rising[j]].zeta
		switch {
		case zx < zy:
			i++
		case zx > zy:
			j++
		default:
			var a, b int32
			a, i = x.first(i)
			b, j = y.first(j)
			places[0][a], places[1][b] = -1, -1
			out.list = append(out.list, ways{zx, round(x.list[a].paths + y.list[b].paths)})
		}
	}
	shared := int32(len(out.list))
	for side, t := range [2]tallied{x, y} {
		for k, w := range t.list {
			if places[side][k] == 0 {
				places[side][k] = int32(len(out.list))
				out.list = append(out.list, w)
			}
		}
	}
	// The three runs, each rising, become one.
	var k int32
	i, j = 0, 0
	zeta := func(t tallied, at int) float64 {
		if at == len(t.rising) {
			return math.Inf(1)
		}
		return t.list[t.rising[at]].zeta
	}
	for len(out.rising) < len(out.list) {
		for i < len(x.rising) && places[0][x.rising[i]] < 0 {
			i++
		}
		for j < len(y.rising) && places[1][y.rising[j]] < 0 {
			j++
		}
		zx, zy := zeta(x, i), zeta(y, j)
		switch {
		case k < shared && out.list[k].zeta <= zx && out.list[k].zeta <= zy:
			out.rising = append(out.rising, k)
			k++
		case zx <= zy:
			out.rising = append(out.rising, places[0][x.rising[i]])
			i++
		default:
			out.rising = append(out.rising, places[1][y.rising[j]])
			j++
		}
	}
	return out
}

// first returns the first place of the value at rising[i], and the end of its run.
func (t tallied) first(i int) (place int32, end int) {
	place = t.rising[i]
	z := t.list[place].zeta
	for end = i; end < len(t.rising) && t.list[t.rising[end]].zeta == z; end++ {
		place = min(place, t.rising[end])
	}
	return place, end
}

func toSingle(x float64) float64 { return float64(float32(x)) }

// toHalf rounds to the nearest number of 11 bits, at least 2^-24 apart.
func toHalf(x float64) float64 {
	_, e := math.Frexp(x)
	step := math.Ldexp(1, max(e-11, -24))
	return math.RoundToEven(x/step) * step
}

// pairwise sums as NumPy does: in blocks of at most 128, of eight partial sums each.
func pairwise(x []float32) float32 {
	n := len(x)
	if n > 128 {
		half := n / 2
		half -= half % 8
		return pairwise(x[:half]) + pairwise(x[half:])
	}
	var sum float32
	if n >= 8 {
		r := [8]float32(x[:8])
		for i := 8; i+8 <= n; i += 8 {
			for j := range r {
				r[j] += x[i+j]
			}
		}
		sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
		x = x[n-n%8:]
	}
	for _, v := range x {
		sum += v
	}
	return sum
}
