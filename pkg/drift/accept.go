package drift

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Known is a change that its owner knows of: the findings of its subject and check
// are in no level, gate and feed through a day, and on every page.
type Known struct {
	Subject string    `yaml:"subject"` // a column, or a subject as the findings name it
	Check   string    `yaml:"check"`
	Until   time.Time `yaml:"until"` // last day of it, UTC; a time of day ends it then
	Why     string    `yaml:"why"`
}

// CheckKnown says what is wrong with a list of known changes.
func CheckKnown(list []Known) error {
	var faults []error
	for i, k := range list {
		wrong := func(name, what string) {
			faults = append(faults, policy.BadOption(fmt.Sprintf("accept[%d].%s", i, name), what))
		}
		if k.Subject == "" {
			wrong("subject", "want a column, or a subject of a finding")
		}
		if !slices.Contains(verdict.Checks(), k.Check) {
			wrong("check", words.NotOneOf(k.Check, verdict.Checks()))
		}
		if k.Until.IsZero() {
			wrong("until", "want the day to which the change is accepted: what has no end is forgotten")
		}
		if k.Why == "" {
			wrong("why", "want a reason, which is published")
		}
	}
	return errors.Join(faults...)
}

// end is when the change is accepted no more.
func (k *Known) end() time.Time {
	if k.Until.Truncate(24 * time.Hour).Equal(k.Until) {
		return k.Until.AddDate(0, 0, 1)
	}
	return k.Until
}

// Ended tells whether the change is accepted no more at a time.
func (k *Known) Ended(now time.Time) bool { return !now.IsZero() && !now.Before(k.end()) }

// is tells whether a finding is of the change.
func (k *Known) is(f *verdict.Finding) bool { return f.Subject == k.Subject && f.Check == k.Check }

// Met tells whether the report has a finding of the change.
func (r *Report) Met(k Known) bool {
	return slices.ContainsFunc(r.Findings, func(f verdict.Finding) bool { return k.is(&f) })
}

// accept marks the findings of known changes.
func (r *Report) accept() {
	for _, k := range r.known {
		if k.Ended(r.Run.Now) {
			continue
		}
		for i := range r.Findings {
			if f := &r.Findings[i]; k.is(f) && verdict.Reaches(f.Level, verdict.Warn) {
				f.Accepted = fmt.Sprintf("until %s: %s", words.Day(k.end().Add(-time.Second)), k.Why)
			}
		}
	}
}
