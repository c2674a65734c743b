package view

import (
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// Headings get an id by their words, those that have one keep it, and no two elements
// have one.
func TestHeadingsHaveAddresses(t *testing.T) {
	page := `<h2>What changed</h2><h2 id="todo">What to do</h2><h3 class="q"><a href="x"><bdi>日本</bdi></a></h3><h3>A &amp; b <span class="level warn"><svg></svg> Warning</span></h3><h2>What changed</h2><li id="missing-x"></li><li id="missing-x"></li>`
	want := `<h2 id="what-changed">What changed</h2><h2 id="todo">What to do</h2><h3 class="q" id="part"><a href="x"><bdi>日本</bdi></a></h3><h3 id="a-b">A &amp; b <span class="level warn"><svg></svg> Warning</span></h3><h2 id="what-changed-2">What changed</h2><li id="missing-x"></li><li id="missing-x-2"></li>`
	if got := string(Anchored([]byte(page))); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// The address of a finding is the same every night.
func TestFindingsHaveAddresses(t *testing.T) {
	for _, c := range []struct {
		f    verdict.Finding
		want string
	}{
		{verdict.Finding{Check: verdict.CheckMissing, Subject: "llm_quality"}, "missing-llm_quality"},
		{verdict.Finding{Check: verdict.CheckDistribution, Subject: "Age in Years", Segment: "country=DE"}, "distribution-age-in-years-country-de"},
	} {
		if got := AnchorOf(c.f); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
