package attribution

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/leadsman/leadsman/pkg/stats"
)

const (
	draws    = 1000 // of the bootstrap
	drawSeed = 1913
	together = 8 // draws that read a row while it is at hand
)

// settled returns the rows in an order of their own, equal ones as one, so that
// the same rows give the same draws however they came.
func (s *Rows) settled(width int) Rows {
	at := func(i int) []float64 { return s.Values[i*width:][:width] }
	order := make([]int, len(s.N))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(at(a), at(b)) })
	out := Rows{Values: make([]float64, 0, len(s.Values))}
	for k, i := range order {
		if k > 0 && slices.Equal(at(i), at(order[k-1])) {
			out.N[len(out.N)-1] += s.N[i]
			continue
		}
		out.Values, out.N = append(out.Values, at(i)...), append(out.N, s.N[i])
	}
	return out
}

// resampled are the changes of all columns' means, by draw. A draw takes each row
// of a side as often as a Poisson variable says whose mean is how often the row is
// there; given how many rows that makes, these are draws with replacement.
type resampled [][]float64

// resample draws from both sides, which are settled.
func resample(ref, cur *Rows, width int) resampled {
	var varies []int
	for j := range width {
		if !ref.constant(j, width) || !cur.constant(j, width) {
			varies = append(varies, j)
		}
	}
	out := make(resampled, draws)
	for i := range out {
		out[i] = make([]float64, width)
		for j := range out[i] {
			out[i][j] = cur.Values[j] - ref.Values[j]
		}
		for _, j := range varies {
			out[i][j] = 0
		}
	}
	for side, s := range []*Rows{ref, cur} {
		sign := float64(2*side - 1)
		for at := 0; at < draws; at += together {
			s.draw(out[at:at+together], varies, width, sign, uint64(side*draws+at))
		}
	}
	return out
}

// constant says whether a column is the same in all rows.
func (s *Rows) constant(j, width int) bool {
	for i := range s.N {
		if s.Values[i*width+j] != s.Values[j] {
			return false
		}
	}
	return true
}

// draw adds sign times the means of one draw each to out.
func (s *Rows) draw(out [][]float64, varies []int, width int, sign float64, stream uint64) {
	var sums [together][]float64
	var total [together]float64
	var source [together]*rand.Rand
	for k := range sums {
		sums[k] = make([]float64, len(varies))
		source[k] = rand.New(rand.NewPCG(drawSeed, stream+uint64(k)))
	}
	row := make([]float64, len(varies))
	for i, n := range s.N {
		for c, j := range varies {
			row[c] = s.Values[i*width+j]
		}
		for k := range sums {
			w := float64(stats.Poisson(n, source[k]))
			if w == 0 {
				continue
			}
			total[k] += w
			sum := sums[k][:len(row)]
			for c, v := range row {
				sum[c] += w * v
			}
		}
	}
	for k := range sums {
		for c, j := range varies {
			out[k][j] += sign * sums[k][c] / max(total[k], 1)
		}
	}
}

// interval is the 95 % interval of the sum of some columns' changes: the middle
// of the draws'.
func (b resampled) interval(of []int) (lo, hi float64) {
	changes := make([]float64, len(b))
	for i, change := range b {
		for _, j := range of {
			changes[i] += change[j]
		}
	}
	ends, err := stats.Quantiles(changes, 0.025, 0.975)
	if err != nil {
		return math.NaN(), math.NaN()
	}
	return ends[0], ends[1]
}
