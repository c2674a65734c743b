package gallery

import (
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Trend is one metric of one subject by window, nil when there are fewer
// than two windows. The thresholds of limit, if any, are drawn when the values
// come near them.
func (g *Gallery) Trend(r *report.Tables, path, caption, metric, unit string, limit verdict.Finding, subjects ...string) *Figure {
	times, values := r.Course(metric, subjects...)
	if len(values) < 2 {
		return nil
	}
	top := 0.0
	for _, v := range values {
		top = math.Max(top, v)
	}
	l := chart.Lines{Times: times, Series: []chart.Series{{Values: values}}, YLabel: unit, Percent: unit == "share"}
	for _, m := range []struct {
		at   float64
		name string
	}{{limit.Threshold, "warning"}, {limit.AlertThreshold, "alert"}} {
		if metric == "psi" && m.at > 0 && top > m.at*0.4 {
			l.Limits = append(l.Limits, chart.Limit{At: m.at, Label: m.name})
		}
	}
	if l.Percent {
		l.YLabel = ""
		if lo := slices.Min(values); metric == "success_rate" && lo > 0.5 {
			lo = math.Floor(lo*20) / 20
			l.Lo = &lo
		}
	}
	numbers := Grid{Head: []string{"window from", caption}}
	write := words.Number
	if unit == "share" {
		write = words.Percent
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		numbers.Rows = append(numbers.Rows, []string{words.Stamp(times[i]), write(values[i])})
	}
	alt := fmt.Sprintf("%s: %d windows from %s to %s, from %s to %s, the newest %s.", caption, len(times),
		words.Day(times[0]), words.Day(times[len(times)-1]), write(Least(values)), write(top), write(values[len(values)-1]))
	size := chart.Size{W: 480, H: 210}
	if metric == "psi" && len(l.Limits) == 0 {
		size.H = 130 // far below every threshold: there is little to see
	}
	return &Figure{Picture: g.Add(path, size, alt, l), Caption: caption, Numbers: numbers}
}

// Spark is a small course without axes, with the threshold limit unless that is NaN.
func (g *Gallery) Spark(name string, size chart.Size, alt string, vs []float64, limit float64) *Picture {
	last := vs[len(vs)-1]
	alt += fmt.Sprintf(": %d values, the newest %s", len(vs), words.Number(last))
	if !math.IsNaN(limit) {
		alt += ", the dashed line is the threshold " + words.Number(limit)
	}
	return g.Add("spark-"+name, size, alt+".", chart.Spark{Values: vs, Limit: limit})
}

// Least returns the smallest of vs, NaN apart; +Inf without any.
func Least(vs []float64) float64 {
	lo := math.Inf(1)
	for _, v := range vs {
		if !math.IsNaN(v) {
			lo = math.Min(lo, v)
		}
	}
	return lo
}
