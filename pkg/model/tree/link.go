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
	Exp                  // the margin is the score's logarithm
	Softplus             // a score is log(1 + exp(margin))
	Square               // a score is the margin's square, with its sign
	Positive             // a score is 1 where the margin is above 0, else 0
)

// Scores turns the margins of rows of so many outputs into scores, in place.
func Scores[F float32 | float64](l Link, margins []F, outputs int) {
	if l == Softmax {
		for row := range slices.Chunk(margins, outputs) {
			softmax(row)
		}
		return
	}
	if l == Identity {
		return
	}
	for i, m := range margins {
		margins[i] = F(l.score(float64(m)))
	}
}

// score is the score of a margin, for links by which one follows from one.
func (l Link) score(m float64) float64 {
	switch l {
	case Logistic:
		return 1 / (1 + math.Exp(-m))
	case Exp:
		return math.Exp(m)
	case Softplus:
		return max(m, 0) + math.Log1p(math.Exp(-math.Abs(m)))
	case Square:
		return m * math.Abs(m)
	case Positive:
		if m > 0 {
			return 1
		}
		return 0
	}
	return m
}

func softmax[F float32 | float64](row []F) {
	most := slices.Max(row)
	sum := 0.0
	for _, m := range row {
		sum += math.Exp(float64(m) - float64(most))
	}
	for i, m := range row {
		row[i] = F(math.Exp(float64(m)-float64(most)) / sum)
	}
}
