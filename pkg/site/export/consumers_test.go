package export

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
	"github.com/mmcdole/gofeed/atom"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the documents that are made from the code")

const schemaDoc = "../../../docs/report.schema.json"

// odd is the fixture with names and words that formats trip over.
func odd() *report.Tables {
	r := sitetest.Report()
	r.Run.Title = "100 % of \"leads\", <all>: \r\nyes"
	r.Findings[0].Subject = "quote \" back \\ line\nend, ::warning::"
	r.Findings[0].Sentence = "50 % of <b> & \x00\xff ]]> moved\n::error::injected"
	r.Findings[1].Effect, r.Findings[1].P = math.Inf(1), math.NaN()
	return r
}

func TestReportSchemaIsPublished(t *testing.T) {
	got := Schema()
	if *update {
		if err := os.WriteFile(schemaDoc, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaDoc)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/report.schema.json is not what the tables say; go test ./pkg/site/export -run Schema -update")
	}
}

func TestReportJSONFitsItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	check := func(raw []byte) error {
		t.Helper()
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(doc)
	}
	for name, r := range map[string]*report.Tables{"fixture": sitetest.Report(), "bare": sitetest.Bare(), "odd": odd()} {
		if err := check(JSON(r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw := JSON(sitetest.Report())
	// What a later release adds is no fault to a reader of this one.
	for _, c := range [][2]string{{`"version": 1`, `"version": 1, "later": [{"n": 1}]`}, {`"level":"alert"`, `"level":"alert","later":null`}} {
		if !bytes.Contains(raw, []byte(c[0])) {
			t.Fatalf("report.json does not hold %s", c[0])
		}
		if err := check(bytes.Replace(raw, []byte(c[0]), []byte(c[1]), 1)); err != nil {
			t.Errorf("%s: %v", c[1], err)
		}
	}
	// The schema's name says the version that the file holds.
	if want := "https://github.com/leadsman/leadsman/report/1"; schema.ID != want {
		t.Errorf("$id is %s, want %s", schema.ID, want)
	}
	// The schema must be able to say no.
	for _, c := range [][2]string{
		{`"version": 1`, `"version": 2`}, {`"level":"alert"`, `"level":3`}, {`"p":`, `"pp":`}, {`"rows":1014`, `"rows":10.5`},
		{`"period_end":"2026-11-22T23:58:00Z"`, `"period_end":"yesterday"`}, {`"run": {`, `"runs": {`},
	} {
		if !bytes.Contains(raw, []byte(c[0])) {
			t.Fatalf("report.json does not hold %s", c[0])
		}
		if check(bytes.Replace(raw, []byte(c[0]), []byte(c[1]), 1)) == nil {
			t.Errorf("%s fits", c[1])
		}
	}
}

func TestMetricsByPrometheusOwnParser(t *testing.T) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(Prometheus(view(odd()))))
	if err != nil {
		t.Fatal(err)
	}
	level := families["leadsman_level"]
	if level == nil || len(level.Metric) != 5 || level.GetHelp() == "" || level.GetType().String() != "GAUGE" {
		t.Fatalf("leadsman_level: %v", level)
	}
	effect := families["leadsman_effect"]
	found := false
	for _, m := range effect.Metric {
		for _, l := range m.Label {
			if l.GetName() == "subject" && l.GetValue() == odd().Findings[0].Subject {
				found = m.GetGauge().GetValue() == 0.42
			}
		}
	}
	if !found {
		t.Error("the odd subject's effect is not there")
	}
	for name, f := range families {
		seen := map[string]bool{}
		for _, m := range f.Metric {
			key := ""
			for _, l := range m.Label {
				key += l.GetName() + "\xff" + l.GetValue() + "\xff"
			}
			if seen[key] {
				t.Errorf("%s: the same labels twice", name)
			}
			seen[key] = true
		}
	}
}

// What Jenkins' schema of JUnit files (xunit-plugin, junit-10.xsd) allows of an
// element: its attributes, the required ones with a star, and its children.
var junitSchema = map[string]struct{ attributes, children string }{
	"testsuite": {"name* tests* failures* errors* group time skipped timestamp hostname id package file log url", "testsuite properties testcase system-out system-err"},
	"testcase":  {"name* time classname group", "skipped error failure rerunFailure rerunError flakyFailure flakyError system-out system-err"},
	"failure":   {"type message", ""},
	"skipped":   {"type message", ""},
}

func TestJUnitFitsItsSchemaAndReader(t *testing.T) {
	raw, err := JUnit(view(odd()))
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	var path []string
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if len(path) == 0 && name != "testsuite" || len(path) > 0 && !slices.Contains(strings.Fields(junitSchema[path[len(path)-1]].children), name) {
				t.Errorf("%s in %v", name, path)
			}
			path = append(path, name)
			has := map[string]bool{}
			for _, a := range e.Attr {
				has[a.Name.Local] = true
			}
			for _, a := range strings.Fields(junitSchema[name].attributes) {
				a, required := strings.CutSuffix(a, "*")
				if required && !has[a] {
					t.Errorf("%s without %s", name, a)
				}
				delete(has, a)
			}
			if len(has) > 0 {
				t.Errorf("%s with %v", name, has)
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 0 && path[len(path)-1] != "failure" && strings.TrimSpace(string(e)) != "" {
				t.Errorf("text in %v: %q", path, e)
			}
		}
	}

	suites, err := junit.Ingest(raw)
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites: %v", len(suites), err)
	}
	// By hand, as in the fixture: 18 findings, six at warn or above, one with too few rows.
	if n := suites[0].Totals; n.Tests != 18 || n.Failed != 6 || n.Skipped != 1 || n.Error != 0 || n.Passed != 11 {
		t.Errorf("%+v", n)
	}
	for _, c := range suites[0].Tests {
		if c.Status == junit.StatusFailed && c.Message == "" {
			t.Errorf("%s failed without words", c.Name)
		}
	}
}

func TestFeedByAnAtomParser(t *testing.T) {
	r := odd()
	read := func(r *report.Tables, nights []verdict.Night) *atom.Feed {
		t.Helper()
		raw, err := Atom(view(r), entriesOf(r, nights))
		if err != nil {
			t.Fatal(err)
		}
		feed, err := (&atom.Parser{}).Parse(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return feed
	}
	nights := history.Add(sitetest.Nights(r, 6), history.Tonight(r), 0)
	feed := read(r, nights)
	// ok, ok, warn, ok, ok, warn, alert: five changes, the first night among them.
	if len(feed.Entries) != 5 || feed.UpdatedParsed == nil || !feed.UpdatedParsed.Equal(sitetest.LastNight) || len(feed.Authors) != 1 {
		t.Fatalf("%d entries, updated %v, authors %v", len(feed.Entries), feed.UpdatedParsed, feed.Authors)
	}
	urn := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	ids := map[string]string{feed.ID: "the feed"}
	for _, e := range feed.Entries {
		if ids[e.ID] != "" || !urn.MatchString(e.ID) || e.Title == "" || e.UpdatedParsed == nil || e.Content == nil || e.Content.Value == "" {
			t.Errorf("entry %+v", e)
		}
		ids[e.ID] = e.Title
	}

	// A night judged again keeps its entries' ids, and the next ones leave them as
	// they were.
	again := read(r, history.Add(nights, history.Tonight(r), 0))
	later := *r
	later.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, 1)
	later.Run.Level = verdict.OK
	next := read(&later, history.Add(nights, history.Tonight(&later), 0))
	for i, e := range feed.Entries {
		if again.Entries[i].ID != e.ID || next.Entries[i+1].ID != e.ID || next.Entries[i+1].Updated != e.Updated {
			t.Errorf("entry %d: %s, then %s and %s", i, e.ID, again.Entries[i].ID, next.Entries[i+1].ID)
		}
	}
	if len(next.Entries) != 6 || ids[next.Entries[0].ID] != "" || next.ID != feed.ID {
		t.Errorf("%d entries after another change", len(next.Entries))
	}
	same := *r
	same.Run.PeriodEnd = r.Run.PeriodEnd.AddDate(0, 0, 1)
	if got := read(&same, history.Add(nights, history.Tonight(&same), 0)); len(got.Entries) != 5 {
		t.Errorf("%d entries after a night without a change", len(got.Entries))
	}
}

// undone is what GitHub's runner makes of an annotation's text.
var undone = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")

func TestAnnotationsAreWorkflowCommands(t *testing.T) {
	line := regexp.MustCompile(`^::(notice|warning|error) title=([^:,\r\n]+)::([^\r\n]+)$`)
	read := func(r *report.Tables) [][]string {
		t.Helper()
		var out [][]string
		for _, l := range strings.Split(strings.TrimSuffix(string(Annotations(view(r))), "\n"), "\n") {
			m := line.FindStringSubmatch(l)
			if m == nil {
				t.Fatalf("not a command: %q", l)
			}
			out = append(out, []string{m[1], undone.Replace(m[2]), undone.Replace(m[3])})
		}
		return out
	}
	r := odd()
	got := read(r)
	// Two alerts and four warnings in the fixture.
	count := map[string]int{}
	for _, m := range got {
		count[m[0]]++
	}
	if len(got) != 6 || count["error"] != 2 || count["warning"] != 4 {
		t.Errorf("%v", count)
	}
	if got[0][1] != r.Run.Title+": Alert" || got[0][2] != words.Plain(wording.Sentence(r.Findings[0].Sentence)) {
		t.Errorf("%q", got[0])
	}
	for i := range r.Findings {
		r.Findings[i].Level = verdict.OK
	}
	r.Run.Level = verdict.OK
	if got := read(r); len(got) != 1 || got[0][0] != "notice" {
		t.Errorf("a quiet night: %q", got)
	}
}
