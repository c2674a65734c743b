package chart

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEventsOnLines(t *testing.T) {
	var times []time.Time
	var values []float64
	for i := range 20 {
		times = append(times, time.Date(2026, 1, 1+i, 3, 17, 0, 0, time.UTC))
		values = append(values, 0.05+0.02*float64(i%5))
	}
	l := Lines{Times: times, Series: []Series{{Values: values}}, YLabel: "PSI"}
	plain, err := l.SVG(Size{480, 210}, "alt")
	if err != nil {
		t.Fatal(err)
	}
	l.Events = []Event{{At: times[8], Label: "new reference", Breaks: true}, {At: times[9], Label: "new model"}, {At: times[0].AddDate(-1, 0, 0), Label: "long ago"}}
	svg, err := l.SVG(Size{480, 210}, "alt")
	if err != nil {
		t.Fatal(err)
	}
	// The second label has no room beside the first, and what is outside is not there.
	if text := svg.Element; !strings.Contains(text, ">new reference<") || strings.Contains(text, "new model") || strings.Contains(text, "long ago") || strings.Count(text, "<path") <= strings.Count(plain.Element, "<path") {
		t.Errorf("%s", text)
	}
	x, y := l.broken([]float64{1, 2, 3}, []float64{7, 8, 9})
	if !slices.Equal(x, []float64{1, 2, 3}) || len(y) != 3 {
		t.Errorf("without an event between: %v, %v", x, y)
	}
	l.Events[0].At = time.Unix(3, 0)
	// Before the third.
	if x, y = l.broken([]float64{1, 2, 3}, []float64{7, 8, 9}); !slices.Equal(x, []float64{1, 2, 2.5, 3}) || !math.IsNaN(y[2]) || y[3] != 9 {
		t.Errorf("broken at %v, %v", x, y)
	}
}
