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

// base is the address that the cases' settings give their sites.
const base = "https://monitor.example/"

// follow returns the file that a link of a page leads to, or what is wrong with
// it.
func (s *site) follow(page, link string, places map[string]map[string]bool) (file, fault string) {
	if strings.HasPrefix(link, "data:image/") {
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
