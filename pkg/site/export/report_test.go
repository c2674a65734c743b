package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"testing"

	"github.com/leadsman/leadsman/pkg/site/sitetest"
	"github.com/leadsman/leadsman/pkg/verdict"
)

func TestReportJSONHoldsTheTables(t *testing.T) {
	r := sitetest.Report()
	var got struct {
		Version  int
		Run      map[string]any
		Findings []map[string]any
		Bins     []map[string]any
		Trend    []map[string]any
	}
	if err := json.Unmarshal(JSON(r), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || got.Run["rows"] != 1014.0 || got.Run["coverage"] != nil || got.Run["period_end"] != "2026-11-22T23:58:00Z" {
		t.Errorf("run: %v", got.Run)
	}
	if len(got.Findings) != len(r.Findings) || got.Findings[0]["effect"] != 0.42 || got.Findings[0]["segment"] != "" {
		t.Errorf("findings: %d, first %v", len(got.Findings), got.Findings[0])
	}
	if len(got.Bins) != len(r.Bins) || got.Bins[0]["lo"] != nil || got.Bins[0]["hi"] != 0.08 {
		t.Errorf("first bin: %v", got.Bins[0])
	}
	// Of the fixture's 11 courses of 14 windows that of llm_quality is a feature's.
	if len(got.Trend) != 10*14 {
		t.Errorf("%d rows of trend, want 140", len(got.Trend))
	}
}

func TestBadgeIsAPictureOfTheLevel(t *testing.T) {
	for level, word := range map[string]string{verdict.OK: "ok", verdict.Warn: "warning", verdict.Alert: "alert", verdict.Insufficient: "cannot tell", "<x>": "not judged"} {
		raw := Badge(level)
		if err := xml.Unmarshal(raw, new(struct{})); err != nil {
			t.Errorf("%s: %v", level, err)
		}
		if !bytes.Contains(raw, []byte("<title>drift: "+word+"</title>")) {
			t.Errorf("%s: %s", level, raw)
		}
	}
}
