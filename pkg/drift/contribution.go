package drift

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

const (
	leastExplained = 30       // rows on a side below which an interval would be too narrow
	mostExplained  = 5        // features that get a finding
	largeShare     = 0.1      // of the total's change, from which a feature gets one
	mostRepeated   = 1.5      // design effect of a sample, above which its rows are no independent ones
	noField        = "(none)" // stands for the raw feature of a column that is made of none
)

// Explained is what the model says about rows of both sides: how much each of its
// columns adds to each row's margin, as Shapley values (model.Contributions of a
// model with one output). Row after row, a side's Values are those of each column
// and then the bias.
type Explained struct {
	Columns  []string  // the model's
	Sources  []string  // the raw feature that each column is made of; "" for none
	Gains    []float64 // total gain of each column's splits; nil where it is not known
	Logistic bool      // the margins are log-odds
	Doubt    string    // why these are not the contributions to the scores of the log; "" where they are
	Ref, Cur ExplainedRows
}

// ExplainedRows are the rows of one side, in an order that is the same for the
// same rows.
type ExplainedRows struct {
	Values []float64
	N      []int64 // how often each row was seen; none of them 0
	All    int64   // rows of the side, of which these may be a sample; 0: these are all
}

// repetitive says whether the rows are a sample in which too few rows stand for
// many: what they say then varies more than so many independent rows would.
func (s *ExplainedRows) repetitive() bool {
	effect, err := stats.DesignEffect(s.N)
	return err == nil && s.rows() < s.All && effect > mostRepeated
}

// fits says whether the lengths belong together.
func (e *Explained) fits() bool {
	n := len(e.Columns)
	if n == 0 || len(e.Sources) != n || e.Gains != nil && len(e.Gains) != n {
		return false
	}
	for _, side := range []*ExplainedRows{&e.Ref, &e.Cur} {
		if len(side.Values) != len(side.N)*(n+1) || slices.ContainsFunc(side.N, func(k int64) bool { return k < 1 }) {
			return false
		}
	}
	return true
}

// importance is each raw feature's share of the total gain; nil where it is not
// known.
func (e *Explained) importance() map[string]float64 {
	total := 0.0
	for _, g := range e.Gains {
		total += g
	}
	if !(total > 0) || len(e.Gains) != len(e.Sources) {
		return nil
	}
	shares := map[string]float64{}
	for i, g := range e.Gains {
		shares[cmp.Or(e.Sources[i], noField)] += g / total
	}
	return shares
}

// rows counts the rows of a side, repeated ones too.
func (s *ExplainedRows) rows() int64 {
	var n int64
	for _, k := range s.N {
		n += k
	}
	return n
}

// means are the mean contributions of the columns and the bias, summed as
// distances from the first row, so that a constant's mean is the constant.
func (s *ExplainedRows) means(width int) []float64 {
	first := s.Values[:width]
	out := make([]float64, width)
	for i, k := range s.N {
		for j, v := range s.Values[i*width:][:width] {
			out[j] += float64(k) * (v - first[j])
		}
	}
	n := float64(s.rows())
	for j := range out {
		out[j] = first[j] + out[j]/n
	}
	return out
}

// contributions says which features moved the mean margin. The margin of a row is
// the bias plus what each column adds, so the change of its mean is, exactly, the
// sum of the changes of the columns' mean contributions; the columns of one raw
// feature are added up.
func (r *run) contributions() {
	e := r.options.Explained
	if e == nil {
		return
	}
	refRows, curRows := e.Ref.rows(), e.Cur.rows()
	if reason := e.unfit(r.options.K); reason != "" {
		c := newCheck(verdict.SubjectMargin, verdict.RoleRun, "", verdict.CheckContribution)
		c.Test, c.EffectUnit, c.NRef, c.NCur = "treeshap", e.unit(), refRows, curRows
		c.cannot(verdict.ReasonNotMeasured, reason)
		r.checks = append(r.checks, c)
		return
	}
	width := len(e.Columns) + 1
	refSide, curSide := e.Ref.settled(width), e.Cur.settled(width)
	ref, cur := refSide.means(width), curSide.means(width)
	samples := resample(&refSide, &curSide, width)
	shares := e.importance()

	row := func(kind, feature, column string, of []int) verdict.Contribution {
		nan := math.NaN()
		c := verdict.Contribution{Kind: kind, Feature: feature, Column: column, Unit: e.unit(), NRef: refRows, NCur: curRows, Share: nan, Gain: nan}
		for _, j := range of {
			c.Ref += ref[j]
			c.Cur += cur[j]
			c.Change += cur[j] - ref[j]
		}
		c.Lo, c.Hi = samples.interval(of)
		return c
	}
	all := make([]int, width)
	members := map[string][]int{}
	var names []string
	for j := range all {
		all[j] = j
		if j == width-1 {
			break
		}
		source := cmp.Or(e.Sources[j], noField)
		if members[source] == nil {
			names = append(names, source)
		}
		members[source] = append(members[source], j)
	}
	total := row("total", "", "", all)
	clear := total.Lo > 0 || total.Hi < 0
	share := func(c *verdict.Contribution) {
		if clear {
			c.Share = c.Change / total.Change
		}
	}
	share(&total)
	var features, columns []verdict.Contribution
	for _, name := range names {
		c := row("feature", name, "", members[name])
		if c.Feature == noField && c.Ref == 0 && c.Cur == 0 {
			continue
		}
		if shares != nil {
			c.Gain = shares[name]
		}
		share(&c)
		features = append(features, c)
	}
	slices.SortStableFunc(features, func(a, b verdict.Contribution) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Change), math.Abs(a.Change)), cmp.Compare(a.Feature, b.Feature))
	})
	for i := range features {
		features[i].Rank = int64(i + 1)
	}
	gain := 0.0
	for _, g := range e.Gains {
		gain += g
	}
	for j, column := range e.Columns {
		c := row("column", cmp.Or(e.Sources[j], noField), column, []int{j})
		if shares != nil {
			c.Gain = e.Gains[j] / gain
		}
		share(&c)
		columns = append(columns, c)
	}
	bias := row("bias", "", "", []int{width - 1})
	share(&bias)
	r.report.Contributions = slices.Concat([]verdict.Contribution{total, bias}, features, columns)
	if clear {
		r.explain(&total, features)
	}
}

// unfit is the reason why there are no contributions, "" where there are some.
func (e *Explained) unfit(k int64) string {
	rows, distinct := min(e.Ref.rows(), e.Cur.rows()), int64(min(len(e.Ref.N), len(e.Cur.N)))
	switch {
	case !e.fits():
		return "the contributions do not fit their rows"
	case rows < leastExplained:
		return fmt.Sprintf("%s on one side, too few to say which features moved it: it takes %d", words.Count(rows, "row", "rows"), leastExplained)
	case distinct < k:
		return fmt.Sprintf("%s on one side, too few to show means of: it takes %d", words.Count(distinct, "distinct row", "distinct rows"), k)
	case e.Doubt != "":
		return e.Doubt
	case e.Ref.repetitive() || e.Cur.repetitive():
		return "few rows came so often that a sample does not tell which features moved it: keep all rows with --rows all"
	}
	for _, values := range [][]float64{e.Ref.Values, e.Cur.Values} {
		for _, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return "a contribution is no finite number"
			}
		}
	}
	return ""
}

func (e *Explained) unit() string {
	if e.Logistic {
		return "log-odds"
	}
	return "margin"
}

// explain adds findings of the features that moved the total most. They have the
// level ok: they say why, and judge nothing.
func (r *run) explain(total *verdict.Contribution, features []verdict.Contribution) {
	unit := r.options.Explained.unit()
	in := " " + unit
	if unit == "margin" {
		in = ""
	}
	for _, f := range features[:min(len(features), mostExplained)] {
		if f.Lo <= 0 && f.Hi >= 0 || !(math.Abs(f.Share) >= largeShare) {
			continue
		}
		c := newCheck(f.Feature, verdict.RoleFeature, "", verdict.CheckContribution)
		c.Test, c.EffectUnit, c.NRef, c.NCur, c.Effect, c.fixed = "treeshap", unit, f.NRef, f.NCur, f.Change, verdict.OK
		c.Direction = verdict.Up
		if f.Change < 0 {
			c.Direction = verdict.Down
		}
		for i := range r.ref.Columns {
			if column := &r.ref.Columns[i]; column.Name == f.Feature {
				c.Kind = string(column.Kind)
			}
		}
		what := fmt.Sprintf("explains %s of the %s%s by which the mean margin %s", margin(f.Change), margin(total.Change), in, verb(total.Change > 0))
		whole := fmt.Sprintf("while the mean margin %s by %s%s", verb(total.Change > 0), words.Digits(math.Abs(total.Change), 2), in)
		switch {
		case f.Share < 0:
			what = fmt.Sprintf("pulls the other way: %s, %s", margin(f.Change), whole)
		case f.Share > 1:
			what = fmt.Sprintf("explains more than all: %s, %s", margin(f.Change), whole)
		}
		c.Sentence = fmt.Sprintf("%s %s (95 %% interval %s to %s)", words.Name(f.Feature), what, margin(f.Lo), margin(f.Hi))
		r.checks = append(r.checks, c)
	}
}

// margin writes a difference of margins with its sign, and two digits that count.
func margin(x float64) string {
	if x > 0 {
		return "+" + words.Digits(x, 2)
	}
	return words.Digits(x, 2)
}
