package guide

import (
	"html/template"
	"strconv"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/words"
)

// HTML in a document does not reach the page.
func TestNoHTMLPasses(t *testing.T) {
	v := rendered([]byte("# a <b>b</b>\n\n<script>1</script>\n\n<div>\nx\n</div>\n\n<https://example.org>\n\n## c\n"), template.New(""))
	for _, bad := range []string{"<b>", "<script", "<div", "<!--"} {
		if strings.Contains(string(v.Intro), bad) {
			t.Errorf("%q in %s", bad, v.Intro)
		}
	}
	if len(v.Contents) != 1 || v.Contents[0] != (view.Link{Href: "#c", Text: "c"}) {
		t.Errorf("%v", v.Contents)
	}
}

// The share of false alarms is that of the nearest sizes that were simulated.
func TestTheGuideSaysHowOftenAWarningIsFalse(t *testing.T) {
	rows := calibration()
	if len(rows) < 8 {
		t.Fatalf("%d rows of docs/calibration.csv were read", len(rows))
	}
	for _, c := range []struct{ ref, night, features, wantRef, wantNight, wantColumns int64 }{
		{303, 200, 19, 303, 200, 19}, {250, 150, 12, 303, 200, 19}, {5, 1, 400, 100, 50, 47}, {1 << 40, 1 << 40, 0, 10000, 10000, 19},
	} {
		r := sitetest.Bare()
		r.Run.Policy, r.Run.ReferenceRows, r.Run.Rows, r.Run.Features = "calibrated", c.ref, c.night, c.features
		got := falseAlarms(r)
		want := "with references of " + words.Whole(c.wantRef) + " rows, nights of " + words.Whole(c.wantNight) + " and " + words.Whole(c.wantColumns) + " columns"
		if !strings.Contains(got, want) {
			t.Errorf("%s\ndoes not say %q", got, want)
		}
		r.Run.Policy = "classic"
		if got := falseAlarms(r); got != "" {
			t.Errorf("of another policy: %s", got)
		}
	}
	for _, r := range rows {
		if share, err := strconv.ParseFloat(r.loud, 64); err != nil || share < 0 || share > 100 || r.low == "" || r.high == "" {
			t.Errorf("%+v", r)
		}
	}
}
