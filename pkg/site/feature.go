package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/nights"
	"github.com/leadsman/leadsman/pkg/site/shares"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// featureBody is the page of one column.
type featureBody struct {
	*view.Subject
	Part       string // in the score's shift
	Figure     *gallery.Figure
	Shape      *shares.Shape   // in place of pictures, where there are very many features
	Curve      *gallery.Figure // what lies at or below each value
	Trend      *gallery.Figure
	Nights     *gallery.Figure
	Missing    *gallery.Figure
	Stats      []statRow
	Tests      []verdict.Finding
	Prev, Next *view.Link
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

func featurePage(from *view.View, i int, s *view.Subject) *featureBody {
	v := &featureBody{Subject: s, Stats: statRows(s.Stats), Part: partOf(from, s)}
	for _, f := range s.Findings {
		if f.Test != "" {
			v.Tests = append(v.Tests, f)
		}
	}
	if s.Dist.Comparable() && from.Drawn(i, s) {
		v.Figure = distributionFigure(from, s, "Share of rows, "+gallery.Reference+" against "+gallery.Production)
		v.Curve = cumulativeFigure(from, s)
	}
	if !from.Drawn(i, s) {
		v.Shape = s.Dist.Shape(s.Name)
		return v
	}
	v.Trend = from.Gallery.Trend(from.Report, "trend-"+from.Slug(s.Name), "PSI by window", "psi", "", s.Main, s.Name)
	if slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool {
		return f.Check == verdict.CheckMissing && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn)
	}) {
		v.Missing = from.Gallery.Trend(from.Report, "missing-"+from.Slug(s.Name), "Missing values by window", "missing_rate", "share", verdict.Finding{}, s.Name)
	}
	if v.Trend == nil {
		v.Nights = nights.Course(from, s)
	}
	return v
}

// distributionFigure is the large picture of a subject.
func distributionFigure(from *view.View, s *view.Subject, caption string) *gallery.Figure {
	d, height := s.Dist.Drawing(s.Name, false)
	if height == 0 {
		height = 240
	}
	return &gallery.Figure{
		Picture: from.Gallery.Add("dist-"+from.Slug(s.Name), chart.Size{W: 480, H: height}, s.Dist.Description(s.Name), d),
		Caption: caption, Numbers: s.Dist.Numbers(),
	}
}

// cumulativeFigure shows which share of a number's rows lies at or below the
// edges of its bins; nil where fewer than three edges are known.
func cumulativeFigure(from *view.View, s *view.Subject) *gallery.Figure {
	k, ok := s.Dist.Cumulative()
	if !ok {
		return nil
	}
	k.RefName, k.CurName, k.XLabel = gallery.Reference, gallery.Production, s.Name
	g := gallery.Grid{Head: []string{"at or below", gallery.Reference, gallery.Production, "difference, points"}}
	widest := 0
	for i, x := range k.X {
		g.Rows = append(g.Rows, []string{words.Number(x), wording.PercentBeside(k.Ref[i], k.Cur[i]), wording.PercentBeside(k.Cur[i], k.Ref[i]), words.Points(k.Cur[i] - k.Ref[i])})
		if math.Abs(k.Cur[i]-k.Ref[i]) > math.Abs(k.Cur[widest]-k.Ref[widest]) {
			widest = i
		}
	}
	alt := fmt.Sprintf("Share of rows at or below a value of %s; both sides lie furthest apart at %s: %s of the reference and %s of production.",
		s.Name, words.Number(k.X[widest]), wording.PercentBeside(k.Ref[widest], k.Cur[widest]), wording.PercentBeside(k.Cur[widest], k.Ref[widest]))
	return &gallery.Figure{Picture: from.Gallery.Add("cdf-"+from.Slug(s.Name), chart.Size{W: 480, H: 200}, alt, k), Caption: "Share of rows at or below a value", Numbers: g}
}
