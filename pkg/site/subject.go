package site

import (
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/shares"
)

// A subject is a column or an aspect of the run as its pages show it.
type subject struct {
	report.Subject
	Href string               // its page, from the site's root; empty without one
	Dist *shares.Distribution // nil without bins
}

func subjectsOf(all []*report.Subject) []*subject {
	out := make([]*subject, len(all))
	for i, s := range all {
		out[i] = &subject{Subject: *s, Dist: shares.Of(s.Bins)}
	}
	return out
}
