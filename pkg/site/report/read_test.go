package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestReadRefusesWhatIsNoRun(t *testing.T) {
	r := sitetest.Report()
	another := table.Encode("run", []verdict.Run{r.Run})
	cut := sitetest.Stream(t, r).Bytes()
	for name, c := range map[string]struct {
		in   []byte
		want string
	}{
		"no run":   {sitetest.Stream(t, nil, table.Encode("findings", r.Findings)).Bytes(), "no table run in the stream: render reads what driftcalc writes"},
		"two runs": {sitetest.Stream(t, r, another).Bytes(), "2 runs in the stream: render one at a time"},
		"cut":      {cut[:len(cut)-9], "in: "},
		"empty":    {nil, "in: "},
	} {
		_, err := report.Read(table.NewReader("in", bytes.NewReader(c.in)))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestSubjectsAreOfTheJudgedPeriod(t *testing.T) {
	r := sitetest.Report()
	for _, f := range []verdict.Finding{
		{Window: "2026-11-01T00:00:00Z", Subject: "old", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Alert, Rank: 1},
		{Segment: "geography=EU", Subject: "part", Role: verdict.RoleFeature, Check: verdict.CheckDistribution, Level: verdict.Alert, Rank: 1},
	} {
		r.Findings = append(r.Findings, f)
		r.Bins = append(r.Bins, verdict.Bin{Window: f.Window, Segment: f.Segment, Subject: "companysize", Kind: "category", Name: "stray", NRef: 1, NCur: 1})
	}
	for _, s := range r.Subjects() {
		if s.Name == "old" || s.Name == "part" {
			t.Errorf("%s is a subject of the judged period", s.Name)
		}
		if s.Name == "companysize" && slices.ContainsFunc(s.Bins, func(b verdict.Bin) bool { return b.Name == "stray" }) {
			t.Error("a bin of another window is among its bins")
		}
	}
}

// A column whose values stand is OK even when a lesser check had too few rows;
// a check that warns makes it warn.
func TestLevelOfASubject(t *testing.T) {
	finding := func(check, level string) verdict.Finding {
		return verdict.Finding{Subject: "x", Role: verdict.RoleFeature, Check: check, Level: level}
	}
	for _, c := range []struct {
		levels [3]string // of distribution, missing, unseen
		want   string
	}{
		{[3]string{verdict.OK, verdict.Insufficient, verdict.OK}, verdict.OK},
		{[3]string{verdict.OK, verdict.Insufficient, verdict.Warn}, verdict.Warn},
		{[3]string{verdict.Insufficient, verdict.OK, verdict.OK}, verdict.Insufficient},
		{[3]string{verdict.Warn, verdict.OK, verdict.Alert}, verdict.Alert},
		{[3]string{verdict.Alert, verdict.Warn, verdict.OK}, verdict.Alert},
	} {
		r := &report.Tables{Findings: []verdict.Finding{finding(verdict.CheckMissing, c.levels[1]), finding(verdict.CheckDistribution, c.levels[0]), finding(verdict.CheckUnseen, c.levels[2])}}
		if got := r.Subjects()[0].Level; got != c.want {
			t.Errorf("%v: %s, want %s", c.levels, got, c.want)
		}
	}
}
