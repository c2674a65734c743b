package mapping

import (
	"errors"
	"maps"
	"slices"

	"github.com/leadsman/leadsman/pkg/words"
)

// Fields are the names that logs have for leadsman's fields, by kind of log; the
// reference's are those of the predictions.
type Fields struct {
	Predictions map[string]string `yaml:"predictions"` // as Options.Fields
	Requests    map[string]string `yaml:"requests"`
}

// Of returns the names that a kind of log has, for Options.Fields.
func (f Fields) Of(kind Kind) map[string]string {
	if kind == Requests {
		return f.Requests
	}
	return f.Predictions
}

// Check says what is wrong with the names: those of fields that are none.
func (f Fields) Check() error {
	var faults []error
	for _, kind := range []Kind{Predictions, Requests} {
		known := fieldNames(kind)
		for _, name := range slices.Sorted(maps.Keys(f.Of(kind))) {
			if !slices.Contains(known, name) {
				faults = append(faults, &unknownField{"fields." + string(kind) + "." + name, words.UnknownKey(name, known)})
			}
		}
	}
	return errors.Join(faults...)
}

type unknownField struct{ key, what string }

func (e *unknownField) Error() string { return e.key + ": " + e.what }

// Key is where the field stands in monitor.yaml: fields.requests.endpoint.
func (e *unknownField) Key() string { return e.key }
