package drift

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/distribution"
	"github.com/leadsman/leadsman/pkg/drift/evidently"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// named puts the subject's name before what is written of it.
func named(f *verdict.Finding, what string) string { return words.Name(f.Subject) + ": " + what }

// sayUnjudged says why a distribution cannot be judged.
func sayUnjudged(f *verdict.Finding, reason string) string {
	if reason == verdict.ReasonTooRare {
		return named(f, fmt.Sprintf("not judged: none of its categories has enough rows among %d and %d", f.NRef, f.NCur))
	}
	if reason == verdict.ReasonNoValues && f.NRef > 0 {
		return named(f, "no values in the judged period")
	}
	return named(f, map[string]string{
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

func sayFewForPSI(f *verdict.Finding) string {
	return named(f, fmt.Sprintf("too few rows to judge (%d against %d): a PSI below %s would go unseen", f.NCur, f.NRef, words.PSI(f.MDE)))
}

func sayUnchanged(f *verdict.Finding) string {
	return named(f, "unchanged; PSI "+words.PSI(f.Effect))
}

func sayTooSmall(f *verdict.Finding) string {
	return named(f, fmt.Sprintf("differs, but by too little to matter; PSI %s, p %s", words.PSI(f.Effect), words.Number(f.P)))
}

func sayByChance(f *verdict.Finding) string {
	return named(f, fmt.Sprintf("differs by PSI %s, no more than chance explains; p %s", words.PSI(f.Effect), words.Number(f.P)))
}

func saySteady(f *verdict.Finding) string {
	return named(f, fmt.Sprintf("steady; PSI %s, p %s", words.PSI(f.Effect), words.Number(f.P)))
}

// sayShift says where numbers went, by the shift's reason.
func sayShift(f *verdict.Finding, s *distribution.Shift) string {
	what := map[string]func(*distribution.Shift) string{
		verdict.ReasonWider: sayWider, verdict.ReasonNarrower: sayNarrower, verdict.ReasonQuantile: sayQuantile, verdict.ReasonShape: sayShape,
	}[s.Reason](s)
	return named(f, fmt.Sprintf("%s; PSI %s, KS %s", what, words.PSI(f.Effect), words.Number(f.Statistic)))
}

func sayWider(s *distribution.Shift) string { return "spreads wider: " + halves(s) }

func sayNarrower(s *distribution.Shift) string { return "gathers closer: " + halves(s) }

func halves(s *distribution.Shift) string {
	return fmt.Sprintf("the middle half was %s to %s, is %s to %s",
		words.Number(s.Halves[0][0]), words.Number(s.Halves[0][1]), words.Number(s.Halves[1][0]), words.Number(s.Halves[1][1]))
}

func sayQuantile(s *distribution.Shift) string {
	quantile := map[float64]string{0.5: "median", 0.25: "lower quartile", 0.75: "upper quartile", 0.05: "5th percentile", 0.95: "95th percentile"}[s.Quantile]
	from, to := words.Numbers(s.From, s.To)
	sigmas := ""
	if math.Abs(s.Sigmas) >= 0.05 && !math.IsInf(s.Sigmas, 0) {
		sigmas = fmt.Sprintf(" (%s σ)", words.Signed(math.Round(s.Sigmas*10)/10))
	}
	return fmt.Sprintf("%s %s from %s to %s%s", quantile, roseOrFell(s.Rose), from, to, sigmas)
}

func sayShape(*distribution.Shift) string { return "its distribution changed" }

// sayCategories names the categories that explain most of the PSI.
func sayCategories(f *verdict.Finding, m *distribution.Mix) string {
	psi := words.PSI(f.Effect)
	var what string
	switch len(m.Leading) {
	case 0:
		return named(f, "its categories changed; PSI "+psi)
	case 1:
		what = categoryShift(f, m.Leading[0])
	default:
		what = categoryShift(f, m.Leading[0]) + ", " + categoryShift(f, m.Leading[1])
	}
	if m.Classes == 2 {
		return named(f, what+"; PSI "+psi)
	}
	explain := "explains"
	if len(m.Leading) > 1 {
		explain = "they explain"
	}
	return named(f, fmt.Sprintf("%s; PSI %s, %s %s of it", what, psi, explain, words.Percent(m.Explained)))
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

func sayByEvidently(e evidently.Result) string {
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

// sayEvidentlyUnjudged says why Evidently's verdict on a column is not given.
func sayEvidentlyUnjudged(f *verdict.Finding, reason string, e evidently.Result) string {
	switch reason {
	case verdict.ReasonText:
		return named(f, "text: Evidently trains a classifier on it, which is not reproduced")
	case verdict.ReasonTextLike:
		return named(f, fmt.Sprintf("%d of %d values are distinct: Evidently takes it for text, which is not reproduced", e.Distinct, f.NCur))
	case verdict.ReasonTooMany:
		return named(f, "holds too many distinct values to keep them all, which Evidently's scores are made of; a plan made with exact: true in monitor.yaml keeps 65,536")
	case verdict.ReasonMixed:
		return named(f, "holds words among its numbers: pandas reads all of it as words")
	case verdict.ReasonMixedRef:
		return named(f, "holds words among its numbers in the reference: pandas reads all of it as words")
	case verdict.ReasonTruthGaps:
		return named(f, "truth values, some missing: Evidently knows no type for them and leaves them out")
	case verdict.ReasonNoNumbers:
		return named(f, "monitor.yaml has it as num for Evidently, but it holds no numbers")
	case verdict.ReasonOtherType:
		return named(f, fmt.Sprintf("Evidently's %s is for %s columns only", e.Test, e.Kinds))
	case verdict.ReasonTestFails:
		return named(f, fmt.Sprintf("Evidently's %s fails: %v", e.Test, e.Err))
	}
	return sayUnjudged(f, reason)
}
