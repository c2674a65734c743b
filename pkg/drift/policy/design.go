package policy

import (
	"math"

	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/stats/design"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// LeastEffective is how many independent rows a side must be worth to be judged where
// its rows hang together.
const LeastEffective = 10

// A Design says how rows hang together: the zero value, not at all.
type Design struct {
	Ref, Cur float64 // rows of a side to one independent row; 0: one
	Weight   float64 // rows of the reference to one of a simple sample, where it is weighed; 0: one
	Below    int     // degrees of freedom of the variance that it was estimated by; 0: taken as known
}

// Designs are those of one column: of its values, and of whether a row has one.
type Designs struct{ Values, Missing Design }

// DesignOf are the designs of columns by name. A column that it lacks has
// independent rows.
type DesignOf map[string]Designs

// Rows are how many independent rows n and m rows are worth.
func (d Design) Rows(n, m int64) (ref, cur float64) {
	return float64(n) / math.Max(1, d.Ref) / math.Max(1, d.Weight), float64(m) / math.Max(1, d.Cur)
}

// Unweighed is the design for what all rows of the reference tell alike: which values
// it holds at all.
func (d Design) Unweighed() Design {
	d.Weight = 0
	return d
}

// Independent says that every row counts as one.
func (d Design) Independent() bool {
	return !(d.Ref > 1) && !(d.Cur > 1) && !(d.Weight > 1) && d.Below == 0
}

// Tail is the p-value p of a statistic of df degrees of freedom, given that its
// variance was estimated.
func (d Design) Tail(p float64, df int) float64 { return design.Tail(p, df, d.Below) }

// Lesser is the design of two columns together: two rows agree on both at most as
// often as on either.
func (d Design) Lesser(o Design) Design {
	out := Design{Ref: math.Min(d.Ref, o.Ref), Cur: math.Min(d.Cur, o.Cur), Weight: math.Max(d.Weight, o.Weight), Below: d.Below}
	if d.Below == 0 || o.Below > 0 && o.Below < d.Below {
		out.Below = o.Below
	}
	return out
}

// Designed sets how many independent rows the evidence's rows are worth, and that the
// question cannot be answered where a side's rows hang together so much that hardly
// any are left.
func (e *Evidence) Designed(d Design) {
	e.EffRef, e.EffCur = d.Rows(e.NRef, e.NCur)
	few := (d.Ref > 1 || d.Weight > 1) && e.EffRef < LeastEffective || d.Cur > 1 && e.EffCur < LeastEffective
	if few && e.Unjudged == "" && e.NRef > 0 && e.NCur > 0 {
		e.Unjudged = verdict.ReasonDependent
	}
}

// SharesOf is Shares of rows that hang together.
func SharesOf(refHits, n, curHits, m int64, d Design) (test string, statistic, p float64, err error) {
	if d.Independent() {
		return Shares(refHits, n, curHits, m)
	}
	en, em := d.Rows(n, m)
	a, b := float64(refHits)/float64(n)*en, float64(curHits)/float64(m)*em
	if least := math.Min(a+b, en+em-a-b) * math.Min(en, em) / (en + em); least < stats.Sparse {
		// Whole rows, rounded towards one share for both.
		x, y := math.Floor(a), math.Ceil(b)
		if a/en < b/em {
			x, y = math.Ceil(a), math.Floor(b)
		}
		fn, fm := math.Max(x, math.Round(en)), math.Max(y, math.Round(em))
		f, err := stats.FisherExact(int64(x), int64(fn-x), int64(y), int64(fm-y))
		return "fisher", f.OddsRatio, f.P, err
	}
	z, err := design.Proportions(refHits, n, curHits, m, en, em)
	return "two proportions", z.Z, d.Tail(z.P, 1), err
}
