package regression

import (
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// FindDrops says why there are none: they are of outcomes of two kinds.
func FindDrops(*outcome.Truth, *view.Column, *outcome.Met, outcome.Options) outcome.Drops {
	none := outcome.Drop{Reason: "the outcomes are numbers, which have no area under a curve and no share of positives"}
	return outcome.Drops{EstimatedAUC: none, RealisedAUC: none, PositiveRate: none}
}
