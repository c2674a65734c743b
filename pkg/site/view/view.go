// Package view has what the pages of a site are made from: the report, its columns
// with their pages, the nights, and the pictures that pages promise.
package view

import (
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/shares"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A Link leads to a page, from the site's root.
type Link struct{ Href, Text string }

// A Subject is a column or an aspect of the run as its pages show it.
type Subject struct {
	report.Subject
	Href string               // its page, from the site's root; empty without one
	Dist *shares.Distribution // nil without bins
}

// SubjectsOf returns the subjects of a report as pages show them.
func SubjectsOf(all []*report.Subject) []*Subject {
	out := make([]*Subject, len(all))
	for i, s := range all {
		out[i] = &Subject{Subject: *s, Dist: shares.Of(s.Bins)}
	}
	return out
}

// A View is what the pages are made from.
type View struct {
	Report   *report.Tables
	History  []verdict.Night // every night, this one included; may be empty
	Course   *history.Course // of this site's nights; without a history of this one
	Gallery  *gallery.Gallery
	Subjects []*Subject        // by rank
	Findings []verdict.Finding // of all subjects, by rank
	Features []*Subject        // columns of the model, by rank
	Score    *Subject          // nil without one; of several classes the highest
	Classes  []*Subject        // scores of each of several classes, by name
	Label    *Subject          // nil without one
	slugs    *slugs
}

// New returns the view of a report. Of calm, see history.Follow.
func New(r *report.Tables, nights []verdict.Night, calm int, g *gallery.Gallery) *View {
	v := &View{Report: r, History: nights, Gallery: g, Subjects: SubjectsOf(r.Subjects())}
	if len(nights) == 0 {
		nights = history.Add(nil, history.Tonight(r), calm)
	}
	v.Course = history.Follow(nights, r.Run.Site, calm)
	var names []string
	for _, s := range v.Subjects {
		v.Findings = append(v.Findings, s.Findings...)
		switch s.Role {
		case verdict.RoleClassScore:
			v.Classes = append(v.Classes, s)
		case verdict.RoleScore:
			if v.Score == nil {
				v.Score = s
			}
		case verdict.RoleLabel:
			if v.Label == nil {
				v.Label = s
			}
		case verdict.RoleFeature, "text":
			if s.HasMain || s.Dist != nil || hasColumnFinding(s) {
				v.Features = append(v.Features, s)
				names = append(names, s.Name)
			}
		}
	}
	slices.SortFunc(v.Classes, func(a, b *Subject) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range v.Classes {
		names = append(names, s.Name)
	}
	v.slugs = newSlugs(names)
	return v
}

// hasColumnFinding tells whether a subject is one column that was compared: a
// finding about a pair of columns, or about the share of a text, has no page.
func hasColumnFinding(s *Subject) bool {
	for _, f := range s.Findings {
		if f.Check != verdict.CheckCorrelation && f.Check != verdict.CheckContribution {
			return true
		}
	}
	return false
}

// maxPages bounds how many features get a page of their own; the others are in the
// data.
const maxPages = 1000

// drawAllBelow is the number of features up to which each gets its pictures;
// beyond, only those at warn or above and the first ones do.
const (
	drawAllBelow = 50
	drawFirst    = 20
)

// Paged is the number of features that have a page of their own.
func (v *View) Paged() int {
	return min(len(v.Features), maxPages)
}

// Drawn tells whether the i-th feature gets pictures.
func (v *View) Drawn(i int, s *Subject) bool {
	return len(v.Features) <= drawAllBelow || i < drawFirst || s.Urgent()
}

// Slug returns the file name of a subject, without directory and extension.
func (v *View) Slug(name string) string { return v.slugs.of(name) }

// HrefOf returns the page of a subject, empty without one.
func (v *View) HrefOf(name string) string {
	for _, s := range v.Subjects {
		if s.Name == name {
			return s.Href
		}
	}
	return ""
}
