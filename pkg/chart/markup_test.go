package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// elements counts the elements of a markup, and fails where it is none.
func elements(t *testing.T, markup string) map[string]int {
	t.Helper()
	n := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(markup)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatalf("%v in %.200s", err, markup)
		}
		if e, ok := tok.(xml.StartElement); ok {
			n[e.Name.Local]++
			for _, a := range e.Attr {
				if slices.Contains([]string{"style", "fill", "stroke", "color"}, a.Name.Local) {
					t.Errorf("%s has %s=%q: the page's style gives colours", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

// The markup of a picture is small, has classes and no colours, and tells numbers at no
// more than 60 places.
func TestMarkup(t *testing.T) {
	for name, p := range pictures {
		t.Run(name, func(t *testing.T) {
			svg, err := p.SVG(p.Size, `what "it" shows <now>`)
			if err != nil {
				t.Fatal(err)
			}
			n := elements(t, svg.Element)
			if n["svg"] != 1 || n["rect"] != n["title"] || n["rect"] > mostMarks || n["path"] == 0 {
				t.Errorf("%v", n)
			}
			if len(svg.Element) > 12<<10 {
				t.Errorf("%d bytes", len(svg.Element))
			}
			if !strings.Contains(svg.Element, `aria-label="what &#34;it&#34; shows &lt;now&gt;"`) {
				t.Errorf("no words for it: %.200s", svg.Element)
			}
			if again, _ := p.SVG(p.Size, `what "it" shows <now>`); again.Element != svg.Element {
				t.Error("the same numbers give other markup")
			}
			if len(svg.Letters) > 0 {
				t.Errorf("letters for %q", svg.Letters)
			}
		})
	}
}

// Each kind of picture tells the numbers that it shows.
func TestPlacesTellTheirNumbers(t *testing.T) {
	for name, want := range map[string][]string{
		"histogram":  {"reference 25 %, production 1.0 %", "reference 1.0 %, production 25 %"},
		"bars":       {"51-200: reference 30 %, production 20 %"},
		"columns":    {"1-10: reference 10 %, production 40 %"},
		"lines":      {"1 Jan 2026: p50 10, p95 18"},
		"log lines":  {"2 Jan 2026: p50 3, p99 9", "3 Jan 2026: p99 1000"},
		"stack":      {"/predict: 2xx 96 %, 4xx 3.0 %, 5xx 1.0 %"},
		"waterfall":  {"companysize: −0.07, to −0.98"},
		"cumulative": {"reference 10 %, production 2.0 %"},
		"heat":       {"a and b: +0.50"},
	} {
		svg, err := pictures[name].SVG(pictures[name].Size, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(svg.Element, w) {
				_, places, _ := strings.Cut(svg.Element, "<rect")
				t.Errorf("%s: nothing tells %q in %s", name, w, places)
			}
		}
	}
}

// Long courses are told at every second place, or every third.
func TestPlacesAreFew(t *testing.T) {
	svg, err := Lines{Times: days(400), Series: []Series{{"", wave(400, 1)}}}.SVG(Size{480, 210}, "")
	if err != nil {
		t.Fatal(err)
	}
	if n := elements(t, svg.Element)["rect"]; n < mostMarks-10 || n > mostMarks {
		t.Errorf("%d places", n)
	}
}

// A page writes names in every script; the PNG has letters for those that its font lacks.
func TestNamesOfEveryScript(t *testing.T) {
	b := Bars{[]string{"値 <b>", "plain", "注文済み", "値 <b>"}, few, many, "reference", "production"}
	svg, err := b.SVG(Size{480, BarsHeight(4)}, "")
	if err != nil {
		t.Fatal(err)
	}
	elements(t, svg.Element)
	for _, want := range []string{">値 &lt;b&gt;</text>", ">注文済み</text>", ">plain</text>", "注文済み: reference 30 %"} {
		if !strings.Contains(svg.Element, want) {
			t.Errorf("no %q", want)
		}
	}
	if want := []string{"値 <b>", "注文済み"}; !slices.Equal(svg.Letters, want) {
		t.Errorf("letters for %q, want %q", svg.Letters, want)
	}
	named := b
	named.Names = []string{"A", "plain", "B", "A"}
	got, err1 := b.PNG(Size{480, BarsHeight(4)})
	want, err2 := named.PNG(Size{480, BarsHeight(4)})
	if err1 != nil || err2 != nil || len(got) == 0 || len(want) == 0 {
		t.Fatal(err1, err2)
	}
	for i, w := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 701: "ZZ", 702: "AAA"} {
		if Letter(i) != w {
			t.Errorf("letter %d is %s, want %s", i, Letter(i), w)
		}
	}
}

// Of more times than places the newest tells its number.
func TestTheNewestTellsItsNumber(t *testing.T) {
	var times []time.Time
	var values []float64
	for i := range 90 {
		times, values = append(times, time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)), append(values, float64(i))
	}
	svg, err := Lines{Times: times, Series: []Series{{Values: values}}}.SVG(Size{W: 480, H: 210}, "a course")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg.Element, "<title>31 Mar 2026: 89</title>") { // 1 January is the first day of 90
		t.Error("the newest of 90 times has no place")
	}
}
