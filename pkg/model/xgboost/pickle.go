package xgboost

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/pickle"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// A Booster in a pickle is one run of bytes: UBJSON of {"Config": …, "Model": …}
// (XGBoost 1.6 and later). It can be found without running the pickle, which
// would be to run a program that somebody else wrote.
var boosterStart = []byte("{L\x00\x00\x00\x00\x00\x00\x00\x06Config")

// transparent are the classes around a Booster that leave its scores as they are,
// by the ends of their names. A Pipeline makes the rows that the Booster takes.
var transparent = []string{
	"xgboost.core.Booster", "xgboost.sklearn.XGBClassifier", "xgboost.sklearn.XGBRegressor", "xgboost.sklearn.XGBRanker",
	"xgboost.sklearn.XGBRFClassifier", "xgboost.sklearn.XGBRFRegressor", "xgboost.sklearn.XGBModel",
	"sklearn.pipeline.Pipeline", "imblearn.pipeline.Pipeline",
	"sklearn.model_selection._search.GridSearchCV", "sklearn.model_selection._search.RandomizedSearchCV",
	"sklearn.model_selection._search_successive_halving.HalvingGridSearchCV", "sklearn.model_selection._search_successive_halving.HalvingRandomSearchCV",
	"sklearn.model_selection._classification_threshold.FixedThresholdClassifier", "sklearn.model_selection._classification_threshold.TunedThresholdClassifierCV",
	"builtins.bytearray", "builtins.dict", "collections.OrderedDict",
}

// changers are in the names of classes that change scores, wherever they stand.
var changers = []string{"Calibrat", "TransformedTarget", "IsotonicRegression", "Sigmoid"}

// A found Booster hangs on the objects of these classes, the outermost first.
type found struct {
	booster []byte
	classes []pickle.Class
	missing float64 // what its wrapper takes for missing
}

// unpickle returns the UBJSON of the one Booster in a pickle or joblib file. What
// stands around it and changes its scores, or may, is refused by name.
func unpickle(data []byte) ([]byte, error) {
	value, err := pickle.Read(data)
	if err != nil {
		return nil, tree.Refuse(tree.ErrFormat, "", "a pickle or joblib file: %s", err)
	}
	s := search{seen: map[pickle.Value]bool{}, boosters: map[*byte]found{}}
	s.look(value, nil, math.NaN())
	switch len(s.boosters) {
	case 0:
		return nil, noBooster(value)
	case 1:
	default:
		return nil, tree.Refuse(tree.ErrFormat, "", "a pickle or joblib file with more than one Booster%s: save the one you mean with save_model(\"model.ubj\")", of(value))
	}
	for _, f := range s.boosters {
		for _, class := range append(f.classes, s.changer) {
			if class != "" && !slices.Contains(transparent, string(class)) {
				return nil, tree.Refuse(tree.ErrFormat, "", "a pickle or joblib file of %s, which may change the scores of the Booster inside: convert the whole of it to ONNX with skl2onnx, or save the Booster alone with save_model(\"model.ubj\") if its scores are the ones you log", class)
			}
		}
		if f.missing == f.missing {
			return nil, tree.Refuse(tree.ErrFeatures, "", "a pickle or joblib file of a model with missing=%v: save it with save_model(\"model.ubj\"), and say \"missing\": [%v] in features.json", f.missing, f.missing)
		}
		return f.booster, nil
	}
	return nil, nil
}

// search walks through what a pickle holds.
type search struct {
	seen     map[pickle.Value]bool
	changer  pickle.Class // seen anywhere, and known to change scores
	boosters map[*byte]found
	depth    int
}

// maxWalk bounds how deep objects are looked for in each other.
const maxWalk = 1000

func (s *search) look(v pickle.Value, classes []pickle.Class, missing float64) {
	if s.depth++; s.depth > maxWalk {
		return
	}
	defer func() { s.depth-- }()
	switch v := v.(type) {
	case []byte:
		if bytes.HasPrefix(v, boosterStart) {
			s.boosters[&v[0]] = found{v, slices.Clone(classes), missing}
		}
	case *pickle.List:
		if !s.seen[v] {
			s.seen[v] = true
			s.all(v.Values, classes, missing)
		}
	case *pickle.Dict:
		if !s.seen[v] {
			s.seen[v] = true
			s.all(v.Values, classes, missing)
		}
	case *pickle.Object:
		if s.seen[v] {
			return
		}
		s.seen[v] = true
		if strings.HasPrefix(string(v.Class), "xgboost.sklearn.") {
			missing = missingOf(v)
		}
		if slices.ContainsFunc(changers, func(name string) bool { return strings.Contains(string(v.Class), name) }) {
			s.changer = v.Class
		}
		classes = append(slices.Clip(classes), v.Class)
		s.look(v.Args, classes, missing)
		s.look(v.State, classes, missing)
		s.all(v.Items.Values, classes, missing)
	}
}

func (s *search) all(values []pickle.Value, classes []pickle.Class, missing float64) {
	for _, v := range values {
		s.look(v, classes, missing)
	}
}

// missingOf is the attribute missing of an XGBClassifier or its like: NaN where it
// is None or not there.
func missingOf(o *pickle.Object) float64 {
	switch x := o.Attribute("missing").(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	}
	return math.NaN()
}

// of names the outermost class of a pickle, " of sklearn.pipeline.Pipeline".
func of(v pickle.Value) string {
	if o, ok := v.(*pickle.Object); ok {
		return " of " + string(o.Class)
	}
	return ""
}

// noBooster says what a pickle without a Booster is, and the way out for its class.
func noBooster(v pickle.Value) error {
	class := ""
	if o, ok := v.(*pickle.Object); ok {
		class = string(o.Class)
	}
	way := "no Booster of XGBoost 1.6 or later is in it: call get_booster().save_model(\"model.ubj\") in Python and use that"
	switch {
	case strings.HasPrefix(class, "lightgbm."):
		way = "LightGBM's models are read as text: call booster_.save_model(\"model.txt\") in Python (of a Booster, save_model) and use that"
	case strings.HasPrefix(class, "catboost."):
		way = "CatBoost's models are read as ONNX: call save_model(\"model.onnx\", format=\"onnx\") in Python and use that"
	case strings.HasPrefix(class, "sklearn."):
		way = "scikit-learn's models are read as ONNX: convert it with skl2onnx and use that"
	case class != "" && !strings.HasPrefix(class, "xgboost."):
		way = "no Booster of XGBoost is in it: save the model itself, as .ubj (XGBoost), .txt (LightGBM) or ONNX"
	}
	return tree.Refuse(tree.ErrFormat, "", "%s: %s", fmt.Sprintf("a pickle or joblib file%s", of(v)), way)
}
