package monitor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/retrain"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Gate is what makes an error of a report: a level (warn, alert, or insufficient,
// which a run that could not be judged trips as well as one at warn or above), the
// name of a reason to retrain, or gateNew. The empty one lets all pass.
type Gate string

// gateNew is the Gate of what the night before did not have: a finding at warn or above
// that is new, worse or goes the other way, by the table standing of a site.
const gateNew Gate = verdict.NewsNew

// An Age is how old a report may be that a Gate lets pass; without a length it may be of
// any age.
type Age struct {
	Now  time.Time
	Most time.Duration
}

// trip returns a Tripped when the run is older.
func (a Age) trip(run *verdict.Run) error {
	at := run.Now
	if at.IsZero() {
		at = run.PeriodEnd
	}
	switch age := a.Now.Sub(at); {
	case a.Most <= 0:
	case at.IsZero():
		return Tripped("the report has no time, and so no age")
	case age > a.Most:
		return Tripped(fmt.Sprintf("the report is %s old, of %s: the job that writes it may have failed", words.Age(age), words.Stamp(at)))
	}
	return nil
}

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
	if !slices.Contains([]string{verdict.Warn, verdict.Alert, verdict.Insufficient, string(gateNew)}, name) && !g.trigger() {
		return "", fmt.Errorf("want warn, alert, insufficient, new or a reason to retrain (%s), got %q", strings.Join(verdict.Triggers, ", "), name)
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
	case g == gateNew:
		return NotAsked("new goes by the nights before: give gate a site that render wrote with --history")
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
// fired, else one that could not be judged. A run that is too old trips first.
func (g Gate) TripAny(in *table.Reader, age Age) error {
	var worst, tripped *verdict.Run
	var standing []verdict.Standing
	var stands bool // the table is there
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
		case "standing":
			more, err := table.Decode[verdict.Standing](in.Batch())
			if err != nil {
				return fmt.Errorf("%s: %w", in.Input(), err)
			}
			standing, stands = append(standing, more...), true
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
			if err := age.trip(&runs[i]); err != nil {
				return err
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
	if g == gateNew && (stands || slices.Contains(names, "history")) && tripped == nil {
		return tripNew(standing)
	}
	if tripped != nil && (g == gateNew || g.trigger() || !g.reached(worst.Level)) {
		worst = tripped
	}
	slices.SortStableFunc(triggers, func(a, b verdict.Trigger) int { return cmp.Compare(graveness(b), graveness(a)) })
	return g.Trip(worst, triggers)
}

// tripNew returns a Tripped when tonight made something of a finding.
func tripNew(standing []verdict.Standing) error {
	for _, s := range standing {
		if s.News != "" {
			return Tripped(fmt.Sprintf("%s: %s", s.News, s.Sentence))
		}
	}
	return nil
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
