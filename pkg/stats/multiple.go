package stats

import (
	"cmp"
	"slices"
)

// BenjaminiHochberg returns the q-value of each p-value, in the order given: the
// smallest false discovery rate at which it would be called significant,
//
//	q₍ᵢ₎ = min over j >= i of p₍ⱼ₎ k/j,
//
// for k p-values sorted ascending. q is in [p, 1]; tied p-values share one q. It
// bounds the false discovery rate under independence and positive dependence.
//
// Errors: ErrEmpty, ErrNaN, ErrRange (p outside [0, 1]). Cost: O(k log k). Agrees
// with SciPy's false_discovery_control.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	if err := ordered("BenjaminiHochberg", p); err != nil {
		return nil, err
	}
	order := make([]int, len(p))
	for i, v := range p {
		if v < 0 || v > 1 {
			return nil, faultf("BenjaminiHochberg", ErrRange, "p = %v", v)
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q, nil
}
