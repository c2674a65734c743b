package verdict

import "math"

// NewFinding is a finding of which nothing is measured yet: its numbers are NaN.
func NewFinding(subject, role, kind, check string) Finding {
	nan := math.NaN()
	return Finding{
		Subject: subject, Role: role, Kind: kind, Check: check,
		Statistic: nan, StatisticMost: nan, P: nan, Q: nan, Effect: nan, Threshold: nan, AlertThreshold: nan, Alpha: nan, MDE: nan, EffRef: nan, EffCur: nan,
	}
}

// Null turns infinite numbers into NaN, which every output writes as null.
func Null(xs ...*float64) {
	for _, x := range xs {
		if math.IsInf(*x, 0) {
			*x = math.NaN()
		}
	}
}
