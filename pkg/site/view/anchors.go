package view

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// AnchorOf is where a finding stands on a page: by what it is about, so that a link to
// it holds from night to night.
func AnchorOf(f verdict.Finding) string {
	parts := []string{f.Check, Plain(f.Subject)}
	if f.Segment != "" {
		parts = append(parts, Plain(f.Segment))
	}
	return strings.Trim(strings.Join(parts, "-"), "-")
}

var (
	opened = regexp.MustCompile(`<(h2|h3)((?: [^>]*)?)>(.*?)</h[23]>`)
	idOf   = regexp.MustCompile(` id="([^"]*)"`)
	inside = regexp.MustCompile(`<[^>]*>|&[^;]*;`)
	level  = regexp.MustCompile(`(?s)<span class="(?:level|chip).*?</span>`) // which is another one tomorrow
)

// Anchored gives every heading of a page an id, by its words, and lets no two elements
// have one.
func Anchored(page []byte) []byte {
	page = opened.ReplaceAllFunc(page, func(h []byte) []byte {
		m := opened.FindSubmatch(h)
		if idOf.Match(m[2]) {
			return h
		}
		id := strings.Trim(Plain(strings.TrimSpace(inside.ReplaceAllString(level.ReplaceAllString(string(m[3]), ""), " "))), "-")
		if id == "" {
			id = "part" // of a name in another script
		}
		return fmt.Appendf(nil, `<%s%s id="%s">%s</%s>`, m[1], m[2], id, m[3], m[1])
	})
	taken := map[string]int{}
	return idOf.ReplaceAllFunc(page, func(attribute []byte) []byte {
		id := string(idOf.FindSubmatch(attribute)[1])
		taken[id]++
		if n := taken[id]; n > 1 {
			return fmt.Appendf(nil, ` id="%s-%d"`, id, n)
		}
		return attribute
	})
}
