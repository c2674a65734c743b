package parts

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

var nan = math.NaN()

func viewOf(r *report.Tables) *view.View {
	return view.New(r, nil, 0, &gallery.Gallery{Draw: gallery.Drawing.PNG})
}

// apart is a report of two segments of a column with a long name: in both the
// values of age moved, as in the whole, and in the second age is missing besides.
func apart() (*report.Tables, [2]verdict.Segment) {
	r := &report.Tables{}
	long := strings.Repeat("a long name of a value ", 4)
	segments := [2]verdict.Segment{{Column: "geography", Name: "EU", Level: verdict.Alert}, {Column: "geography", Name: long, Level: verdict.Warn}}
	r.Segments = append(r.Segments, verdict.Segment{Column: "geography", Level: verdict.Alert}, segments[0], segments[1])
	add := func(in verdict.Segment, check, level, sentence string) {
		f := verdict.Finding{Subject: "age", Role: verdict.RoleFeature, Kind: "number", Check: check, Level: level, Rank: int64(len(r.Findings) + 1), Sentence: sentence}
		if in.Name != "" {
			f.Segment, f.Sentence = in.Key(), "in "+in.Key()+": "+sentence
		}
		r.Findings = append(r.Findings, f)
	}
	whole := verdict.Segment{}
	add(whole, verdict.CheckDistribution, verdict.Alert, "age: median rose from 3 to 7")
	add(whole, verdict.CheckMissing, verdict.OK, "age: never missing")
	add(segments[0], verdict.CheckDistribution, verdict.Alert, "age: median rose from 3 to 8")
	add(segments[1], verdict.CheckDistribution, verdict.Alert, "age: median rose from 3 to 6")
	add(segments[1], verdict.CheckMissing, verdict.Warn, "age: rows missing rose from 0 % to 7 %")
	return r, segments
}

// TestStandsByCheck: what stands in the whole is a check of a subject, not the
// subject, on the page and in the overview's line.
func TestStandsByCheck(t *testing.T) {
	r, segments := apart()
	want := "In geography = " + wording.Clip(segments[1].Name, nameRunes) + ", age moved while the whole stands still"
	if got := Hidden(r); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	v := Page(viewOf(r))
	if want := "2 of 2 segments moved, 1 in what stands still in the whole."; v.Lead != want {
		t.Errorf("got %q, want %q", v.Lead, want)
	}
	// What merely repeats the whole is told apart in the table.
	if eu := v.Columns[0].Rows[0]; eu.Name != "EU" || eu.What != "" || eu.Repeat != "age" {
		t.Errorf("EU: moved alone %q, as the whole %q", eu.What, eu.Repeat)
	}
	if long := v.Columns[0].Rows[1]; long.What != "age" || long.Repeat != "" {
		t.Errorf("moved alone %q, as the whole %q", long.What, long.Repeat)
	}
	if len(v.Moved) != 1 || len(v.Moved[0].Subjects) != 1 {
		t.Fatalf("got %+v", v.Moved)
	}
	in := v.Moved[0].Subjects[0]
	said := slices.Collect(func(yield func(string) bool) {
		for _, f := range in.Shown {
			yield(f.Sentence)
		}
	})
	if want := "age: rows missing rose from 0 % to 7 %"; len(said) != 1 || !strings.HasSuffix(said[0], want) || in.Level != verdict.Warn {
		t.Errorf("got %q at %s, want %q", said, in.Level, want)
	}
}

// TestGravestSegmentFirst: the overview's line names the segment with the least
// rank, as the headline does.
func TestGravestSegmentFirst(t *testing.T) {
	r, segments := apart()
	for i, s := range segments {
		r.Findings = append(r.Findings, verdict.Finding{Segment: s.Key(), Subject: "size", Check: verdict.CheckDistribution, Level: verdict.Warn, Rank: int64(70 - i)})
	}
	r.Findings[len(r.Findings)-2].Rank = 1
	if got, want := Hidden(r), "In geography = EU, size moved while the whole stands still; so it is in 1 more segment"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestColumnWithoutSegments: a column that cannot be judged has its sentence and
// no table.
func TestColumnWithoutSegments(t *testing.T) {
	r := sitetest.Report()
	r.Segments = []verdict.Segment{{
		Column: "geography", ScoreRef: nan, ScoreCur: nan, Mix: nan, Within: nan, P: nan, Q: nan, Level: verdict.Insufficient,
		Sentence: "geography: its segments cannot be judged: the column has vanished",
	}}
	v := Page(viewOf(r))
	if c := v.Columns[0]; v.Lead != "No segment can be judged." || c.Level != verdict.Insufficient || c.Sentence != "geography: its segments cannot be judged: the column has vanished." {
		t.Errorf("%q; %s: %q", v.Lead, c.Level, c.Sentence)
	}
}
