package site

import (
	"strings"

	"github.com/leadsman/leadsman/pkg/site/view"
)

// A place is one of the few parts of a site, with the pages in it.
type place struct {
	Name  string
	Pages []view.Link
}

// Href is the first page of the place.
func (p *place) Href() string { return p.Pages[0].Href }

// places are the parts of a site and their pages, in order; the guide stands behind a
// question mark.
var places = []struct {
	name  string
	pages []view.Link
}{
	{"Overview", []view.Link{{Href: "index.html", Text: "Overview"}}},
	{"Inputs", []view.Link{{Href: "drift.html", Text: "Drift"}, {Href: "quality.html", Text: "Quality"}, {Href: "correlations.html", Text: "Correlations"}, {Href: "segments.html", Text: "Segments"}}},
	{"Scores", []view.Link{{Href: "scores.html", Text: "Distribution"}, {Href: "why.html", Text: "Why they moved"}}},
	{"Model", []view.Link{{Href: "model.html", Text: "Quality"}, {Href: "benchmark.html", Text: "Benchmark"}}},
	{"Service", []view.Link{{Href: "speed.html", Text: "Speed"}, {Href: "api.html", Text: "API"}, {Href: "predictions.html", Text: "Predictions"}}},
	{"History", []view.Link{{Href: "history.html", Text: "Nights"}, {Href: "compare.html", Text: "Side by side"}}},
	{"Guide", []view.Link{{Href: "guide.html", Text: "How to read this"}}},
}

// placesOf returns the places of a site of the given pages, without what is not there.
func placesOf(has func(file string) bool) []*place {
	var out []*place
	for _, p := range places {
		there := &place{Name: p.name}
		for _, page := range p.pages {
			if has(page.Href) {
				there.Pages = append(there.Pages, page)
			}
		}
		if len(there.Pages) > 0 {
			out = append(out, there)
		}
	}
	return out
}

// Near is the page of the navigation that the page belongs to.
func (p *page) Near() string {
	switch dir, _, _ := strings.Cut(p.File, "/"); {
	case dir == "feature" || strings.HasPrefix(p.File, "drift-"):
		return "drift.html"
	case dir == "night":
		return "history.html"
	}
	return p.File
}

// Place is the one that the page is in; nil without any.
func (p *page) Place() *place {
	file := p.Near()
	for _, there := range p.Site.Places {
		for _, page := range there.Pages {
			if page.Href == file {
				return there
			}
		}
	}
	return nil
}
