// Package xgboost reads models that XGBoost saved: as JSON, as UBJSON, or
// inside a pickle or joblib file. Models of XGBoost 1.5 to 3.2 were tried,
// pickles from 1.6 on.
//
// What cannot be scored as XGBoost scores it (another objective, a linear
// booster, several targets, …) is refused by name, with an error that matches
// one of those of package tree. Where training stopped early, the model ends
// with the best iteration, as XGBoost's own predictions do.
package xgboost

import "github.com/leadsman/leadsman/pkg/model/tree"

// JSON reads a model as save_model writes it to a .json file.
func JSON(data []byte) (*tree.Ensemble, error) { return read(&jsonReader{data: data}) }

// UBJSON reads a model as save_model writes it to a .ubj file.
func UBJSON(data []byte) (*tree.Ensemble, error) { return read(&ubjReader{data: data}) }

// Pickle reads the one Booster inside a pickle or joblib file that is not
// compressed. The file is searched, never run.
func Pickle(data []byte) (*tree.Ensemble, error) {
	booster, err := unpickle(data)
	if err != nil {
		return nil, err
	}
	return UBJSON(booster)
}

func read(src source) (*tree.Ensemble, error) {
	doc, err := decode(src)
	if err != nil {
		return nil, err
	}
	return doc.check()
}

// source reads one document value by value, in the order of the file. The
// caller asks for the kind it wants and gets an error where the document holds
// another; a callback must read exactly one value. Errors match tree.ErrFormat.
type source interface {
	object(member func(key string) error) error
	array(element func(i int) error) error
	text() (string, error)
	integer() (int64, error)
	float() (float32, error) // may be NaN or infinite
	flag() (bool, error)     // false, true, 0 or 1
	skip() error             // one value of any kind
	end() error              // nothing follows
}

// maxNesting bounds how deep arrays and objects stand in each other; XGBoost
// needs eight levels.
const maxNesting = 64
