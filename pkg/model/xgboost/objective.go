package xgboost

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// objective says what the scores of a supported objective are.
type objective struct {
	link tree.Link
	base tree.Link // of the base score to its margin: Identity where it is one
}

var objectives = map[string]objective{
	"binary:logistic":      {tree.Logistic, tree.Logistic},
	"reg:logistic":         {tree.Logistic, tree.Logistic},
	"binary:logitraw":      {tree.Identity, tree.Identity},
	"binary:hinge":         {tree.Positive, tree.Identity},
	"multi:softprob":       {tree.Softmax, tree.Identity},
	"reg:squarederror":     {tree.Identity, tree.Identity},
	"reg:linear":           {tree.Identity, tree.Identity},
	"reg:squaredlogerror":  {tree.Identity, tree.Identity},
	"reg:absoluteerror":    {tree.Identity, tree.Identity},
	"reg:pseudohubererror": {tree.Identity, tree.Identity},
	"reg:quantileerror":    {tree.Identity, tree.Identity},
	"reg:gamma":            {tree.Exp, tree.Exp},
	"reg:tweedie":          {tree.Exp, tree.Exp},
	"count:poisson":        {tree.Exp, tree.Exp},
	"survival:cox":         {tree.Exp, tree.Exp},
	"rank:ndcg":            {tree.Identity, tree.Identity},
	"rank:pairwise":        {tree.Identity, tree.Identity},
	"rank:map":             {tree.Identity, tree.Identity},
}

func supported() string { return strings.Join(slices.Sorted(maps.Keys(objectives)), ", ") }

// baseMargin is the base score on the margin's scale, in float32 steps as
// XGBoost takes them.
func baseMargin(link tree.Link, base float32) float32 {
	switch link {
	case tree.Logistic:
		return -float32(math.Log(float64(1/base - 1)))
	case tree.Exp:
		return float32(math.Log(float64(base)))
	}
	return base
}
