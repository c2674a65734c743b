package monitor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Gate is what makes an error of a report: a level (warn or alert), or the name
// of a reason to retrain. The empty one lets all pass.
type Gate string

// A Tripped is the error of a Gate that does not let a run pass, in words.
type Tripped string

func (t Tripped) Error() string { return string(t) }

// A NotAsked is the error of a Gate whose reason to retrain was not asked for, in
// words.
type NotAsked string

func (n NotAsked) Error() string { return string(n) }

// ParseGate returns the Gate of that name, which must not be empty; a name that a
// reason to retrain had in older versions gives that of now.
func ParseGate(name string) (Gate, error) {
	g := Gate(verdict.TriggerNow(name))
	if name != verdict.Warn && name != verdict.Alert && !g.trigger() {
		return "", fmt.Errorf("want warn, alert or a reason to retrain (%s), got %q", strings.Join(verdict.Triggers, ", "), name)
	}
	return g, nil
}

func (g Gate) trigger() bool { return slices.Contains(verdict.Triggers, string(g)) }

// asked says whether the config asks for the reason to retrain that the gate is
// about, if it is about one.
func (g Gate) asked(r retrain.Rules) error {
	if g.trigger() && !r.Asks(string(g)) {
		return NotAsked(fmt.Sprintf("monitor.yaml does not ask for %s under retrain", string(g)))
	}
	return nil
}

// Trip returns a Tripped when the run reaches the level or the reason to retrain
// fired, or when it judged no prediction at all: nobody sees from an empty log
// that all is well. A reason that nobody asked for is a NotAsked; one that could
// not be judged is a note.
func (g Gate) Trip(run *verdict.Run, triggers []verdict.Trigger, notef func(format string, args ...any)) error {
	switch {
	case g == "":
		return nil
	case run.Rows == 0:
	case !g.trigger():
		if !verdict.Reaches(run.Level, string(g)) {
			return nil
		}
	default:
		t, err := retrain.Named(triggers, string(g))
		switch {
		case err != nil:
			return NotAsked(err.Error())
		case t.Fired:
			return Tripped(t.Sentence)
		case t.Level == verdict.Insufficient:
			notef("%s", t.Sentence)
		}
		return nil
	}
	return Tripped(fmt.Sprintf("level is %s: %s", run.Level, run.Headline))
}

// TripAny is Trip for the tables run and triggers of an input that was judged
// before; of many runs the worst decides, and of many runs' reasons one that
// fired.
func (g Gate) TripAny(in *table.Reader, notef func(format string, args ...any)) error {
	var worst, tripped *verdict.Run
	var triggers []verdict.Trigger
	var names []string
	for in.Next() {
		switch in.Table() {
		case "run":
		case "triggers":
			more, err := table.Decode[verdict.Trigger](in.Batch())
			if err != nil {
				return fmt.Errorf("%s: %w", in.Input(), err)
			}
			triggers = append(triggers, more...)
			continue
		default:
			if !slices.Contains(names, in.Table()) {
				names = append(names, in.Table())
			}
			continue
		}
		runs, err := table.Decode[verdict.Run](in.Batch())
		if err != nil {
			return fmt.Errorf("%s: %w", in.Input(), err)
		}
		for i := range runs {
			if l := runs[i].Level; !slices.Contains([]string{verdict.OK, verdict.Insufficient, verdict.Warn, verdict.Alert}, l) {
				return fmt.Errorf("%s: table run: %q is no level", in.Input(), l)
			}
			if runs[i].Rows == 0 {
				tripped = &runs[i] // whatever the others are
			}
			if worst == nil || verdict.Worst(worst.Level, runs[i].Level) != worst.Level {
				worst = &runs[i]
			}
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if worst == nil {
		return fmt.Errorf("%s: no table run: it has %s", in.Input(), strings.Join(names, ", "))
	}
	if tripped != nil && (g.trigger() || !verdict.Reaches(worst.Level, string(g))) {
		worst = tripped
	}
	slices.SortStableFunc(triggers, func(a, b verdict.Trigger) int {
		switch {
		case a.Fired == b.Fired:
			return 0
		case a.Fired:
			return -1
		}
		return 1
	})
	return g.Trip(worst, triggers, notef)
}
