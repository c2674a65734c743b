package site

import (
	"bytes"
	"encoding/xml"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/history"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Prose are the columns that hold sentences; whoever reads one for what it says
// sees nothing once all are the same.
var prose = []string{"Sentence", "Headline", "Note", "Meaning"}

// mute replaces every sentence of the rows by x.
func mute(rows reflect.Value) {
	for i := range rows.Len() {
		row := rows.Index(i)
		for j := range row.NumField() {
			name := row.Type().Field(j).Name
			silent := slices.Contains(prose, name)
			switch row.Interface().(type) {
			case verdict.Reject:
				silent = silent || name == "Reason"
			case verdict.Trigger:
				silent = silent || name == "Action"
			}
			if field := row.Field(j); silent && field.String() != "" {
				field.SetString("x")
			}
		}
	}
}

// withAndWithoutSentences are two sites of one night, the second without a sentence.
func withAndWithoutSentences(t *testing.T) (with, without map[string][]byte) {
	t.Helper()
	site := func(change func(r *report.Tables, nights []verdict.Night)) map[string][]byte {
		r := explained()
		for i := range r.Findings {
			r.Findings[i].Reason = verdict.ReasonShape
		}
		r.Rejects = append(r.Rejects, verdict.Reject{Source: "p.jsonl", Kind: verdict.RejectType, Column: "n", Reason: "type: column n: want a number", Count: 2})
		nights := history.Add(sitetest.Nights(r, 20), history.Tonight(r), 0)
		change(r, nights)
		b, err := build(r, Options{History: nights})
		if err != nil {
			t.Fatal(err)
		}
		return b.files
	}
	with = site(func(*report.Tables, []verdict.Night) {})
	without = site(func(r *report.Tables, nights []verdict.Night) {
		all := reflect.ValueOf(r).Elem()
		for i := range all.NumField() {
			if f := all.Field(i); all.Type().Field(i).IsExported() && f.Kind() == reflect.Slice {
				mute(f)
			}
		}
		r.Run.Headline = "x"
		mute(reflect.ValueOf(nights))
	})
	return with, without
}

var (
	marks = regexp.MustCompile(`class="[^"]*"|href="[^"]*"|src="[^"]*"|id="[^"]*"|data-v="[^"]*"|<t[hdr]\b[^>]*>|<h[1-6]\b`)
	tiles = regexp.MustCompile(`(?s)<ul class="tiles">.*?</ul>`)
)

func TestNoPageReadsASentence(t *testing.T) {
	t.Parallel()
	with, without := withAndWithoutSentences(t)
	if a, b := slices.Sorted(maps.Keys(with)), slices.Sorted(maps.Keys(without)); !slices.Equal(a, b) {
		t.Fatalf("files %q, without sentences %q", a, b)
	}
	for _, name := range []string{"badge.svg", "icon.svg", "metrics.prom", "style.css"} {
		if !bytes.Equal(with[name], without[name]) {
			t.Errorf("%s is another without sentences", name)
		}
	}
	// A long headline is set smaller.
	structure := func(page []byte) []string {
		return marks.FindAllString(strings.ReplaceAll(string(page), `<h1 class="long">`, "<h1>"), -1)
	}
	for name, page := range with {
		if strings.HasSuffix(name, ".html") && !slices.Equal(structure(page), structure(without[name])) {
			t.Errorf("%s: levels, order or links are others without sentences", name)
		}
	}
	if a, b := tiles.Find(with["index.html"]), tiles.Find(without["index.html"]); len(a) == 0 || !bytes.Equal(a, b) {
		t.Errorf("tiles:\n%s\nwithout sentences:\n%s", a, b)
	}
	if bytes.Contains(without["index.html"], []byte("PSI 0.42; explains")) || !bytes.Contains(without["index.html"], []byte(">x.<")) {
		t.Error("the test takes no sentence away")
	}
}

func TestNoFileForMachinesReadsASentence(t *testing.T) {
	t.Parallel()
	with, without := withAndWithoutSentences(t)
	type outcome struct {
		Class   string `xml:"classname,attr"`
		Name    string `xml:"name,attr"`
		Failure *struct {
			Type string `xml:"type,attr"`
		} `xml:"failure"`
		Skipped *struct{} `xml:"skipped"`
	}
	outcomes := func(raw []byte) (cases []outcome) {
		var suite struct {
			Cases []outcome `xml:"testcase"`
		}
		if err := xml.Unmarshal(raw, &suite); err != nil || len(suite.Cases) == 0 {
			t.Fatalf("%d cases, %v", len(suite.Cases), err)
		}
		return suite.Cases
	}
	if a, b := outcomes(with["junit.xml"]), outcomes(without["junit.xml"]); !reflect.DeepEqual(a, b) {
		t.Errorf("junit.xml: %+v, without sentences %+v", a, b)
	}
	heads := func(raw []byte, mark string) (lines []string) {
		for line := range strings.Lines(string(raw)) {
			if head, _, ok := strings.Cut(line, mark); ok {
				lines = append(lines, head)
			}
		}
		return lines
	}
	if a, b := heads(with["annotations.txt"], "::"), heads(without["annotations.txt"], "::"); len(a) == 0 || !slices.Equal(a, b) {
		t.Errorf("annotations.txt: %q, without sentences %q", a, b)
	}
	if a, b := heads(with["feed.xml"], "<title"), heads(without["feed.xml"], "<title"); len(a) == 0 || len(a) != len(b) {
		t.Errorf("feed.xml: %q, without sentences %q", a, b)
	}
	if a, b := heads(with["summary.md"], "|"), heads(without["summary.md"], "|"); len(a) == 0 || !slices.Equal(a, b) {
		t.Errorf("summary.md: %q, without sentences %q", a, b)
	}
}
