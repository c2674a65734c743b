package segments

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
)

// decompose parts the change of the mean score S = Σ wᵢsᵢ, where a segment has
// the share wᵢ of all rows with a score and the mean score sᵢ, into
//
//	Mix    = Σ (wᵢ′ - wᵢ)·(sᵢ + sᵢ′)/2   the segments' shares changed
//	Within = Σ (wᵢ + wᵢ′)/2·(sᵢ′ - sᵢ)   the scores inside them did
//
// whose sum is S′ - S exactly. It is the symmetric one of the decompositions of
// Kitagawa (1955): neither side is the one that the other is weighted by, no
// interaction is left over, and the two sides exchanged change the signs and
// nothing else.
//
// A segment's rows with a score are taken to be as many of all its rows as of
// those in the sample. One with scores on one side only weighs nothing on the
// other and has no scores that could change: that it comes or goes, or is no
// longer scored, is a matter of the mix.
func (p *Partition) decompose() {
	var all [2]float64
	for _, s := range p.Segments {
		s.Weight = [2]float64{}
		if !math.IsNaN(s.Ref) {
			s.Weight[0] = float64(s.Part.RefRows) * bins.Share(s.scored[0], s.Part.Ref.Rows)
		}
		if !math.IsNaN(s.Cur) {
			s.Weight[1] = float64(s.Part.CurRows) * bins.Share(s.scored[1], s.Part.Cur.Rows)
		}
		for side, w := range s.Weight {
			if !(w > 0) || math.IsInf(w, 1) {
				s.Weight[side] = 0
			}
			all[side] += s.Weight[side]
		}
	}
	if !(all[0] > 0) || !(all[1] > 0) {
		nan := math.NaN()
		p.Ref, p.Cur, p.Mix, p.Within = nan, nan, nan, nan
		return
	}
	p.Ref, p.Cur, p.Mix, p.Within = 0, 0, 0, 0
	for _, s := range p.Segments {
		s.Weight[0] /= all[0]
		s.Weight[1] /= all[1]
		w, v := s.Weight[0], s.Weight[1]
		a, b := s.Ref, s.Cur
		switch {
		case w == 0 && v == 0:
			continue
		case w == 0:
			a = b
		case v == 0:
			b = a
		}
		p.Ref += w * a
		p.Cur += v * b
		p.Mix += (v - w) * (a + b) / 2
		p.Within += (w + v) / 2 * (b - a)
	}
}

// suppressMeans decides which mean scores may be told. Those of fewer than k rows are not,
// and what is left of all rows when the told ones are taken off must not be one
// of a few rows either, for the mean of all rows is in statistics: while it is of
// fewer than 2k, the smallest told segment is withheld too. The column's own
// means, mix and within are then two equations of the withheld ones, so they are
// told only where segments of fewer than k rows hold 2k together, which takes at
// least three.
func (p *Partition) suppressMeans(k int64) {
	for side := range p.Hidden {
		var told []*Segment
		var kept int64
		for _, s := range p.Segments {
			switch n := s.scored[side]; {
			case n >= k:
				s.Shown[side] = true
				told = append(told, s)
			case n > 0:
				kept += n
			}
		}
		if kept == 0 {
			continue
		}
		p.Hidden[side] = kept < 2*k
		slices.SortStableFunc(told, func(a, b *Segment) int { return cmp.Compare(a.scored[side], b.scored[side]) })
		for _, s := range told {
			if kept >= 2*k {
				break
			}
			s.Shown[side] = false
			kept += s.scored[side]
		}
	}
}

// Driver is the segment whose share did most to the mean score, as it is against
// the others.
type Driver struct {
	Segment  *Segment
	Ref, Cur float64 // its share on both sides
	Scored   bool    // of the rows with a score, and not of all
}

// MixDriver picks it; ok is false where no segment moved the mean score in the
// direction of the mix. The share is that of all rows, unless it is in the rows
// with a score that it changed.
func (p *Partition) MixDriver() (l Driver, ok bool) {
	best, most := -1, 0.0
	for i, s := range p.Segments {
		score := s.Ref
		switch {
		case math.IsNaN(s.Ref):
			score = s.Cur
		case !math.IsNaN(s.Cur):
			score = (s.Ref + s.Cur) / 2
		}
		// The sum over all segments is the mix, whatever is taken off the scores.
		if part := (s.Weight[1] - s.Weight[0]) * (score - (p.Ref+p.Cur)/2); part*p.Mix > 0 && math.Abs(part) > most {
			best, most = i, math.Abs(part)
		}
	}
	if best < 0 {
		return Driver{}, false
	}
	s := p.Segments[best]
	l = Driver{Segment: s, Ref: bins.Share(s.Part.RefRows, p.Split.RefRows), Cur: bins.Share(s.Part.CurRows, p.Split.CurRows)}
	if moved := s.Weight[1] - s.Weight[0]; !((l.Cur-l.Ref)*moved > 0) || math.Abs(l.Cur-l.Ref) < math.Abs(moved)/2 {
		l.Ref, l.Cur, l.Scored = s.Weight[0], s.Weight[1], true
	}
	return l, true
}
