package rollup

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// shownTrouble is how much a headline has room for besides scores and features.
const shownTrouble = 2

// headline says the run in one sentence: the bad news first, then what stands and
// what could not be judged. That nothing moved it says of a run without any finding
// above ok.
func (s *sum) headline() string {
	var parts []string
	score := s.scoreFinding()
	scoreMoved := score != nil && verdict.Reaches(score.Level, verdict.Warn)
	if scoreMoved {
		parts = append(parts, cmp.Or(s.Scores[score.Subject], "scores have changed"))
	}
	if len(s.moved) > 0 {
		parts = append(parts, s.featuresMoved()+": "+words.List(s.moved))
	}
	trouble := append(s.trouble(), s.segmentTrouble()...)
	if more := len(trouble) - shownTrouble; more > 1 {
		trouble = append(trouble[:shownTrouble:shownTrouble], fmt.Sprintf("and %d more warnings", more))
	}
	parts = append(parts, trouble...)
	parts = append(parts, s.due()...)
	calm := len(parts) == 0
	accepted := s.accepted()
	switch rest := s.rest(score, scoreMoved, calm && accepted == 0 && len(s.Apart) == 0 && !s.incomplete()); {
	case s.run.Rows <= 0:
		parts = append([]string{sayNone(s.run)}, parts...)
	case rest != "":
		parts = append(parts, rest)
	}
	if accepted > 0 {
		parts = append(parts, words.Count(int64(accepted), "known change is accepted", "known changes are accepted"))
	}
	if s.run.Rows > 0 {
		for _, a := range s.Apart {
			parts = append(parts, sayApart(a))
		}
	}
	if s.incomplete() {
		parts = append(parts, sayIncomplete(s.run))
	}
	parts = append(parts, s.Notes...)
	return s.capital(strings.Join(parts, "; "))
}

// scoreFinding is the comparison of the scores that is the first to look at; nil
// without scores.
func (s *sum) scoreFinding() *verdict.Finding {
	var worst *verdict.Finding
	for _, f := range s.in(verdict.AreaScore) {
		if verdict.IsScore(f.Role) && (worst == nil || verdict.Severity(f.Level) > verdict.Severity(worst.Level)) {
			worst = f
		}
	}
	return worst
}

// featuresMoved counts the features that moved.
func (s *sum) featuresMoved() string {
	n := fmt.Sprintf("%d of %s moved", s.run.Drifted, words.Count(s.run.Features, "feature", "features"))
	if s.atLeast() {
		return "at least " + n
	}
	return n
}

// trouble is what is at warn or above besides scores and features, an area at a
// time.
func (s *sum) trouble() []string {
	var out []string
	single := len(s.moved) > 0
	for _, area := range []string{verdict.AreaModel, verdict.AreaSkew, verdict.AreaScore, verdict.AreaCorrelations, verdict.AreaQuality, verdict.AreaMultivariate, verdict.AreaLatency, verdict.AreaAPI, verdict.AreaRun} {
		for _, f := range s.in(area) {
			if !verdict.Reaches(f.Level, verdict.Warn) || area == verdict.AreaScore && verdict.IsScore(f.Role) || f.Check == verdict.CheckTraffic && s.run.Rows <= 0 {
				continue
			}
			if single && area == verdict.AreaMultivariate {
				break // what single columns show needs no classifier to tell
			}
			single = single || f.Role == verdict.RoleFeature
			out = append(out, saying(f))
			break
		}
	}
	return out
}

// due names the reasons to retrain that fired.
func (s *sum) due() []string {
	var fired []string
	for _, f := range s.in(verdict.AreaRetraining) {
		if verdict.Reaches(f.Level, verdict.Warn) {
			fired = append(fired, dueBecause(f.Test))
		}
	}
	if len(fired) == 0 {
		return nil
	}
	return []string{"retraining is due: " + strings.Join(fired, ", ")}
}

// segmentTrouble is what the segments say: what explains the scores of all rows,
// and what moved where all rows together stand.
func (s *sum) segmentTrouble() []string {
	var out []string
	names := map[string]string{}
	for i := range s.Segments {
		g := &s.Segments[i]
		if g.Name == "" {
			if g.Reason == verdict.SegmentMix {
				out = append(out, "the mix of "+words.Name(g.Column)+" explains it")
			}
			continue
		}
		names[g.Key()] = words.Name(g.Column) + "=" + words.Name(g.Name)
	}
	loud := map[[2]string]bool{} // of all rows
	for i := range s.Findings {
		if f := &s.Findings[i]; verdict.AreaOf(f) != verdict.AreaSegments && verdict.Reaches(f.Level, verdict.Warn) {
			loud[[2]string{f.Subject, f.Check}] = true
		}
	}
	var alone, shared *verdict.Finding
	segments := map[string]bool{}
	for _, f := range s.in(verdict.AreaSegments) {
		switch {
		case !verdict.Reaches(f.Level, verdict.Warn):
		case loud[[2]string{f.Subject, f.Check}]:
			if shared == nil {
				shared = f
			}
		default:
			segments[f.Segment] = true
			if alone == nil || f.Rank < alone.Rank {
				alone = f
			}
		}
	}
	if alone == nil {
		return out
	}
	moved := saying(alone)
	if alone.Segment == "" {
		return append(out, moved)
	}
	if alone.Check == verdict.CheckDistribution {
		moved = words.Name(s.sourceOf(alone)) + " moved"
	}
	where := cmp.Or(names[alone.Segment], words.Name(alone.Segment))
	if verdict.TraitsOf(alone.Check).Area == verdict.AreaModel {
		moved = modelMoved[alone.Check]
	}
	if others := len(segments) - 1; others > 0 {
		return append(out, fmt.Sprintf("in %s %s, and something in %s", where, moved, words.Count(int64(others), "other segment", "other segments")))
	}
	return append(out, fmt.Sprintf("in %s alone %s", where, moved))
}

// modelMoved is what outcomes say of one version of the model.
var modelMoved = map[string]string{
	verdict.CheckPerformance: "the model is worse than it was",
	verdict.CheckConcept:     "a score does not mean what it meant",
	verdict.CheckOutcomes:    "the share of positive outcomes moved",
}

func (s *sum) sourceOf(f *verdict.Finding) string {
	if whole, ok := s.Source[f.Subject]; ok {
		return whole
	}
	return f.Subject
}

// accepted counts the findings above ok that monitor.yaml accepts.
func (s *sum) accepted() int {
	n := 0
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Window == "" && f.Accepted != "" && verdict.Reaches(f.Level, verdict.Warn) {
			n++
		}
	}
	return n
}

// rest says what stands, and what could not be judged and why. calm says that
// nothing at all is above ok.
func (s *sum) rest(score *verdict.Finding, scoreMoved, calm bool) string {
	judged := s.run.Features - s.run.Insufficient - int64(len(s.known))
	var stand, unjudged []string
	switch {
	case score == nil || scoreMoved:
	case score.Level == verdict.OK:
		stand = append(stand, "the scores")
	default:
		unjudged = append(unjudged, "the scores"+whyUnjudged([]*verdict.Finding{score}))
	}
	if len(s.moved) == 0 && judged > 0 {
		stand = append(stand, s.standing(judged))
	}
	if weak := s.run.Insufficient; weak > 0 {
		of := words.Count(weak, "feature", "features")
		if len(s.moved) == 0 && judged > 0 {
			of = fmt.Sprintf("the other %d", weak)
		}
		if weak == 1 && len(s.moved) == 0 && judged > 0 {
			of = "the other one"
		}
		unjudged = append(unjudged, of+whyUnjudged(s.weakest()))
	}
	var out []string
	if len(stand) > 0 {
		are := "are"
		if len(stand) == 1 && judged == 1 && len(s.moved) == 0 && stand[0] != "the scores" {
			are = "is"
		}
		what := strings.Join(stand, " and ") + " " + are + " as in the reference"
		if calm && len(unjudged) == 0 {
			what = "nothing moved: " + what
		}
		out = append(out, what)
	}
	if len(unjudged) > 0 {
		out = append(out, "could not be judged: "+strings.Join(unjudged, ", "))
	}
	if s.mostlyUnjudged() {
		out = append([]string{fmt.Sprintf("too little to judge: %s against %s of reference", words.Count(s.run.Rows, "prediction", "predictions"), words.Count(s.run.ReferenceRows, "row", "rows"))}, out...)
	}
	if len(out) == 0 && len(s.moved) == 0 && !scoreMoved {
		return "neither scores nor features to compare"
	}
	return strings.Join(out, "; ")
}

// standing names the features that were judged and stand.
func (s *sum) standing(judged int64) string {
	switch {
	case judged < s.run.Features:
		return fmt.Sprintf("%d of %d features", judged, s.run.Features)
	case judged == 1:
		return "the feature"
	case judged == 2:
		return "both features"
	}
	return fmt.Sprintf("all %d features", judged)
}

// weakest are the comparisons of features that could not be judged.
func (s *sum) weakest() []*verdict.Finding {
	var out []*verdict.Finding
	for _, f := range s.in(verdict.AreaFeatures) {
		if f.Level == verdict.Insufficient && s.features[s.sourceOf(f)] == verdict.Insufficient {
			out = append(out, f)
		}
	}
	return out
}

// capital begins a text of ours with a capital letter; a finding's own sentence may
// begin with a name, which stays as it is.
func (s *sum) capital(text string) string {
	for i := range s.Findings {
		if own := s.Findings[i].Sentence; text == "" || own != "" && strings.HasPrefix(text, own) {
			return text
		}
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
