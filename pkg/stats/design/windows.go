package design

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
)

// Dispersion is how much more the shares of windows differ than those of independent
// rows.
type Dispersion struct {
	Effect      float64 // variance of a window's shares over that of independent rows, at least 1
	Differences int     // pairs of windows that it is taken from
	Cells       int     // cells that hold rows; an F test has Differences·(Cells-1) degrees of freedom below
}

// A Step is two windows that are compared: places in a list of windows.
type Step struct{ From, To int }

// Windows returns the overdispersion of windows, each counted over the same cells,
// from the differences d of the shares p of the pairs of windows in steps, about their
// weighted mean d̄,
//
//	Σ_steps w Σ_c (d_c - d̄_c)² / π_c  /  (k·(C - 1)),  w = 1/(1/n + 1/m),
//
// with n and m the rows of a pair, π the shares of all windows, C the cells that hold
// rows, and k the steps less what the mean takes of them. Successive windows see noise
// and rhythms faster than two windows, and of a steady trend nothing, where the
// deviation from a common mean would take the trend for noise. Where the cells are
// ordered the result is at least the same of the cumulative shares, Σ_c (D - D̄)² over
// Σ_c Π(1 - Π), which is what a KS test sees of a shift. Steps with an empty window are
// left out.
//
// Errors: ErrEmpty (fewer than two steps left, or fewer than two cells), ErrLength,
// ErrNegative, ErrRange. Cost: O((windows + steps) × cells). Source of successive
// differences: J. von Neumann, Ann. Math. Statist. 12 (1941).
func Windows(windows [][]int64, steps []Step, ordered bool) (Dispersion, error) {
	const name = "Windows"
	if len(windows) == 0 {
		return Dispersion{}, fault(name, stats.ErrEmpty)
	}
	width := len(windows[0])
	rows := make([]float64, len(windows))
	pooled := make([]float64, width)
	sum := 0.0
	for w, counts := range windows {
		if len(counts) != width {
			return Dispersion{}, fault(name, stats.ErrLength)
		}
		n, err := total(name, counts)
		if err != nil {
			return Dispersion{}, err
		}
		rows[w] = float64(n)
		sum += float64(n)
		for c, k := range counts {
			pooled[c] += float64(k)
		}
	}
	var held []int
	for c, k := range pooled {
		if k > 0 {
			held = append(held, c)
		}
	}
	r := Dispersion{Cells: len(held)}
	if len(held) < 2 {
		return r, fault(name, stats.ErrEmpty)
	}
	var kept []Step
	net := make([]float64, len(windows)) // how often a window ends a step less how often it begins one
	for _, s := range steps {
		if s.From < 0 || s.To < 0 || s.From >= len(windows) || s.To >= len(windows) {
			return r, fault(name, stats.ErrRange)
		}
		if rows[s.From] > 0 && rows[s.To] > 0 {
			kept = append(kept, s)
			net[s.From]--
			net[s.To]++
		}
	}
	if r.Differences = len(kept); r.Differences < 2 {
		return r, fault(name, stats.ErrEmpty)
	}
	k := float64(r.Differences)
	for _, c := range net {
		k -= float64(c*c) / float64(2*r.Differences)
	}
	// about sums w(d - d̄)² over the steps, of the share that of gives of each window.
	about := func(of func(w int) float64) float64 {
		var weight, mean, square float64
		for _, s := range kept {
			one, d := 1/(1/rows[s.From]+1/rows[s.To]), of(s.To)-of(s.From)
			weight += one
			mean += one * d
			square += one * float64(d*d)
		}
		return math.Max(0, square-float64(mean*mean)/weight)
	}
	var cells, cumulative, spread, upTo float64
	below := make([]float64, len(windows)) // rows up to and with the cell
	for i, c := range held {
		cells += about(func(w int) float64 { return float64(windows[w][c]) / rows[w] }) / (pooled[c] / sum)
		for w := range windows {
			below[w] += float64(windows[w][c])
		}
		if upTo += pooled[c] / sum; i+1 < len(held) {
			cumulative += about(func(w int) float64 { return below[w] / rows[w] })
			spread += upTo * (1 - upTo)
		}
	}
	r.Effect = math.Max(1, cells/(k*float64(len(held)-1)))
	if ordered {
		r.Effect = math.Max(r.Effect, cumulative/(k*spread))
	}
	return r, nil
}

// Successive are the steps from each of n windows to the one lag places on, where
// both are there: at gives a window's place in time.
func Successive(at []int64, lag int64) []Step {
	place := make(map[int64]int, len(at))
	for i, t := range at {
		place[t] = i
	}
	var steps []Step
	for i, t := range at {
		if j, ok := place[t+lag]; ok && j != i {
			steps = append(steps, Step{i, j})
		}
	}
	return steps
}
