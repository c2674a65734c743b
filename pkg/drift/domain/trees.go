package domain

import (
	"math"
	"slices"
)

const (
	mostBins     = 16 // of a column: missing, then quantiles or categories
	depth        = 3
	learningRate = 0.2
	ridge        = 4.0 // added to a leaf's hessian
	leastChild   = 2.0 // hessian of a child: eight rows at even odds

	splitNodes = 1<<depth - 1
	leaves     = 1 << depth
)

// A tree asks at each node, in heap order, whether the row's bin of a column is
// in a set. A node that could not be split sends all rows to its first child.
type tree struct {
	column [splitNodes]int
	first  [splitNodes]uint16 // classes that go to the first child
	leaf   [leaves]float64    // log-odds of production
}

func (t *tree) at(classes []uint8) int {
	n := 0
	for n < splitNodes {
		n = 2*n + 2 - int(t.first[n]>>(classes[t.column[n]]&(mostBins-1))&1)
	}
	return n - splitNodes
}

// A histogram holds, by column and bin, the sums of the rows' gradients (upper
// 32 bits) and hessians (lower), both in steps of 2^-18. Whole numbers sum to
// the same in any order, and a child's is its parent's less its sibling's.
type histogram [][mostBins]int64

const gradientSteps = 1 << 18

// packed rounds down, which a conversion does of what is positive.
func packed(g, h float64) int64 {
	const positive = 1 << 40
	return (int64(g*gradientSteps+positive)-positive)<<32 + int64(h*gradientSteps)
}

func unpacked(x int64) (g, h float64) {
	return float64(x>>32) / gradientSteps, float64(uint32(x)) / gradientSteps
}

// A booster trains trees on one pool. It is scratch memory: one for each
// goroutine.
type booster struct {
	pool     *pool
	ref, cur []int32 // rows of each side in each group, as they are labelled
	margin   []float64
	slope    []int64 // packed gradient and hessian
	rows     []int32 // training rows, by node
	spare    []int32
	held     []ranked
	hist     [splitNodes]histogram
}

func newBooster(t *pool) *booster {
	b := &booster{pool: t}
	groups := len(t.fold)
	b.ref, b.cur = make([]int32, groups), make([]int32, groups)
	b.margin, b.slope = make([]float64, groups), make([]int64, groups)
	b.rows, b.spare = make([]int32, 0, groups), make([]int32, groups)
	for i := range b.hist {
		b.hist[i] = make(histogram, len(t.columns))
	}
	return b
}

// auc returns the cross-validated AUC of the labels in b.ref and b.cur: the
// share of pairs of a reference and a production row of one fold in which trees
// trained on the other folds give the production row the higher margin, ties
// counting half. It is 0.5 when no fold holds a pair. The forests are kept when
// there is a place for them.
func (b *booster) auc(forests *[folds][]tree) float64 {
	var twice, pairs int64
	for fold := range int8(folds) {
		trees := b.train(fold)
		if forests != nil {
			forests[fold] = slices.Clone(trees)
		}
		t, p := b.rank(fold)
		twice, pairs = twice+t, pairs+p
	}
	if pairs == 0 {
		return 0.5
	}
	return float64(twice) / float64(2*pairs)
}

// A ranked group is one held-out group and its margin.
type ranked struct {
	margin   float64
	ref, cur int32
}

// rank counts a fold's pairs and, twice, those in which production ranks higher.
func (b *booster) rank(fold int8) (twice, pairs int64) {
	b.held = b.held[:0]
	for i, f := range b.pool.fold {
		if f == fold && b.ref[i]+b.cur[i] > 0 {
			b.held = append(b.held, ranked{b.margin[i], b.ref[i], b.cur[i]})
		}
	}
	return rankedPairs(b.held)
}

// rankedPairs counts the pairs of a reference and a production row, and twice
// those in which production has the higher margin plus those in which none has.
func rankedPairs(held []ranked) (twice, pairs int64) {
	slices.SortFunc(held, func(x, y ranked) int {
		switch {
		case x.margin < y.margin:
			return -1
		case x.margin > y.margin:
			return 1
		}
		return 0
	})
	var below, above int64 // reference rows at lower margins; all production rows
	for i := 0; i < len(held); {
		var ref, cur int64
		for m := held[i].margin; i < len(held) && held[i].margin == m; i++ {
			ref, cur = ref+int64(held[i].ref), cur+int64(held[i].cur)
		}
		twice += cur * (2*below + ref)
		below, above = below+ref, above+cur
	}
	return twice, below * above
}

// train boosts trees on all folds but one, and leaves every group's margin.
func (b *booster) train(without int8) []tree {
	t := b.pool
	b.rows = b.rows[:0]
	var ref, cur int64
	for i, f := range t.fold {
		if f != without && b.ref[i]+b.cur[i] > 0 {
			b.rows = append(b.rows, int32(i))
			ref, cur = ref+int64(b.ref[i]), cur+int64(b.cur[i])
		}
	}
	for i := range b.margin {
		b.margin[i] = 0
	}
	if ref == 0 || cur == 0 {
		return nil
	}
	prior := math.Log(float64(cur) / float64(ref))
	trees := make([]tree, len(t.roots))
	for k := range trees {
		for _, i := range b.rows {
			w := float64(b.ref[i] + b.cur[i])
			p := 1 / (1 + math.Exp(-prior-b.margin[i]))
			b.slope[i] = packed(float64(w*p)-float64(b.cur[i]), w*p*(1-p))
		}
		b.grow(&trees[k], t.roots[k])
		for i, f := range t.fold {
			if f == without {
				b.margin[i] += trees[k].leaf[trees[k].at(t.row(i))]
			}
		}
	}
	return trees
}

// A root is the first split of a tree.
type root struct {
	column int
	first  uint16
}

// grow builds one tree below its root. rows are reordered.
func (b *booster) grow(out *tree, r root) {
	var part [splitNodes + leaves][]int32
	part[0] = b.rows
	for n := range splitNodes {
		switch {
		case n == 0:
			out.column[0], out.first[0] = r.column, r.first
		default:
			out.column[n], out.first[n] = b.split(n)
		}
		part[2*n+1], part[2*n+2] = b.divide(part[n], out.column[n], out.first[n])
		switch {
		case 2*n+1 >= splitNodes:
		case n == 0:
			b.count(1, part[1])
			b.count(2, part[2])
		default:
			small, large := 2*n+1, 2*n+2
			if len(part[small]) > len(part[large]) {
				small, large = large, small
			}
			b.count(small, part[small])
			whole, less, rest := b.hist[n], b.hist[small], b.hist[large]
			for f := range whole {
				for j := range whole[f] {
					rest[f][j] = whole[f][j] - less[f][j]
				}
			}
		}
	}
	for i := range out.leaf {
		var sum int64
		for _, k := range part[splitNodes+i] {
			sum += b.slope[k]
		}
		g, h := unpacked(sum)
		out.leaf[i] = -learningRate * g / (h + ridge)
		for _, k := range part[splitNodes+i] {
			b.margin[k] += out.leaf[i]
		}
	}
}

// count fills a node's histogram.
func (b *booster) count(node int, rows []int32) {
	h := b.hist[node]
	clear(h)
	width := len(h)
	classes := b.pool.classes
	for _, i := range rows {
		s := b.slope[i]
		row := classes[int(i)*width:][:width]
		h := h[:len(row)]
		for f, x := range row {
			h[f][x&(mostBins-1)] += s
		}
	}
}

// divide puts the rows of the first child before those of the second.
func (b *booster) divide(rows []int32, column int, first uint16) (one, two []int32) {
	width := len(b.pool.columns)
	n, m := 0, 0
	for _, i := range rows {
		if first>>(b.pool.classes[int(i)*width+column]&(mostBins-1))&1 == 1 {
			rows[n] = i
			n++
		} else {
			b.spare[m] = i
			m++
		}
	}
	copy(rows[n:], b.spare[:m])
	return rows[:n], rows[n:]
}

// split returns the split of a node with the largest gain: of a number a
// threshold, missing values on either side of it, of a category one value
// against all others. Of equal gains the first column's and the lowest bin's is
// taken.
func (b *booster) split(node int) (column int, first uint16) {
	const all = 1<<mostBins - 1
	h := b.hist[node]
	var total int64
	for _, x := range h[0] {
		total += x
	}
	g, hess := unpacked(total)
	if hess < 2*leastChild {
		return 0, all
	}
	// A gain is g²/(h + ridge) of both children, less that of the node; as a
	// fraction it is compared without dividing.
	base := g * g / (hess + ridge)
	above, below := 0.0, 1.0
	consider := func(f int, side int64, classes uint16) {
		gl, hl := unpacked(side)
		gr, hr := g-gl, hess-hl
		if hl < leastChild || hr < leastChild {
			return
		}
		hl, hr = hl+ridge, hr+ridge
		den := hl * hr
		num := float64(gl*gl*hr) + float64(gr*gr*hl) - float64(base*den)
		if float64(num*below) > float64(above*den) {
			above, below, column, first = num, den, f, classes
		}
	}
	first = all
	for f := range h {
		c := &b.pool.columns[f]
		if c.category {
			for j := range c.classes {
				consider(f, h[f][j], 1<<j)
			}
			continue
		}
		missing := h[f][0]
		var lower int64
		for j := 1; j < c.classes; j++ {
			if h[f][j] == 0 {
				continue // as one bin before
			}
			lower += h[f][j]
			up := uint16(1)<<(j+1) - 2 // classes 1 to j
			consider(f, lower, up)
			if missing != 0 {
				consider(f, lower+missing, up|1)
			}
		}
	}
	return column, first
}
