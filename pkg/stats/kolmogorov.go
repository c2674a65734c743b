package stats

import "math"

// kolmogorovSF returns P(D_n >= x) for the two-sided one-sample
// Kolmogorov–Smirnov statistic of n values (n a whole number >= 0; 0 gives 1).
//
// The regions are those of Simard and L'Ecuyer (2011) as SciPy's kstwo.sf draws
// them, so that the two agree to 1e-9 relative:
//
//   - nx <= 1/2: 1. x = 1: 0.
//   - n <= 140, nx² <= 4, or n <= 100,000, n x^1.5 <= 1.4: one minus the exact CDF by
//     Durbin's matrix (Marsaglia, Tsang and Wang 2003); it is not small there.
//   - other nx² < 2.2: one minus the expansion of Pelz and Good (1976), error < 5e-6/n.
//   - else twice the one-sided tail, exact for x >= 1/2 and off by less than
//     1e-6 of itself elsewhere; nx² >= 370 with n > 140 and x < 1/2: 0.
func kolmogorovSF(x, n float64) float64 {
	nx := n * x
	nxx := nx * x
	switch {
	case nx <= 0.5:
		return 1
	case x >= 1:
		return 0
	case nx >= n-1:
		return math.Min(1, 2*math.Exp(n*math.Log1p(-x)))
	case x >= 0.5:
		return math.Min(1, 2*smirnovSF(x, n))
	case n <= 140 && nxx <= 4:
		return clampUnit(1 - durbinCDF(x, n))
	case n > 140 && nxx >= 370:
		return 0
	case n <= 140 || nxx >= 2.2:
		return math.Min(1, 2*smirnovSF(x, n))
	case n <= 100_000 && n*math.Pow(x, 1.5) <= 1.4:
		return clampUnit(1 - durbinCDF(x, n))
	}
	return clampUnit(1 - pelzGoodCDF(x, n))
}

func clampUnit(p float64) float64 { return math.Max(0, math.Min(1, p)) }

// smirnovSF returns the one-sided tail P(D⁺_n >= x), 0 < x < 1. To n = 10⁶ it is the
// exact sum of positive terms
//
//	Σ_{j=0}^{⌊n(1-x)⌋} x/(x+j/n) · C(n,j) p^j (1-p)^(n-j),  p = x + j/n;
//
// beyond, exp(-(6nx+1)²/(18n)) (Maag and Dicaire), as in SciPy. Above n = 16,384 only
// every (n/4,096)-th term is summed: the terms are smooth in j and vanish at both ends with
// all derivatives (kolmogorovSF asks for nx² >= 2.2), where this trapezoid rule is exact to rounding.
func smirnovSF(x, n float64) float64 {
	t := n * x
	if n > 1e6 {
		return math.Exp(-(6*t + 1) * (6*t + 1) / (18 * n))
	}
	tail := math.Exp(n * math.Log1p(-x)) // j = 0
	stride := math.Max(1, math.Floor(n/4096))
	if n <= 16_384 {
		stride = 1
	}
	for j := stride; j < n-t; j += stride {
		tail += stride * t / (t + j) * math.Exp(logBinomial(j, n, t))
	}
	return tail
}

// pelzGoodCDF returns P(D_n <= x) by the expansion of Pelz and Good in 1/√n, to the
// third order, with z = x√n.
func pelzGoodCDF(x, n float64) float64 {
	z := math.Sqrt(n) * x
	z2 := z * z
	z4, z6, z8 := z2*z2, z2*z2*z2, z2*z2*z2*z2
	var k0, k1, k2, k3, k2i, k3i float64
	for k := 0; k < 40; k++ {
		a := math.Pi * (float64(k) + 0.5)
		a *= a // π²(k+½)²
		e := math.Exp(-a / (2 * z2))
		k0 += e
		k1 += (a - z2) * e
		k2 += (6*z6 + 2*z4 + a*(2*z4-5*z2) + a*a*(1-2*z2)) * e
		k3 += (a*a*a*(5-30*z2) + a*a*(212*z4-60*z2) + a*(135*z4-96*z6) - 30*z6 - 90*z8) * e
		b := math.Pi * float64(k+1)
		b *= b // π²(k+1)²
		ei := math.Exp(-b / (2 * z2))
		k2i += b * ei
		k3i += b * (3*z2 - b) * ei
		if e == 0 {
			break
		}
	}
	// The sums run over all integers, so each term counts twice: 2·√(π/2) = √(2π).
	c := math.Sqrt(2 * math.Pi)
	k0 *= c / z
	k1 *= c / (6 * z4)
	k2 = c * (k2/(72*z6*z) - k2i/(36*z2*z))
	k3 = c * (k3/(6480*z8*z2) + k3i/(216*z6))
	return k0 + k1/math.Sqrt(n) + k2/n + k3/(n*math.Sqrt(n))
}

// durbinCDF returns P(D_n <= x) by Durbin's matrix: with nx = k - h, 0 <= h < 1, the
// middle element of the n-th power of a (2k-1)² matrix, times n!/nⁿ.
func durbinCDF(x, n float64) float64 {
	k := int(math.Ceil(n * x))
	h := float64(k) - n*x
	m := 2*k - 1
	base := make([]float64, m*m)
	// First column and last row: (1 - h^i)/i!; the corner adds max(0, 2h-1)^m - h^m.
	edge := make([]float64, m)
	inv := make([]float64, m+1) // 1/i!
	inv[0] = 1
	for i := 1; i <= m; i++ {
		inv[i] = inv[i-1] / float64(i)
		edge[i-1] = (1 - math.Pow(h, float64(i))) * inv[i]
	}
	corner := 1 - 2*math.Pow(h, float64(m))
	if h > 0.5 {
		corner += math.Pow(2*h-1, float64(m))
	}
	edge[m-1] = corner * inv[m]
	for i := range m {
		for j := 1; j < m; j++ {
			if i-j+1 >= 0 {
				base[i*m+j] = inv[i-j+1]
			}
		}
		base[i*m] = edge[i]
	}
	for j := range m {
		base[(m-1)*m+j] = edge[m-1-j]
	}

	power := make([]float64, m*m)
	for i := range m {
		power[i*m+i] = 1
	}
	spare := make([]float64, m*m)
	powerExp, baseExp := 0, 0
	mid := (k-1)*m + k - 1
	for e := int64(n); e > 0; e >>= 1 {
		if e&1 == 1 {
			multiply(spare, power, base, m)
			power, spare = spare, power
			powerExp += baseExp
		}
		if e > 1 {
			multiply(spare, base, base, m)
			base, spare = spare, base
			baseExp *= 2
			if base[mid] > 0x1p128 {
				for i := range base {
					base[i] *= 0x1p-128
				}
				baseExp += 128
			}
		}
	}
	p := power[mid]
	for i := 1.0; i <= n; i++ {
		p *= i / n
		if p < 0x1p-128 {
			p *= 0x1p128
			powerExp -= 128
		}
		if p == 0 {
			return 0
		}
	}
	return math.Ldexp(p, powerExp)
}

// multiply sets dst to a·b, square matrices of order m by rows.
func multiply(dst, a, b []float64, m int) {
	clear(dst)
	for i := range m {
		row := dst[i*m : i*m+m]
		for k := range m {
			f := a[i*m+k]
			if f == 0 {
				continue
			}
			for j, v := range b[k*m : k*m+m] {
				row[j] += f * v
			}
		}
	}
}
