package site

import (
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/words"
)

// since says for how long a subject has been at warn or above.
func (b *builder) since(s *subject) string {
	switch o := history.OnsetOf(b.o.History, b.r, &s.Subject); {
	case o.From.IsZero():
		return ""
	case o.Fresh:
		return "new"
	case o.Before:
		return "since " + words.Day(o.From) + " or before"
	default:
		return "since " + words.Day(o.From)
	}
}

// headline is the run in one sentence.
func (b *builder) headline() string {
	if b.r.Run.Headline == "" {
		return wording.Level(b.r.Run.Level) + "."
	}
	return wording.Sentence(b.r.Run.Headline)
}

// drifting says since when the scores have moved; "" where they have not, or that
// is not known.
func (b *builder) drifting() string {
	if b.score == nil || !b.score.Urgent() {
		return ""
	}
	switch o := history.OnsetOf(b.o.History, b.r, &b.score.Subject); {
	case o.From.IsZero():
		return ""
	case o.Before:
		return "The scores have drifted since " + words.Day(o.From) + " or before."
	default:
		return "The scores have drifted since " + words.Day(o.From) + "."
	}
}
