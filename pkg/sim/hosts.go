package sim

import (
	"math"
	"math/rand/v2"
)

// A host scores a share of the rows otherwise than the model does: one that was not
// updated, a canary, a client that clips.
type host struct {
	share   float64 // of the rows
	version string  // appended to the model's version; empty: it says that it is the model
	shift   float64 // added to the score's log-odds
	times   float64 // factor of the score's log-odds, before the shift
}

// itself is the model's own host.
var itself = &host{times: 1}

// host draws which host scores the next row.
func (s *Scenario) host(r *rand.Rand) *host {
	if len(s.hosts) == 0 {
		return itself
	}
	u := r.Float64()
	for i := range s.hosts {
		if u -= s.hosts[i].share; u < 0 {
			return &s.hosts[i]
		}
	}
	return itself
}

// scored is the score that the host gives where the model gives p.
func (h *host) scored(p float64) float64 {
	if h.times == 1 && h.shift == 0 || !(p > 0 && p < 1) {
		return p
	}
	z := float64(h.times*math.Log(p/(1-p))) + h.shift
	return float64(float32(1 / (1 + math.Exp(-z))))
}
