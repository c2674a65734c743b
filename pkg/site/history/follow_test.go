package history_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// first is when the first night of life is judged.
var first = time.Date(2026, 1, 2, 3, 17, 0, 0, time.UTC)

// A lived is a night in a line: the level of each column, "." for OK, w, a, ? for what
// could not be judged, with ^ and v for where it went; and what else there is to it.
type lived struct {
	levels string
	more   func(*report.Tables)
}

// judgedAs is the report of a night of a model with the columns x, y and z.
func judgedAs(night int, l lived) *report.Tables {
	end := first.AddDate(0, 0, night)
	t := &report.Tables{Run: verdict.Run{
		Site: "m", PeriodStart: end.AddDate(0, 0, -1), PeriodEnd: end.Add(-time.Hour), Newest: end.Add(-time.Hour), Now: end, NowGiven: true, Last: 86400,
		Rows: 100, ReferenceRows: 200, Policy: "calibrated", PlanID: "one", ModelVersion: "1", Level: verdict.OK, Headline: "as it is", DriftShare: math.NaN(),
	}}
	columns := strings.Fields(l.levels)
	if l.levels == "-" {
		t.Run.Rows, t.Run.Level, columns = 0, verdict.Alert, nil
		t.Run.PeriodStart, t.Run.PeriodEnd = time.Time{}, time.Time{}
	}
	for i, c := range columns {
		f := verdict.NewFinding([]string{"x", "y", "z"}[i], verdict.RoleFeature, "number", verdict.CheckDistribution)
		f.Level = map[byte]string{'.': verdict.OK, 'w': verdict.Warn, 'a': verdict.Alert, '?': verdict.Insufficient}[c[0]]
		f.Direction = map[string]string{"^": verdict.Up, "v": verdict.Down}[c[1:]]
		f.Rank, f.Sentence = int64(i+1), f.Subject+" is "+f.Level
		t.Findings = append(t.Findings, f)
		t.Run.Level = verdict.WorstJudged(t.Run.Level, f.Level)
	}
	if l.more != nil {
		l.more(t)
	}
	return t
}

// told are the news of each night in a line.
func told(nights ...lived) []string {
	var rows []verdict.Night
	for i, l := range nights {
		if l.levels != "" || l.more != nil {
			rows = history.Add(rows, history.Tonight(judgedAs(i, l)), 0)
		}
	}
	var out []string
	for _, n := range history.Follow(rows, "m", 0).Nights {
		var parts []string
		for _, list := range []struct {
			what string
			of   []verdict.Standing
		}{{"+", n.News.New}, {"!", n.News.Worse}, {"~", n.News.Turned}, {"-", n.News.Cleared}} {
			for _, s := range list.of {
				parts = append(parts, fmt.Sprintf("%s%s%d", list.what, s.Subject, s.Since.Day()))
			}
		}
		for _, e := range n.News.Events {
			parts = append(parts, e.Kind)
		}
		for what, is := range map[string]bool{"rose": n.News.Rose, "fell": n.News.Fell, "back": n.News.Back, "weak": n.News.Weak} {
			if is {
				parts = append(parts, what)
			}
		}
		slices.Sort(parts)
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestNewsByFindings(t *testing.T) {
	missing := func(check string) func(*report.Tables) {
		return func(t *report.Tables) {
			f := verdict.NewFinding("x", verdict.RoleFeature, "number", check)
			f.Level, f.Sentence = verdict.Alert, "x is gone"
			f.Direction = map[string]string{verdict.CheckMissing: verdict.Up, verdict.CheckVanished: verdict.Down}[check]
			t.Findings, t.Run.Level = append(t.Findings, f), verdict.Alert
		}
	}
	at := func(levels string) lived { return lived{levels: levels} }
	other := func(levels string, more func(*report.Tables)) lived { return lived{levels, more} }
	for _, c := range []struct {
		what   string
		nights []lived
		want   []string
	}{
		{"a drift of two nights", []lived{at("."), at("w"), at("w"), at("."), at("."), at(".")}, []string{"", "+x3 rose", "", "fell", "-x3", ""}},
		{"a calm night between is no end", []lived{at("."), at("w"), at("."), at("w"), at("."), at("w"), at("."), at(".")}, []string{"", "+x3 rose", "fell", "back", "", "", "", "-x3"}},
		{"a second drift under a standing alert", []lived{at("a ."), at("a ."), at("a w"), at("a w"), at("a ."), at("a .")}, []string{"+x2 rose", "", "+y4", "", "", "-y4"}},
		{"worse, and then less", []lived{at("w"), at("a"), at("w"), at("w"), at("a")}, []string{"+x2 rose", "!x2 rose", "", "", "!x2"}},
		{"the other way", []lived{at("w^"), at("w^"), at("wv"), at("wv")}, []string{"+x2 rose", "", "~x4", ""}},
		{"not judged is not calm", []lived{at(". ."), at("w ."), at("? ."), at("? ."), at("w ."), at(". ."), at(". .")}, []string{"", "+x3 rose", "", "", "", "fell", "-x3"}},
		{"silence", []lived{at("."), at("-"), at("-"), at("."), at(".")}, []string{"", "rose silence", "", "fell traffic_again", ""}},
		{"another reference", []lived{at("w ."), at("w ."), other(". w", func(t *report.Tables) { t.Run.PlanID = "two" })}, []string{"+x2 rose", "", "+y4 measured_otherwise reference rose"}},
		{"another model", []lived{at("."), other(".", func(t *report.Tables) { t.Run.ModelVersion = "2" })}, []string{"", "model"}},
		{"another policy", []lived{at("w"), other("w", func(t *report.Tables) { t.Run.Policy = "classic" })}, []string{"+x2 rose", "+x3 measured_otherwise policy rose"}},
		{"other features", []lived{at(". ."), other(". . .", func(t *report.Tables) { t.Run.PlanID = "two" })}, []string{"", "features reference"}},
		{"first missing in all rows, then vanished", []lived{at("."), other("?", missing(verdict.CheckMissing)), other("", missing(verdict.CheckVanished)), at("."), at(".")}, []string{"", "+x3 rose", "", "fell", "-x3"}},
		{"accepted", []lived{at("w"), other("w", func(t *report.Tables) { t.Findings[0].Accepted, t.Run.Level = "until then", verdict.OK }), at("w")}, []string{"+x2 rose", "fell", "+x4 back"}},
	} {
		if got := told(c.nights...); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.what, got, c.want)
		}
	}
}

// entries are what the feed says, its first word or two.
func entries(rows []verdict.Night) []string {
	var out []string
	for _, e := range history.Entries(rows, "m") {
		out = append(out, fmt.Sprintf("%d %s", e.At.Day(), e.Title))
	}
	return out
}

func TestWhatWasSaidStays(t *testing.T) {
	var rows []verdict.Night
	add := func(night int, levels string, later time.Duration) {
		t.Helper()
		r := judgedAs(night, lived{levels: levels})
		r.Run.Now = r.Run.Now.Add(later)
		before := history.Entries(rows, "m")
		rows = history.Add(rows, history.Tonight(r), 0)
		after := history.Entries(rows, "m")
		for _, e := range before {
			if !slices.Contains(after, e) {
				t.Errorf("after night %d: %+v is no more as it was", night, e)
			}
		}
	}
	for night, levels := range []string{".", "w", "w", "w", "."} {
		add(night, levels, 0)
	}
	if got, want := entries(rows), []string{"2 OK", "3 Warning; new: x", "6 OK"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	// Run again four hours later, the night of the 3rd is calm; again, as calm; then as it was.
	add(1, ".", 4*time.Hour)
	add(1, ".", 5*time.Hour)
	add(1, "w", 6*time.Hour)
	want := []string{"2 OK", "3 Warning; new: x", "3 Corrected: OK, was Warning", "3 Corrected: Warning, was OK", "6 OK"}
	if got := entries(rows); !slices.Equal(got, want) {
		t.Errorf("run again: %q, want %q", got, want)
	}
	// A night that was left out, before all others.
	add(-2, "a", 0)
	if got := entries(rows); len(got) != len(want)+1 || got[0] != "31 Alert; new: x" {
		t.Errorf("made up for: %q", got)
	}
	if n := len(history.Nightly(rows, "m")); n != 6 {
		t.Errorf("%d nights, want 6", n)
	}
	seen := map[string]bool{}
	for _, n := range history.Nightly(rows, "m") {
		if page := history.PageOf(&n); page == "" || seen[page] {
			t.Errorf("page %q", page)
		} else {
			seen[page] = true
		}
	}
}

// A receiver of alerts tells by the key what is one alert: what stands keeps it whatever
// earlier nights are judged again or put in, and what comes back after it cleared does not.
func TestKeysStay(t *testing.T) {
	var rows []verdict.Night
	add := func(night int, levels string, later time.Duration) string {
		t.Helper()
		r := judgedAs(night, lived{levels: levels})
		r.Run.Now = r.Run.Now.Add(later)
		rows = history.Add(rows, history.Tonight(r), 0)
		stand := history.Follow(rows, "m", 0).Standing
		if len(stand) == 0 {
			return ""
		}
		return stand[0].Key
	}
	add(2, ".", 0)
	key := add(5, "w", 0)
	if key == "" {
		t.Fatal("nothing stands")
	}
	for _, c := range []struct {
		what   string
		night  int
		levels string
		later  time.Duration
	}{
		{"the same night again, later", 5, "w", 4 * time.Hour},
		{"and at alert", 5, "a", 5 * time.Hour},
		{"the next night", 6, "w", 0},
		{"a night before it, that had it too", 4, "w", 0},
		{"and the one before that", 3, "a", 0},
		{"the first of them again, calm now", 3, ".", time.Hour},
		{"the next", 7, "w", 0},
	} {
		if got := add(c.night, c.levels, c.later); got != key {
			t.Errorf("%s: %q, want %q", c.what, got, key)
		}
	}
	rows, _ = history.Remove(rows, "m", history.PageOf(&history.Nightly(rows, "m")[3]))
	if got := history.Follow(rows, "m", 0).Standing[0].Key; got != key {
		t.Errorf("without its first night: %q, want %q", got, key)
	}
	add(8, ".", 0)
	if got := add(9, ".", 0); got != "" {
		t.Errorf("%q has not cleared", got)
	}
	if got := add(10, "w", 0); got == "" || got == key {
		t.Errorf("it came back as %q, was %q", got, key)
	}
}

func TestNightsByTheRunsClock(t *testing.T) {
	at := func(text string, last float64, zone string, given bool) *report.Tables {
		r := judgedAs(0, lived{levels: "."})
		var err error
		if r.Run.Now, err = time.Parse(time.RFC3339, text); err != nil {
			t.Fatal(err)
		}
		r.Run.Last, r.Run.Timezone, r.Run.NowGiven = last, zone, given
		r.Run.PeriodEnd = r.Run.Now
		return r
	}
	for _, c := range []struct {
		what   string
		nights []*report.Tables
		want   string // pages
	}{
		{"run again in the morning", []*report.Tables{at("2026-01-05T03:17:00Z", 86400, "", true), at("2026-01-05T09:00:00Z", 86400, "", true)}, "2026-01-05"},
		{"midnight ends the day before", []*report.Tables{at("2026-01-05T00:00:00Z", 86400, "", true), at("2026-01-05T23:59:00Z", 86400, "", true)}, "2026-01-04 2026-01-05"},
		{"every six hours", []*report.Tables{at("2026-01-05T06:00:00Z", 6*3600, "", true), at("2026-01-05T12:00:00Z", 6*3600, "", true), at("2026-01-05T11:00:00Z", 6*3600, "", true)}, "2026-01-05 2026-01-05-1200"},
		{"a day of the zone", []*report.Tables{at("2026-01-05T22:30:00Z", 86400, "Europe/Berlin", true), at("2026-01-05T23:30:00Z", 86400, "Europe/Berlin", true)}, "2026-01-05 2026-01-06"},
		// On 29 March 2026 Berlin's day has 23 hours, on 25 October 25: runs an hour before their ends are of these days.
		{"a day of 23 hours", []*report.Tables{at("2026-03-28T22:30:00Z", 86400, "Europe/Berlin", true), at("2026-03-29T21:30:00Z", 86400, "Europe/Berlin", true)}, "2026-03-28 2026-03-29"},
		{"a day of 25 hours", []*report.Tables{at("2026-10-24T21:30:00Z", 86400, "Europe/Berlin", true), at("2026-10-25T22:30:00Z", 86400, "Europe/Berlin", true)}, "2026-10-24 2026-10-25"},
		{"without a clock by the newest row", []*report.Tables{at("2026-01-05T03:00:00Z", math.NaN(), "", false), at("2026-01-05T09:00:00Z", math.NaN(), "", false)}, "2026-01-05 2026-01-05-0900"},
	} {
		var rows []verdict.Night
		for _, r := range c.nights {
			rows = history.Add(rows, history.Tonight(r), 0)
		}
		var pages []string
		for _, n := range history.Nightly(rows, "m") {
			pages = append(pages, n.Page)
		}
		if got := strings.Join(pages, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

func TestOwners(t *testing.T) {
	r := judgedAs(0, lived{levels: "."})
	r.Run.Title = "Churn"
	rows := history.Add(nil, history.Tonight(r), 0)
	for _, c := range []struct {
		title, plan, site string
		refused           bool
		note              string
	}{
		{"Churn", "one", "m", false, ""},
		{"", "one", "m", false, ""},
		{"Churn 2", "one", "m", false, "the title was"},
		{"Churn", "two", "m", false, "if this is another model"},
		{"Fraud", "two", "m", true, ""},
		{"Fraud", "two", "fraud", false, "1 night of the site m"},
	} {
		run := r.Run
		run.Title, run.PlanID, run.Site = c.title, c.plan, c.site
		note, err := history.Owner(rows, &run)
		if (err != nil) != c.refused || !strings.Contains(note, c.note) || c.note == "" && note != "" {
			t.Errorf("%s, plan %s, site %s: %q, %v", c.title, c.plan, c.site, note, err)
		}
	}
}

func TestHistoryOfAnOlderVersion(t *testing.T) {
	var rows []verdict.Night
	for night, levels := range []string{".", "w", "w", "."} {
		for _, n := range history.Tonight(judgedAs(night, lived{levels: levels})) {
			n.Page, n.NowGiven, n.Thresholds, n.ModelVersion = "", false, "", ""
			rows = append(rows, n)
		}
	}
	rows = history.Add(rows, history.Tonight(judgedAs(4, lived{levels: "."})), 0)
	// What it had published were the changes of level; the newest night tells what has cleared.
	if got, want := entries(rows), []string{"2 OK", "3 Warning", "5 OK", "6 OK; cleared: x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
