package export

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// JUnit returns junit.xml: the findings as test cases. Warnings and alerts fail,
// what could not be judged, or is accepted, is skipped.
func JUnit(v View) ([]byte, error) {
	type failure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
	}
	type skipped struct {
		Message string `xml:"message,attr"`
	}
	type testcase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Failure *failure `xml:"failure,omitempty"`
		Skipped *skipped `xml:"skipped,omitempty"`
	}
	var suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"` // none ever, and required
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"timestamp,attr,omitempty"`
		Cases    []testcase `xml:"testcase"`
	}
	suite.Name = v.Title
	if !v.Tables.Run.PeriodEnd.IsZero() {
		suite.Time = v.Tables.Run.PeriodEnd.UTC().Format("2006-01-02T15:04:05")
	}
	findings := slices.Clone(v.Findings)
	for _, f := range v.Tables.Findings {
		if f.Window == "" && f.Segment != "" {
			findings = append(findings, f)
		}
	}
	taken := map[[2]string]bool{}
	for _, f := range findings {
		c := testcase{Class: "leadsman." + f.Role, Name: wording.Subject(f.Subject) + ": " + verdict.TraitsOf(f.Check).Title}
		if f.Check == verdict.CheckLatency || f.Check == verdict.CheckSuccess || f.Check == verdict.CheckTraffic {
			c.Name += ", by " + cmp.Or(strings.TrimPrefix(f.ThresholdSource, "monitor.yaml "), "nothing")
		}
		switch {
		case f.Segment != "":
			c.Class, c.Name = "leadsman.segment", wording.Clip(f.Segment, 100)+": "+c.Name
		case f.Check == verdict.CheckRetrain:
			c.Name = wording.Subject(f.Subject) + ": " + wording.Trigger(f.Test)
		}
		switch {
		case f.Accepted != "":
			c.Skipped = &skipped{"accepted " + f.Accepted + ": " + f.Sentence}
			suite.Skipped++
		case verdict.Reaches(f.Level, verdict.Warn):
			c.Failure = &failure{f.Level, f.Sentence}
			suite.Failures++
		case f.Level == verdict.OK:
		default:
			c.Skipped = &skipped{f.Sentence}
			suite.Skipped++
		}
		for n := 2; taken[[2]string{c.Class, c.Name}]; n++ {
			c.Name = fmt.Sprintf("%s (%d)", strings.TrimSuffix(c.Name, fmt.Sprintf(" (%d)", n-1)), n)
		}
		taken[[2]string{c.Class, c.Name}] = true
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests = len(suite.Cases)
	return document(suite)
}

func document(v any) ([]byte, error) {
	raw, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return append([]byte(xml.Header), append(raw, '\n')...), nil
}
