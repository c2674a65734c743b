package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// Classes are the kinds of outcomes in their order, such as cold, warm and hot, in place
// of two. A row whose chance of a positive outcome is p is of class k of K or above with
//
//	logit(p) + 1.5 (K/2 - k)
//
// as log-odds, k from 1 on: of two classes with p. The model's scores of classes are made
// of its score in the same way, so that a score that is right makes such that are.
type Classes []string

// classStep is how far apart the log-odds of one class and the next are.
const classStep = 1.5

// Check says whether there are two classes or more, of different names.
func (c Classes) Check() error {
	if len(c) < 2 {
		return fmt.Errorf("want two classes or more, got %d", len(c))
	}
	for i, name := range c {
		if name == "" || slices.Contains(c[:i], name) {
			return fmt.Errorf("%q is empty or repeated", name)
		}
	}
	return nil
}

// shares writes the probability of each class into dst and returns it.
func (c Classes) shares(p float64, dst []float64) []float64 {
	dst = slices.Grow(dst[:0], len(c))[:len(c)]
	above := 1.0
	for k := range c {
		next := 0.0
		if k+1 < len(c) {
			next = 1 / (1 + math.Exp(-(math.Log(p/(1-p)) + classStep*(float64(len(c))/2-float64(k+1)))))
		}
		dst[k], above = above-next, next
	}
	return dst
}

// draw draws a class of a row of that chance.
func (c Classes) draw(r *rand.Rand, p float64, spare []float64) int {
	u, sum := r.Float64(), 0.0
	shares := c.shares(p, spare)
	for k, s := range shares {
		if sum += s; u < sum {
			return k
		}
	}
	return len(c) - 1
}

// scores are the scores of the classes, to six decimals, and the class of the highest.
func (c Classes) scores(score float64, spare []float64, dst []record.Field) (scores []record.Field, label string) {
	best := 0
	shares := c.shares(score, spare)
	for k, s := range shares {
		dst = append(dst, record.Field{Name: c[k], Value: record.NumberValue(math.Round(1e6*s) / 1e6)})
		if s > shares[best] {
			best = k
		}
	}
	return dst, c[best]
}
