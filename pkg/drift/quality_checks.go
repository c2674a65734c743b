package drift

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/drift/quality"
	"github.com/leadsman/leadsman/pkg/drift/say"
	"github.com/leadsman/leadsman/pkg/drift/segments"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// soundness is what the table of thresholds says of each check that asks by a test
// whether the data is sound.
var soundness = []struct{ check, effect, meaning string }{
	{verdict.CheckMissing, "change of the share of rows, either way", "values are missing more often or less often than in the reference"},
	{verdict.CheckNonfinite, "rise of the share of rows", "values are NaN or infinite"},
	{verdict.CheckType, "rise of the share of rows", "values are of another type than the column's"},
	{verdict.CheckUnseen, "share of rows, less what a sample of the reference's size foretells", "categories that the reference lacks"},
	{verdict.CheckRange, "share of values, less what a sample of the reference's size foretells", "values outside the reference's range"},
	{verdict.CheckConstant, "share of the reference's rows with other values", "one value in all rows"},
	{verdict.CheckResent, "share of rows, less what chance gives so many", "whole lines that were logged before"},
}

// qualityChecks asks of a column's rows what the wing found out.
func qualityChecks(subject string, as aspect, r quality.Result, by policy.Policy) []*check {
	if r.Vanished {
		return []*check{ruleCheck(subject, as, verdict.CheckVanished, verdict.Alert, by, r.NRef, r.NCur, verdict.ReasonGone, say.Gone(subject, as.role, r.Unread))}
	}
	var out []*check
	add := func(asked string, e policy.Evidence, say func(f *verdict.Finding) (reason, sentence string)) *check {
		c := qualityCheck(subject, as, asked, e, say)
		out = append(out, c)
		return c
	}
	for _, rate := range []struct {
		asked string
		*quality.Rate
	}{{verdict.CheckMissing, r.Missing}, {verdict.CheckType, r.Type}, {verdict.CheckNonfinite, r.Nonfinite}} {
		if rate.Rate != nil {
			c := add(rate.asked, rate.Evidence, func(f *verdict.Finding) (string, string) { return explainRate(f, rate.Rate) })
			c.bothWays = rate.asked == verdict.CheckMissing
		}
	}
	if r.Range != nil {
		add(verdict.CheckRange, r.Range.Evidence, func(f *verdict.Finding) (string, string) { return explainRange(f, r.Range) })
	}
	if r.Unseen != nil {
		add(verdict.CheckUnseen, r.Unseen.Evidence, func(f *verdict.Finding) (string, string) { return explainUnseen(f, r.Unseen) })
	}
	if r.Constant != nil {
		add(verdict.CheckConstant, r.Constant.Evidence, func(f *verdict.Finding) (string, string) { return explainConstant(f, r.Constant) })
	}
	return out
}

// repeatsChecks ask whether the inputs of rows repeat, and, where whole lines do,
// whether they were logged again.
func repeatsChecks(inputs, lines *quality.Duplicates) []*check {
	var out []*check
	if inputs != nil {
		c := repeatsCheck(verdict.CheckDuplicates, inputs, explainDuplicates)
		c.family = policy.NoFamily // told, and of no level
		out = append(out, c)
	}
	if lines != nil {
		out = append(out, repeatsCheck(verdict.CheckResent, lines, explainResent))
	}
	return out
}

func repeatsCheck(asked string, d *quality.Duplicates, explain func(f *verdict.Finding, d *quality.Duplicates) (reason, sentence string)) *check {
	as := aspect{role: verdict.RoleRun, source: verdict.SubjectRows}
	c := qualityCheck(verdict.SubjectRows, as, asked, d.Evidence, func(f *verdict.Finding) (string, string) {
		return explain(f, d)
	})
	c.LookedAt, c.Of = d.Looked, int64(math.Max(0, math.Min(math.Round(d.Of), float64(d.NCur))))
	return c
}

func qualityCheck(subject string, as aspect, asked string, e policy.Evidence, say func(f *verdict.Finding) (reason, sentence string)) *check {
	c := newCheck(subject, as.role, as.kind, asked)
	c.source, c.family, c.floors, c.EffectUnit = as.source, policy.QualityFamily, policy.PointFloors, "points"
	c.setEvidence(e)
	c.say = say
	return c
}

// ruleCheck is a finding whose level is not a test's.
func ruleCheck(subject string, as aspect, asked, level string, by policy.Policy, nRef, nCur int64, reason, sentence string) *check {
	c := newCheck(subject, as.role, as.kind, asked)
	c.source, c.ruleLevel, c.NRef, c.NCur = as.source, level, nRef, nCur
	c.Test, c.ThresholdSource = "rule", by.String()+" policy"
	c.say = func(*verdict.Finding) (string, string) { return reason, sentence }
	return c
}

// Of the columns that the reference lacks those are named that k rows have, the
// caps.NewColumns that most have. Who can write into the log can invent fields, so one
// warns only from the share warnNewColumn of the rows on, as a release would have it.
const warnNewColumn = 0.05

// newColumns are the findings of the columns that the reference lacks: one each of
// those that are named, and one of all others.
func newColumns(columns []segments.Column, by policy.Policy, k int64) []*check {
	columns = slices.Clone(columns)
	slices.SortStableFunc(columns, func(a, b segments.Column) int { return cmp.Compare(b.Held, a.Held) })
	var out []*check
	var others, rows int64
	for _, c := range columns {
		as := aspect{role: c.Role, kind: c.Kind, source: c.Name}
		rows = c.NCur
		switch {
		case c.Held < k || len(out) == caps.NewColumns.N:
			others++
		case float64(c.Held) < warnNewColumn*float64(c.NCur):
			out = append(out, ruleCheck(c.Name, as, verdict.CheckNew, verdict.OK, by, 0, c.NCur, verdict.ReasonNewColumn, say.RareNewColumn(c.Name, warnNewColumn)))
		default:
			out = append(out, ruleCheck(c.Name, as, verdict.CheckNew, verdict.Warn, by, 0, c.NCur, verdict.ReasonNewColumn, say.NewColumn(c.Name)))
		}
	}
	if others > 0 {
		as := aspect{role: verdict.RoleRun, source: verdict.SubjectNewColumns}
		out = append(out, ruleCheck(verdict.SubjectNewColumns, as, verdict.CheckNew, verdict.OK, by, 0, rows, verdict.ReasonNewColumns, say.NewColumns(others, len(out) > 0)))
	}
	return out
}

// outcomeTaken is the finding of a column that is taken for the reference's
// outcome.
func outcomeTaken(c segments.Column, as aspect, by policy.Policy) *check {
	return ruleCheck(c.Name, as, verdict.CheckVanished, verdict.OK, by, c.NRef, c.NCur, verdict.ReasonOutcome, say.Outcome(c.Name))
}

// explainRate gives the reason of a share of rows that is missing, not finite or
// of another type, with its sentence.
func explainRate(f *verdict.Finding, r *quality.Rate) (reason, sentence string) {
	switch {
	case r.Unjudged == verdict.ReasonDependent:
		return r.Unjudged, say.Dependent(f)
	case r.Unjudged == verdict.ReasonNoRows:
		return r.Unjudged, say.NoRows(f, f.Check)
	case r.Unjudged != "":
		return r.Unjudged, say.Counters(f, f.Check)
	case r.RefHits == 0 && r.CurHits == 0:
		return verdict.ReasonNever, say.Never(f)
	}
	switch {
	case r.CurHits == f.NCur && r.RefHits == f.NRef:
		reason, sentence = verdict.ReasonAllRowsAsRef, say.AllRowsAsRef(f)
	case r.CurHits == f.NCur:
		reason, sentence = verdict.ReasonAllRows, say.AllRows(f, r)
	case f.Level == verdict.Insufficient:
		reason, sentence = verdict.ReasonFewRows, say.ShareSteady(f, r)+say.FewForPoints(f)
	case f.Level == verdict.OK:
		reason, sentence = verdict.ReasonShareSteady, say.ShareSteady(f, r)
	case r.Effect > 0:
		reason, sentence = verdict.ReasonShareRose, say.ShareMoved(f, r)
	default:
		reason, sentence = verdict.ReasonShareFell, say.ShareMoved(f, r)
	}
	return reason, sentence + say.Mistyped(r)
}

func explainRange(f *verdict.Finding, r *quality.Range) (reason, sentence string) {
	switch {
	case r.Unjudged == verdict.ReasonDependent:
		return r.Unjudged, say.Dependent(f)
	case r.Unjudged != "":
		return r.Unjudged, say.Counters(f, "range")
	case r.Certain:
		return verdict.ReasonInside, say.Inside(f)
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, say.Outside(f, r) + say.FewForPoints(f)
	}
	return verdict.ReasonOutside, say.Outside(f, r)
}

func explainUnseen(f *verdict.Finding, r *quality.Unseen) (reason, sentence string) {
	switch {
	case r.Unjudged == verdict.ReasonDependent:
		return r.Unjudged, say.Dependent(f)
	case r.Unjudged != "":
		return r.Unjudged, say.Counters(f, "unseen categories")
	case r.Certain:
		return verdict.ReasonNoneUnseen, say.NoneUnseen(f)
	case f.Level == verdict.Insufficient:
		return verdict.ReasonFewRows, say.Unseen(f, r) + say.FewForPoints(f)
	}
	return verdict.ReasonUnseen, say.Unseen(f, r)
}

func explainConstant(f *verdict.Finding, r *quality.Constant) (reason, sentence string) {
	switch {
	case r.Unjudged == verdict.ReasonDependent:
		return r.Unjudged, say.Dependent(f)
	case r.Unjudged != "":
		return r.Unjudged, say.Counters(f, "constant")
	case r.Certain:
		return verdict.ReasonOneValueRef, say.OneValueRef(f)
	}
	return verdict.ReasonOneValue, say.OneValue(f, r)
}

func explainDuplicates(f *verdict.Finding, d *quality.Duplicates) (reason, sentence string) {
	switch {
	case d.Unjudged == verdict.ReasonNoRefRows:
		return d.Unjudged, say.NoRefRows(f, d)
	case d.Unjudged != "":
		return d.Unjudged, say.Counters(f, "duplicates")
	case d.Share == 0:
		return verdict.ReasonNoRepeats, say.NoRepeats(d)
	}
	return verdict.ReasonRepeats, say.Repeats(d)
}

func explainResent(f *verdict.Finding, d *quality.Duplicates) (reason, sentence string) {
	switch {
	case d.Unjudged == verdict.ReasonNoRefRows:
		return d.Unjudged, say.Resent(d) + "; the reference has no rows to compare with"
	case d.Unjudged != "":
		return d.Unjudged, say.Counters(f, f.Check)
	}
	return verdict.ReasonResent, say.Resent(d)
}
