package site

import (
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// scoresBody is the page of what the model puts out.
type scoresBody struct {
	Score, Label        *view.Subject
	ScoreFig, LabelFig  *gallery.Figure
	Classes             []classScores
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
