// Package export writes a run as files for machines: JSON with its schema, metrics
// for Prometheus, JUnit, an Atom feed, Markdown for a job's summary, annotations
// for GitHub Actions, and a badge. It writes no page.
package export

import (
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A View is a run as the site's first page shows it.
type View struct {
	Title    string
	URL      string // where the site will be; may be empty
	Headline string // the run in one sentence
	Since    string // a sentence on since when the scores have drifted; may be empty
	Tables   *report.Tables
	Findings []verdict.Finding // of all rows in the judged period, by rank
}
