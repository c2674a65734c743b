package lightgbm

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// objective is a supported one.
type objective struct {
	name    string
	link    tree.Link
	classes bool     // with a score of each class
	params  []string // that change a score: others change the training alone
}

var objectives = []objective{
	{"binary", tree.Logistic, false, []string{"sigmoid"}},
	{"cross_entropy", tree.Logistic, false, nil},
	{"cross_entropy_lambda", tree.Softplus, false, nil},
	{"multiclass", tree.Softmax, true, nil},
	{"multiclassova", tree.Logistic, true, []string{"sigmoid"}},
	{"regression", tree.Identity, false, []string{"sqrt"}},
	{"regression_l1", tree.Identity, false, []string{"sqrt"}},
	{"huber", tree.Identity, false, []string{"sqrt"}},
	{"fair", tree.Identity, false, []string{"sqrt"}},
	{"quantile", tree.Identity, false, []string{"sqrt"}},
	{"mape", tree.Identity, false, []string{"sqrt"}},
	{"poisson", tree.Exp, false, nil},
	{"gamma", tree.Exp, false, nil},
	{"tweedie", tree.Exp, false, nil},
	{"lambdarank", tree.Identity, false, nil},
	{"rank_xendcg", tree.Identity, false, nil},
}

// harmless are parameters that the file states and no score depends on.
var harmless = []string{"num_class", "alpha", "tweedie_variance_power", "fair_c"}

// objectiveOf reads the line objective: a name, then parameters. The margin of a
// sigmoid that is stretched is made log-odds, by a scale of all leaves.
func objectiveOf(text string) (o objective, scale float64, err error) {
	words := strings.Fields(text)
	refuse := func(why string) (objective, float64, error) {
		return o, 0, tree.Refuse(tree.ErrObjective, "objective", "LightGBM's %q is not supported%s", tree.Clip(text), why)
	}
	if len(words) == 0 {
		return refuse("")
	}
	at := slices.IndexFunc(objectives, func(o objective) bool { return o.name == words[0] })
	if at < 0 {
		return refuse("")
	}
	o, scale = objectives[at], 1
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, ":")
		switch {
		case slices.Contains(harmless, name):
		case !slices.Contains(o.params, name):
			return refuse(": what " + name + " does to a score is not known")
		case name == "sqrt":
			o.link = tree.Square
		case name == "sigmoid":
			scale, err = strconv.ParseFloat(value, 64)
			if err != nil || !(scale > 0) || math.IsInf(scale, 0) {
				return refuse(": want a sigmoid above 0")
			}
		}
	}
	return o, scale, nil
}
