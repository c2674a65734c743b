package stats

import (
	"math"
	"math/rand/v2"
)

// normalFrom is the mean above which a Poisson variable is drawn from its normal
// limit.
const normalFrom = 64

// Poisson draws a Poisson variable of the given mean: how often a bootstrap takes
// one of so many equal rows. Above 64 it is that of its normal limit, rounded and
// not below 0. A mean that is not positive gives 0, and draws nothing. Equal
// sources of r give equal results. Cost: O(min(mean, 64)).
func Poisson(mean int64, r *rand.Rand) int64 {
	m := float64(mean)
	switch {
	case mean <= 0:
		return 0
	case mean == 1:
		u := r.Uint64()
		for k, end := range once {
			if u < end {
				return int64(k)
			}
		}
		return int64(len(once))
	case mean > normalFrom:
		return int64(max(0, math.Round(m+math.Sqrt(m)*r.NormFloat64())))
	}
	u, p := r.Float64(), math.Exp(-m)
	k := int64(0)
	for sum := p; u >= sum && k < 10*mean; sum += p {
		k++
		p *= m / float64(k)
	}
	return k
}

// once has, as shares of 2^64, how often a Poisson variable of mean 1 is at most
// 0, 1, ...
var once = func() (ends [20]uint64) {
	sum, p := 0.0, math.Exp(-1)
	for k := range ends {
		sum += p
		p /= float64(k + 1)
		ends[k] = math.MaxUint64
		if sum < 1 {
			ends[k] = uint64(math.Ldexp(sum, 64))
		}
	}
	return ends
}()
