//go:build browser

package browser

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

const (
	maxPage    = 100 << 10  // bytes of HTML a page
	maxNight   = 1536 << 10 // bytes of a night as one looks at it: pages but those of features, stylesheet, pictures
	maxFeature = 32 << 10   // bytes of a feature's page, on average
)

// A site is one that pipelines/site-check.sh made.
type site struct {
	name, dir string
	pages     []string         // by name
	size      map[string]int64 // of every file
}

// sites returns all cases, or the one that the variable CASE names.
func sites(t *testing.T) []*site {
	t.Helper()
	root := cmp.Or(os.Getenv("SITES"), "build/site-check")
	if !filepath.IsAbs(root) {
		root = filepath.Join("../..", root)
	}
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := os.ReadDir(root)
	if err != nil {
		t.Fatalf("%v: run pipelines/site-check.sh", err)
	}
	var all []*site
	for _, c := range cases {
		if only := os.Getenv("CASE"); !c.IsDir() || only != "" && c.Name() != only {
			continue
		}
		s := &site{name: c.Name(), dir: filepath.Join(root, c.Name()), size: map[string]int64{}}
		err := fs.WalkDir(os.DirFS(s.dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			s.size[name] = info.Size()
			if path.Ext(name) == ".html" {
				s.pages = append(s.pages, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.pages) < 5 {
			t.Fatalf("%s: %d pages, want a site", s.name, len(s.pages))
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		t.Fatal("no case: run pipelines/site-check.sh")
	}
	return all
}

// each runs a test for every case in a tab of its own.
func each(t *testing.T, run func(t *testing.T, s *site, b *tab)) {
	for _, s := range sites(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			run(t, s, openTab(t, "file://"+s.dir+"/"))
		})
	}
}

func (s *site) url(page string) string { return "file://" + s.dir + "/" + page }

// sample returns the pages that are looked at closely: all, but of pages that
// are many of a kind in the cases that are not about them the first and the
// last few.
func (s *site) sample() []string {
	if s.name == "drift" || s.name == "hostile" {
		return s.pages
	}
	kinds := map[string][]string{}
	for _, page := range s.pages {
		kinds[path.Dir(page)] = append(kinds[path.Dir(page)], page)
	}
	var pages []string
	for kind, all := range kinds {
		if kind != "." && len(all) > 6 {
			all = slices.Concat(all[:3], all[len(all)-3:])
		}
		pages = append(pages, all...)
	}
	slices.Sort(pages)
	return pages
}

// sum adds up the sizes of the files that a condition holds for.
func (s *site) sum(counts func(name string) bool) (bytes int64, files int) {
	for name, size := range s.size {
		if counts(name) {
			bytes += size
			files++
		}
	}
	return bytes, files
}

func kilobytes(n int64) string { return fmt.Sprintf("%.1f KB", float64(n)/1024) }

// A sheet is what the checks found, to be read: a row a page, a column a check.
type sheet struct {
	mu   sync.Mutex
	rows map[string]map[string]string // by case and page
}

func (s *sheet) note(row, check, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil {
		s.rows = map[string]map[string]string{}
	}
	if s.rows[row] == nil {
		s.rows[row] = map[string]string{}
	}
	s.rows[row][check] = text
}

// found notes a check's faults, and fails the test for each.
func (s *sheet) found(t *testing.T, row, check string, faults ...[]string) {
	t.Helper()
	all := slices.Compact(slices.Sorted(slices.Values(slices.Concat(faults...))))
	for _, f := range all {
		t.Errorf("%s: %s", check, f)
	}
	switch len(all) {
	case 0:
		s.note(row, check, "ok")
	case 1:
		s.note(row, check, "1 fault")
	default:
		s.note(row, check, fmt.Sprintf("%d faults", len(all)))
	}
}

// write prints the sheet with these columns.
func (s *sheet) write(f *strings.Builder, title string, checks ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := tabwriter.NewWriter(f, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", title, strings.Join(checks, "\t"))
	names := make([]string, 0, len(s.rows))
	for name := range s.rows {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprint(w, name)
		for _, c := range checks {
			fmt.Fprint(w, "\t", cmp.Or(s.rows[name][c], "–"))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	f.WriteByte('\n')
}
