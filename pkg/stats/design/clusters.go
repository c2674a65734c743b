package design

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// Clustering is how rows hang together that belong to the same entity.
type Clustering struct {
	N        int64   // rows
	Size     float64 // Σw²/Σw over entities of w rows: those of the entity that a random row belongs to, itself too; at least 1
	Rho      float64 // agreement of two rows of an entity on their cells beyond chance, in [0, 1]; 1 where there is one cell
	RaoScott float64 // first-order design effect of the cells' shares, at least 1
	Effect   float64 // the greater of 1 + Rho(Size - 1) and RaoScott
}

// Clusters returns the design effect of rows that were counted by cell (outer) and by
// the bucket of their entity's hash. It takes the buckets for a simple random
// allocation of the entities to G of them: with x and y the bucket's sums of two
// quantities whose totals are X and Y, entity by entity
//
//	Σxy = (Σ_buckets xy - XY/G) / (1 - 1/G)
//
// on average. With w rows of an entity, w_c of them in cell c, p_c = Σw_c/n:
//
//	Size     = Σw²/n
//	Rho      = (A - Σp_c²)/(1 - Σp_c²),  A = Σ_c (Σw_c² - n_c) / (Σw² - n)
//	RaoScott = Σ_c Σ(w_c - p_c w)² / (n p_c) / (C - 1)
//
// over the C cells that hold rows. Where the cells are ordered, RaoScott is at least
// the same of the cells' cumulative shares, Σ_c Σ(W_c - P_c w)² / Σ_c n P_c(1 - P_c),
// which is what a KS test sees of a shift.
//
// Errors: ErrEmpty (no rows), ErrLength (cells of different buckets, fewer than two),
// ErrNegative, ErrRange. Cost: O(cells × buckets). Sources: L. Kish, Survey Sampling
// (1965); J. N. K. Rao and A. J. Scott, JASA 76 (1981).
func Clusters(cells [][]int64, ordered bool) (Clustering, error) {
	const name = "Clusters"
	if len(cells) == 0 {
		return Clustering{}, fault(name, stats.ErrEmpty)
	}
	buckets := len(cells[0])
	all := make([]float64, buckets)
	var rows []float64 // of the cells that hold rows
	var held [][]int64
	var n int64
	for _, cell := range cells {
		if len(cell) != buckets || buckets < 2 {
			return Clustering{}, fault(name, stats.ErrLength)
		}
		k, err := total(name, cell)
		if err != nil {
			return Clustering{}, err
		}
		if k > 1<<53-n {
			return Clustering{}, fault(name, stats.ErrRange)
		}
		if n += k; k == 0 {
			continue
		}
		rows, held = append(rows, float64(k)), append(held, cell)
		for g, c := range cell {
			all[g] += float64(c)
		}
	}
	if n == 0 {
		return Clustering{}, fault(name, stats.ErrEmpty)
	}
	size := float64(n)
	unbiased := 1 - 1/float64(buckets)
	squares := func(of func(g int) float64, sum float64) float64 {
		s := 0.0
		for g := range buckets {
			v := of(g)
			s += float64(v * v)
		}
		return (s - float64(sum*sum)/float64(buckets)) / unbiased
	}
	pairs := squares(func(g int) float64 { return all[g] }, size) // Σw²
	r := Clustering{N: n, Size: math.Min(math.Max(1, pairs/size), size), RaoScott: 1}
	agree, chance, first := 0.0, 0.0, 0.0
	cumulative := make([]float64, buckets)
	var upTo, spread, moved float64
	for c, cell := range held {
		p := rows[c] / size
		agree += squares(func(g int) float64 { return float64(cell[g]) }, rows[c]) - rows[c]
		chance += float64(p * p)
		first += squares(func(g int) float64 { return float64(cell[g]) - float64(p*all[g]) }, 0) / rows[c]
		for g := range buckets {
			cumulative[g] += float64(cell[g])
		}
		if upTo += p; c+1 < len(held) {
			spread += size * upTo * (1 - upTo)
			moved += squares(func(g int) float64 { return cumulative[g] - float64(upTo*all[g]) }, 0)
		}
	}
	switch {
	case len(held) == 1:
		r.Rho = 1 // nothing contradicts it
	case pairs > size:
		r.Rho = math.Min(1, math.Max(0, (agree/(pairs-size)-chance)/(1-chance)))
	}
	if len(held) > 1 {
		r.RaoScott = math.Max(1, first/float64(len(held)-1))
		if ordered && spread > 0 {
			r.RaoScott = math.Max(r.RaoScott, moved/spread)
		}
	}
	r.Effect = math.Max(r.RaoScott, 1+float64(r.Rho*(r.Size-1)))
	return r, nil
}
