package drift

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Lines that cannot be read warn, and from a tenth alert, by log.
func TestLinesThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		left    Left
		level   string
		subject string
	}{
		{Left{Log: "predictions", Lines: 2000, Bad: 20}, verdict.OK, ""},
		{Left{Log: "predictions", Lines: 2000, Bad: 21}, verdict.Warn, verdict.SubjectRows},
		{Left{Log: "predictions", Lines: 2000, Bad: 201}, verdict.Alert, verdict.SubjectRows},
		{Left{Log: "requests", Lines: 2000, Bad: 201}, verdict.Alert, verdict.SubjectAPI},
	} {
		r := Compare(n300(), n300(), Options{Left: []Left{c.left}})
		level, subject := verdict.OK, ""
		for _, f := range r.Findings {
			if f.Check == verdict.CheckLines {
				level, subject = f.Level, f.Subject
			}
		}
		if level != c.level || subject != c.subject || verdict.Severity(r.Run.Level) < verdict.Severity(c.level) {
			t.Errorf("%+v: %s of %s, the run %s, want %s of %s", c.left, level, subject, r.Run.Level, c.level, c.subject)
		}
	}
}
