package tree

import "math"

// Member is a column that says of another one whether its value is in a set: 0
// where it is, 1 where it is not, NaN where it is missing.
type Member struct {
	Feature int
	Set     *Set
}

// Plain returns the ensemble for those who know thresholds alone: its rows are
// those that Extend makes, with a column for each of members behind the others.
// An ensemble without splits on categories is its own plain form.
func (e *Ensemble) Plain() (plain *Ensemble, members []Member) {
	if len(e.Sets) == 0 {
		return e, nil
	}
	p := *e
	p.Sets, p.Features, p.Trees = nil, nil, make([]Tree, len(e.Trees))
	columns := map[Member]int{}
	for k, t := range e.Trees {
		p.Trees[k] = Tree{Nodes: make([]Node, len(t.Nodes)), Output: t.Output, Depth: t.Depth}
		copy(p.Trees[k].Nodes, t.Nodes)
		for i := range t.Nodes {
			n := &p.Trees[k].Nodes[i]
			if n.IsLeaf() || !n.Category {
				continue
			}
			m := Member{int(n.Feature), e.Sets[int(n.Value)]}
			at, ok := columns[m]
			if !ok {
				at = e.NumFeatures + len(members)
				columns[m] = at
				members = append(members, m)
			}
			n.Feature, n.Category, n.Value = int32(at), false, 0.5
		}
	}
	p.NumFeatures += len(members)
	return &p, members
}

// Extend writes the row that Plain's ensemble wants: the values of row as the
// splits see them, then those of members. It has room for all.
func (e *Ensemble) Extend(extended, row []float64, members []Member) {
	for i, x := range row {
		switch {
		case e.ZeroGone && isZero(x):
			x = math.NaN()
		case !e.Double:
			x = float64(float32(x))
		}
		extended[i] = x
	}
	for i, m := range members {
		x := row[m.Feature]
		switch {
		case x != x:
		case m.Set.has(x, e.Double):
			x = 0
		default:
			x = 1
		}
		extended[len(row)+i] = x
	}
}
