package multiclass

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

const recalibration = "recalibration"

// otherClasses is what the classes are together that are too rare to be tested alone.
const otherClasses = "(other classes)"

// pool says which classes are tested by themselves: those of which ten outcomes are to be
// expected among the judged rows, and the reference has ten. All others are one, the
// last. to[c] is the new place of class c.
func (e *evaluation) pool(cur []row) (to []int, names []string) {
	expected := expect(cur, e.by.chances(cur), e.k).share
	n := count(cur)
	known := counts(e.ref.apart, e.k)
	to = make([]int, e.k)
	var rare []string
	for c := range e.k {
		if expected[c]*n < outcome.Fewest || known[c] < outcome.Fewest {
			to[c], rare = -1, append(rare, e.Classes[c])
			continue
		}
		to[c] = len(names)
		names = append(names, e.Classes[c])
	}
	e.pooled = ""
	if len(rare) == 0 {
		return to, names
	}
	other := rare[0]
	if len(rare) > 1 {
		other = otherClasses
		e.pooled = fmt.Sprintf("%s are tested together, since fewer than %d outcomes of each are to be expected or known", words.List(rare), outcome.Fewest)
	}
	for c := range to {
		if to[c] < 0 {
			to[c] = len(names)
		}
	}
	return to, append(names, other)
}

// compared are the figures that are held against the reference's: over all classes, and
// of each class against all others. All are members of one family of tests, which share
// its α. The evidence is that of one row of each entity, of both sides.
func (e *evaluation) compared(now sample) []outcome.Comparison {
	to, names := e.pool(now.apart)
	k := len(names)
	fold := func(s sample) sample {
		return sample{pooled(s.rows, to, k), pooled(s.apart, to, k), s.spread}
	}
	was, is := fold(e.ref), fold(now)
	by := learn(was.rows, k)
	expected := expect(is.rows, by.chances(is.rows), k)
	type name struct {
		metric string
		class  int
	}
	named := func(rows []row) map[name]figure {
		out := map[name]figure{}
		for _, f := range figures(rows, k) {
			out[name{f.metric, f.class}] = f
		}
		return out
	}
	before, after := named(was.rows), named(is.rows)
	beforeApart, afterApart := named(was.apart), named(is.apart)
	known, come := counts(was.apart, k), counts(is.apart, k)
	few := func(class int) string {
		if class >= 0 && (known[class] < outcome.Fewest || math.Max(expected.share[class]*count(is.apart), come[class]) < outcome.Fewest) || k < 2 {
			return verdict.ReasonTooFewRows
		}
		return ""
	}
	var out []outcome.Comparison
	add := func(metric string, class int) {
		a, b := before[name{metric, class}], after[name{metric, class}]
		if a.metric == "" || b.metric == "" {
			return
		}
		c := outcome.Comparison{Metric: metric, NRef: int64(a.n), N: int64(b.n), Ref: a.value, Cur: b.value, Expected: math.NaN(), SE: math.NaN(), Statistic: math.NaN(), P: math.NaN(), Unjudged: few(class)}
		a, b = beforeApart[name{metric, class}], afterApart[name{metric, class}]
		c.Independent = [2]int64{int64(a.n), int64(b.n)}
		switch {
		case class < 0:
			c.Expected = expected.means[metric]
		case metric == auc:
			c.Class, c.Expected = names[class], expected.areas[class]
		default:
			c.Class, c.Expected = names[class], expected.share[class]
		}
		if metric == accuracy || metric == share {
			c.ByShares(a.value, int64(a.n), b.value, int64(b.n))
		} else {
			c.ByError(b.value-a.value, math.Hypot(a.se, b.se))
		}
		if math.IsNaN(c.P) && c.Unjudged == "" {
			c.Unjudged = verdict.ReasonTooFewRows
		}
		out = append(out, c)
	}
	for _, metric := range []string{auc, accuracy, logLoss} {
		add(metric, -1)
	}
	for class := range k {
		add(auc, class)
		add(share, class)
	}
	e.concept = false
	for class := range k {
		concept := binary.Recalibration(against(was.apart, class), against(is.apart, class))
		c := outcome.Comparison{Metric: recalibration, Class: names[class], Test: "stratified", NRef: concept.N, N: concept.M, Independent: [2]int64{concept.N, concept.M}, Ref: concept.Expected, Cur: concept.Observed,
			Expected: math.NaN(), SE: math.NaN(), Statistic: concept.X2, P: concept.P, Unjudged: few(class), Concept: concept}
		switch {
		case c.Unjudged != "":
		case concept.Left > outcome.MostLeft:
			c.Unjudged = verdict.ReasonOtherScores
		case math.IsNaN(c.P) || concept.Rarer < outcome.Fewest:
			c.Unjudged = verdict.ReasonTooFewRows
		default:
			e.concept = e.concept || c.P < outcome.Alpha/float64(k)
		}
		out = append(out, c)
	}
	for i := range out {
		out[i].Selected, out[i].Against = e.selected != "", e.against
	}
	return out
}

// FindDrops are those of the mean area over all classes. Outcomes of several classes have
// no share of positives.
func FindDrops(truth *outcome.Truth, _ *view.Column, met *outcome.Met, o outcome.Options) outcome.Drops {
	e := evaluation{Options: o, k: len(o.Classes)}
	e.learn(truth)
	d := outcome.Drops{PositiveRate: outcome.Drop{Reason: "the outcomes are of several classes, which have no one share of positives"}}
	if e.reason != "" {
		d.EstimatedAUC.Reason, d.RealisedAUC.Reason = e.reason, e.reason
		return d
	}
	of := func(rows []row) (f figure) {
		for _, one := range figures(rows, e.k) {
			if one.metric == auc && one.class < 0 {
				f = one
			}
		}
		return f
	}
	ref := of(e.ref.rows)
	rows := e.scored(nil)
	d.EstimatedAUC = outcome.Drop{Reason: "no estimate: some class has no outcome in the reference, or no row has all scores"}
	for _, x := range e.estimates("", rows) {
		if x.Metric == auc && x.Class == "" && ref.metric != "" {
			d.EstimatedAUC = outcome.Drop{Ref: ref.value, Cur: x.Value, Lo: ref.value - x.Hi, Hi: ref.value - x.Lo, NRef: int64(ref.n), N: x.N}
		}
	}
	d.RealisedAUC = outcome.Drop{Reason: "there are no outcomes"}
	if met == nil {
		return d
	}
	p := o.Period(met)
	now := sampled(met.Sample(p.From, p.Until), e.k)
	cur, was, is := of(now.rows), of(e.ref.apart), of(now.apart)
	if d.RealisedAUC.Reason = "some class has no outcome, on one side or on both"; ref.metric != "" && cur.metric != "" && was.metric != "" && is.metric != "" {
		half := outcome.Z95 * math.Hypot(e.ref.spread*was.se, now.spread*is.se)
		d.RealisedAUC = outcome.Drop{Ref: ref.value, Cur: cur.value, Lo: ref.value - cur.value - half, Hi: ref.value - cur.value + half, NRef: int64(ref.n), N: int64(cur.n)}
	}
	return d
}
