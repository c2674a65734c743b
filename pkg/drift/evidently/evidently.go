// Package evidently judges columns as Evidently's DataDriftPreset does: its choice
// of test, its thresholds and its tests' very digits.
package evidently

import (
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/drift/bins"
	"github.com/leadsman/leadsman/pkg/drift/policy"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// Options are the arguments of Evidently's DataDriftPreset, for the
// policy of that name: which test a column gets, and its threshold. What names a
// column goes before what names a type, and that before All. The preset's
// drift_share is Options.Drifted.Alert.
type Options struct {
	All     Rule              `yaml:"all"`
	Num     Rule              `yaml:"num"`
	Cat     Rule              `yaml:"cat"`
	Columns map[string]Column `yaml:"columns"`
}

// Rule is a test by Evidently's name for it, empty for the test that
// Evidently would choose, and a threshold, nil for the test's own.
type Rule struct {
	Test      string   `yaml:"test"`
	Threshold *float64 `yaml:"threshold"`
}

// Column is the rule of one column and its type, num or cat; empty is the
// type that Evidently would infer.
type Column struct {
	Rule `yaml:",inline"`
	Type string `yaml:"type"`
}

// Check says all that is wrong with the options: a test that is unknown, refused or
// not for that type, an unknown type, a threshold that is no number.
func (o Options) Check() error {
	faults := []error{o.All.check("evidently.all", ""), o.Num.check("evidently.num", "num"), o.Cat.check("evidently.cat", "cat")}
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		c, key := o.Columns[name], "evidently.columns."+name
		if c.Type != "" && c.Type != "num" && c.Type != "cat" {
			faults = append(faults, policy.BadOption(key+".type", words.NotOneOf(c.Type, []string{"num", "cat"})))
			c.Type = ""
		}
		faults = append(faults, c.check(key, c.Type))
	}
	return errors.Join(faults...)
}

// check says what is wrong with the rule at key, for columns of that type.
func (r Rule) check(key, kind string) error {
	var faults []error
	if r.Threshold != nil && math.IsNaN(*r.Threshold) {
		faults = append(faults, policy.BadOption(key+".threshold", "want a number, got NaN"))
	}
	why, refused := refusedTests[r.Test]
	test := testNamed(r.Test)
	what := ""
	switch {
	case r.Test == "":
	case refused:
		what = r.Test + " is not reproduced: " + why
	case test == nil:
		what = words.NotOneOf(r.Test, testNames())
	case !test.takes(kind):
		what = r.Test + " is for " + test.kinds + " columns only"
	}
	if what != "" {
		faults = append(faults, policy.BadOption(key+".test", what))
	}
	return errors.Join(faults...)
}

// rule returns what holds for a column of that type.
func (o Options) rule(column, kind string) Rule {
	out := o.All
	of := o.Num
	if kind == "cat" {
		of = o.Cat
	}
	for _, r := range []Rule{of, o.Columns[column].Rule} {
		if r.Test != "" {
			out.Test = r.Test
		}
		if r.Threshold != nil {
			out.Threshold = r.Threshold
		}
	}
	return out
}

// Result is Evidently's verdict on one column.
type Result struct {
	Test      string  // Evidently's name for it
	Distance  bool    // the score is a distance and not a p-value
	Relation  string  // of score and threshold where the column has drifted: <, <=, > or >=
	Set       bool    // the options say something about the column's test or threshold
	Score     float64 // NaN where Evidently's own is
	Statistic float64 // behind a p-value, NaN without one
	Threshold float64
	Drifted   bool
	Counted   bool   // the preset's count of drifted columns has it as drifted
	Unjudged  string // the verdict.Reason… why there is no verdict, empty where there is one
	Kinds     string // that the test is for: num or cat; of verdict.ReasonOtherType
	Distinct  int64  // values; of verdict.ReasonTextLike
	Err       error  // why the test has no score; of verdict.ReasonTestFails
}

// Compare judges a column as Evidently does.
func Compare(ref, cur *view.Column, o Options) Result {
	kind, r := o.kind(cur)
	switch {
	case r.Unjudged != "":
	case ref.Number != nil && cur.Number != nil:
		r.Unjudged = bins.GridFault(ref.Number, cur.Number)
	case ref.Category == nil || cur.Category == nil:
		r.Unjudged = verdict.ReasonNotComparable
	}
	if r.Unjudged != "" {
		return r
	}
	r = o.judge(ref, cur, kind, false)
	// The preset's count of drifted columns keeps the infinities of a side that
	// misses nothing; its scores by column never do.
	counted := r
	if keepsInfinities(ref) || keepsInfinities(cur) {
		counted = o.judge(ref, cur, kind, true)
	}
	if r.Unjudged == "" && counted.Unjudged != "" {
		return counted
	}
	r.Counted = counted.Drifted
	return r
}

// keepsInfinities says whether Evidently's count sees a side's infinities: it drops
// them only together with missing values.
func keepsInfinities(c *view.Column) bool {
	return c.PosInf+c.NegInf > 0 && c.Missing+c.NaN == 0
}

// kind returns the type that Evidently gives to a column, or a result that says
// why it is not judged. The type goes by the judged rows alone, as read by pandas
// from a file: numbers that are all whole and none missing are int64, and cat with
// at most ten distinct ones; other numbers are float64, and num. Words are text
// when more than half of them are distinct.
func (o Options) kind(cur *view.Column) (kind string, none Result) {
	if t := o.Columns[cur.Name].Type; t != "" {
		if t == "num" && cur.Number == nil {
			return "", Result{Unjudged: verdict.ReasonNoNumbers}
		}
		return t, none
	}
	if cur.TypeErrors > 0 {
		return "", Result{Unjudged: verdict.ReasonMixed}
	}
	if cur.Number != nil {
		whole, distinct, ok := wholeNumbers(cur)
		if !ok {
			return "", Result{Unjudged: verdict.ReasonTooMany}
		}
		if whole && distinct <= 10 {
			return "cat", none
		}
		return "num", none
	}
	if cur.Category == nil {
		return "", Result{Unjudged: verdict.ReasonText}
	}
	if allBool(cur.Category) {
		if cur.Missing > 0 {
			return "", Result{Unjudged: verdict.ReasonTruthGaps}
		}
		return "cat", none
	}
	if distinct := bins.Held(cur.Category); 2*distinct > cur.Values() {
		return "", Result{Unjudged: verdict.ReasonTextLike, Distinct: distinct}
	}
	return "cat", none
}

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
	return !slices.ContainsFunc(slices.Concat(c.Unseen, c.Known), func(u view.Unseen) bool { return !isBool(u.Name) })
}

// judge chooses the test and runs it; infinite says that the infinities of a side
// without missing values count as values.
func (o Options) judge(ref, cur *view.Column, kind string, infinite bool) Result {
	p, reason := poolSides(ref, cur, kind, infinite)
	if reason != "" {
		return Result{Unjudged: reason}
	}
	rule := o.rule(cur.Name, kind)
	test := testNamed(rule.Test)
	if rule.Test == "" {
		test = testNamed(p.defaultTest())
	}
	r := Result{Test: test.name, Distance: test.distance, Relation: test.relation(), Set: rule != Rule{}, Threshold: test.threshold}
	if rule.Test != "" && !test.takes(kind) {
		r.Unjudged, r.Kinds = verdict.ReasonOtherType, test.kinds
		return r
	}
	if rule.Threshold != nil {
		r.Threshold = *rule.Threshold
	}
	if r.Score, reason = test.score(p); reason != "" {
		r.Unjudged, r.Err = verdict.ReasonTestFails, errors.New(reason)
		return r
	}
	r.Statistic = p.statistic
	r.Drifted = test.drifted(r.Score, r.Threshold)
	return r
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
