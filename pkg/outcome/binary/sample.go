package binary

import "github.com/leadsman/leadsman/pkg/outcome"

// A sample is outcome.Sample in tallies.
type sample struct {
	rows   []Tally // by rising score
	apart  []Tally // one row of each entity; rows itself where no two belong together
	spread float64
}

// eachAlone is a sample of which no two rows belong together.
func eachAlone(rows []Tally) sample { return sample{rows, rows, 1} }

// repeats says that some rows belong together.
func (s *sample) repeats() bool { return rowsOf(s.apart) < rowsOf(s.rows) }

// sampled is a sample, and whether its scores are rounded.
func sampled(s outcome.Sample) (out sample, rounded bool) {
	out.rows, rounded = tallied(s.Rows)
	if out.apart, out.spread = out.rows, s.Spread; s.Spread != 1 || len(s.Apart) != len(s.Rows) {
		out.apart, _ = tallied(s.Apart)
	}
	return out, rounded
}
