package binary

import "math"

// An offset is how far the estimates of the reference's own scores are off what
// its outcomes gave. It is of the area under the curve and of the average
// precision only, which a calibration learned from the very rows overstates, and
// scores that are too timid understate.
type offset struct{ was, known quality }

// in returns how much of it an estimate has: all where the estimate is as far
// above chance as the reference's own or farther, and in proportion where it is
// nearer, so that scores that tell nothing are estimated to tell nothing.
// Average precision by chance is the share of positives.
func (o offset) in(is quality) (auc, ap float64) {
	auc = (o.was.AUC - o.known.AUC) * part(is.AUC-0.5, o.was.AUC-0.5)
	ap = (o.was.AP - o.known.AP) * part(is.AP-is.PositiveRate, o.was.AP-o.was.PositiveRate)
	return auc, ap
}

// part is a over b, held to [0, 1].
func part(a, b float64) float64 {
	if a >= b {
		return 1
	}
	return math.Max(0, a/b)
}
