package monitor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Gate is what makes an error of a report: a level (warn, alert, or insufficient,
// which a run that could not be judged trips as well as one at warn or above), or
// the name of a reason to retrain. The empty one lets all pass.
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
	if !slices.Contains([]string{verdict.Warn, verdict.Alert, verdict.Insufficient}, name) && !g.trigger() {
		return "", fmt.Errorf("want warn, alert, insufficient or a reason to retrain (%s), got %q", strings.Join(verdict.Triggers, ", "), name)
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

// Trip returns a Tripped when the run reaches the level, or the reason to retrain
// fired or could not be judged, or when the run judged no prediction at all: nobody
// sees from an empty log that all is well. A reason that nobody asked for is a
// NotAsked.
func (g Gate) Trip(run *verdict.Run, triggers []verdict.Trigger) error {
	switch {
	case g == "":
		return nil
	case run.Rows == 0:
	case !g.trigger():
		if !g.reached(run.Level) {
			return nil
		}
	default:
		t, err := retrain.Named(triggers, string(g))
		switch {
		case err != nil:
			return NotAsked(err.Error())
		case t.Fired || t.Level == verdict.Insufficient:
			return Tripped(t.Sentence)
		}
		return nil
	}
	return Tripped(fmt.Sprintf("level is %s: %s", run.Level, run.Headline))
}

// reached says whether a run of that level trips a gate of levels: what could not be
// judged trips the one that asks for it, and a notice none.
func (g Gate) reached(level string) bool {
	if g == verdict.Insufficient {
		return level == verdict.Insufficient || verdict.Reaches(level, verdict.Warn)
	}
	return verdict.Reaches(level, string(g))
}

// TripAny is Trip for the tables run and triggers of an input that was judged
// before; of many runs the worst decides, and of many runs' reasons one that
// fired, else one that could not be judged.
func (g Gate) TripAny(in *table.Reader) error {
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
			if l := runs[i].Level; !slices.Contains(verdict.Levels, l) {
				return fmt.Errorf("%s: table run: %q is no level", in.Input(), l)
			}
			if runs[i].Rows == 0 {
				tripped = &runs[i] // whatever the others are
			}
			if worst == nil || g.reached(runs[i].Level) && !g.reached(worst.Level) || g.reached(runs[i].Level) == g.reached(worst.Level) && verdict.Severity(runs[i].Level) > verdict.Severity(worst.Level) {
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
	if tripped != nil && (g.trigger() || !g.reached(worst.Level)) {
		worst = tripped
	}
	slices.SortStableFunc(triggers, func(a, b verdict.Trigger) int { return cmp.Compare(graveness(b), graveness(a)) })
	return g.Trip(worst, triggers)
}

// graveness puts the reasons that fired before those that could not be judged.
func graveness(t verdict.Trigger) int {
	switch {
	case t.Fired:
		return 2
	case t.Level == verdict.Insufficient:
		return 1
	}
	return 0
}
