package history

import (
	"fmt"
	"maps"
	"slices"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Kinds of events.
const (
	EventSilence    = "silence"
	eventReference  = "reference"
	eventModel      = "model"
	eventPolicy     = "policy"
	eventThresholds = "thresholds"
	eventFeatures   = "features"
	eventTraffic    = "traffic_again"
	eventElsewise   = "measured_otherwise" // follows one that Breaks, and has no mark
)

// An Event is what happened to what is judged, or to how it is judged, between two
// nights. What was measured before one that Breaks is no measure of what comes after.
type Event struct {
	Kind   string
	Text   string // a sentence
	Breaks bool
}

// Mark is the event in a word or two, for a picture; "" where another one says it.
func (e *Event) Mark() string {
	return map[string]string{
		eventReference: "new reference", eventModel: "new model", eventPolicy: "other policy", eventThresholds: "other thresholds", eventFeatures: "other features",
		EventSilence: "silence", eventTraffic: "traffic again",
	}[e.Kind]
}

// events are those between the night before and this one, and whether one breaks.
func (w *walk) events(rows []verdict.Night) (out []Event, broken bool) {
	n, before := &rows[0], w.before
	add := func(kind, text string, breaks bool) {
		out, broken = append(out, Event{kind, text, breaks}), broken || breaks
	}
	if n.Rows == 0 && w.silent == 0 {
		add(EventSilence, saySilence(n), false)
	}
	if n.Rows > 0 && w.silent > 0 {
		add(eventTraffic, sayTraffic(w.silent), false)
	}
	features := featuresOf(rows)
	if before != nil {
		if before.PlanID != n.PlanID && before.PlanID != "" && n.PlanID != "" {
			add(eventReference, sayReference(before, n), true)
			if text := sayFeatures(w.features, features); text != "" {
				add(eventFeatures, text, false)
			}
		}
		if w.version != n.ModelVersion && w.version != "" && n.ModelVersion != "" {
			add(eventModel, fmt.Sprintf("Model version %s took the place of %s.", words.Plain(n.ModelVersion), words.Plain(w.version)), true)
		}
		switch {
		case before.Policy != n.Policy:
			add(eventPolicy, fmt.Sprintf("Judged by the policy %s now, by %s before.", words.Plain(n.Policy), words.Plain(before.Policy)), true)
		case before.Thresholds != n.Thresholds && before.Thresholds != "" && n.Thresholds != "":
			add(eventThresholds, "Thresholds changed: the same effect may have another level now.", false)
		}
	}
	if n.ModelVersion != "" {
		w.version = n.ModelVersion
	}
	if len(features) > 0 {
		w.features = features
	}
	return out, broken
}

// saySilence says that nothing came.
func saySilence(n *verdict.Night) string {
	if n.Newest.IsZero() {
		return "No predictions to judge: is the API up, is LOGS right?"
	}
	return "No predictions since " + words.Stamp(n.Newest) + ": is the API up, is LOGS right?"
}

// sayTraffic says that predictions come again.
func sayTraffic(nights int) string {
	return "Predictions came again, after " + words.Count(int64(nights), "night", "nights") + " without any."
}

// sayReference says that another reference, or another plan of it, is compared with.
func sayReference(before, n *verdict.Night) string {
	what := "Reference or its settings changed"
	if before.ReferenceRows > 0 && before.ReferenceRows != n.ReferenceRows {
		what = fmt.Sprintf("Reference replaced: %s → %s rows", words.Whole(before.ReferenceRows), words.Whole(n.ReferenceRows))
	}
	return what + "; earlier effects are against the old one."
}

// sayFeatures says which features are new and which are compared no more; "" where
// none.
func sayFeatures(before, now map[string]bool) string {
	missing := func(from, of map[string]bool) []string {
		var out []string
		for _, name := range slices.Sorted(maps.Keys(of)) {
			if !from[name] {
				out = append(out, words.Plain(name))
			}
		}
		return out
	}
	if len(before) == 0 || len(now) == 0 {
		return ""
	}
	text := ""
	if added := missing(before, now); len(added) > 0 {
		text = "Features added: " + words.List(added) + "."
	}
	if removed := missing(now, before); len(removed) > 0 {
		if text != "" {
			text += " "
		}
		text += "Features removed: " + words.List(removed) + "."
	}
	return text
}

// featuresOf are the columns that a night compared.
func featuresOf(rows []verdict.Night) map[string]bool {
	out := map[string]bool{}
	for i := range rows {
		if r := &rows[i]; r.Check == verdict.CheckDistribution && r.Role == verdict.RoleFeature && r.Segment == "" {
			out[r.Subject] = true
		}
	}
	return out
}

// incomparable says what stood until an event that breaks.
func (w *walk) incomparable() []Event {
	var names []string
	for _, s := range w.open {
		if name := words.Plain(wording.Subject(s.Subject)); s.Segment == "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return []Event{{eventElsewise, "What stood before, of " + words.List(names) + ", was measured otherwise: that it is gone or new now says nothing of a recovery.", false}}
}
