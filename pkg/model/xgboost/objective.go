package xgboost

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// links are the objectives that are supported.
var links = map[string]tree.Link{
	"binary:logistic":      tree.Logistic,
	"reg:logistic":         tree.Logistic,
	"binary:logitraw":      tree.Identity, // base_score too is a margin here
	"multi:softprob":       tree.Softmax,  // and here
	"reg:squarederror":     tree.Identity,
	"reg:linear":           tree.Identity,
	"reg:absoluteerror":    tree.Identity,
	"reg:pseudohubererror": tree.Identity,
}

func supported() string { return strings.Join(slices.Sorted(maps.Keys(links)), ", ") }

// baseMargin is the base score on the margin's scale, in float32 steps as
// XGBoost takes them.
func baseMargin(link tree.Link, base float32) float32 {
	if link == tree.Logistic {
		return -float32(math.Log(float64(1/base - 1)))
	}
	return base
}
