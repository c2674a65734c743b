package chart

import (
	"errors"
	"testing"
)

func TestCalibration(t *testing.T) {
	size := Size{W: 300, H: 200}
	good := Calibration{RefScore: []float64{0.1, 0.5}, RefRate: []float64{0.2, 0.4}, CurScore: []float64{0.3}, CurRate: []float64{1}}
	if png, err := good.PNG(size); err != nil || len(png) == 0 {
		t.Errorf("%d bytes, %v", len(png), err)
	}
	if _, err := (Calibration{}).PNG(size); !errors.Is(err, errNoData) {
		t.Errorf("nothing: %v", err)
	}
	for _, bad := range []Calibration{
		{CurScore: []float64{0.1}},
		{CurScore: []float64{0.1}, CurRate: []float64{1.5}},
		{CurScore: []float64{0.2, 0.1}, CurRate: []float64{0, 0}},
	} {
		if _, err := bad.PNG(size); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
}
