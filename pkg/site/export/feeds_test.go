package export

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestMetricsAreInPrometheusFormat(t *testing.T) {
	r := sitetest.Report()
	r.Findings[0].Subject = "odd \"name\"\\\nof two lines"
	got := string(Prometheus(view(r)))
	for _, want := range []string{
		`leadsman_level{site="harbour",area="run"} 3`,
		`leadsman_level{site="harbour",area="latency"} 0`,
		`leadsman_period_end_timestamp_seconds{site="harbour"} 1.79539188e+09`, // date -u -d 2026-11-22T23:58Z +%s
		`leadsman_drift_share{site="harbour"} 0.2727272727272727`,              // 3/11
		`leadsman_effect{site="harbour",subject="odd \"name\"\\\nof two lines",unit="PSI"} 0.42`,
		`leadsman_latency_seconds{site="harbour",subject="inference_ms",percentile="95"} 0.0104`,
		`leadsman_success_share{site="harbour"} 0.985`, // 1182/1200
		`leadsman_api_up{site="harbour"} 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("no line %s", want)
		}
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) leadsman_[a-z_]+ .+|leadsman_[a-z_]+\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\} [-+0-9.e]+)$`)
	for _, l := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not a line of the format: %s", l)
		}
	}
	if strings.Contains(got, `area="api"`) {
		t.Error("a level for an area that was not judged")
	}
}

func TestJUnitFailsWhatMoved(t *testing.T) {
	raw, err := JUnit(view(sitetest.Report()))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
			} `xml:"failure"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	// By hand: 18 findings; two alerts and four warnings; one with too few rows.
	if got.Tests != 18 || len(got.Cases) != 18 || got.Failures != 6 || got.Skipped != 1 {
		t.Errorf("%d tests, %d failures, %d skipped; want 18, 6, 1", got.Tests, got.Failures, got.Skipped)
	}
	if c := got.Cases[0]; c.Name != "companysize: values" || c.Failure == nil || !strings.HasPrefix(c.Failure.Message, "companysize: 51-200 fell") {
		t.Errorf("first case %+v", c)
	}
}

func TestFeedTellsChangesOfVerdict(t *testing.T) {
	r := sitetest.Report()
	nights := history.Add(sitetest.Nights(r, 6), history.Tonight(r), 0)
	raw, err := Atom(view(r), entriesOf(r, nights))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		XMLName xml.Name
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	// The nights are ok, ok, warn, ok, ok, warn and alert: five verdicts that are new.
	var titles []string
	ids := map[string]bool{got.ID: true}
	for _, e := range got.Entries {
		titles = append(titles, strings.TrimPrefix(e.Title, "Harbour lead scores: "))
		if ids[e.ID] || !strings.HasPrefix(e.ID, "urn:uuid:") {
			t.Errorf("id %q", e.ID)
		}
		ids[e.ID] = true
	}
	if s := strings.Join(titles, ", "); s != "Alert, Warning, OK, Warning, OK" {
		t.Errorf("entries: %s", s)
	}
	if got.XMLName.Space != "http://www.w3.org/2005/Atom" || got.Updated != "2026-11-22T23:58:00Z" || got.Entries[0].Updated != got.Updated {
		t.Errorf("%s feed updated %s", got.XMLName.Space, got.Updated)
	}
	if want := "The input drifted: 3 of 11 features moved, companysize most. Before: Warning."; got.Entries[0].Content != want {
		t.Errorf("content %q, want %q", got.Entries[0].Content, want)
	}

	r.Run.Level = verdict.OK
	raw, err = Atom(view(r), entriesOf(r, history.Add(nil, history.Tonight(r), 0)))
	if err != nil || strings.Count(string(raw), "<entry>") != 1 || !strings.Contains(string(raw), "Harbour lead scores: OK") {
		t.Errorf("without a history: %s, %v", raw, err)
	}
}
