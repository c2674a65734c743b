package drift

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// distribution compares what a column holds: number or category, never text.
// It adds the finding, the bins and the distances.
func (r *run) distribution(ref, cur *view.Column, as aspect) {
	c := newCheck(cur.Name, as.role, as.kind, verdict.CheckDistribution)
	c.source, c.family, c.floors = as.source, as.family, policy.PSIFloors
	c.EffectUnit = "PSI"
	c.NRef, c.NCur = ref.Values(), cur.Values()
	r.checks = append(r.checks, c)

	switch {
	case cur.Vanished && cur.Rows > 0:
		c.cannot(verdict.ReasonGone, "no longer in the log")
	case c.NRef <= 0 && c.NCur <= 0:
		c.cannot(verdict.ReasonNoValues, "no values on either side")
	case c.NRef <= 0 && as.role == verdict.RoleScore:
		c.cannot(verdict.ReasonNoRefScores, "not judged: the reference has no scores; score it with the model on rows it was not trained on")
	case c.NRef <= 0:
		c.cannot(verdict.ReasonNoRefValues, "no values in the reference")
	case c.NCur <= 0:
		c.cannot(verdict.ReasonNoValues, "no values in the judged period")
	case ref.InSample:
		c.cannot(verdict.ReasonInSample, "not judged: the reference holds the scores of the model's own training rows, which it scores too well; score held-out rows for the reference")
	}
	switch {
	case r.options.Policy == policy.Evidently:
		r.evidently(c, ref, cur)
	case cur.Number != nil || ref.Number != nil:
		r.numbers(c, ref, cur)
	case cur.Category != nil && ref.Category != nil:
		r.categories(c, ref, cur)
	case c.unjudged == "":
		c.cannot(verdict.ReasonNotComparable, "cannot be compared: it holds neither numbers nor categories on both sides")
	}
}

func (r *run) numbers(c *check, refCol, curCol *view.Column) {
	ref, cur := refCol.Number, curCol.Number
	if fault := bins.GridFault(ref, cur); fault != "" {
		if c.unjudged == "" {
			c.cannot(verdict.ReasonNotComparable, "cannot be compared: "+fault)
		}
		return
	}
	r.numberStatistics(c, refCol, curCol)
	if len(ref.Edges) == 0 {
		if c.unjudged == "" {
			c.cannot(verdict.ReasonNoRefValues, "no values in the reference")
		}
		return
	}
	classes := bins.PoolTails(bins.Numbers(ref, cur), r.options.K)
	if c.unjudged != "" {
		r.addBins(curCol, classes, nil, ref, refCol.Missing)
		return
	}
	refCells, curCells := bins.Cells(ref), bins.Cells(cur)
	ks, err := stats.KSCounts(refCells, curCells)
	if err != nil {
		c.cannot(verdict.ReasonNotComparable, "cannot be compared: its counters do not fit its grid")
		return
	}
	c.Test = "ks"
	if !ref.Exact {
		c.Test = "ks (grid)"
	}
	c.Statistic, c.P = ks.D, ks.P
	// What lies outside the reference does not blunt the KS test.
	within := len(classes)
	for _, b := range classes {
		if b.Kind != verdict.BinInterval {
			within--
		}
	}
	index, _ := r.effect(c, classes, within)
	r.addBins(curCol, classes, index.Terms, ref, refCol.Missing)
	r.distances(c, classes, index, ks.D)
	if w, lo, hi, ok := wasserstein(ref, cur); ok {
		scale := bins.Spread(ref) / 100
		r.statistic(c.Subject, "wasserstein", math.NaN(), bins.Rounded(w, scale), "")
		row := &r.report.Statistics[len(r.report.Statistics)-1]
		row.Lo, row.Hi = bins.Rounded(lo, scale), bins.Rounded(hi, scale)
	}

	up, down := gaps(refCells, curCells)
	switch {
	case up >= 2*down && up > 0:
		c.Direction = verdict.Up
	case down >= 2*up && down > 0:
		c.Direction = verdict.Down
	default:
		c.Direction = verdict.Changed
	}
	c.say = func(f *verdict.Finding) (string, string) {
		if f.Level == verdict.Warn || f.Level == verdict.Alert {
			return "", numberSentence(f, ref, cur, r.options.K)
		}
		return "", quiet(f)
	}
}

// effect sets the check's PSI and the smallest one that could have been seen by a
// test that tells so many classes apart.
func (r *run) effect(c *check, classes []bins.Bin, apart int) (stats.PSIResult, bool) {
	c.mde = func(alpha float64) float64 {
		return r.known.Least(max(2, apart)-1, alpha) * (1/float64(c.NRef) + 1/float64(c.NCur))
	}
	index, ok := bins.PSI(classes)
	switch {
	case !ok:
		c.Effect = 0 // one bin holds all rows of both sides
	case r.options.Policy == policy.Classic:
		c.Effect = index.Raw
	default:
		c.Effect = index.PSI
	}
	return index, ok
}

func (r *run) categories(c *check, refCol, curCol *view.Column) {
	ref, cur := refCol.Category, curCol.Category
	r.categoryStatistics(c, refCol, curCol)
	classes := bins.Categories(ref, cur, r.options.K, r.options.Policy != policy.Classic)
	if c.unjudged != "" {
		r.addBins(curCol, classes, nil, nil, refCol.Missing)
		return
	}
	refCounts, curCounts := bins.Counts(classes)
	x, err := stats.ChiSquared(refCounts, curCounts)
	if err != nil {
		c.cannot(verdict.ReasonNotComparable, "cannot be compared: its counters do not add up")
		return
	}
	c.Test = "chi2"
	c.Statistic, c.P = x.X2, x.P
	c.Direction = verdict.Changed
	index, ok := r.effect(c, classes, len(classes))
	r.addBins(curCol, classes, index.Terms, nil, refCol.Missing)
	if !ok && len(classes) == 1 && classes[0].Kind == verdict.BinRare {
		c.cannot(verdict.ReasonTooRare, fmt.Sprintf("not judged: none of its categories has enough rows among %d and %d", c.NRef, c.NCur))
		c.Statistic, c.P, c.Effect = math.NaN(), math.NaN(), math.NaN()
		return
	}
	r.distances(c, classes, index, math.NaN())
	c.say = func(f *verdict.Finding) (string, string) {
		if f.Level == verdict.Warn || f.Level == verdict.Alert {
			return "", categorySentence(f, classes, index)
		}
		return "", quiet(f)
	}
}

// gaps returns the largest lead of the reference's distribution function over
// the current one's (values went up) and the other way round.
func gaps(ref, cur []int64) (up, down float64) {
	var n, m int64
	for i := range ref {
		n += ref[i]
		m += cur[i]
	}
	if n <= 0 || m <= 0 {
		return 0, 0
	}
	var a, b int64
	for i := range ref {
		a += ref[i]
		b += cur[i]
		gap := float64(a)/float64(n) - float64(b)/float64(m)
		up, down = math.Max(up, gap), math.Max(down, -gap)
	}
	return up, down
}

// quiet is the sentence of a distribution that is not at warn.
func quiet(f *verdict.Finding) string {
	switch {
	case f.Level == verdict.Insufficient:
		return fmt.Sprintf("%s: too few rows to judge (%d against %d): a PSI below %s would go unseen",
			words.Name(f.Subject), f.NCur, f.NRef, words.PSI(f.MDE))
	case f.Statistic == 0:
		return fmt.Sprintf("%s: unchanged; PSI %s", words.Name(f.Subject), words.PSI(f.Effect))
	case f.Q <= f.Alpha:
		return fmt.Sprintf("%s: differs, but by too little to matter; PSI %s, p %s", words.Name(f.Subject), words.PSI(f.Effect), words.Number(f.P))
	case f.Effect >= f.Threshold:
		return fmt.Sprintf("%s: differs by PSI %s, no more than chance explains; p %s", words.Name(f.Subject), words.PSI(f.Effect), words.Number(f.P))
	}
	return fmt.Sprintf("%s: steady; PSI %s, p %s", words.Name(f.Subject), words.PSI(f.Effect), words.Number(f.P))
}

func numberSentence(f *verdict.Finding, ref, cur *view.Number, k int64) string {
	tail := fmt.Sprintf("; PSI %s, KS %s", words.PSI(f.Effect), words.Number(f.Statistic))
	scale := bins.Spread(ref)
	enough := func(q float64) bool {
		return q*float64(min(f.NRef, f.NCur)) >= float64(k)
	}
	if f.Direction == verdict.Changed && enough(0.25) {
		rl, rh := bins.Quantile(ref, 0.25), bins.Quantile(ref, 0.75)
		cl, ch := bins.Quantile(cur, 0.25), bins.Quantile(cur, 0.75)
		shape := ""
		switch {
		case ch-cl > 1.1*(rh-rl):
			shape = "spreads wider"
		case ch-cl < 0.9*(rh-rl):
			shape = "gathers closer"
		}
		if shape != "" {
			return fmt.Sprintf("%s: %s: the middle half was %s to %s, is %s to %s%s", words.Name(f.Subject), shape,
				words.Number(bins.Rounded(rl, scale)), words.Number(bins.Rounded(rh, scale)), words.Number(bins.Rounded(cl, scale)), words.Number(bins.Rounded(ch, scale)), tail)
		}
	}
	// The median, unless it hardly moved and another quantile did.
	worth := 0.2 * (bins.Quantile(ref, 0.75) - bins.Quantile(ref, 0.25))
	var best, moved float64
	word := ""
	for _, q := range []struct {
		at   float64
		word string
	}{{0.5, "median"}, {0.25, "lower quartile"}, {0.75, "upper quartile"}, {0.05, "5th percentile"}, {0.95, "95th percentile"}} {
		if !enough(math.Min(q.at, 1-q.at)) {
			continue
		}
		d := math.Abs(bins.Quantile(cur, q.at) - bins.Quantile(ref, q.at))
		if d > moved {
			best, moved, word = q.at, d, q.word
		}
		if q.at == 0.5 && d > 0 && d >= worth {
			break
		}
	}
	if word == "" {
		return fmt.Sprintf("%s: its distribution changed%s", words.Name(f.Subject), tail)
	}
	from, to := bins.Quantile(ref, best), bins.Quantile(cur, best)
	a, b := words.Numbers(bins.Rounded(from, scale), bins.Rounded(to, scale))
	shift := ""
	if sigmas := (to - from) / ref.Std; math.Abs(sigmas) >= 0.05 && !math.IsInf(sigmas, 0) {
		shift = fmt.Sprintf(" (%s σ)", words.Signed(math.Round(sigmas*10)/10))
	}
	return fmt.Sprintf("%s: %s %s from %s to %s%s%s", words.Name(f.Subject), word, verb(to > from), a, b, shift, tail)
}

// categorySentence names the two bins that explain most of the PSI.
func categorySentence(f *verdict.Finding, classes []bins.Bin, index stats.PSIResult) string {
	first, second := -1, -1
	for i, t := range index.Terms {
		switch {
		case first < 0 || t > index.Terms[first]:
			first, second = i, first
		case second < 0 || t > index.Terms[second]:
			second = i
		}
	}
	if first < 0 {
		return fmt.Sprintf("%s: its categories changed; PSI %s", words.Name(f.Subject), words.PSI(f.Effect))
	}
	say := func(b bins.Bin) string {
		before, after := bins.Share(b.Ref, f.NRef), bins.Share(b.Cur, f.NCur)
		s, t := words.Percents(before, after)
		what, is := words.Name(b.Name), "is"
		if b.Kind == verdict.BinRare {
			what, is = "rare values", "are"
		}
		if before == 0 {
			return fmt.Sprintf("%s came in at %s", what, t)
		}
		if after == 0 {
			return fmt.Sprintf("%s %s gone, from %s", what, is, s)
		}
		return fmt.Sprintf("%s %s from %s to %s", what, verb(after > before), s, t)
	}
	told, part := say(classes[first]), index.Terms[first]
	explain := "explains"
	// A second bin is worth its words when it adds a tenth.
	if second >= 0 && index.Terms[second] >= 0.1*index.Raw {
		told += ", " + say(classes[second])
		part += index.Terms[second]
		explain = "they explain"
	}
	if len(classes) == 2 {
		return fmt.Sprintf("%s: %s; PSI %s", words.Name(f.Subject), told, words.PSI(f.Effect))
	}
	return fmt.Sprintf("%s: %s; PSI %s, %s %s of it", words.Name(f.Subject), told, words.PSI(f.Effect), explain, words.Percent(part/index.Raw))
}
