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

// native is the engine "native", in the width of the model's library.
type native struct {
	model  *Model
	single *flat[int32, float32]
	double *flat[int64, float64]
	wide   sync.Pool // of *[]float64, margins
}

// Native returns leadsman's own engine. It is an error for an ONNX file with an
// operator that is ONNX Runtime's alone, which the error names.
func Native(m *Model) (Predictor, error) {
	if !m.IsTrees() {
		return &computed{m}, m.Graph.Native()
	}
	n := &native{model: m}
	if m.Double {
		n.double = newFlat[int64, float64](m)
		n.wide.New = func() any { return new([]float64) }
	} else {
		n.single = newFlat[int32, float32](m)
	}
	return n, nil
}

func (n *native) Engine() string   { return "native" }
func (n *native) NumFeatures() int { return n.model.NumFeatures }
func (n *native) Outputs() int     { return n.model.Outputs() }

// Predict writes the scores of rows, as Predictor says.
func (n *native) Predict(rows []float64, out []float32) error {
	if n.single != nil {
		if err := n.single.margins(rows, out); err != nil {
			return err
		}
		tree.Scores(n.model.Link, out, n.Outputs())
		return nil
	}
	margins := n.wide.Get().(*[]float64)
	defer n.wide.Put(margins)
	*margins = slices.Grow((*margins)[:0], len(out))[:len(out)]
	if err := n.double.margins(rows, *margins); err != nil {
		return err
	}
	tree.Scores(n.model.Link, *margins, n.Outputs())
	for i, s := range *margins {
		out[i] = float32(s)
	}
	return nil
}

// computed is the engine "native" for an ONNX file that is more than trees.
type computed struct{ model *Model }

func (c *computed) Engine() string   { return "native" }
func (c *computed) NumFeatures() int { return c.model.NumFeatures }
func (c *computed) Outputs() int     { return c.model.Outputs() }

// Predict writes the scores of rows, as Predictor says.
func (c *computed) Predict(rows []float64, out []float32) error {
	if err := c.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	return c.model.Graph.Predict(rows, out)
}

// flat scores rows in one width. Its trees are laid out as complete ones, so that
// a walk takes the same few instructions on every level, without a branch that
// depends on the row.
//
// Its margins in float32 have the bits of XGBoost's: it makes the same
// comparisons, and adds up the same leaves in the same order.
type flat[K tree.Word, F float32 | float64] struct {
	model   *Model
	slots   []tree.Slot[K] // into which a row is spread
	groups  []group[K, F]
	before  []F       // of each output, what the leaves are added to
	after   []F       // and what is added to them; -0, which changes no sum, or a base score
	scratch sync.Pool // of *scratch[K, F]
}

// group is a run of up to 8 trees of one output. Padded, they are subtrees of one heap whose
// three top levels are left out: the walk through tree k starts at 8+k, goes
// from i to 2i or 2i+1, and ends after depth steps at leaf i - len(nodes).
type group[K tree.Word, F float32 | float64] struct {
	nodes  []split[K]
	leaves []F
	depth  int
	output int
	trees  []tree.Tree // as they are
	plain  bool        // without nodes and leaves, where padding would cost too much
}

type split[K tree.Word] struct {
	slot      uint32
	threshold K // to the right from it on
}

// scratch is what one call needs.
type scratch[K tree.Word, F float32 | float64] struct {
	row  []K        // one row, spread
	tile [][lanes]K // rows, spread: a run of slots for every 8 of them
	sums [][lanes]F // a run of outputs for every 8 of them
}

func newFlat[K tree.Word, F float32 | float64](m *Model) *flat[K, F] {
	f := &flat[K, F]{model: m}
	for _, margin := range m.Margins {
		base, nothing := F(margin), F(math.Copysign(0, -1))
		if m.BaseLast {
			base, nothing = nothing, base
		}
		f.before, f.after = append(f.before, base), append(f.after, nothing)
	}
	slots := map[tree.Slot[K]]uint32{}
	for _, trees := range m.ByOutput() {
		for run := range slices.Chunk(trees, lanes) {
			f.add(run, slots)
		}
	}
	f.scratch.New = func() any {
		return &scratch[K, F]{
			make([]K, len(f.slots)),
			make([][lanes]K, tiles*len(f.slots)),
			make([][lanes]F, tiles*m.Outputs()),
		}
	}
	return f
}

// add lays out one more group.
func (f *flat[K, F]) add(trees []tree.Tree, slots map[tree.Slot[K]]uint32) {
	g := group[K, F]{output: trees[0].Output, trees: trees}
	nodes := 0
	for _, t := range trees {
		g.depth = max(g.depth, t.Depth)
		nodes += len(t.Nodes)
	}
	// Each level doubles the padding. That of six is no matter.
	if g.depth > maxPadded || lanes<<g.depth > max(lanes<<6, 8*nodes) {
		g.plain = true
	} else {
		g.nodes, g.leaves = make([]split[K], lanes<<g.depth), make([]F, lanes<<g.depth)
		for i := range g.leaves {
			g.leaves[i] = F(math.Copysign(0, -1)) // changes no sum, where trees are fewer than lanes
		}
		for k := range trees {
			f.lay(&g, &trees[k], 0, lanes+k, slots)
		}
	}
	f.groups = append(f.groups, g)
}

// lay puts the subtree under node i of t at place to of the heap.
func (f *flat[K, F]) lay(g *group[K, F], t *tree.Tree, i int32, to int, slots map[tree.Slot[K]]uint32) {
	n := &t.Nodes[i]
	left, right := n.Left, n.Right
	switch {
	case to >= len(g.nodes):
		g.leaves[to-len(g.nodes)] = F(n.Value)
		return
	case n.IsLeaf(): // both ways lead to it
		left, right = i, i
	default:
		g.nodes[to] = split[K]{f.slot(n, slots), tree.ThresholdOf[K](n)}
	}
	f.lay(g, t, left, 2*to, slots)
	f.lay(g, t, right, 2*to+1, slots)
}

// slot returns the number of the slot that n looks at.
func (f *flat[K, F]) slot(n *tree.Node, slots map[tree.Slot[K]]uint32) uint32 {
	s := tree.SlotOf[K](f.model.Ensemble, n)
	i, ok := slots[s]
	if !ok {
		i = uint32(len(f.slots))
		slots[s] = i
		f.slots = append(f.slots, s)
	}
	return i
}

// margins writes what Predict makes scores of, base scores plus leaves: log-odds
// for logistic objectives. Its arguments and errors are those of Predict. In
// float32 they equal, bit by bit, what XGBoost's Booster.predict calls
// output_margin.
func (f *flat[K, F]) margins(rows []float64, out []F) error {
	if err := f.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	s := f.scratch.Get().(*scratch[K, F])
	defer f.scratch.Put(s)
	width, outputs := f.model.NumFeatures, f.model.Outputs()
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
func right[K tree.Word](v, threshold K) uint {
	if v >= threshold {
		return 1
	}
	return 0
}

// row writes the margins of one row, walking through the trees of a group side
// by side.
func (f *flat[K, F]) row(row []float64, out []F, s *scratch[K, F]) {
	v := s.row
	tree.Spread(v, f.slots, row)
	for k := range out {
		out[k] = f.before[k]
	}
	for i := range f.groups {
		g := &f.groups[i]
		if !g.plain {
			out[g.output] = g.walkTrees(v, out[g.output])
			continue
		}
		for k := range g.trees {
			out[g.output] += F(f.model.Walk(&g.trees[k], row))
		}
	}
	for k := range out {
		out[k] += f.after[k]
	}
}

// walkTrees walks one row through eight trees and adds their leaves to sum.
func (g *group[K, F]) walkTrees(v []K, sum F) F {
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
func (f *flat[K, F]) block(rows []float64, out []F, s *scratch[K, F]) {
	width, outputs, slots := f.model.NumFeatures, f.model.Outputs(), len(f.slots)
	n := len(out) / outputs
	for r := range n {
		row, tile := rows[r*width:(r+1)*width], s.tile[r/lanes*slots:][:slots]
		tree.Spread(s.row, f.slots, row)
		for i, v := range s.row {
			tile[i][r%lanes] = v
		}
		for k, margin := range f.before {
			s.sums[r/lanes*outputs+k][r%lanes] = margin
		}
	}
	for i := range f.groups {
		g := &f.groups[i]
		for k := range g.trees {
			if g.plain {
				for r := range n {
					s.sums[r/lanes*outputs+g.output][r%lanes] += F(f.model.Walk(&g.trees[k], rows[r*width:(r+1)*width]))
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
		out[i] = s.sums[r/lanes*outputs+i%outputs][r%lanes] + f.after[i%outputs]
	}
}

// walkRows walks eight rows through the tree that begins at node at.
func (g *group[K, F]) walkRows(at uint, tile [][lanes]K, sums *[lanes]F) {
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
