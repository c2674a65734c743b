//go:build browser

package browser

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What html/template writes has every attribute in double quotes.
var (
	scriptBody = regexp.MustCompile(`(?s)<script>.*?</script>`)
	attribute  = regexp.MustCompile(`\s(href|src)="([^"]*)"`)
	anchor     = regexp.MustCompile(`\sid="([^"]*)"`)
)

// Every link and every picture of every page, and of the feed, leads to a file
// of the site, and to a place in it where it names one.
func TestLinks(t *testing.T) {
	for _, s := range sites(t) {
		t.Run(s.name, func(t *testing.T) {
			text := map[string]string{}
			places := map[string]map[string]bool{}
			for name := range s.size {
				if e := path.Ext(name); e != ".html" && e != ".xml" {
					continue
				}
				raw, err := os.ReadFile(filepath.Join(s.dir, name))
				if err != nil {
					t.Fatal(err)
				}
				text[name] = scriptBody.ReplaceAllString(string(raw), "")
				places[name] = map[string]bool{}
				for _, m := range anchor.FindAllStringSubmatch(text[name], -1) {
					id := html.UnescapeString(m[1])
					if places[name][id] {
						t.Errorf("%s: two elements are called %q", name, id)
					}
					places[name][id] = true
				}
			}
			links, reached := 0, map[string]bool{"index.html": true}
			var faults []string
			for name, body := range text {
				for _, m := range attribute.FindAllStringSubmatch(body, -1) {
					links++
					to, fault := s.follow(name, html.UnescapeString(m[2]), places)
					if fault != "" {
						faults = append(faults, fmt.Sprintf("%s: %s=%q: %s", name, m[1], m[2], fault))
					}
					reached[to] = true
				}
			}
			for name := range s.size {
				if e := path.Ext(name); (e == ".html" || e == ".png") && !reached[name] {
					faults = append(faults, name+": no page leads to it")
				}
			}
			if links < 100 {
				t.Errorf("%d links, want those of a site", links)
			}
			followed.note(s.name, "links", fmt.Sprint(links))
			followed.found(t, s.name, "resolve", faults)
		})
	}
}

const (
	base = "https://monitor.example/"                        // what the cases' settings call their sites
	docs = "https://github.com/leadsman/leadsman/blob/HEAD/" // the documents that the guide names
)

// follow returns the file that a link of a page leads to, or what is wrong with
// it.
func (s *site) follow(page, link string, places map[string]map[string]bool) (file, fault string) {
	if strings.HasPrefix(link, "data:image/") {
		return "", ""
	}
	if doc, ok := strings.CutPrefix(link, docs); ok {
		doc, _, _ = strings.Cut(doc, "#")
		if _, err := os.Stat(filepath.Join("../..", doc)); err != nil {
			return "", "is not in the repository"
		}
		return "", ""
	}
	link, absolute := strings.CutPrefix(link, base)
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return "", err.Error()
	case u.Scheme != "" || u.Host != "" || u.RawQuery != "":
		return "", "leads out of the site"
	case absolute:
		file = u.Path
	case u.Path == "":
		file = page
	default:
		file = path.Join(path.Dir(page), u.Path)
	}
	if file == "" || strings.HasSuffix(u.Path, "/") {
		file = path.Join(file, "index.html")
	}
	if _, ok := s.size[file]; !ok {
		return "", "is not there"
	}
	if u.Fragment != "" && !places[file][u.Fragment] {
		return "", "no such place"
	}
	return file, ""
}

// The check of links tells good ones from others.
func TestFollow(t *testing.T) {
	s := &site{size: map[string]int64{"index.html": 1, "feature/a b.html": 1, "data/run.parquet": 1}}
	places := map[string]map[string]bool{"index.html": {"main": true}}
	for _, c := range []struct{ link, file, fault string }{
		{"../index.html", "index.html", ""},
		{"../index.html#main", "index.html", ""},
		{"../index.html#nowhere", "", "no such place"},
		{"a%20b.html", "feature/a b.html", ""},
		{"../data/run.parquet", "data/run.parquet", ""},
		{"../data/", "", "is not there"},
		{"../", "index.html", ""},
		{"index.html", "", "is not there"},
		{base, "index.html", ""},
		{base + "feature/a%20b.html", "feature/a b.html", ""},
		{base + "b.html", "", "is not there"},
		{"https://example.org/", "", "leads out of the site"},
		{docs + "docs/monitor.md#x", "", ""},
		{docs + "docs/absent.md", "", "is not in the repository"},
		{"data:image/png;base64,AA==", "", ""},
	} {
		if file, fault := s.follow("feature/x.html", c.link, places); file != c.file || fault != c.fault {
			t.Errorf("%s: %q, %q, want %q, %q", c.link, file, fault, c.file, c.fault)
		}
	}
}
