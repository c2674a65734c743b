package report

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// clean takes away what a log or a command line may hold and a public page must
// not: directories, the user, query and fragment of addresses, what a system
// answered, and what one row alone had.
func (t *Tables) clean() {
	t.coarsen()
	for i := range t.Rejects {
		t.Rejects[i].Source = baseName(t.Rejects[i].Source)
	}
	for i := range t.Health {
		t.Health[i].URL, t.Health[i].Error = publicURL(t.Health[i].URL), ""
	}
	for i := range t.Bench {
		t.Bench[i].Model = baseName(t.Bench[i].Model)
		t.Bench[i].Note = withoutPaths(t.Bench[i].Note)
	}
	for i := range t.Loads {
		t.Loads[i].URL = publicURL(t.Loads[i].URL)
	}
	for i := range t.LoadStatuses {
		t.LoadStatuses[i].Error = withoutPaths(t.LoadStatuses[i].Error)
	}
}

// baseName returns what follows the last separator of a path of any system.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

var localPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\b[A-Za-z]:)?[/\\\\][^:;,"'()]*`)
})

// withoutPaths leaves of every path in a sentence its last part.
func withoutPaths(s string) string { return localPath().ReplaceAllStringFunc(s, baseName) }

// publicURL returns an address without user, query and fragment.
func publicURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
