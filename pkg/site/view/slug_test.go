package view

import (
	"strings"
	"testing"
)

func TestSlugsAreUniqueAndPlain(t *testing.T) {
	names := []string{"a", "A", "a ", "a/b", "a-b", "a_b", "../../etc/passwd", "..", "", "con", "名前", "名後", strings.Repeat("x", 300), strings.Repeat("x", 299), "a\x00b"}
	s := newSlugs(names)
	seen := map[string]string{}
	for _, n := range names {
		slug := s.of(n)
		if other, twice := seen[slug]; twice {
			t.Errorf("%q and %q are both %q", n, other, slug)
		}
		seen[slug] = n
		if slug == "" || len(slug) > 60 || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			t.Errorf("%q became %q", n, slug)
		}
		if s.of(n) != slug {
			t.Errorf("%q has two file names", n)
		}
	}
	if s.of("a") != "a" || s.of("a_b") != "a_b" {
		t.Error("a plain name did not keep its name")
	}
}
