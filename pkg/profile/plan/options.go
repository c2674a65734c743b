package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/words"
)

// Check says what is wrong with the options: a column's type that is none, or a
// window that is not whole microseconds.
func (o Options) Check() error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		types := []string{string(view.NumberKind), string(view.CategoryKind), string(view.TextKind), "id"}
		if t := o.Columns[name].Type; t != "" && !slices.Contains(types, t) {
			key := "columns." + name + ".type"
			faults = append(faults, &optionError{key, key + ": " + words.NotOneOf(t, types)})
		}
	}
	if o.Window%time.Microsecond != 0 {
		faults = append(faults, &optionError{"window", fmt.Sprintf("window: want whole microseconds, got %s", o.Window)})
	}
	if _, err := location(o.Timezone); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// An optionError says what is wrong with an option.
type optionError struct{ key, text string }

func (e *optionError) Error() string { return e.text }

// Key is where the option stands in monitor.yaml: columns.age.type.
func (e *optionError) Key() string { return e.key }
