package site

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/docs"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func guideOf(t *testing.T, rows []verdict.Threshold) string {
	t.Helper()
	r := sitetest.Bare()
	r.Run.Policy = "calibrated"
	r.Thresholds = rows
	b, err := build(r, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(b.files["guide.html"])
}

// The guide's table is that of the report, and the file's own where the report
// has none.
func TestTheGuideHasTheThresholdsOfTheReport(t *testing.T) {
	own := guideOf(t, []verdict.Threshold{{Area: "latency", Check: verdict.CheckLatency, Effect: "95th percentile", Unit: "ms", Warn: 123, Alert: 246, Alpha: math.NaN(), Source: "monitor.yaml limits.p95_ms", Meaning: "too slow"}})
	for _, want := range []string{"<td>123 ms</td>\n<td>246 ms</td>\n<td>–</td>\n<td>monitor.yaml limits.p95_ms</td>", "thresholds of the report that you are reading", "its policy is calibrated"} {
		if !strings.Contains(own, want) {
			t.Errorf("the guide does not say %q", want)
		}
	}
	if strings.Contains(own, "These are the defaults") || strings.Contains(own, "duplicate rows</td>") {
		t.Error("the guide has the defaults beside the report's own")
	}
	old := guideOf(t, nil)
	for _, want := range []string{"does not say which thresholds were in force. These are the defaults.", "<td>score: values</td>", "<td>0.25 PSI</td>"} {
		if !strings.Contains(old, want) {
			t.Errorf("without thresholds the guide does not say %q", want)
		}
	}
}

// guideLinks is where the guide's relative links lead.
const guideLinks = "https://github.com/leadsman/leadsman/blob/HEAD/"

var (
	headings = regexp.MustCompile(`<h([1-6])[^>]*>`)
	anchors  = regexp.MustCompile(`<a href="#([^"]*)"`)
	regions  = regexp.MustCompile(`role="region" aria-label="([^"]*)"`)
	hrefs    = regexp.MustCompile(`<a href="([^"]*)"`)
)

// The page is one document: no level of heading is left out, the contents lead
// to headings, tables scroll and have heads, and links lead somewhere.
func TestTheGuideIsAPageOfTheSite(t *testing.T) {
	page := guideOf(t, drift.Thresholds(drift.Options{}))
	_, page, _ = strings.Cut(page, "<main")
	page, _, _ = strings.Cut(page, "</main>")
	last := "0"
	for _, h := range headings.FindAllStringSubmatch(page, -1) {
		if h[1] > string(last[0]+1) {
			t.Errorf("a heading of level %s after one of %s", h[1], last)
		}
		last = h[1]
	}
	to := anchors.FindAllStringSubmatch(page, -1)
	if want := bytes.Count(docs.Guide, []byte("\n## ")); len(to) != want {
		t.Errorf("%d entries of contents, want %d", len(to), want)
	}
	for _, a := range to {
		if !strings.Contains(page, `<h2 id="`+a[1]+`">`) {
			t.Errorf("no heading #%s", a[1])
		}
	}
	tables := strings.Count(page, "<table>")
	if tables < 5 || strings.Count(page, `<div class="scroll" tabindex="0" role="region" aria-label="`) != tables || strings.Count(page, "</table></div>") != tables {
		t.Errorf("%d tables, not all of them in regions that scroll", tables)
	}
	labels := map[string]bool{}
	for _, l := range regions.FindAllStringSubmatch(page, -1) {
		if labels[l[1]] || l[1] == "" {
			t.Errorf("two regions are called %q, or one nothing", l[1])
		}
		labels[l[1]] = true
	}
	if strings.Contains(page, `"></th>`) || strings.Contains(page, "<th>") || strings.Contains(page, "style=") || strings.Contains(page, "<!--") {
		t.Error("a head without scope, a style or a comment")
	}
	for _, level := range []string{"OK", "Warning", "Alert", "Cannot tell"} {
		if !regexp.MustCompile(`<li><span class="level [a-z]+"><svg [^<]*<use href="#i-[a-z]+"/></svg> ` + level + `</span>`).MatchString(page) {
			t.Errorf("the level %s has no sign", level)
		}
	}
	if !strings.Contains(page, `<p class="key"><span class="ref">`) {
		t.Error("no key to the pictures")
	}
	links := hrefs.FindAllStringSubmatch(page, -1)
	if !slices.ContainsFunc(links, func(l []string) bool { return l[1] == guideLinks+"docs/statistics.md" }) ||
		!slices.ContainsFunc(links, func(l []string) bool { return l[1] == guideLinks+"docs/examples/nightly.yml" }) {
		t.Errorf("links to the repository: %v", links)
	}
	for _, l := range links {
		if !strings.HasPrefix(l[1], "#") && !strings.HasPrefix(l[1], guideLinks) {
			t.Errorf("a link to %s", l[1])
		}
	}
}

// What a report says stands for itself in the table.
func TestThresholdsStayText(t *testing.T) {
	evil := "a|b `c` <script>alert(1)</script> [x](http://evil.example) **y** &amp; \\| \n\n# big"
	page := guideOf(t, []verdict.Threshold{{Area: evil, Check: evil, Effect: evil, Unit: evil, Source: evil, Meaning: evil}})
	want := "<td>a|b `c` &lt;script&gt;alert(1)&lt;/script&gt; [x](http://evil.example) **y** &amp;amp; \\| # big</td>"
	if strings.Count(page, want) != 4 { // area, meaning, effect and source
		t.Errorf("want four cells %s", want)
	}
	if strings.Contains(page, "<script>alert") || strings.Contains(page, `href="http://evil`) {
		t.Error("a threshold became markup")
	}
}
