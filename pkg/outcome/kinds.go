package outcome

import (
	"errors"

	"github.com/leadsman/leadsman/pkg/profile/joined"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Kind is what outcomes are.
type Kind string

// The kinds. None stands for the one that the reference's outcomes show.
const (
	twoKinds   Kind = "binary"     // one of two, of which a score is the probability or the rank
	Regression Kind = "regression" // a number, which the score predicts
	MultiClass Kind = "multiclass" // one of several classes, each of which has a score
)

// UnmarshalText takes the name of a kind.
func (k *Kind) UnmarshalText(text []byte) error {
	switch Kind(text) {
	case twoKinds, Regression, MultiClass:
		*k = Kind(text)
		return nil
	}
	return errors.New(words.NotOneOf(string(text), []string{string(twoKinds), string(Regression), string(MultiClass)}))
}

// A Choice says which of several predictions of one key, or of one entity, an
// outcome counts with: the newest, the first, or all, which intervals then take for
// one cluster. None is the newest.
type Choice string

const newest Choice = "newest"

// UnmarshalText takes the name of a choice.
func (c *Choice) UnmarshalText(text []byte) error {
	switch Choice(text) {
	case newest, joined.First, joined.All:
		*c = Choice(text)
		return nil
	}
	return errors.New(words.NotOneOf(string(text), []string{string(newest), joined.First, joined.All}))
}
