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
		k := int64(onceFrom[u>>56])
		for k < int64(len(once)) && u >= once[k] {
			k++
		}
		return k
	case mean > normalFrom:
		return int64(max(0, math.Round(m+math.Sqrt(m)*r.NormFloat64())))
	}
	u, p := r.Float64(), none[mean]
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

// onceFrom has, by a number's first byte, how many of once it is not below for certain.
var onceFrom = func() (least [256]uint8) {
	for b := range least {
		for int(least[b]) < len(once) && uint64(b)<<56 >= once[least[b]] {
			least[b]++
		}
	}
	return least
}()

// none has, by mean, how often a Poisson variable is 0.
var none = func() (p [normalFrom + 1]float64) {
	for mean := range p {
		p[mean] = math.Exp(-float64(mean))
	}
	return p
}()
