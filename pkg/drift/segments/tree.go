package segments

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// A Node is a segment in the tree of hypotheses. One without tests has no Q.
type Node struct {
	P, Q   float64   // of the segment, NaN without tests
	Within []float64 // the q of its tests
	Alpha  float64   // that they are held against
}

// Tree holds the p-values of all segments' tests together. The hypotheses are a
// tree: that nothing moved in a segment, which has the Simes p of its tests, and
// below it the tests. Benjamini and Hochberg's procedure at alpha selects R of the
// m segments with tests; inside a selected segment it runs at alpha·R/m, which
// keeps the expected share of false findings at alpha on average over the selected
// segments (Benjamini and Bogomolov 2014). A segment's least q is its Simes p, and
// R·alpha/m is the bar that the selection came to, so in a segment that was not
// selected no q reaches it.
//
// First is what the least p of all tests is held against: alpha/(k·m) for the k
// tests of the first of m segments, where k is taken to be the same for all.
func Tree(tests [][]float64, alpha float64) (nodes []Node, first float64) {
	nodes = make([]Node, len(tests))
	var tested []int
	var p []float64
	checks := 0
	for i, members := range tests {
		n := &nodes[i]
		n.P, n.Q = math.NaN(), math.NaN()
		if len(members) == 0 {
			continue
		}
		q, err := stats.BenjaminiHochberg(members)
		if err != nil {
			continue
		}
		n.P, n.Within = 1, q
		for _, x := range q {
			n.P = min(n.P, x)
		}
		tested, p, checks = append(tested, i), append(p, n.P), checks+len(members)
	}
	selected := 0
	if q, err := stats.BenjaminiHochberg(p); err == nil {
		for k, i := range tested {
			if nodes[i].Q = q[k]; q[k] <= alpha {
				selected++
			}
		}
	}
	for _, i := range tested {
		nodes[i].Alpha = alpha * float64(max(1, selected)) / float64(len(tested))
	}
	return nodes, alpha / float64(checks)
}
