package site

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// scoresBody is the page of what the model puts out.
type scoresBody struct {
	Score, Label        *subject
	ScoreFig, LabelFig  *gallery.Figure
	Trends              []*gallery.Figure
	Stats               []statRow
	Rate                *statRow
	Threshold, Positive string
	Why                 string // why nothing can be told of what moved them
}

func (b *builder) scores() *scoresBody {
	v := &scoresBody{Score: b.score, Label: b.label, Positive: b.r.Run.PositiveLabel, Why: b.unexplained()}
	if !math.IsNaN(b.r.Run.Threshold) {
		v.Threshold = words.Number(b.r.Run.Threshold)
	}
	if b.score != nil {
		v.Stats = statRows(b.score.Stats)
		if b.score.Dist.Comparable() {
			v.ScoreFig = b.distributionFigure(b.score, "Scores, "+gallery.Reference+" against "+gallery.Production)
		}
		v.Trends = append(v.Trends,
			b.gallery.Trend(b.r, "trend-score-psi", "Score drift (PSI) by window", "psi", "", b.score.Main, b.score.Name),
			b.gallery.Trend(b.r, "trend-score-mean", "Mean score by window", "mean", "", verdict.Finding{}, b.score.Name))
	}
	if b.label != nil && b.label.Dist.Comparable() {
		v.LabelFig = b.distributionFigure(b.label, "Labels, "+gallery.Reference+" against "+gallery.Production)
	}
	for _, s := range []*subject{b.score, b.label} {
		if s == nil || v.Rate != nil {
			continue
		}
		if rate, ok := s.Stat("positive_rate"); ok {
			v.Rate = &statRows([]verdict.Statistic{rate})[0]
			v.Trends = append(v.Trends, b.gallery.Trend(b.r, "trend-positive", "Positive rate by window", "positive_rate", "share", verdict.Finding{}, s.Name))
		}
	}
	v.Trends = slices.DeleteFunc(v.Trends, func(f *gallery.Figure) bool { return f == nil })
	return v
}
