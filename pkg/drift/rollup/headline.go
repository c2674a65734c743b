package rollup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// longest is how many characters a headline has, unless its first words alone, or what
// it must not keep to itself, are longer.
const longest = 200

// A clause is one thing that a headline says.
type clause struct {
	level string
	words string
}

// headline says the run in one sentence: the gravest first, with its numbers, as much
// as there is room for, and how much more there is; then what stands and what could
// not be judged. That nothing moved it says of a run without any finding above ok.
func (s *sum) headline() string {
	bad := append(append(s.mostMoved(), s.trouble()...), s.segmentTrouble()...)
	bad = append(bad, s.due()...)
	slices.SortStableFunc(bad, func(a, b clause) int { return verdict.Severity(b.level) - verdict.Severity(a.level) })
	score := s.scoreFinding()
	calm := len(bad) == 0
	accepted := s.accepted()
	rest := s.rest(score, score != nil && verdict.Reaches(score.Level, verdict.Warn), calm && accepted == 0 && len(s.Apart) == 0 && !s.incomplete())

	var first, last, spare []string // what is said in any case, at both ends, and where there is room
	if s.run.Rows <= 0 {
		first, rest = append(first, sayNone(s.run)), ""
	}
	if accepted > 0 {
		last = append(last, words.Count(int64(accepted), "known change is accepted", "known changes are accepted"))
	}
	if s.run.Rows > 0 {
		for _, a := range s.Apart {
			spare = append(spare, sayApart(a))
		}
	}
	if s.incomplete() {
		last = append(last, sayIncomplete(s.run))
	}
	last = append(last, s.Notes...)

	said, left := first, bad
	for len(left) > 0 && (len(said) == 0 || fits(said, last, left[0].words, more(len(left)-1))) {
		said, left = append(said, left[0].words), left[1:]
	}
	if n := more(len(left)); n != "" {
		said = append(said, n)
	}
	if rest != "" && (calm || fits(said, last, rest)) {
		said = append(said, rest)
	}
	for _, text := range spare {
		if fits(said, last, text) {
			said = append(said, text)
		}
	}
	return s.capital(strings.Join(append(said, last...), "; "))
}

// more says how much is not named.
func more(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "and 1 more warning"
	}
	return fmt.Sprintf("and %d more warnings", n)
}

// fits says whether a headline of said, last and the other texts is short enough.
func fits(said, last []string, others ...string) bool {
	n := 0
	for _, text := range slices.Concat(said, last, others) {
		if text != "" {
			n += utf8.RuneCountInString(text) + len("; ")
		}
	}
	return n-len("; ") <= longest
}

// mostMoved says where the scores went, and which features moved.
func (s *sum) mostMoved() []clause {
	var out []clause
	if score := s.scoreFinding(); score != nil && verdict.Reaches(score.Level, verdict.Warn) {
		text := cmp.Or(s.Scores[score.Subject], "scores have changed")
		out = append(out, clause{score.Level, text})
	}
	if len(s.moved) > 0 {
		text := s.featuresMoved() + ": " + words.List(s.moved)
		if len(s.moved) == 1 && s.movedBy != "" {
			text += " (" + s.movedBy + ")"
		}
		if utf8.RuneCountInString(text) > longest/2 {
			text = s.featuresMoved() // as names are never shortened
		}
		out = append(out, clause{s.featureLevel(), text})
	}
	return out
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
func (s *sum) trouble() []clause {
	var out []clause
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
			out = append(out, clause{f.Level, s.brief(f)})
			break
		}
	}
	return out
}

// due names the reasons to retrain that fired.
func (s *sum) due() []clause {
	var fired []string
	level := ""
	for _, f := range s.in(verdict.AreaRetraining) {
		if verdict.Reaches(f.Level, verdict.Warn) {
			fired = append(fired, dueBecause(f.Test))
			level = verdict.Worst(level, f.Level)
		}
	}
	if len(fired) == 0 {
		return nil
	}
	text := "retraining is due: " + strings.Join(fired, ", ")
	if n := len(fired) - 2; n > 0 && utf8.RuneCountInString(text) > longest/2 {
		text = fmt.Sprintf("retraining is due: %s, %s, and %s", fired[0], fired[1], words.Count(int64(n), "more reason", "more reasons"))
	}
	return []clause{{level, text}}
}

// segmentTrouble is what the segments say: what explains the scores of all rows,
// and what moved where all rows together stand.
func (s *sum) segmentTrouble() []clause {
	var out []clause
	names := map[string]string{}
	for i := range s.Segments {
		g := &s.Segments[i]
		if g.Name == "" {
			if g.Reason == verdict.SegmentMix {
				out = append(out, clause{s.run.ScoreLevel, "the mix of " + words.Name(g.Column) + " explains it"})
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
	moved := s.brief(alone)
	if alone.Segment == "" {
		return append(out, clause{verdict.Warn, moved})
	}
	if alone.Check == verdict.CheckDistribution {
		moved = words.Name(s.sourceOf(alone)) + " moved"
	}
	where := cmp.Or(names[alone.Segment], words.Name(alone.Segment))
	if verdict.TraitsOf(alone.Check).Area == verdict.AreaModel {
		moved = modelMoved[alone.Check]
	}
	if others := len(segments) - 1; others > 0 {
		return append(out, clause{verdict.Warn, fmt.Sprintf("in %s %s, and something in %s", where, moved, words.Count(int64(others), "other segment", "other segments"))})
	}
	return append(out, clause{verdict.Warn, fmt.Sprintf("in %s alone %s", where, moved)})
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
		if s.Findings[i].Role == verdict.RoleRun && s.Findings[i].Subject == verdict.SubjectModel {
			continue // which begins with a word of ours
		}
		if own := s.Findings[i].Sentence; text == "" || own != "" && strings.HasPrefix(text, own) {
			return text
		}
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
