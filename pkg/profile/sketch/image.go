package sketch

import "math"

// Image maps a float64 that is not NaN to an int64 of the same order; the two
// zeros are one.
func Image(x float64) int64 {
	b := int64(math.Float64bits(x + 0)) // -0 + 0 is +0
	if b < 0 {
		return b ^ math.MaxInt64
	}
	return b
}

// FromImage is the inverse of Image.
func FromImage(k int64) float64 {
	if k < 0 {
		k ^= math.MaxInt64
	}
	return math.Float64frombits(uint64(k))
}
