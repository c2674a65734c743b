package bench

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/leadsman/leadsman/pkg/verdict"
)

func oneLoad() *LoadReport {
	nan := math.NaN()
	return &LoadReport{
		Loads: []verdict.Load{
			{Run: "burst", URL: "http://127.0.0.1:1/predict", Rate: nan, Planned: 3, Sent: 2, OK: 1, Seconds: 0.5, Throughput: 2,
				MeanMS: 1.5, P50MS: 1, P95MS: 2, P99MS: 2, P999MS: 2, MaxMS: 2, SentP50MS: 1, SentP99MS: 2, LateMS: 0.25, HealthBefore: 200, HealthAfter: 503},
			{Run: "rate", Rate: 40, MeanMS: nan, P50MS: nan, P95MS: nan, P99MS: nan, P999MS: nan, MaxMS: nan, SentP50MS: nan, SentP99MS: nan, LateMS: nan},
		},
		Statuses: []verdict.LoadStatus{{Run: "burst", Status: 200, Error: "", Count: 1}, {Run: "burst", Status: 500, Error: "no\x1b[2J", Count: 1}},
	}
}

func TestLoadText(t *testing.T) {
	var b strings.Builder
	if err := oneLoad().WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"    burst         3     1       2  1.5 ms  1 ms  2 ms  2 ms  2 ms  2 ms  0.25 ms  200, 503",
		"     40/s         0     0       0        –",
		"burst: 1 request: \"no\\x1b[2J\"\n", // nothing steers the terminal
		"burst: 1 request not sent: time was up\n",
	} {
		if !strings.Contains(squeeze(b.String()), squeeze(want)) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// squeeze makes runs of spaces one.
func squeeze(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

func TestLoadJSON(t *testing.T) {
	var b strings.Builder
	if err := oneLoad().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Runs []struct {
			Run  string
			P99  *float64 `json:"p99_ms"`
			Rate *float64 `json:"rate_per_s"`
			Ends []struct {
				Status, Count int
				Error         string
			}
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Runs) != 2 || doc.Runs[0].P99 == nil || *doc.Runs[0].P99 != 2 || doc.Runs[0].Rate != nil || doc.Runs[1].P99 != nil || *doc.Runs[1].Rate != 40 {
		t.Errorf("%s", &b)
	}
	if len(doc.Runs[0].Ends) != 2 || doc.Runs[0].Ends[1].Status != 500 || len(doc.Runs[1].Ends) != 0 {
		t.Errorf("%s", &b)
	}
}
