package site

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/chart"
	"github.com/leadsman/leadsman/pkg/site/gallery"
	"github.com/leadsman/leadsman/pkg/site/nights"
	"github.com/leadsman/leadsman/pkg/site/parts"
	"github.com/leadsman/leadsman/pkg/site/view"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// A change is a subject that moved, as the first screen shows it.
type change struct {
	*view.Subject
	Picture *gallery.Picture
	Strip   *nights.Strip // nil without earlier nights
	Shown   []verdict.Finding
	Unshown int64  // findings at warn or above
	Also    string // the endpoints that the API's findings speak for
	Since   string // since when, empty when that is not known
}

type overview struct {
	Tiles    []tile
	Changes  []change
	Pictured bool // some change has a picture
	More     int64
	Calm     string // what is said where no column is at warn or above
	Accepted []verdict.Finding
	Why      string // what moved the scores
	Hidden   string // the segment that moved while the whole stands
	Advice   []step
	Rests    [][2]string
}

const (
	maxChanges = 5
	maxShown   = 2

	maxAccepted = 20
)

func overviewPage(from *view.View, has map[string]bool) *overview {
	v := &overview{Advice: stepsOf(from), Rests: restsOn(from), Hidden: wording.Sentence(parts.Hidden(from.Report))}
	if from.Score != nil && from.Score.Urgent() {
		v.Why = whyLead(from.Report)
	}
	v.Tiles = tilesOf(from, has)
	strips := nights.Strips(from)
	failing := failingEndpoints(from)
	for _, s := range from.Subjects {
		if !s.Urgent() || onlyRetrain(s) || slices.Contains(failing, s) {
			continue // what to do says it, or the API's own findings do
		}
		if len(v.Changes) == maxChanges {
			v.More++
			continue
		}
		c := change{Subject: s, Since: since(from, s)}
		for _, f := range s.Findings {
			switch {
			case f.Accepted != "" || !verdict.Reaches(f.Level, verdict.Warn):
			case len(c.Shown) < maxShown:
				c.Shown = append(c.Shown, f)
			default:
				c.Unshown++
			}
		}
		if s.Name == verdict.SubjectAPI {
			var names []string
			for _, f := range failing {
				names = append(names, wording.Subject(f.Name))
			}
			c.Also = wording.Listed(names)
		}
		c.Picture, c.Strip = card(from, s), strips(s)
		v.Pictured = v.Pictured || c.Picture != nil
		v.Changes = append(v.Changes, c)
	}
	for _, f := range from.Report.Findings {
		if f.Window == "" && f.Accepted != "" && verdict.Reaches(f.Level, verdict.Warn) && len(v.Accepted) < maxAccepted {
			v.Accepted = append(v.Accepted, f)
		}
	}
	if len(v.Changes) == 0 {
		v.Calm = calm(from)
	}
	return v
}

// calm is what stands where no subject of all rows is at warn or above: that nothing
// matters only where nothing at all is above ok.
func calm(from *view.View) string {
	judged := slices.ContainsFunc(from.Report.Findings, func(f verdict.Finding) bool {
		return (f.Check == verdict.CheckDistribution || verdict.TraitsOf(f.Check).Sound) && f.Level != verdict.Insufficient && f.Level != ""
	})
	switch {
	case !judged:
		return "Nothing could be judged."
	case from.Report.AboveOK():
		return "No column of all rows together is at warning or above."
	case from.Report.Run.Level == verdict.Insufficient:
		return "No check found a change, but with so little to go by even a large one could have hidden."
	}
	return "Nothing that matters: no check found a change that is both large enough and certain enough."
}

// failingEndpoints are the endpoints whose requests fail where those of the whole API do
// as gravely: one change, not one for each.
func failingEndpoints(from *view.View) []*view.Subject {
	fails := func(s *view.Subject) bool {
		return s.Urgent() && !slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool {
			return f.Check != verdict.CheckSuccess && f.Accepted == "" && verdict.Reaches(f.Level, verdict.Warn)
		})
	}
	i := slices.IndexFunc(from.Subjects, func(s *view.Subject) bool { return s.Name == verdict.SubjectAPI && fails(s) })
	if i < 0 {
		return nil
	}
	var out []*view.Subject
	for j, s := range from.Subjects {
		if j != i && fails(s) && s.Asked(verdict.CheckSuccess) && verdict.Severity(s.Level) <= verdict.Severity(from.Subjects[i].Level) {
			out = append(out, s)
		}
	}
	return out
}

// onlyRetrain tells whether all that was asked of the subject is whether to
// retrain.
func onlyRetrain(s *view.Subject) bool {
	return !slices.ContainsFunc(s.Findings, func(f verdict.Finding) bool { return f.Check != verdict.CheckRetrain })
}

// card is the picture of a change: of the share of missing values where that is
// what changed most, else of the distribution; nil without either.
func card(from *view.View, s *view.Subject) *gallery.Picture {
	if !s.Dist.Comparable() {
		return nil
	}
	size := chart.Size{W: 280, H: 96}
	if m := s.Dist.Missing; m != nil && len(s.Findings) > 0 && s.Findings[0].Check == verdict.CheckMissing {
		alt := fmt.Sprintf("%s: missing in %s of the reference and in %s of production.", s.Name, wording.PercentBeside(m.Ref, m.Cur), wording.PercentBeside(m.Cur, m.Ref))
		return from.Gallery.Inline(size, alt, chart.Columns{
			Names: []string{"present", "missing"}, Ref: []float64{1 - m.Ref, m.Ref}, Cur: []float64{1 - m.Cur, m.Cur}, Bare: true,
		})
	}
	d, _ := s.Dist.Drawing(s.Name, true)
	return from.Gallery.Inline(size, s.Dist.Description(s.Name), d)
}

// lacking says what the log lacks, and what is left out for it.
func lacking(from *view.View) string {
	var out []string
	if run := from.Report.Run; run.Rows > 0 && run.PeriodEnd.IsZero() {
		out = append(out, "trend, traffic and recent predictions, since the log has no timestamps")
	}
	if s := from.Score; s != nil && s.HasMain && s.Main.Reason == verdict.ReasonNoLogScores {
		out = append(out, "scores and the model's quality, since the log has no scores")
	}
	return strings.Join(out, "; ")
}

// restsOn says what the report stands on.
func restsOn(from *view.View) [][2]string {
	run := from.Report.Run
	var out [][2]string
	add := func(name, value string) {
		if value != "" && value != words.None {
			out = append(out, [2]string{name, value})
		}
	}
	if run.Rows > 0 {
		add("Judged", words.Count(run.Rows, "prediction", "predictions")+", "+words.Span(run.PeriodStart, run.PeriodEnd))
	} else {
		add("Judged", "no predictions")
	}
	reference := words.Count(run.ReferenceRows, "row", "rows")
	if run.SampleReference {
		reference += " of the built-in sample case, not of your own data"
	}
	add("Compared with", reference)
	add("The reference is", run.ReferenceFrom)
	if run.Strays > 0 {
		add("Left out of the period", words.Count(run.Strays, "row", "rows")+", dated after its end or before 1980")
	}
	zone := run.Timezone
	if run.NoZone > 0 {
		zone = words.Count(run.NoZone, "timestamp names", "timestamps name") + " none: taken as UTC"
		if run.Timezone != "" {
			zone += "; nights are days of " + run.Timezone
		}
	}
	add("Time zone", zone)
	add("Not judged", lacking(from))
	if run.Requests > 0 {
		add("Requests", words.Whole(run.Requests))
	}
	add("Model version", run.ModelVersion)
	policy := run.Policy
	if s := from.Score; s != nil && s.HasMain && !math.IsNaN(s.Main.Threshold) {
		policy += fmt.Sprintf(": warning from %s %s, alert from %s", s.Main.EffectUnit, words.Number(s.Main.Threshold), words.Number(s.Main.AlertThreshold))
	}
	add("Policy", policy)
	if !math.IsNaN(run.Threshold) && run.PositiveLabel != "" {
		add("Counts as "+run.PositiveLabel, "from a score of "+words.Number(run.Threshold))
	}
	if run.K > 1 {
		add("Privacy", fmt.Sprintf("values seen fewer than %d times on each side are pooled", run.K))
	}
	if len(run.PlanID) >= 12 {
		add("Plan", run.PlanID[:12])
	}
	return out
}
