package nights

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Strip is what became of a subject in the last nights, a bar a night: height and
// colour both say the level.
type Strip struct {
	Says  string
	Width int
	Bars  []stripBar
}

type stripBar struct {
	X, Y, H int // pixels
	Level   string
	Says    string
}

const (
	stripNights = 30
	stripStep   = 6
	stripHeight = 20 // as the template has it
)

// Strips returns the strips of the nights that are known; nil for a subject where
// there are fewer than two.
func Strips(from *view.View) func(s *view.Subject) *Strip {
	nights := history.Nightly(from.History, from.Report.Run.Site)
	nights = nights[max(0, len(nights)-stripNights):]
	if len(nights) < 2 {
		return func(*view.Subject) *Strip { return nil }
	}
	type key struct {
		night   int64
		subject string
	}
	level := map[key]string{}
	for _, n := range from.History {
		if n.Site != from.Report.Run.Site || n.Check == verdict.CheckRetrain {
			continue
		}
		k := key{n.PeriodEnd.UnixNano(), n.Subject}
		if was, ok := level[k]; !ok || verdict.Severity(n.FindingLevel) > verdict.Severity(was) {
			level[k] = n.FindingLevel
		}
	}
	return func(s *view.Subject) *Strip {
		out := &Strip{Width: stripStep*len(nights) - 2}
		loud := 0
		for i, n := range nights {
			l := level[key{n.PeriodEnd.UnixNano(), s.Name}]
			h := 3
			switch l {
			case verdict.Notice:
				h = 8
			case verdict.Warn:
				h = 13
			case verdict.Alert:
				h = stripHeight
			}
			if verdict.Reaches(l, verdict.Warn) {
				loud++
			}
			says := dayOf(&n)
			if l != "" {
				says += ": " + wording.Level(l)
			}
			out.Bars = append(out.Bars, stripBar{X: stripStep * i, Y: stripHeight - h, H: h, Level: l, Says: says})
		}
		out.Says = fmt.Sprintf("At warning or above in %d of the last %d nights", loud, len(nights))
		return out
	}
}
