package site

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// driftBody is the page of all features.
type driftBody struct {
	Level                                string
	Features, Drifted, Alerted, TooFew   int64
	Share                                float64
	Rows                                 []driftRow
	More                                 int
	Trends                               bool // some row has a trend
	Together                             *together
	Policy, Alpha, WarnFloor, AlertFloor string
}

type driftRow struct {
	*view.Subject
	Level   string // of the comparison of its values, where there is one
	Also    string // its other checks at warn or above
	Picture *gallery.Picture
	Trend   *gallery.Picture
}

// shownRows bounds the rows of a page's table, so that no page grows beyond what
// loads at once.
const shownRows = 150

func driftPage(from *view.View) *driftBody {
	run := from.Report.Run
	v := &driftBody{
		Level: run.FeatureLevel, Features: run.Features, Drifted: run.Drifted, Alerted: run.Alerted,
		TooFew: run.Insufficient, Share: run.DriftShare, Policy: run.Policy, Together: togetherOf(from),
	}
	all := slices.Clone(from.Features)
	slices.SortStableFunc(all, func(a, b *view.Subject) int {
		return cmp.Or(cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), cmp.Compare(size(b), size(a)))
	})
	if from.Score != nil {
		all = slices.Insert(all, 0, from.Score)
	}
	for i, s := range all {
		if i == shownRows {
			v.More = len(all) - i
			break
		}
		row := driftRow{Subject: s, Level: s.Level}
		if s.HasMain {
			if row.Level = s.Main.Level; row.Level == verdict.Insufficient {
				one := *s // what cannot be judged is no effect to compare others with
				one.Main.Effect = math.NaN()
				row.Subject = &one
			}
		}
		var also []string
		for _, f := range s.Findings {
			if f.Accepted != "" && verdict.Reaches(f.Level, verdict.Warn) {
				also = append(also, verdict.TraitsOf(f.Check).Title+": accepted")
			} else if f.Check != verdict.CheckDistribution && verdict.Severity(f.Level) >= verdict.Severity(verdict.Warn) {
				also = append(also, verdict.TraitsOf(f.Check).Title+": "+strings.ToLower(wording.Level(f.Level)))
			}
		}
		row.Also = strings.Join(also, ", ")
		if s.Dist.Comparable() && from.Drawn(i, s) {
			d, _ := s.Dist.Drawing(s.Name, true)
			row.Picture = from.Gallery.Add("mini-"+from.Slug(s.Name), chart.Size{W: 112, H: 32}, "Shape of "+s.Name+", reference and production", d) // its page has the numbers
			if _, vs := from.Report.Course("psi", s.Name); len(vs) > 1 {
				row.Trend = from.Gallery.Spark("psi-"+from.Slug(s.Name), chart.Size{W: 84, H: 32}, s.Name+": PSI by window", vs, s.Main.Threshold)
				v.Trends = true
			}
		}
		v.Rows = append(v.Rows, row)
	}
	for _, s := range from.Features {
		if s.HasMain && !math.IsNaN(s.Main.Threshold) {
			v.WarnFloor, v.AlertFloor, v.Alpha = words.Number(s.Main.Threshold), words.Number(s.Main.AlertThreshold), words.Number(s.Main.Alpha)
			break
		}
	}
	return v
}

// size is the effect by which features of one level are ordered.
func size(s *view.Subject) float64 {
	if !s.HasMain || math.IsNaN(s.Main.Effect) {
		return math.Inf(-1)
	}
	return s.Main.Effect
}
