package binary

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
)

// FindDrops measures what Evaluate tells of, as one figure each.
//
// Estimates are held against the same estimate of the reference's own scores,
// not against what its outcomes gave: a calibration learned from few rows is too
// sure of itself, and of both sides alike. Their interval is that of a bootstrap
// of both sides, in which an isotonic calibration is learned anew from each draw;
// whether there is one stays. The realised area has DeLong's interval, the share
// of positives Newcombe's (1998, hybrid score).
func FindDrops(truth *outcome.Truth, score *view.Column, met *outcome.Met, o outcome.Options) outcome.Drops {
	none := func(reason string) outcome.Drop { return outcome.Drop{Reason: reason} }
	var d outcome.Drops
	known, _ := sampled(truth.Sample())
	ref := known.rows
	if reason := declines(truth, ref); reason != "" {
		return outcome.Drops{EstimatedAUC: none(reason), RealisedAUC: none(reason), PositiveRate: none(reason), Expected: met == nil}
	}
	var judged sample
	if met != nil {
		p := o.Period(met)
		judged, _ = sampled(met.Sample(p.From, p.Until))
	}
	cur := judged.rows
	n, pos := sums(cur)
	few := fmt.Sprintf("the judged rows have %s: want %d of each", bothKinds(pos, n-pos), outcome.Fewest)
	switch {
	case met == nil:
		d.RealisedAUC = none("there are no outcomes")
	case min(pos, n-pos) < outcome.Fewest:
		d.RealisedAUC = none(few)
	default:
		d.RealisedAUC = areaDrop(&known, &judged)
	}
	if met != nil {
		if d.PositiveRate = rateDrop(&known, &judged); n < 2*outcome.Fewest {
			d.PositiveRate = none(few)
		}
	}
	estimated, expected := none("there are no scores"), none("there are no scores")
	if score != nil {
		scores, _ := scoresOf(score)
		switch n, _ := sums(scores); {
		case n == 0:
		case n < fewestScores:
			estimated = none(fmt.Sprintf("there are %d scores: want %d", n, fewestScores))
			if n == 1 {
				estimated = none(fmt.Sprintf("there is 1 score: want %d", fewestScores))
			}
			expected = estimated
		default:
			estimated, expected = estimatedDrops(ref, scores, math.Max(known.together(), o.Together))
		}
	}
	d.EstimatedAUC = estimated
	if met == nil {
		d.Expected, d.PositiveRate = true, expected
	}
	return d
}

func areaDrop(ref, cur *sample) outcome.Drop {
	var d outcome.Drop
	d.Ref, _ = AUC(ref.rows)
	d.Cur, _ = AUC(cur.rows)
	_, a := AUC(ref.apart)
	_, b := AUC(cur.apart)
	d.NRef, d.N = rowsOf(ref.rows), rowsOf(cur.rows)
	d.Lo, d.Hi = around(d.Ref-d.Cur, math.Hypot(ref.spread*a, cur.spread*b))
	return d
}

func rateDrop(ref, cur *sample) outcome.Drop {
	n, k := sums(ref.rows)
	m, l := sums(cur.rows)
	of := func(s *sample, rows, pos int64) (int64, int64) { // of so many rows as all are worth
		worth := math.Max(1, math.Round(float64(rowsOf(s.apart))/(s.spread*s.spread)))
		return int64(math.Round(worth * float64(pos) / float64(rows))), int64(worth)
	}
	if n == 0 || m == 0 {
		return outcome.Drop{Reason: "there are no outcomes"}
	}
	k0, n0 := of(ref, n, k)
	l0, m0 := of(cur, m, l)
	i, err := stats.Newcombe(k0, n0, l0, m0, 0.95)
	if err != nil {
		return outcome.Drop{Reason: "there are no outcomes"}
	}
	return outcome.Drop{Ref: float64(k) / float64(n), Cur: float64(l) / float64(m), Lo: i.Lo, Hi: i.Hi, NRef: n, N: m}
}

func around(x, se float64) (lo, hi float64) { return x - outcome.Z95*se, x + outcome.Z95*se }

// fewestScores is how many scores a bootstrap interval of them needs.
const fewestScores = 50

const (
	draws     = 200 // of the bootstrap
	drawSeed  = 20260105
	drawCells = 512 // beyond so many distinct scores, neighbours are drawn together
)

// estimatedDrops are those of the estimated area and of the expected share of
// positives. The draws are of rows; where rows belong to entities, an error is as many
// times as large as the root of together.
func estimatedDrops(ref, cur []Tally, together float64) (area, rate outcome.Drop) {
	c := calibrate(ref)
	was, is := estimateQuality(ref, c, math.NaN()), estimateQuality(cur, c, math.NaN())
	area = outcome.Drop{Ref: newDeLong(ref).auc, NRef: was.N, N: is.N}
	area.Cur = area.Ref - areaFall(ref, was, is)
	rate = outcome.Drop{Ref: was.PositiveRate, Cur: is.PositiveRate, NRef: was.N, N: is.N}
	var areas, rates []float64
	r := rand.New(rand.NewPCG(drawSeed, 0))
	ref, cur = merged(ref), merged(cur)
	for range draws {
		a, b := resampled(ref, r), resampled(cur, r)
		learned := c
		if c.x != nil {
			learned = isotonic(a)
		}
		was, is := estimateQuality(a, learned, math.NaN()), estimateQuality(b, learned, math.NaN())
		if d := areaFall(a, was, is); !math.IsNaN(d) {
			areas = append(areas, d)
		}
		if d := was.PositiveRate - is.PositiveRate; !math.IsNaN(d) {
			rates = append(rates, d)
		}
	}
	wider := math.Sqrt(math.Max(1, together))
	area.Lo, area.Hi = around(area.Ref-area.Cur, wider*deviation(areas))
	rate.Lo, rate.Hi = around(rate.Ref-rate.Cur, wider*deviation(rates))
	return area, rate
}

// areaFall is how far the estimated area lies below that of the reference's
// outcomes, on their scale, as in the table of estimates.
func areaFall(ref []Tally, was, is quality) float64 {
	known := quality{AUC: newDeLong(ref).auc}
	off, _ := offset{was, known}.in(is)
	return known.AUC - (is.AUC - off)
}

// deviation is the standard deviation; NaN where most draws gave nothing.
func deviation(xs []float64) float64 {
	if len(xs) < draws/2 {
		return math.NaN()
	}
	sd, err := stats.StdDev(xs)
	if err != nil {
		return math.NaN()
	}
	return sd
}

// merged are tallies of at most drawCells scores: neighbours together, at their
// mean.
func merged(ts []Tally) []Tally {
	if len(ts) <= drawCells {
		return ts
	}
	out := make([]Tally, drawCells)
	for i, t := range ts {
		one := &out[i*drawCells/len(ts)]
		one.Score = (one.Score*float64(one.N) + t.Score*float64(t.N)) / float64(one.N+t.N)
		one.N, one.Pos = one.N+t.N, one.Pos+t.Pos
	}
	return out
}

// resampled is a Poisson bootstrap: each row as often as Poisson(1) says.
func resampled(ts []Tally, r *rand.Rand) []Tally {
	out := make([]Tally, 0, len(ts))
	for _, t := range ts {
		pos, neg := stats.Poisson(t.Pos, r), stats.Poisson(t.N-t.Pos, r)
		if pos+neg > 0 {
			out = append(out, Tally{t.Score, pos + neg, pos})
		}
	}
	return out
}
