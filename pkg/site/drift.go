package site

import (
	"cmp"
	"encoding/json"
	"fmt"
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
	FirstPSI                             int // the first row whose effect is a PSI, which is explained there; -1 of none
	More                                 int
	Part                                 int         // of the pages that the rows stand on, from 1
	Parts                                []view.Link // all of them; none where one is enough
	Trends                               bool        // some row has a trend
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

// maxRows bounds the rows of all pages together.
const maxRows = 1001 // the features that have a page, and the score

// partRows is how many features stand on one page.
const partRows = 200

// driftFile is the page of a part of the features.
func driftFile(part int) string {
	if part == 1 {
		return "drift.html"
	}
	return fmt.Sprintf("drift-%d.html", part)
}

// driftParts cuts a page of all features into pages of partRows each: the first also
// has what is said of all.
func driftParts(all *driftBody) []*driftBody {
	rows := all.Rows
	var links []view.Link
	for at := 0; at < len(rows); at += partRows {
		links = append(links, view.Link{Href: driftFile(len(links) + 1), Text: fmt.Sprintf("%d–%d", at+1, min(at+partRows, len(rows)))})
	}
	if len(links) < 2 {
		all.Part = 1
		return []*driftBody{all}
	}
	var out []*driftBody
	for i := range links {
		part := *all
		part.Part, part.Parts, part.Rows = i+1, links, rows[i*partRows:min((i+1)*partRows, len(rows))]
		if i > 0 {
			part.Together = nil
		}
		if i+1 < len(links) {
			part.More = 0
		}
		out = append(out, &part)
	}
	return out
}

// A sought feature is what the search over features knows of it.
type sought struct {
	Name  string `json:"name"`
	Href  string `json:"href"`
	Level string `json:"level"`
}

// searchIndex is what a page's search reads.
func searchIndex(from *view.View) []byte {
	all := []sought{}
	for _, s := range from.Features {
		if s.Href != "" {
			all = append(all, sought{wording.Subject(s.Name), s.Href, wording.Level(s.Level)})
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err) // of plain strings
	}
	return raw
}

// shownRows bounds the rows of a page's table, so that no page grows beyond what
// loads at once.
const shownRows = 150

func driftPage(from *view.View) *driftBody {
	run := from.Report.Run
	v := &driftBody{
		FirstPSI: -1,
		Level:    run.FeatureLevel, Features: run.Features, Drifted: run.Drifted, Alerted: run.Alerted,
		TooFew: run.Insufficient, Share: run.DriftShare, Policy: run.Policy, Together: togetherOf(from),
	}
	all := slices.Clone(from.Features)
	slices.SortStableFunc(all, func(a, b *view.Subject) int {
		by := cmp.Or(cmp.Compare(verdict.Severity(b.Level), verdict.Severity(a.Level)), cmp.Compare(size(b), size(a)))
		if len(all) > partRows && !verdict.Reaches(a.Level, verdict.Notice) && !verdict.Reaches(b.Level, verdict.Notice) {
			by = strings.Compare(a.Name, b.Name) // where many stand on further pages, a reader leafs by name
		}
		return by
	})
	if from.Score != nil {
		all = slices.Insert(all, 0, from.Score)
	}
	for i, s := range all {
		if i == maxRows {
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
		if v.FirstPSI < 0 && row.HasMain && row.Main.EffectUnit == "PSI" {
			v.FirstPSI = len(v.Rows)
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
