package model

import (
	"math"
	"slices"
	"strings"
)

// link says how scores follow from margins, the sums of a row's leaves.
type link int

const (
	identity link = iota
	logistic
	softmax
)

// links are the objectives that are supported.
var links = map[string]link{
	"binary:logistic":      logistic,
	"reg:logistic":         logistic,
	"binary:logitraw":      identity, // base_score too is a margin here
	"multi:softprob":       softmax,  // and here
	"reg:squarederror":     identity,
	"reg:linear":           identity,
	"reg:absoluteerror":    identity,
	"reg:pseudohubererror": identity,
}

func supported() string {
	var names []string
	for name := range links {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// baseMargin is the base score on the margin's scale, in float32 steps as
// XGBoost takes them.
func (l link) baseMargin(base float32) float32 {
	if l == logistic {
		return -float32(math.Log(float64(1/base - 1)))
	}
	return base
}

// scores turns the margins of rows into what Predict returns, in place.
func (l link) scores(margins []float32, outputs int) {
	switch l {
	case logistic:
		for i, m := range margins {
			margins[i] = float32(1 / (1 + math.Exp(-float64(m))))
		}
	case softmax:
		for row := range slices.Chunk(margins, outputs) {
			most := slices.Max(row)
			sum := 0.0
			for _, m := range row {
				sum += math.Exp(float64(m) - float64(most))
			}
			for i, m := range row {
				row[i] = float32(math.Exp(float64(m)-float64(most)) / sum)
			}
		}
	}
}
