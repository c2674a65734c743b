package drift

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Left is what could not be read of a log, where it is more than what is forgiven.
type Left struct {
	Log    string // predictions or requests
	Lines  int64  // that were read
	Bad    int64  // that could not be
	Reason string // the most frequent one
}

// The shares of bad lines above which a log is at warn and at alert. By itself ingest
// refuses a log at the first of them: these judge one that was let pass.
const (
	warnLines  = 0.01
	alertLines = 0.1
)

// linesChecks judge whether the logs could be read: rows that cannot are judged by
// nothing else.
func linesChecks(o *Options) []*check {
	var out []*check
	for _, l := range o.Left {
		share := float64(l.Bad) / float64(max(l.Lines, 1))
		if share <= warnLines {
			continue
		}
		level, threshold := verdict.Warn, warnLines
		if share > alertLines {
			level, threshold = verdict.Alert, alertLines
		}
		subject := verdict.SubjectRows
		if l.Log == "requests" {
			subject = verdict.SubjectAPI
		}
		c := ruleCheck(subject, aspect{role: verdict.RoleRun, source: subject}, verdict.CheckLines, level, o.Policy, 0, l.Lines, verdict.ReasonBadLines, sayBadLines(l, share))
		c.Effect, c.EffectUnit, c.Threshold, c.Direction = 100*share, "points", 100*threshold, verdict.Up
		out = append(out, c)
	}
	return out
}

func sayBadLines(l Left, share float64) string {
	return fmt.Sprintf("%s of %s of %s cannot be read, most of them for %q: what stands in them is not judged", words.Percent(share), words.Count(l.Lines, "line", "lines"), l.Log, l.Reason)
}
