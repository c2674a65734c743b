package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// paired returns the pairs of columns that are counted: those of the first in line.
func (p *Plan) paired() [][2]int {
	return pairs(p.first(caps.Pairs.N), nil)
}

// SampledPairs returns the pairs that are not counted, but looked at in the
// sampled rows: those of more columns.
func (p *Plan) SampledPairs() [][2]int {
	return pairs(p.first(caps.SampledPairs.N), p.first(caps.Pairs.N))
}

// Pairable returns how many columns can be paired.
func (p *Plan) Pairable() int { return len(p.pairable()) }

// pairable returns the columns that can be paired.
func (p *Plan) pairable() []int {
	var out []int
	for i := range p.Columns {
		if p.Columns[i].pairable() {
			out = append(out, i)
		}
	}
	return out
}

func (c *Column) pairable() bool {
	return c.Role == table.Score || c.Role == table.Feature && c.Kind != view.TextKind
}

// first returns the first n columns in line, as they stand in the plan.
func (p *Plan) first(n int) []int {
	line := p.pairable()
	slices.SortStableFunc(line, func(a, b int) int { return cmp.Compare(p.Columns[a].Line, p.Columns[b].Line) })
	return slices.Sorted(slices.Values(line[:min(len(line), n)]))
}

// pairs returns the pairs of columns but for those of which both are in without.
func pairs(columns, without []int) [][2]int {
	in := make(map[int]bool, len(without))
	for _, i := range without {
		in[i] = true
	}
	var out [][2]int
	for i, a := range columns {
		for _, b := range columns[i+1:] {
			if !in[a] || !in[b] {
				out = append(out, [2]int{a, b})
			}
		}
	}
	return out
}

// SetImportance says which share of the model's gain each raw column has. Of more
// columns than pairs are counted of, those of most importance go first.
func (b *Planner) SetImportance(shares map[string]float64) { b.importance = shares }

// Wide says that the reference has more columns than pairs are counted of.
func (b *Planner) Wide() bool { return len(b.columns) > caps.Pairs.N }

// lineUp gives columns their places in line where not all pairs of them are counted:
// the score, then by importance to the model, then by how many rows hold something else than the commonest
// value, then by name, so that their order in the reference does not matter.
func (b *Planner) lineUp(columns []*planning) error {
	var line []*planning
	varied := make(map[*planning]int64)
	for _, c := range columns {
		if c.pairable() {
			line = append(line, c)
		}
	}
	if len(line) <= caps.Pairs.N {
		return nil
	}
	for _, c := range line {
		most := int64(0)
		tell := func(_ string, n int64) { most = max(most, n) }
		if c.Kind == view.CategoryKind {
			if err := c.names.each(tell); err != nil {
				return err
			}
		} else if !c.number.counts.Saturated() {
			for _, v := range c.number.counts.Sorted() {
				tell("", v.N)
			}
		}
		varied[c] = c.held - most
	}
	slices.SortFunc(line, func(a, b2 *planning) int {
		score := func(c *planning) int {
			if c.Role == table.Score {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(score(a), score(b2)), cmp.Compare(b.importance[b2.Name], b.importance[a.Name]),
			cmp.Compare(varied[b2], varied[a]), strings.Compare(a.Name, b2.Name))
	})
	for i, c := range line {
		c.Line = int64(i + 1)
	}
	return nil
}
