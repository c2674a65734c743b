package site

import "testing"

// The page's table of false alarms is read from the document, by its header: an
// edited one must not go unseen.
func TestCalibrationIsRead(t *testing.T) {
	rows := calibration()
	if len(rows) < 20 {
		t.Fatalf("%d rows of docs/calibration.md", len(rows))
	}
	for _, r := range rows {
		if r.columns <= 0 || r.reference <= 0 || r.night <= 0 || r.loud == "" || r.interval == "" {
			t.Errorf("got %+v", r)
		}
	}
}
