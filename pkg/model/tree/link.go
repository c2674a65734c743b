package tree

import (
	"math"
	"slices"
)

// Link says how scores follow from margins, the sums of a row's leaves.
type Link int

const (
	Identity Link = iota // a score is the margin
	Logistic             // a score is a probability, the margin its log-odds
	Softmax              // scores are the probabilities of classes
)

// Scores turns the margins of rows of so many outputs into scores, in place.
func (l Link) Scores(margins []float32, outputs int) {
	switch l {
	case Logistic:
		for i, m := range margins {
			margins[i] = float32(1 / (1 + math.Exp(-float64(m))))
		}
	case Softmax:
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
