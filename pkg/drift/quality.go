package drift

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
	"gonum.org/v1/gonum/mathext"

	"github.com/leadsman/leadsman/pkg/profile/view"
)

// quality checks what a column's rows are worth, apart from how its values are
// distributed.
func (r *run) quality(ref, cur *view.Column, as aspect) {
	if cur.Vanished && cur.Rows > 0 {
		c := r.rule(cur.Name, as, verdict.CheckVanished, verdict.Alert)
		c.NRef, c.NCur = ref.Rows, cur.Rows
		c.Sentence = words.Name(cur.Name) + ": in the reference, but in no row of the judged period"
		return
	}
	if as.role == verdict.RoleScore && ref.Values() <= 0 {
		return // a reference is not worse for having no scores; their distribution says so
	}
	lost := r.rate(ref, cur, as, verdict.CheckMissing, ref.Missing, cur.Missing)
	r.mistyped(ref, cur, as, lost)
	if ref.NaN+ref.PosInf+ref.NegInf+cur.NaN+cur.PosInf+cur.NegInf > 0 {
		r.rate(ref, cur, as, verdict.CheckNonfinite, ref.NaN+ref.PosInf+ref.NegInf, cur.NaN+cur.PosInf+cur.NegInf)
	}
	r.values(ref, cur, as)
}

// mistyped checks the share of values of another type than the column's. What
// was taken as null when the log was read is known of the whole log only; it is
// among the missing values, whose check says so.
func (r *run) mistyped(ref, cur *view.Column, as aspect, lost *check) {
	if ref.Rejected+cur.Rejected <= 0 {
		if ref.TypeErrors+cur.TypeErrors > 0 {
			r.rate(ref, cur, as, verdict.CheckType, ref.TypeErrors, cur.TypeErrors)
		}
		return
	}
	whole := func(c *view.Column, read int64) (*view.Column, int64) {
		all := *c
		all.Rows = max(read, c.Rows)
		return &all, min(all.Rows, c.TypeErrors+c.Rejected)
	}
	before, refHits := whole(ref, r.ref.Read)
	after, curHits := whole(cur, r.cur.Read)
	r.rate(before, after, as, verdict.CheckType, refHits, curHits)
	if say := lost.say; say != nil && cur.Rejected > 0 && cur.Rejected <= cur.Missing && r.cur.Read <= cur.Rows {
		lost.say = func(f *verdict.Finding) string {
			return say(f) + fmt.Sprintf("; %s of them were values of another type", words.Percent(bins.Share(cur.Rejected, cur.Missing)))
		}
	}
}

// values checks what only a column with values on both sides can fail.
func (r *run) values(ref, cur *view.Column, as aspect) {
	if ref.Values() <= 0 || cur.Values() <= 0 || ref.InSample {
		return
	}
	if ref.Number != nil && bins.GridFault(ref.Number, cur.Number) == "" && len(ref.Number.Edges) > 0 {
		r.outOfRange(ref, cur, as)
		if same, alike := sameNumber(ref.Number, cur.Number); same {
			r.constant(ref, cur, as, alike)
		}
	}
	if ref.Category != nil && cur.Category != nil {
		r.unseen(ref, cur, as)
		if same, alike := sameCategory(ref.Category, cur.Category); same {
			r.constant(ref, cur, as, alike)
		}
	}
}

func (r *run) check(subject string, as aspect, asked string) *check {
	c := newCheck(subject, as.role, as.kind, asked)
	c.source, c.family, c.floors = as.source, policy.QualityFamily, policy.PointFloors
	c.EffectUnit = "points"
	r.checks = append(r.checks, c)
	return c
}

// rule adds a finding whose level is not a test's.
func (r *run) rule(subject string, as aspect, asked, level string) *check {
	c := r.check(subject, as, asked)
	c.family, c.fixed, c.EffectUnit = policy.NoFamily, level, ""
	c.Test, c.ThresholdSource = "rule", r.options.Policy.String()+" policy"
	return c
}

// proportions tests two shares, exactly where an expected count is small.
func proportions(refHits, n, curHits, m int64) (test string, statistic, p float64, err error) {
	least := float64(min(refHits+curHits, n+m-refHits-curHits)) * float64(min(n, m)) / float64(n+m)
	if least < policy.Sparse {
		f, err := stats.FisherExact(refHits, n-refHits, curHits, m-curHits)
		return "fisher", f.OddsRatio, f.P, err
	}
	z, err := stats.TwoProportions(refHits, n, curHits, m)
	return "two proportions", z.Z, z.P, err
}

// detectablePoints returns a check's smallest detectable difference of shares,
// in points.
func detectablePoints(expected float64, n, m int64) func(alpha float64) float64 {
	return func(alpha float64) float64 {
		d, err := stats.DetectableProportion(math.Max(0, math.Min(1, expected)), n, m, alpha, policy.Power)
		if err != nil {
			return math.NaN()
		}
		return 100 * d
	}
}

// rate compares the share of rows that are missing, not finite, or of the wrong
// type, and returns its check.
func (r *run) rate(ref, cur *view.Column, as aspect, asked string, refHits, curHits int64) *check {
	c := r.check(cur.Name, as, asked)
	c.bothWays = asked == verdict.CheckMissing
	c.NRef, c.NCur = ref.Rows, cur.Rows
	switch {
	case c.NRef <= 0:
		c.reason = asked + ": no rows in the reference"
		return c
	case c.NCur <= 0:
		c.reason = asked + ": no rows in the judged period"
		return c
	}
	before, after := bins.Share(refHits, c.NRef), bins.Share(curHits, c.NCur)
	c.Effect = 100 * (after - before)
	switch {
	case after > before:
		c.Direction = verdict.Up
	case after < before:
		c.Direction = verdict.Down
	}
	what := map[string]string{verdict.CheckMissing: "missing", verdict.CheckNonfinite: "NaN or infinite", verdict.CheckType: "of the wrong type"}[asked]
	if refHits == 0 && curHits == 0 {
		// Certain to pass, whatever the rest does: no member of the family.
		c.Test, c.fixed = "two proportions", verdict.OK
		c.say = func(f *verdict.Finding) string { return fmt.Sprintf("%s: never %s", words.Name(f.Subject), what) }
		return c
	}
	test, statistic, p, err := proportions(refHits, c.NRef, curHits, c.NCur)
	if err != nil {
		c.reason = asked + ": its counters do not add up"
		return c
	}
	c.Test, c.Statistic, c.P = test, statistic, p
	c.mde = detectablePoints(before, c.NRef, c.NCur)
	c.say = func(f *verdict.Finding) string {
		s, t := words.Percents(before, after)
		switch {
		case curHits == f.NCur && refHits == f.NRef:
			return fmt.Sprintf("%s: all rows are %s, as in the reference", words.Name(f.Subject), what)
		case curHits == f.NCur:
			return fmt.Sprintf("%s: all rows are %s; in the reference %s were", words.Name(f.Subject), what, s)
		case f.Level == verdict.Insufficient || f.Level == verdict.OK:
			return fmt.Sprintf("%s: %s in %s of rows, %s in the reference", words.Name(f.Subject), what, t, s) + doubt(f)
		}
		return fmt.Sprintf("%s: rows %s %s from %s to %s", words.Name(f.Subject), what, verb(after > before), s, t)
	}
	return c
}

// doubt ends the sentence of a finding that could not be judged.
func doubt(f *verdict.Finding) string {
	if f.Level != verdict.Insufficient {
		return ""
	}
	return fmt.Sprintf("; too few rows to tell a difference below %s points", words.Number(math.Round(f.MDE)))
}

// unseen compares the share of rows with a category that the reference lacks
// against what Good and Turing foretell.
func (r *run) unseen(ref, cur *view.Column, as aspect) {
	c := r.check(cur.Name, as, verdict.CheckUnseen)
	c.NRef, c.NCur = ref.Values(), cur.Values()
	var once, twice int64
	for _, n := range ref.Category.Counts {
		switch n {
		case 1:
			once++
		case 2:
			twice++
		}
	}
	total := cur.Category.UnseenTotal
	u, err := stats.Unseen(once, twice, c.NRef, total, c.NCur)
	if err != nil {
		c.reason = "unseen categories: its counters do not add up"
		return
	}
	c.Test, c.Statistic = "good-turing", u.Z
	c.P, c.Effect = u.P, 100*(u.Share-u.Expected)
	if total == 0 {
		c.fixed = verdict.OK
		c.say = func(f *verdict.Finding) string {
			return words.Name(f.Subject) + ": no category that the reference lacks"
		}
		return
	}
	c.Direction = verdict.Up
	c.mde = detectablePoints(u.Expected, c.NRef, c.NCur)
	var names []string
	for _, v := range cur.Category.Unseen {
		if v.Count >= r.options.K && v.Count <= total {
			names = append(names, fmt.Sprintf("%s (%s)", words.Name(v.Name), words.Percent(bins.Share(v.Count, c.NCur))))
		}
	}
	c.say = func(f *verdict.Finding) string {
		s := fmt.Sprintf("%s: %s of rows hold categories that the reference lacks", words.Name(f.Subject), words.Percent(u.Share))
		if len(names) > 0 {
			s += ": " + words.List(names)
		}
		return s + fmt.Sprintf("; %s was to be expected", words.Percent(u.Expected)) + doubt(f)
	}
}

// outOfRange compares how many values lie outside the reference's range with
// how many a fresh sample would have there.
func (r *run) outOfRange(ref, cur *view.Column, as aspect) {
	c := r.check(cur.Name, as, verdict.CheckRange)
	c.NRef, c.NCur = ref.Values(), cur.Values()
	open := cur.Number.Open
	below, above := open[0], open[len(open)-1]
	o, err := stats.OutOfRange(c.NRef, below+above, c.NCur)
	if err != nil {
		c.reason = "range: its counters do not add up"
		return
	}
	expected := o.Expected / float64(c.NCur)
	outside := bins.Share(below+above, c.NCur)
	c.Test, c.Statistic = "beta-binomial", float64(below+above)
	c.P, c.Effect = o.P, 100*(outside-expected)
	if below+above == 0 {
		c.fixed = verdict.OK
		c.say = func(f *verdict.Finding) string {
			return words.Name(f.Subject) + ": all values within the reference's range"
		}
		return
	}
	c.mde = detectablePoints(expected, c.NRef, c.NCur)
	c.Direction = verdict.Changed
	low := words.Percent(bins.Share(below, c.NCur))
	side := fmt.Sprintf("%s below, the rest above", low)
	switch {
	case above == 0:
		c.Direction, side = verdict.Down, "all below"
	case below == 0:
		c.Direction, side = verdict.Up, "all above"
	}
	c.say = func(f *verdict.Finding) string {
		return fmt.Sprintf("%s: %s of values lie outside the reference's range (%s); %s was to be expected",
			words.Name(f.Subject), words.Percent(outside), side, words.Percent(expected)) + doubt(f)
	}
}

// sameNumber reports whether all current values are one, and how many reference
// rows hold it.
func sameNumber(ref, cur *view.Number) (same bool, alike int64) {
	if !(cur.Min == cur.Max) {
		return false, 0
	}
	for i, e := range ref.Edges {
		if e == cur.Min {
			return true, ref.At[i]
		}
	}
	return true, 0
}

// sameCategory is sameNumber for categories.
func sameCategory(ref, cur *view.Category) (same bool, alike int64) {
	held, value := 0, ""
	for i, s := range cur.Names {
		if bins.At(cur.Counts, i) > 0 {
			held++
			value = s
		}
	}
	if cur.UnseenTotal > 0 {
		if cur.UnseenDistinct != 1 || len(cur.Unseen) != 1 {
			return false, 0
		}
		held++
		value = cur.Unseen[0].Name
	}
	if held != 1 {
		return false, 0
	}
	for i, s := range ref.Names {
		if s == value {
			alike += bins.At(ref.Counts, i)
		}
	}
	return true, alike
}

// constant judges a column with one value: the probability that all rows would
// agree on it by chance, given how many reference rows hold it.
func (r *run) constant(ref, cur *view.Column, as aspect, alike int64) {
	c := r.check(cur.Name, as, verdict.CheckConstant)
	c.NRef, c.NCur = ref.Values(), cur.Values()
	c.Test = "beta-binomial"
	c.Effect = 100 * (1 - bins.Share(alike, c.NRef))
	c.Statistic = bins.Share(alike, c.NRef)
	if alike >= c.NRef {
		c.fixed = verdict.OK
		c.say = func(f *verdict.Finding) string { return words.Name(f.Subject) + ": one value only, the reference's" }
		return
	}
	p, err := stats.BetaBinomialTail(c.NCur, c.NCur, float64(alike+1), float64(c.NRef-alike+1))
	if err != nil {
		c.reason = "constant: its counters do not add up"
		return
	}
	c.P = p
	c.say = func(f *verdict.Finding) string {
		return fmt.Sprintf("%s: all %s hold one value; in the reference %s do", words.Name(f.Subject), words.Count(f.NCur, "row", "rows"), words.Percent(bins.Share(alike, f.NRef)))
	}
}

// duplicates compares how often a whole row comes again. By chance alone the
// number of equal pairs grows with the rows sampled times the rows they are
// sampled from, so given all duplicates of both sides, those of the judged
// period are binomial. That is approximate, and conservative where rows of few
// categories repeat anyway.
func (r *run) duplicates(ref, cur *view.View) {
	if cur.SampleRows <= 0 {
		return
	}
	c := r.check(verdict.SubjectRows, aspect{role: verdict.RoleRun, source: verdict.SubjectRows}, verdict.CheckDuplicates)
	c.NRef, c.NCur = ref.SampleRows, cur.SampleRows
	after := bins.Share(cur.Duplicates, cur.SampleRows)
	c.Test, c.Statistic = "binomial", after
	if cur.Duplicates <= 0 {
		c.P, c.Effect, c.fixed = 1, 0, verdict.OK
		c.say = func(f *verdict.Finding) string { return "no row came twice" }
		return
	}
	if ref.SampleRows <= 0 {
		c.reason = fmt.Sprintf("%s of rows came before; the reference keeps no rows to compare with", words.Percent(after))
		return
	}
	mine := float64(cur.Rows) * float64(cur.SampleRows)
	theirs := float64(ref.Rows) * float64(ref.SampleRows)
	part := mine / (mine + theirs)
	if !(part >= 0 && part <= 1) || ref.Duplicates < 0 {
		c.reason = "duplicates: its counters do not add up"
		return
	}
	// P(K >= k) for K of k + r binomial with probability part.
	p := mathext.RegIncBeta(float64(cur.Duplicates), float64(ref.Duplicates)+1, part)
	expected := math.Min(1, bins.Share(ref.Duplicates, ref.SampleRows)*math.Max(1, float64(cur.Rows)/float64(ref.Rows)))
	c.P, c.Effect, c.Direction = p, 100*(after-expected), verdict.Up
	c.say = func(f *verdict.Finding) string {
		s := fmt.Sprintf("%s of rows came before", words.Percent(after))
		if expected > 0 {
			s += fmt.Sprintf("; %s was to be expected", words.Percent(expected))
		}
		return s
	}
}
