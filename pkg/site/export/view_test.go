package export

import (
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// view is a report as a site without pages would show it.
func view(r *report.Tables) View {
	v := View{Title: r.Run.Title, URL: "https://example.org/drift", Headline: r.Run.Headline + ".", Tables: r}
	for _, s := range r.Subjects() {
		v.Findings = append(v.Findings, s.Findings...)
	}
	return v
}

// entriesOf are what the feed says of the nights of a report's site.
func entriesOf(r *report.Tables, rows []verdict.Night) []history.Entry {
	return history.Entries(rows, r.Run.Site)
}
