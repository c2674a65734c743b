package binary

import (
	"math"
	"sort"
)

// calibrator turns scores into probabilities of a positive outcome.
type calibrator struct {
	x, y []float64 // none: scores are taken as they are
}

// isotonic returns the non-decreasing function that is nearest to the outcomes in
// least squares (pool adjacent violators), straight between the scores it was
// made from and constant beyond them. It agrees with scikit-learn's
// IsotonicRegression(out_of_bounds="clip").
func isotonic(ts []Tally) calibrator {
	type block struct {
		pos, n float64
		last   int
	}
	var blocks []block
	for i, t := range ts {
		blocks = append(blocks, block{float64(t.Pos), float64(t.N), i})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].pos*blocks[k].n >= blocks[k].pos*blocks[k-1].n; k-- {
			blocks[k-1] = block{blocks[k-1].pos + blocks[k].pos, blocks[k-1].n + blocks[k].n, blocks[k].last}
			blocks = blocks[:k]
		}
	}
	var c calibrator
	for _, b := range blocks {
		for i := len(c.x); i <= b.last; i++ {
			c.x, c.y = append(c.x, ts[i].Score), append(c.y, b.pos/b.n)
		}
	}
	return c
}

// name is isotonic or none.
func (c calibrator) name() string {
	if c.x == nil {
		return "none"
	}
	return "isotonic"
}

// probability returns the calibrated probability of a score; without a
// calibration the score itself, held to [0, 1].
func (c calibrator) probability(score float64) float64 {
	if c.x == nil {
		return math.Min(1, math.Max(0, score))
	}
	i := sort.SearchFloat64s(c.x, score)
	switch {
	case i == 0:
		return c.y[0]
	case i == len(c.x):
		return c.y[i-1]
	}
	lo, hi := c.x[i-1], c.x[i]
	return c.y[i-1] + (c.y[i]-c.y[i-1])*((score-lo)/(hi-lo))
}

const (
	calibrationFolds = 10
	calibrationBins  = 10
)

// calibrate returns the isotonic calibrator where it lowers the expected
// calibration error, ten-fold cross-validated and stratified by outcome, else the
// one that changes nothing. NannyML asks the same with ten random splits, so that
// close decisions can differ. Rows of one class, or too few of one for the folds,
// are left as they are. It takes the same rows to the same folds always.
func calibrate(ts []Tally) calibrator {
	n, pos := sums(ts)
	if pos < calibrationFolds || n-pos < calibrationFolds {
		return calibrator{}
	}
	folds := make([][]Tally, calibrationFolds)
	for f := range folds {
		folds[f] = make([]Tally, len(ts))
		for i := range ts {
			folds[f][i].Score = ts[i].Score
		}
	}
	// Shuffled by a fixed hash of the row's place in its class.
	var places [2]uint64
	for i, t := range ts {
		for k := range t.N {
			class := 0
			if k < t.Pos {
				class = 1
			}
			one := &folds[mix(places[class]*2+uint64(class))%calibrationFolds][i]
			places[class]++
			one.N++
			one.Pos += int64(class)
		}
	}
	var before, after []Tally
	for _, test := range folds {
		var train []Tally
		for i, t := range ts {
			if n := t.N - test[i].N; n > 0 {
				train = append(train, Tally{t.Score, n, t.Pos - test[i].Pos})
			}
		}
		if len(train) == 0 {
			return calibrator{}
		}
		c := isotonic(train)
		for _, t := range test {
			if t.N > 0 {
				before = append(before, t)
				after = append(after, Tally{c.probability(t.Score), t.N, t.Pos})
			}
		}
	}
	if calibrationError(before) > calibrationError(after) {
		return isotonic(ts)
	}
	return calibrator{}
}

// Calibrated is the calibration that a reference allows, as calibrate chooses it, and its
// name, isotonic or none. ref is ascending by score.
func Calibrated(ref []Tally) (probability func(score float64) float64, name string) {
	c := calibrate(ref)
	return c.probability, c.name()
}

// calibrationError is the expected calibration error: over bins of equally many
// rows by rising probability, the mean distance between the mean probability and
// the share of positive outcomes, weighted by rows. Equal probabilities stay in
// one bin.
func calibrationError(ts []Tally) float64 {
	sort.SliceStable(ts, func(i, j int) bool { return ts[i].Score < ts[j].Score })
	n, _ := sums(ts)
	var sum [calibrationBins]float64 // of probability less outcome
	var before int64
	for i := 0; i < len(ts); {
		var group int64
		j := i
		for ; j < len(ts) && ts[j].Score == ts[i].Score; j++ {
			group += ts[j].N
		}
		bin := min(calibrationBins-1, int((float64(before)+float64(group-1)/2)/float64(n)*calibrationBins))
		for ; i < j; i++ {
			sum[bin] += float64(ts[i].N)*ts[i].Score - float64(ts[i].Pos)
		}
		before += group
	}
	total := 0.0
	for _, s := range sum {
		total += math.Abs(s)
	}
	return total / float64(n)
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
