package attribution

import (
	"cmp"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// LeastRows is how many rows of each side it takes: with fewer an interval would
// be too narrow.
const LeastRows = 30

const (
	mostMovers = 5
	largeShare = 0.1 // of the total's change, from which a feature is a mover
)

// A Result is what moved the mean margin.
type Result struct {
	// Reason is why nobody can tell, "" where somebody can: ReasonMisfit,
	// ReasonTooFewRows, ReasonTooFewDistinct, ReasonOtherModel,
	// ReasonRepetitive or ReasonNotFinite.
	Reason     string
	Unit       string // log-odds or margin
	NRef, NCur int64  // rows of each side, repeated ones too
	Distinct   int64  // distinct rows of the side with fewer

	Contributions []verdict.Contribution // the total, the bias, the features by rank, the columns
	Total         verdict.Contribution   // of Movers: how far the mean margin moved
	Movers        []verdict.Contribution // at most five features that moved it most; none where it may not have moved
}

// Attribute says which features moved the mean margin. The margin of a row is
// the bias plus what each column adds, so the change of its mean is, exactly, the
// sum of the changes of the columns' mean contributions; the columns of one raw
// feature are added up. It takes LeastRows rows on each side, k of them distinct.
func Attribute(e *Explained, k int64) Result {
	refRows, curRows := e.Ref.rows(), e.Cur.rows()
	res := Result{Unit: e.unit(), NRef: refRows, NCur: curRows, Distinct: int64(min(len(e.Ref.N), len(e.Cur.N)))}
	if res.Reason = e.unfit(k); res.Reason != "" {
		return res
	}
	width := len(e.Columns) + 1
	refSide, curSide := e.Ref.settled(width), e.Cur.settled(width)
	ref, cur := refSide.means(width), curSide.means(width)
	samples := resample(&refSide, &curSide, width)
	shares := e.Importance()

	row := func(kind, feature, column string, of []int) verdict.Contribution {
		nan := math.NaN()
		c := verdict.Contribution{Kind: kind, Feature: feature, Column: column, Unit: res.Unit, NRef: refRows, NCur: curRows, Share: nan, InScore: nan, Gain: nan}
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
	certain := total.Lo > 0 || total.Hi < 0
	share := func(c *verdict.Contribution) {
		if certain {
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
	res.Contributions = slices.Concat([]verdict.Contribution{total, bias}, features, columns)
	if certain {
		res.Total, res.Movers = total, movers(features)
	}
	return res
}

// movers are the features, by how far each moved the total, that are worth a
// word: whose interval does not hold 0, and whose share is not small.
func movers(features []verdict.Contribution) []verdict.Contribution {
	var out []verdict.Contribution
	for _, f := range features[:min(len(features), mostMovers)] {
		if !(f.Lo <= 0 && f.Hi >= 0) && math.Abs(f.Share) >= largeShare {
			out = append(out, f)
		}
	}
	return out
}

// unfit is the reason why there are no contributions, "" where there are some.
func (e *Explained) unfit(k int64) string {
	rows, distinct := min(e.Ref.rows(), e.Cur.rows()), int64(min(len(e.Ref.N), len(e.Cur.N)))
	switch {
	case !e.fits():
		return verdict.ReasonMisfit
	case rows < LeastRows:
		return verdict.ReasonTooFewRows
	case distinct < k:
		return verdict.ReasonTooFewDistinct
	case e.Differ > 0:
		return verdict.ReasonOtherModel
	case e.ownRows():
		return verdict.ReasonOwnRows
	case e.Ref.repetitive() || e.Cur.repetitive():
		return verdict.ReasonRepetitive
	}
	for _, values := range [][]float64{e.Ref.Values, e.Cur.Values} {
		for _, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return verdict.ReasonNotFinite
			}
		}
	}
	return ""
}
