package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// featureBody is the page of one column.
type featureBody struct {
	*subject
	Part       string // in the score's shift
	Figure     *figure
	Curve      *figure // what lies at or below each value
	Trend      *figure
	Nights     *figure
	Missing    *figure
	Stats      []statRow
	Tests      []verdict.Finding
	Prev, Next *link
}

// firstStatistics lead every table of statistics, the last of them on top.
var firstStatistics = []string{"missing_rate", "rows"}

type statRow struct{ Name, Ref, Cur, Interval string }

func statRows(stats []verdict.Statistic) []statRow {
	// Sizes first: every other number rests on them.
	stats = slices.Clone(stats)
	slices.SortStableFunc(stats, func(a, b verdict.Statistic) int {
		return cmp.Compare(slices.Index(firstStatistics, b.Name), slices.Index(firstStatistics, a.Name))
	})
	var out []statRow
	for _, s := range stats {
		row := statRow{Name: statisticWord(s.Name), Ref: words.Measure(s.Ref, s.Unit), Cur: words.Measure(s.Cur, s.Unit), Interval: words.Interval(s.Lo, s.Hi)}
		if isShare(s) {
			row.Ref, row.Cur = words.Percents(s.Ref, s.Cur)
			if row.Interval != "" {
				lo, hi := words.Percents(s.Lo, s.Hi)
				row.Interval = lo + " to " + hi
			}
		}
		if row.Ref != words.None || row.Cur != words.None {
			out = append(out, row)
		}
	}
	return out
}

func (b *builder) feature(i int, s *subject) *featureBody {
	v := &featureBody{subject: s, Stats: statRows(s.Stats), Part: b.part(s)}
	for _, f := range s.Findings {
		if f.Test != "" {
			v.Tests = append(v.Tests, f)
		}
	}
	if s.Dist.comparable() && b.drawn(i, s) {
		v.Figure = b.distributionFigure(s, "Share of rows, "+refName+" against "+curName)
		v.Curve = b.cumulativeFigure(s)
	}
	v.Trend = b.trendFigure("trend-"+b.slugs.of(s.Name), "PSI by window", "psi", "", s.Main, s.Name)
	if slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool {
		return f.Check == verdict.CheckMissing && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn)
	}) {
		v.Missing = b.trendFigure("missing-"+b.slugs.of(s.Name), "Missing values by window", "missing_rate", "share", verdict.Finding{}, s.Name)
	}
	if v.Trend == nil && b.drawn(i, s) {
		v.Nights = b.byNight(s)
	}
	return v
}

// distributionFigure is the large picture of a subject.
func (b *builder) distributionFigure(s *subject, caption string) *figure {
	d, height := s.Dist.drawing(s.Name, false)
	if height == 0 {
		height = 240
	}
	return &figure{
		Picture: b.picture("dist-"+b.slugs.of(s.Name), chart.Size{W: 480, H: height}, s.Dist.told(s.Name), d),
		Caption: caption, Numbers: s.Dist.numbers(),
	}
}

// trendFigure is one metric of one subject by window, nil when there are fewer
// than two windows. The thresholds of limit, if any, are drawn when the values
// come near them.
func (b *builder) trendFigure(path, caption, metric, unit string, limit verdict.Finding, subjects ...string) *figure {
	times, values := b.r.Course(metric, subjects...)
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
	g := grid{Head: []string{"window from", caption}}
	write := words.Number
	if unit == "share" {
		write = words.Percent
	}
	for i := max(0, len(times)-100); i < len(times); i++ {
		g.Rows = append(g.Rows, []string{words.Stamp(times[i]), write(values[i])})
	}
	alt := fmt.Sprintf("%s: %d windows from %s to %s, from %s to %s, the newest %s.", caption, len(times),
		words.Day(times[0]), words.Day(times[len(times)-1]), write(least(values)), write(top), write(values[len(values)-1]))
	size := chart.Size{W: 480, H: 210}
	if metric == "psi" && len(l.Limits) == 0 {
		size.H = 130 // far below every threshold: there is little to see
	}
	return &figure{Picture: b.picture(path, size, alt, l), Caption: caption, Numbers: g}
}

func least(vs []float64) float64 {
	lo := math.Inf(1)
	for _, v := range vs {
		if !math.IsNaN(v) {
			lo = math.Min(lo, v)
		}
	}
	return lo
}
