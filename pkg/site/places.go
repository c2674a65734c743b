package site

import "strings"

// A place is one of the few parts of a site, with the pages in it.
type place struct {
	Name  string
	Pages []link
}

// Href is the first page of the place.
func (p *place) Href() string { return p.Pages[0].Href }

// places are the parts of a site and their pages, in order; the guide stands behind a
// question mark.
var places = []struct {
	name  string
	pages []link
}{
	{"Overview", []link{{"index.html", "Overview"}}},
	{"Inputs", []link{{"drift.html", "Drift"}, {"quality.html", "Quality"}, {"correlations.html", "Correlations"}, {"segments.html", "Segments"}}},
	{"Scores", []link{{"scores.html", "Distribution"}, {"why.html", "Why they moved"}}},
	{"Model", []link{{"model.html", "Quality"}, {"benchmark.html", "Benchmark"}}},
	{"Service", []link{{"speed.html", "Speed"}, {"api.html", "API"}, {"predictions.html", "Predictions"}}},
	{"History", []link{{"history.html", "History"}}},
	{"Guide", []link{{"guide.html", "How to read this"}}},
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
	switch dir, _, _ := strings.Cut(p.File, "/"); dir {
	case "feature":
		return "drift.html"
	case "night":
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
