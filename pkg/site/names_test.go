package site

import (
	"regexp"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/sitetest"
)

// A name that turns the direction of writing turns nothing beside it: on every page it
// stands in an element of its own, in an attribute, or in a picture's text.
func TestNamesAreIsolated(t *testing.T) {
	const name = "evil\u202eemoc"
	r := sitetest.Report()
	for i := range r.Findings {
		if r.Findings[i].Subject == "companysize" {
			r.Findings[i].Subject = name
		}
	}
	for i := range r.Bins {
		if r.Bins[i].Subject == "companysize" {
			r.Bins[i].Subject, r.Bins[i].Name = name, name
		}
	}
	for i := range r.Traffic {
		if r.Traffic[i].Endpoint != "" {
			r.Traffic[i].Endpoint = name
		}
	}
	for i := range r.Recent {
		r.Recent[i].Label, r.Recent[i].Column, r.Recent[i].Value, r.Recent[i].Whole = name, name, name, "label"
	}
	b, err := build(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`<[^>]*>`)
	found := 0
	for file, raw := range b.files {
		if !strings.HasSuffix(file, ".html") {
			continue
		}
		page := regexp.MustCompile(`(?s)<(title|svg|option|code)\b.*?</(title|svg|option|code)>`).ReplaceAllString(string(raw), "")
		from := 0
		for _, at := range append(tags.FindAllStringIndex(page, -1), []int{len(page), len(page)}) {
			text := page[from:at[0]]
			if strings.Contains(text, "\u202e") {
				found++
				alone := strings.HasSuffix(page[:from], "<td>") && strings.HasPrefix(page[at[0]:], "</td>") // a paragraph of its own
				if !alone && !(strings.HasSuffix(page[:from], "<bdi>") && strings.HasPrefix(page[at[0]:], "</bdi>")) {
					t.Errorf("%s: %q", file, page[max(0, from-60):min(len(page), at[1]+10)])
				}
			}
			from = at[1]
		}
	}
	if found < 8 {
		t.Errorf("the name stands in %d places", found)
	}
}
