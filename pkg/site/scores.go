package site

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// scoresBody is the page of what the model puts out.
type scoresBody struct {
	Score, Label        *view.Subject
	ScoreFig, LabelFig  *gallery.Figure
	Classes             []classScores
	Taken               gallery.Grid // those of PSI, where the picture shows bins of equal width
	Trends              []*gallery.Figure
	Stats               []statRow
	Rate                *statRow
	Threshold, Positive string
	Skew                *view.Subject // logged scores against the model at hand
	Why                 string        // why it is not known what moved them
}

// classScores are the scores of one of several classes.
type classScores struct {
	*view.Subject
	Class string
	Fig   *gallery.Figure
}

func scoresPage(from *view.View) *scoresBody {
	v := &scoresBody{Score: from.Score, Label: from.Label, Positive: from.Report.Run.PositiveLabel, Why: unexplained(from)}
	for _, s := range from.Subjects {
		if s.Name == verdict.SubjectSkew {
			v.Skew = s
		}
	}
	if !math.IsNaN(from.Report.Run.Threshold) {
		v.Threshold = words.Number(from.Report.Run.Threshold)
	}
	if from.Score != nil {
		v.Stats = statRows(from.Score.Stats)
		if from.Score.Dist.Comparable() {
			v.ScoreFig = distributionFigure(from, from.Score, "Scores, "+gallery.Reference+" against "+gallery.Production)
			if even := evenScores(from); even != nil {
				v.Taken, v.ScoreFig = v.ScoreFig.Numbers, even
			}
		}
		v.Trends = append(v.Trends,
			from.Gallery.Trend(from.Report, "trend-score-psi", "Score drift (PSI) by window", "psi", "", from.Score.Main, from.Score.Name),
			from.Gallery.Trend(from.Report, "trend-score-mean", "Mean score by window", "mean", "", verdict.Finding{}, from.Score.Name))
	}
	for _, s := range from.Classes {
		c := classScores{Subject: s, Class: strings.TrimPrefix(s.Name, verdict.ClassScore)}
		if s.Dist.Comparable() {
			c.Fig = distributionFigure(from, s, "Scores of "+c.Class+", "+gallery.Reference+" against "+gallery.Production)
		}
		v.Classes = append(v.Classes, c)
	}
	if from.Label != nil && from.Label.Dist.Comparable() {
		v.LabelFig = distributionFigure(from, from.Label, "Labels, "+gallery.Reference+" against "+gallery.Production)
	}
	for _, s := range []*view.Subject{from.Score, from.Label} {
		if s == nil || v.Rate != nil {
			continue
		}
		if rate, ok := s.Stat("positive_rate"); ok {
			v.Rate = &statRows([]verdict.Statistic{rate})[0]
			v.Trends = append(v.Trends, from.Gallery.Trend(from.Report, "trend-positive", "Positive rate by window", "positive_rate", "share", verdict.Finding{}, s.Name))
		}
	}
	v.Trends = slices.DeleteFunc(v.Trends, func(f *gallery.Figure) bool { return f == nil })
	return v
}

// evenScores shows the scores in bins of equal width, with the threshold and what lies
// beyond it; nil for scores outside [0, 1], or of a report that has no such bins.
func evenScores(from *view.View) *gallery.Figure {
	h := chart.Histogram{Edges: []float64{0}, RefName: gallery.Reference, CurName: gallery.Production, XLabel: from.Score.Name}
	g := gallery.Grid{Head: []string{"scores", gallery.Reference, "rows", gallery.Production, "rows", "change, points"}}
	var nRef, nCur int64
	rows := slices.DeleteFunc(slices.Clone(from.Report.ScoreBins), func(b verdict.ScoreBin) bool { return b.Subject != from.Score.Name })
	for _, b := range rows {
		nRef, nCur = nRef+b.NRef, nCur+b.NCur
	}
	if nRef == 0 || nCur == 0 {
		return nil
	}
	for _, b := range rows {
		ref, cur := report.Share(b.NRef, nRef), report.Share(b.NCur, nCur)
		h.Edges, h.Ref, h.Cur = append(h.Edges, b.Hi), append(h.Ref, ref), append(h.Cur, cur)
		g.Rows = append(g.Rows, []string{words.Number(b.Lo) + " – " + words.Number(b.Hi), wording.PercentBeside(ref, cur), words.Whole(b.NRef), wording.PercentBeside(cur, ref), words.Whole(b.NCur), words.Points(cur - ref)})
	}
	alt := "Scores in bins of equal width, " + gallery.Reference + " against " + gallery.Production + "."
	if at := from.Report.Run.Threshold; at >= 0 && at <= 1 {
		label := "threshold " + words.Number(at)
		if rate, ok := from.Score.Stat("positive_rate"); ok {
			ref, cur := words.Percents(rate.Ref, rate.Cur)
			label = "from " + words.Number(at) + ": " + ref + " → " + cur
			alt = fmt.Sprintf("Scores in bins of equal width. From the threshold of %s on lie %s of the reference and %s of production.", words.Number(at), ref, cur)
		}
		h.Marks = []chart.Mark{{At: at, Label: label}}
	}
	return &gallery.Figure{
		Picture: from.Gallery.Add("dist-"+from.Slug(from.Score.Name), chart.Size{W: 480, H: 260}, alt, h),
		Caption: "Scores, " + gallery.Reference + " against " + gallery.Production, Numbers: g,
	}
}
