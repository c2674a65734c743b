package model

import (
	"math"
	"slices"
	"sync"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

const (
	// lanes is how many walks go on at once: of one row through as many trees,
	// or of as many rows through one tree. A walk mostly waits for its last
	// load, so that side by side they take little longer than one.
	lanes = 8
	// tiles is how many times lanes rows pass a group of trees before the next
	// group is fetched.
	tiles = 8
	// maxPadded is the depth up to which a group may be padded.
	maxPadded = 10
)

// flat is the engine "native". Its trees are laid out as complete ones, so that
// a walk takes the same few instructions on every level, without a branch that
// depends on the row.
//
// Its margins have the bits of XGBoost's: it makes the same comparisons, and
// adds up the same float32 leaves in the same order.
type flat struct {
	model   *Model
	slots   []tree.Slot // into which a row is spread
	groups  []group
	scratch sync.Pool // of *scratch
}

// group is a run of up to 8 trees of one output. Padded, they are subtrees of one heap whose
// three top levels are left out: the walk through tree k starts at 8+k, goes
// from i to 2i or 2i+1, and ends after depth steps at leaf i - len(nodes).
type group struct {
	nodes  []split
	leaves []float32 // times the tree's weight
	depth  int
	output int
	trees  []tree.Tree // as they are
	plain  bool        // without nodes and leaves, where padding would cost too much
}

type split struct {
	slot      uint32
	threshold int32 // a key; to the right from it on
}

// scratch is what one call needs.
type scratch struct {
	row  []int32          // one row, spread
	tile [][lanes]int32   // rows, spread: a run of slots for every 8 of them
	sums [][lanes]float32 // a run of outputs for every 8 of them
}

// Native returns leadsman's own engine.
func Native(m *Model) (Predictor, error) {
	f := &flat{model: m}
	slots := map[tree.Slot]uint32{}
	for _, trees := range m.ByOutput() {
		for run := range slices.Chunk(trees, lanes) {
			f.add(run, slots)
		}
	}
	f.scratch.New = func() any {
		return &scratch{
			make([]int32, len(f.slots)),
			make([][lanes]int32, tiles*len(f.slots)),
			make([][lanes]float32, tiles*m.Outputs()),
		}
	}
	return f, nil
}

// add lays out one more group.
func (f *flat) add(trees []tree.Tree, slots map[tree.Slot]uint32) {
	g := group{output: trees[0].Output, trees: trees}
	nodes := 0
	for _, t := range trees {
		g.depth = max(g.depth, t.Depth)
		nodes += len(t.Nodes)
	}
	// Each level doubles the padding. That of six is no matter.
	if g.depth > maxPadded || lanes<<g.depth > max(lanes<<6, 8*nodes) {
		g.plain = true
	} else {
		g.nodes, g.leaves = make([]split, lanes<<g.depth), make([]float32, lanes<<g.depth)
		for i := range g.leaves {
			g.leaves[i] = float32(math.Copysign(0, -1)) // changes no sum, where trees are fewer than lanes
		}
		for k := range trees {
			f.lay(&g, &trees[k], 0, lanes+k, slots)
		}
	}
	f.groups = append(f.groups, g)
}

// lay puts the subtree under node i of t at place to of the heap.
func (f *flat) lay(g *group, t *tree.Tree, i int32, to int, slots map[tree.Slot]uint32) {
	n := &t.Nodes[i]
	left, right := n.Left, n.Right
	switch {
	case to >= len(g.nodes):
		g.leaves[to-len(g.nodes)] = t.LeafValue(n)
		return
	case n.IsLeaf(): // both ways lead to it
		left, right = i, i
	default:
		g.nodes[to] = split{f.slot(n, slots), tree.Key(n.Value)}
	}
	f.lay(g, t, left, 2*to, slots)
	f.lay(g, t, right, 2*to+1, slots)
}

// slot returns the number of the slot that n looks at.
func (f *flat) slot(n *tree.Node, slots map[tree.Slot]uint32) uint32 {
	s := tree.SlotOf(n)
	i, ok := slots[s]
	if !ok {
		i = uint32(len(f.slots))
		slots[s] = i
		f.slots = append(f.slots, s)
	}
	return i
}

func (f *flat) Engine() string   { return "native" }
func (f *flat) NumFeatures() int { return f.model.NumFeatures }
func (f *flat) Outputs() int     { return f.model.Outputs() }

// Predict writes the scores of rows, as Predictor says.
func (f *flat) Predict(rows, out []float32) error {
	if err := f.Margins(rows, out); err != nil {
		return err
	}
	f.model.Link.Scores(out, f.Outputs())
	return nil
}

// Margins writes what Predict makes scores of, base scores plus leaves: log-odds
// for logistic objectives. Its arguments and errors are those of Predict. They
// equal, bit by bit, what XGBoost's Booster.predict calls output_margin.
func (f *flat) Margins(rows, out []float32) error {
	if err := f.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	s := f.scratch.Get().(*scratch)
	defer f.scratch.Put(s)
	width, outputs := f.NumFeatures(), f.Outputs()
	for left := len(out) / outputs; left > 0; left = len(out) / outputs {
		n := min(left, lanes*tiles)
		if n < lanes/2 { // cheaper than a tile with so many idle lanes
			n = 1
			f.row(rows[:width], out[:outputs], s)
		} else {
			f.block(rows[:n*width], out[:n*outputs], s)
		}
		rows, out = rows[n*width:], out[n*outputs:]
	}
	return nil
}

// right is 1 where v goes right, in a form that compiles to no branch.
func right(v, threshold int32) uint {
	if v >= threshold {
		return 1
	}
	return 0
}

// row writes the margins of one row, walking through the trees of a group side
// by side.
func (f *flat) row(row, out []float32, s *scratch) {
	v := s.row
	for i, slot := range f.slots {
		v[i] = slot.Key(row[slot.Feature])
	}
	copy(out, f.model.Margins)
	for i := range f.groups {
		g := &f.groups[i]
		if !g.plain {
			out[g.output] = g.walkTrees(v, out[g.output])
			continue
		}
		for k := range g.trees {
			out[g.output] += g.trees[k].Walk(row)
		}
	}
}

// walkTrees walks one row through eight trees and adds their leaves to sum.
func (g *group) walkTrees(v []int32, sum float32) float32 {
	nodes := g.nodes
	i0, i1, i2, i3, i4, i5, i6, i7 := uint(8), uint(9), uint(10), uint(11), uint(12), uint(13), uint(14), uint(15)
	for range g.depth {
		n0, n1, n2, n3 := &nodes[i0], &nodes[i1], &nodes[i2], &nodes[i3]
		i0 = 2*i0 + right(v[n0.slot], n0.threshold)
		i1 = 2*i1 + right(v[n1.slot], n1.threshold)
		i2 = 2*i2 + right(v[n2.slot], n2.threshold)
		i3 = 2*i3 + right(v[n3.slot], n3.threshold)
		n4, n5, n6, n7 := &nodes[i4], &nodes[i5], &nodes[i6], &nodes[i7]
		i4 = 2*i4 + right(v[n4.slot], n4.threshold)
		i5 = 2*i5 + right(v[n5.slot], n5.threshold)
		i6 = 2*i6 + right(v[n6.slot], n6.threshold)
		i7 = 2*i7 + right(v[n7.slot], n7.threshold)
	}
	leaves, end := g.leaves, uint(len(nodes))
	sum += leaves[i0-end]
	sum += leaves[i1-end]
	sum += leaves[i2-end]
	sum += leaves[i3-end]
	sum += leaves[i4-end]
	sum += leaves[i5-end]
	sum += leaves[i6-end]
	return sum + leaves[i7-end]
}

// block writes the margins of up to 64 rows, walking eight of them side by side
// through one tree after another.
func (f *flat) block(rows, out []float32, s *scratch) {
	width, outputs, slots := f.NumFeatures(), f.Outputs(), len(f.slots)
	n := len(out) / outputs
	for r := range n {
		row, tile := rows[r*width:(r+1)*width], s.tile[r/lanes*slots:][:slots]
		for i, slot := range f.slots {
			tile[i][r%lanes] = slot.Key(row[slot.Feature])
		}
		for k, margin := range f.model.Margins {
			s.sums[r/lanes*outputs+k][r%lanes] = margin
		}
	}
	for i := range f.groups {
		g := &f.groups[i]
		for k := range g.trees {
			if g.plain {
				for r := range n {
					s.sums[r/lanes*outputs+g.output][r%lanes] += g.trees[k].Walk(rows[r*width : (r+1)*width])
				}
				continue
			}
			for t := 0; t*lanes < n; t++ { // the last tile's idle lanes walk with old values
				g.walkRows(lanes+uint(k), s.tile[t*slots:][:slots], &s.sums[t*outputs+g.output])
			}
		}
	}
	for i := range out {
		r := i / outputs
		out[i] = s.sums[r/lanes*outputs+i%outputs][r%lanes]
	}
}

// walkRows walks eight rows through the tree that begins at node at.
func (g *group) walkRows(at uint, tile [][lanes]int32, sums *[lanes]float32) {
	nodes := g.nodes
	i0, i1, i2, i3, i4, i5, i6, i7 := at, at, at, at, at, at, at, at
	for range g.depth {
		n0, n1, n2, n3 := &nodes[i0], &nodes[i1], &nodes[i2], &nodes[i3]
		i0 = 2*i0 + right(tile[n0.slot][0], n0.threshold)
		i1 = 2*i1 + right(tile[n1.slot][1], n1.threshold)
		i2 = 2*i2 + right(tile[n2.slot][2], n2.threshold)
		i3 = 2*i3 + right(tile[n3.slot][3], n3.threshold)
		n4, n5, n6, n7 := &nodes[i4], &nodes[i5], &nodes[i6], &nodes[i7]
		i4 = 2*i4 + right(tile[n4.slot][4], n4.threshold)
		i5 = 2*i5 + right(tile[n5.slot][5], n5.threshold)
		i6 = 2*i6 + right(tile[n6.slot][6], n6.threshold)
		i7 = 2*i7 + right(tile[n7.slot][7], n7.threshold)
	}
	leaves, end := g.leaves, uint(len(nodes))
	sums[0] += leaves[i0-end]
	sums[1] += leaves[i1-end]
	sums[2] += leaves[i2-end]
	sums[3] += leaves[i3-end]
	sums[4] += leaves[i4-end]
	sums[5] += leaves[i5-end]
	sums[6] += leaves[i6-end]
	sums[7] += leaves[i7-end]
}
