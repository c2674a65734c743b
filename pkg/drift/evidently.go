package drift

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// EvidentlyOptions are the arguments of Evidently's DataDriftPreset, for the
// policy of that name: which test a column gets, and its threshold. What names a
// column goes before what names a type, and that before All. The preset's
// drift_share is Options.Drifted.Alert.
type EvidentlyOptions struct {
	All     EvidentlyRule              `yaml:"all"`
	Num     EvidentlyRule              `yaml:"num"`
	Cat     EvidentlyRule              `yaml:"cat"`
	Columns map[string]EvidentlyColumn `yaml:"columns"`
}

// EvidentlyRule is a test by Evidently's name for it, empty for the test that
// Evidently would choose, and a threshold, nil for the test's own.
type EvidentlyRule struct {
	Test      string   `yaml:"test"`
	Threshold *float64 `yaml:"threshold"`
}

// EvidentlyColumn is the rule of one column and its type, num or cat; empty is the
// type that Evidently would infer.
type EvidentlyColumn struct {
	EvidentlyRule `yaml:",inline"`
	Type          string `yaml:"type"`
}

// Check says all that is wrong with the options: a test that is unknown, refused or
// not for that type, an unknown type, a threshold that is no number.
func (o EvidentlyOptions) Check() error {
	faults := []error{o.All.check("evidently.all", ""), o.Num.check("evidently.num", "num"), o.Cat.check("evidently.cat", "cat")}
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		c, key := o.Columns[name], "evidently.columns."+name
		if c.Type != "" && c.Type != "num" && c.Type != "cat" {
			faults = append(faults, &optionError{key + ".type", words.NotOneOf(c.Type, []string{"num", "cat"})})
			c.Type = ""
		}
		faults = append(faults, c.check(key, c.Type))
	}
	return errors.Join(faults...)
}

// check says what is wrong with the rule at key, for columns of that type.
func (r EvidentlyRule) check(key, kind string) error {
	var faults []error
	if r.Threshold != nil && math.IsNaN(*r.Threshold) {
		faults = append(faults, &optionError{key + ".threshold", "want a number, got NaN"})
	}
	why, refused := evidentlyRefused[r.Test]
	test := evidentlyTestNamed(r.Test)
	what := ""
	switch {
	case r.Test == "":
	case refused:
		what = r.Test + " is not reproduced: " + why
	case test == nil:
		what = words.NotOneOf(r.Test, EvidentlyTests())
	case !test.takes(kind):
		what = r.Test + " is for " + test.kinds + " columns only"
	}
	if what != "" {
		faults = append(faults, &optionError{key + ".test", what})
	}
	return errors.Join(faults...)
}

// rule returns what holds for a column of that type.
func (o EvidentlyOptions) rule(column, kind string) EvidentlyRule {
	out := o.All
	of := o.Num
	if kind == "cat" {
		of = o.Cat
	}
	for _, r := range []EvidentlyRule{of, o.Columns[column].EvidentlyRule} {
		if r.Test != "" {
			out.Test = r.Test
		}
		if r.Threshold != nil {
			out.Threshold = r.Threshold
		}
	}
	return out
}

// onlyShown takes back the checks of pairs, which Evidently does not look at.
func (r *run) onlyShown(pairs []*check) []*check {
	r.checks = slices.DeleteFunc(r.checks, func(c *check) bool { return c.family == policy.CorrelationFamily })
	return make([]*check, len(pairs))
}

// evidentlyVerdict is what Evidently says of one column.
type evidentlyVerdict struct {
	test      *evidentlyTest
	score     float64 // NaN where Evidently's own is
	statistic float64 // behind a p-value
	threshold float64
	drifted   bool
	reason    string // why there is none
}

// evidently judges a column as Evidently does. The bins, statistics, direction and
// words are those of the other policies.
func (r *run) evidently(c *check, ref, cur *view.Column) {
	c.family, c.floors, c.ThresholdSource = policy.NoFamily, policy.Floors{Warn: math.NaN(), Alert: math.NaN()}, "evidently policy"
	shown := *c
	if cur.Number != nil || ref.Number != nil {
		r.numbers(&shown, ref, cur)
	} else if cur.Category != nil && ref.Category != nil {
		r.categories(&shown, ref, cur)
	}
	if c.unjudged != "" {
		return
	}
	kind, reason := r.options.Evidently.kind(cur)
	if c.Kind == string(view.TextKind) {
		reason = evidentlyText
	}
	switch {
	case reason != "":
	case ref.Number != nil && cur.Number != nil:
		if fault := bins.GridFault(ref.Number, cur.Number); fault != "" {
			reason = "cannot be compared: " + fault
		}
	case ref.Category == nil || cur.Category == nil:
		reason = "cannot be compared: it holds neither numbers nor categories on both sides"
	}
	if reason != "" {
		c.cannot(verdict.ReasonNotComparable, reason)
		return
	}
	v := r.options.Evidently.judge(ref, cur, kind, false)
	// The preset's count of drifted columns keeps the infinities of a side that
	// misses nothing; its scores by column never do.
	counted := v
	if keepsInfinities(ref) || keepsInfinities(cur) {
		counted = r.options.Evidently.judge(ref, cur, kind, true)
	}
	if v.reason == "" {
		v.reason = counted.reason
	}
	if v.reason != "" {
		c.cannot(verdict.ReasonNotComparable, v.reason)
		return
	}
	c.Test, c.Direction = v.test.name, shown.Direction
	rule := r.options.Evidently.rule(cur.Name, kind)
	if rule.Test != "" || rule.Threshold != nil {
		c.ThresholdSource = "monitor.yaml"
	}
	if v.test.distance {
		c.Statistic, c.Effect, c.EffectUnit, c.Threshold = v.score, v.score, "1", v.threshold
	} else {
		c.Statistic, c.P, c.Alpha, c.Effect = v.statistic, v.score, v.threshold, shown.Effect
	}
	// Ranked by PSI, the effect that all columns have.
	c.Reason = verdict.ReasonByEvidently
	c.weight = shown.Effect / policy.PSIFloors.Warn
	c.fixed, c.counted = evidentlyLevel(v.drifted), evidentlyLevel(counted.drifted)
	text := v.text()
	if v.drifted && shown.unjudged == "" && shown.say != nil {
		shown.Level = verdict.Warn
		_, sentence := shown.say(&shown.Finding)
		c.Sentence = sentence + "; Evidently: " + text
	} else {
		c.Sentence = words.Name(c.Subject) + ": " + text
	}
	if counted.drifted != v.drifted {
		c.Sentence += "; Evidently's count of drifted columns takes infinities in and has it as " + map[bool]string{true: "drifted", false: "steady"}[counted.drifted]
	}
}

func evidentlyLevel(drifted bool) string {
	if drifted {
		return verdict.Warn
	}
	return verdict.OK
}

func (v *evidentlyVerdict) text() string {
	what := "p"
	if v.test.distance {
		what = "distance"
	}
	score := words.Number(v.score)
	if math.IsNaN(v.score) {
		score = "undefined"
	}
	limit := v.test.relation() + " " + words.Number(v.threshold)
	if v.drifted {
		return fmt.Sprintf("drifted by %s (%s %s %s)", v.test.name, what, score, limit)
	}
	return fmt.Sprintf("steady by %s (%s %s, drift %s)", v.test.name, what, score, limit)
}

// keepsInfinities says whether Evidently's count sees a side's infinities: it drops
// them only together with missing values.
func keepsInfinities(c *view.Column) bool {
	return c.PosInf+c.NegInf > 0 && c.Missing+c.NaN == 0
}

// kind returns the type that Evidently gives to a column, which goes by the judged
// rows alone, as read by pandas from a file: numbers that are all whole and none
// missing are int64, and cat with at most ten distinct ones; other numbers are
// float64, and num. Words are text when more than half of them are distinct.
func (o EvidentlyOptions) kind(cur *view.Column) (kind, reason string) {
	if t := o.Columns[cur.Name].Type; t != "" {
		if t == "num" && cur.Number == nil {
			return "", "monitor.yaml has it as num for Evidently, but it holds no numbers"
		}
		return t, ""
	}
	if cur.TypeErrors > 0 {
		return "", "holds words among its numbers: pandas reads all of it as words"
	}
	if cur.Number != nil {
		whole, distinct, ok := wholeNumbers(cur)
		if !ok {
			return "", tooManyValues
		}
		if whole && distinct <= 10 {
			return "cat", ""
		}
		return "num", ""
	}
	if cur.Category == nil {
		return "", evidentlyText
	}
	if allBool(cur.Category) {
		if cur.Missing > 0 {
			return "", "truth values, some missing: Evidently knows no type for them and leaves them out"
		}
		return "cat", ""
	}
	if distinct := bins.Held(cur.Category); 2*distinct > cur.Values() {
		return "", fmt.Sprintf("%d of %d values are distinct: Evidently takes it for text, which is not reproduced", distinct, cur.Values())
	}
	return "cat", ""
}

const evidentlyText = "text: Evidently trains a classifier on it, which is not reproduced"

const tooManyValues = "holds too many distinct values to keep them all, which Evidently's scores are made of"

// wholeNumbers says whether pandas would read a column as int64, and counts its
// distinct values; ok is false where they were not kept.
func wholeNumbers(c *view.Column) (whole bool, distinct int, ok bool) {
	x, _, ok := exactValues(c, false)
	if !ok {
		return false, 0, false
	}
	whole = c.Missing+c.NaN+c.PosInf+c.NegInf == 0
	for _, v := range x {
		whole = whole && v == math.Floor(v) && math.Abs(v) < 0x1p63
	}
	return whole, len(x), true
}

func isBool(s string) bool {
	return slices.Contains([]string{"true", "false", "True", "False", "TRUE", "FALSE"}, s)
}

func allBool(c *view.Category) bool {
	for i, n := range c.Counts {
		if n > 0 && !isBool(c.Names[i]) {
			return false
		}
	}
	return !slices.ContainsFunc(c.Unseen, func(u view.Unseen) bool { return !isBool(u.Name) })
}

// judge chooses the test and runs it; infinite says that the infinities of a side
// without missing values count as values.
func (o EvidentlyOptions) judge(ref, cur *view.Column, kind string, infinite bool) evidentlyVerdict {
	p, reason := poolSides(ref, cur, kind, infinite)
	if reason != "" {
		return evidentlyVerdict{reason: reason}
	}
	rule := o.rule(cur.Name, kind)
	test := evidentlyTestNamed(rule.Test)
	if rule.Test == "" {
		test = evidentlyTestNamed(p.defaultTest())
	} else if !test.takes(kind) {
		return evidentlyVerdict{reason: fmt.Sprintf("Evidently's %s is for %s columns only", test.name, test.kinds)}
	}
	v := evidentlyVerdict{test: test, threshold: test.threshold}
	if rule.Threshold != nil {
		v.threshold = *rule.Threshold
	}
	if v.score, reason = test.score(p); reason != "" {
		v.reason = fmt.Sprintf("Evidently's %s fails: %s", test.name, reason)
		return v
	}
	v.statistic = p.statistic
	v.drifted = test.drifted(v.score, v.threshold)
	return v
}

// defaultTest is Evidently's choice, by the reference's size, the type and the
// number of distinct values on both sides.
func (p *pooled) defaultTest() string {
	large, values := p.n > 1000, len(p.ref)
	switch {
	case large && p.num && values > 5:
		return "wasserstein"
	case large:
		return "jensenshannon"
	case p.num && values > 5:
		return "ks"
	case values > 2:
		return "chisquare"
	}
	return "z"
}
