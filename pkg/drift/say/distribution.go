package say

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Named puts the subject's name before what is written of it.
func Named(f *verdict.Finding, what string) string { return words.Name(f.Subject) + ": " + what }

// Unjudged says why a distribution cannot be judged.
func Unjudged(f *verdict.Finding, reason string) string {
	if reason == verdict.ReasonTooRare {
		return Named(f, fmt.Sprintf("not judged: none of its categories has enough rows among %d and %d", f.NRef, f.NCur))
	}
	if reason == verdict.ReasonNoValues && f.NRef > 0 {
		return Named(f, "no values in the judged period")
	}
	return Named(f, map[string]string{
		verdict.ReasonGone:          "no longer in the log",
		verdict.ReasonNoValues:      "no values on either side",
		verdict.ReasonNoLogScores:   "not judged: the log has no scores",
		verdict.ReasonNoRefScores:   "not judged: the reference has no scores; score it with the model on rows it was not trained on",
		verdict.ReasonNoRefValues:   "no values in the reference",
		verdict.ReasonInSample:      "not judged: the reference holds the scores of the model's own training rows, which it scores too well; score held-out rows for the reference",
		verdict.ReasonNotComparable: "cannot be compared: it holds neither numbers nor categories on both sides",
		verdict.ReasonOneSided:      "cannot be compared: holds numbers on one side only",
		verdict.ReasonGridCounters:  "cannot be compared: its counters do not fit its grid",
		verdict.ReasonOtherGrid:     "cannot be compared: the two sides are counted on different grids",
		verdict.ReasonOffGrid:       "cannot be compared: its bins are no edges of its grid",
		verdict.ReasonCounters:      "cannot be compared: its counters do not add up",
	}[reason])
}

func FewForPSI(f *verdict.Finding) string {
	return Named(f, fmt.Sprintf("too few rows to judge (%d against %d): a PSI below %s would go unseen", f.NCur, f.NRef, words.PSI(f.MDE)))
}

func Unchanged(f *verdict.Finding) string {
	return Named(f, "unchanged; PSI "+words.PSI(f.Effect))
}

func TooSmall(f *verdict.Finding) string {
	return Named(f, fmt.Sprintf("differs, but by too little to matter; PSI %s, p %s", words.PSI(f.Effect), words.Number(f.P)))
}

func ByChance(f *verdict.Finding) string {
	return Named(f, fmt.Sprintf("differs by PSI %s, no more than chance explains; p %s", words.PSI(f.Effect), words.Number(f.P)))
}

func Steady(f *verdict.Finding) string {
	return Named(f, fmt.Sprintf("steady; PSI %s, p %s", words.PSI(f.Effect), words.Number(f.P)))
}

// Shift says where numbers went, by the shift's reason.
func Shift(f *verdict.Finding, s *distribution.Shift) string {
	what := map[string]func(*distribution.Shift) string{
		verdict.ReasonWider: wider, verdict.ReasonNarrower: narrower, verdict.ReasonQuantile: quantile, verdict.ReasonShape: shape,
	}[s.Reason](s)
	return Named(f, fmt.Sprintf("%s; PSI %s, KS %s", what, words.PSI(f.Effect), words.Number(f.Statistic)))
}

func wider(s *distribution.Shift) string { return "spreads wider: " + halves(s) }

func narrower(s *distribution.Shift) string { return "gathers closer: " + halves(s) }

func halves(s *distribution.Shift) string {
	return fmt.Sprintf("the middle half was %s to %s, is %s to %s",
		words.Number(s.Halves[0][0]), words.Number(s.Halves[0][1]), words.Number(s.Halves[1][0]), words.Number(s.Halves[1][1]))
}

func quantile(s *distribution.Shift) string {
	quantile := map[float64]string{0.5: "median", 0.25: "lower quartile", 0.75: "upper quartile", 0.05: "5th percentile", 0.95: "95th percentile"}[s.Quantile]
	from, to := words.Numbers(s.From, s.To)
	sigmas := ""
	if math.Abs(s.Sigmas) >= 0.05 && !math.IsInf(s.Sigmas, 0) {
		sigmas = fmt.Sprintf(" (%s σ)", words.Signed(math.Round(s.Sigmas*10)/10))
	}
	return fmt.Sprintf("%s %s from %s to %s%s", quantile, roseOrFell(s.Rose), from, to, sigmas)
}

func shape(*distribution.Shift) string { return "its distribution changed" }

// Categories names the categories that explain most of the PSI.
func Categories(f *verdict.Finding, m *distribution.Mix) string {
	psi := words.PSI(f.Effect)
	var what string
	switch len(m.Leading) {
	case 0:
		return Named(f, "its categories changed; PSI "+psi)
	case 1:
		what = categoryShift(f, m.Leading[0])
	default:
		what = categoryShift(f, m.Leading[0]) + ", " + categoryShift(f, m.Leading[1])
	}
	if m.Classes == 2 {
		return Named(f, what+"; PSI "+psi)
	}
	explain := "explains"
	if len(m.Leading) > 1 {
		explain = "they explain"
	}
	return Named(f, fmt.Sprintf("%s; PSI %s, %s %s of it", what, psi, explain, words.Percent(m.Explained)))
}

func categoryShift(f *verdict.Finding, b bins.Bin) string {
	before, after := bins.Share(b.Ref, f.NRef), bins.Share(b.Cur, f.NCur)
	s, t := words.Percents(before, after)
	what, is := words.Name(b.Name), "is"
	if b.Kind == verdict.BinRare {
		what, is = "rare values", "are"
	}
	switch {
	case before == 0:
		return fmt.Sprintf("%s came in at %s", what, t)
	case after == 0:
		return fmt.Sprintf("%s %s gone, from %s", what, is, s)
	}
	return fmt.Sprintf("%s %s from %s to %s", what, roseOrFell(after > before), s, t)
}

func ByEvidently(e evidently.Result) string {
	what := "p"
	if e.Distance {
		what = "distance"
	}
	score := words.Number(e.Score)
	if math.IsNaN(e.Score) {
		score = "undefined"
	}
	limit := e.Relation + " " + words.Number(e.Threshold)
	s := fmt.Sprintf("steady by %s (%s %s, drift %s)", e.Test, what, score, limit)
	if e.Drifted {
		s = fmt.Sprintf("drifted by %s (%s %s %s)", e.Test, what, score, limit)
	}
	if e.Counted != e.Drifted {
		s += "; Evidently's count of drifted columns takes infinities in and has it as " + map[bool]string{true: "drifted", false: "steady"}[e.Counted]
	}
	return s
}

// EvidentlyUnjudged says why Evidently's verdict on a column is not given.
func EvidentlyUnjudged(f *verdict.Finding, reason string, e evidently.Result) string {
	switch reason {
	case verdict.ReasonText:
		return Named(f, "text: Evidently trains a classifier on it, which is not reproduced")
	case verdict.ReasonTextLike:
		return Named(f, fmt.Sprintf("%d of %d values are distinct: Evidently takes it for text, which is not reproduced", e.Distinct, f.NCur))
	case verdict.ReasonTooMany:
		return Named(f, "holds too many distinct values to keep them all, which Evidently's scores are made of; a plan made with exact: true in monitor.yaml keeps 65,536")
	case verdict.ReasonMixed:
		return Named(f, "holds words among its numbers: pandas reads all of it as words")
	case verdict.ReasonMixedRef:
		return Named(f, "holds words among its numbers in the reference: pandas reads all of it as words")
	case verdict.ReasonTruthGaps:
		return Named(f, "truth values, some missing: Evidently knows no type for them and leaves them out")
	case verdict.ReasonNoNumbers:
		return Named(f, "monitor.yaml has it as num for Evidently, but it holds no numbers")
	case verdict.ReasonOtherType:
		return Named(f, fmt.Sprintf("Evidently's %s is for %s columns only", e.Test, e.Kinds))
	case verdict.ReasonTestFails:
		return Named(f, fmt.Sprintf("Evidently's %s fails: %v", e.Test, e.Err))
	}
	return Unjudged(f, reason)
}
