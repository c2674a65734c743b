package stats

import "math"

// AndersonDarlingResult is the outcome of a k-sample Anderson–Darling test.
type AndersonDarlingResult struct {
	A2      float64 // standardised statistic: mean 0 and variance 1 without drift
	P       float64 // upper tail, interpolated, in [0.001, 0.25]
	Bounded bool    // P is a bound: the true value is below 0.001 or above 0.25
	Sizes   []int64 // sizes of the samples
}

// AndersonDarlingCounts tests whether k >= 2 samples come from one distribution, by the
// distance of their empirical distribution functions weighed towards the tails (Scholz and
// Stephens 1987, equation 7: tied values count half below and half above each other):
//
//	A²akN = (N-1)/N Σᵢ 1/nᵢ Σⱼ lⱼ/N (N Mᵢⱼ - nᵢ Bⱼ)² / (Bⱼ(N-Bⱼ) - N lⱼ/4)
//
// less k-1, over its standard deviation. The samples are counted over the same ordered
// cells; all values of a cell are tied. P is interpolated (log p by a least-squares
// parabola) between tabled critical values and held in [0.001, 0.25].
//
// Errors: ErrLength (fewer than 2 samples or than 4 values, samples of different cells),
// ErrNegative, ErrEmpty, ErrRange (a sum above 2^53), ErrConstant (one cell with values).
// Cost: O(k cells). Agrees with SciPy's anderson_ksamp(variant="midrank"): A2 to 1e-12 of
// A²akN before k-1 is subtracted.
func AndersonDarlingCounts(samples ...[]int64) (AndersonDarlingResult, error) {
	const name = "AndersonDarlingCounts"
	k := len(samples)
	if k < 2 {
		return AndersonDarlingResult{}, faultf(name, ErrLength, "%d samples", k)
	}
	r := AndersonDarlingResult{Sizes: make([]int64, k)}
	cells := make([]int64, len(samples[0]))
	var all int64
	var inverse float64 // Σ 1/nᵢ
	for i, s := range samples {
		if len(s) != len(cells) {
			return r, faultf(name, ErrLength, "%d and %d cells", len(cells), len(s))
		}
		n, err := total(name, s)
		if err != nil {
			return AndersonDarlingResult{}, err
		}
		if n > maxTotal-all {
			return AndersonDarlingResult{}, faultf(name, ErrRange, "counts sum to more than 2^53")
		}
		r.Sizes[i] = n
		all += n
		inverse += 1 / float64(n)
		for j, c := range s {
			cells[j] += c
		}
	}
	if all < 4 {
		return AndersonDarlingResult{}, faultf(name, ErrLength, "%d values, 4 are needed", all)
	}
	if positive(cells) < 2 {
		return AndersonDarlingResult{}, fault(name, ErrConstant)
	}
	n := float64(all)
	var a2 sum
	for i, s := range samples {
		var part sum
		var own, pooled int64 // counts of lower cells
		for j, l := range cells {
			if l > 0 {
				diff := crossDiff(all, 2*own+s[j], 2*pooled+l, r.Sizes[i]) / 2
				b := float64(pooled) + float64(l)/2
				rest := float64(all-pooled-l) + float64(l)/2
				part.add(float64(l) / n * diff * diff / (b*rest - n*float64(l)/4))
			}
			own += s[j]
			pooled += l
		}
		a2.add(part.value() / float64(r.Sizes[i]))
	}
	fk := float64(k)
	r.A2 = (a2.value()*(n-1)/n - (fk - 1)) / math.Sqrt(andersonVariance(fk, n, inverse))
	r.P, r.Bounded = andersonP(r.A2, fk-1)
	return r, nil
}

// andersonVariance returns the variance of A²kN without ties, H being the sum of 1/nᵢ.
func andersonVariance(k, n, H float64) float64 {
	h, squares := harmonic(n)
	g := squares - (2*h-1/n)/n // Σ_{i<j<N} 1/((N-i)j), in closed form
	h -= 1 / n                 // Σ_{i<N} 1/i
	a := (4*g-6)*(k-1) + (10-6*g)*H
	b := (2*g-4)*k*k + 8*h*k + (2*g-14*h-4)*H - 8*h + 4*g - 6
	c := (6*h+2*g-2)*k*k + (4*h-4*g+6)*k + (2*h-6)*H + 4*h
	d := (2*h+6)*k*k - 4*h*k
	return (((a*n+b)*n+c)*n + d) / ((n - 1) * (n - 2) * (n - 3))
}

// harmonic returns Σ 1/i and Σ 1/i² for i up to n.
func harmonic(n float64) (h, squares float64) {
	if n <= 64 {
		for i := n; i >= 1; i-- {
			h += 1 / i
			squares += 1 / (i * i)
		}
		return h, squares
	}
	const euler = 0.57721566490153286060651209008240243104215933593992
	n2 := n * n
	h = math.Log(n) + euler + 1/(2*n) - (1.0/12-(1.0/120-1/(252*n2))/n2)/n2
	squares = math.Pi*math.Pi/6 - (1-(0.5-(1.0/6-(1.0/30-1/(42*n2))/n2)/n)/n)/n
	return h, squares
}

// andersonP interpolates log p between the critical values of Scholz and Stephens' table 2.
func andersonP(a2, m float64) (p float64, bounded bool) {
	levels := [7]float64{0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001}
	b0 := [7]float64{0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085}
	b1 := [7]float64{-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615}
	b2 := [7]float64{-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154}
	var x, y [7]float64
	for i := range levels {
		x[i] = b0[i] + b1[i]/math.Sqrt(m) + b2[i]/m
		y[i] = math.Log(levels[i])
	}
	switch {
	case a2 < x[0]:
		return levels[0], true
	case a2 > x[6]:
		return levels[6], true
	}
	// Least-squares parabola by polynomials orthogonal on the nodes.
	var mean float64
	for _, v := range x {
		mean += v / 7
	}
	var s2, s3 float64
	for _, v := range x {
		s2 += (v - mean) * (v - mean)
		s3 += (v - mean) * (v - mean) * (v - mean)
	}
	second := func(v float64) float64 { return (v-mean)*(v-mean) - s3/s2*(v-mean) - s2/7 }
	var c0, c1, c2, norm2 float64
	for i, v := range x {
		c0 += y[i] / 7
		c1 += y[i] * (v - mean) / s2
		c2 += y[i] * second(v)
		norm2 += second(v) * second(v)
	}
	return math.Exp(c0 + c1*(a2-mean) + c2/norm2*second(a2)), false
}
