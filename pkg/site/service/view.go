// Package service makes the pages of the service: how fast the model and its API
// are, how the API fares, and how the engines compare.
package service

import (
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// A View is what the pages are made from.
type View struct {
	Report   *report.Tables
	Findings []verdict.Finding // of all rows in the judged period, by rank
	Gallery  *gallery.Gallery  // takes their pictures
}
