package site

import (
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/words"
)

// since says for how long a subject has been at warn or above.
func since(from *view.View, s *view.Subject) string {
	switch o := from.Course.Onset(from.Report, &s.Subject); {
	case o.From.IsZero():
		return ""
	case o.Turned:
		return "the other way " + onset(o)
	case o.Fresh:
		return "new"
	default:
		return onset(o)
	}
}

func onset(o history.Onset) string {
	s := "since " + words.Day(o.From)
	if o.Before {
		s += " or before"
	}
	if o.Unjudged > 0 {
		s += "; " + words.Count(o.Unjudged, "night", "nights") + " not judged"
	}
	return s
}

// headline is the run in one sentence.
func headline(from *view.View) string {
	if from.Report.Run.Headline == "" {
		return wording.Level(from.Report.Run.Level) + "."
	}
	return wording.Sentence(from.Report.Run.Headline)
}

// drifting says since when the scores have moved; "" where they have not, or that
// is not known.
func drifting(from *view.View) string {
	if from.Score == nil || !from.Score.Urgent() {
		return ""
	}
	switch o := from.Course.Onset(from.Report, &from.Score.Subject); {
	case o.From.IsZero():
		return ""
	default:
		return "The scores have drifted " + onset(o) + "."
	}
}
