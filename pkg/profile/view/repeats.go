package view

import "math"

// Repeats says how often equal rows came.
type Repeats struct {
	Rows     int64
	Distinct float64 // different ones; a whole number where Exact
	Error    float64 // standard error of Distinct; 0 where Exact
	Exact    bool    // every different row was followed through all its repeats; else 4,096 of them were
	Times    []int64 // how often each of those came, ascending, but for those that stand out
	Often    []int64 // how often those came that stand out, about, falling
}

// In returns how many different rows are to be expected among so many of the rows,
// drawn at random, by rarefaction (Hurlbert, 1971), each draw taken for
// independent of the others. It is Distinct of all rows.
func (r *Repeats) In(rows int64) float64 {
	if rows >= r.Rows {
		return r.Distinct
	}
	if r.Rows <= 0 || rows <= 0 {
		return 0
	}
	left := math.Log1p(-float64(rows) / float64(r.Rows))
	out, mean := 0.0, 0.0
	for _, n := range r.Often {
		out -= math.Expm1(float64(float64(n) * left))
	}
	for _, n := range r.Times {
		mean -= math.Expm1(float64(float64(n) * left))
	}
	if len(r.Times) > 0 {
		out = out + float64((r.Distinct-float64(len(r.Often)))*(mean/float64(len(r.Times))))
	}
	return min(out, float64(rows))
}
