package guide

import "testing"

// Every row of the table of false alarms is read whole.
func TestCalibrationIsRead(t *testing.T) {
	rows := calibration()
	if len(rows) < 20 {
		t.Fatalf("%d rows of docs/calibration.csv", len(rows))
	}
	for _, r := range rows {
		if r.columns <= 0 || r.reference <= 0 || r.night <= 0 || r.loud == "" || r.low == "" || r.high == "" {
			t.Errorf("got %+v", r)
		}
	}
}
