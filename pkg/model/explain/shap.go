// Package explain says what the features of an ensemble do: how much each took
// off the training loss, and what each adds to a row's margin (TreeSHAP).
package explain

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Contributions writes, for each output of each row, what every feature adds to
// the margin, and the bias: NumFeatures+1 values, in log-odds for logistic
// objectives. They sum to the margin; the bias alone is the margin's mean over
// the training rows, as the trees' covers tell.
//
// They are exact Shapley values of the game in which a feature that does not
// take part sends a row both ways, by the share of training rows that went
// there (path-dependent TreeSHAP: Lundberg and others, Nature Machine
// Intelligence 2, 2020). XGBoost calls them pred_contribs, and computes them in
// float32; these are float64. rows holds rows of NumFeatures values, NaN where
// one is missing; out has rows · Outputs · (NumFeatures+1) values. Lengths that do
// not fit and infinite values are tree.ErrFeatures, a model whose splits have no
// cover is tree.ErrFormat.
//
// The time of a row grows with the leaves times the depth. From batchRows rows
// on, what they share is worked out once, which is many times faster for trees of
// depth 8 or less; a row's values may then differ in their last bits from those it
// gets alone. Memory beside out is a few times the model, and some 20 MB.
func Contributions(m *tree.Ensemble, rows []float64, out []float64) error {
	width, outputs := m.NumFeatures, m.Outputs()
	n := len(rows) / width
	if err := m.CheckRows(rows, n*outputs); err != nil {
		return err
	}
	stride := outputs * (width + 1)
	if want := n * stride; len(out) != want {
		return tree.Refuse(tree.ErrFeatures, "out", "%d contributions, want %d", len(out), want)
	}
	bias := make([]float64, outputs)
	copy(bias, m.Margins)
	for k := range m.Trees {
		t := &m.Trees[k]
		for i := range t.Nodes {
			if s := &t.Nodes[i]; !s.IsLeaf() && s.Cover == 0 {
				return tree.Refuse(tree.ErrFormat, fmt.Sprintf("tree %d", k), "a split without sum_hessian, so that contributions are not defined")
			}
		}
		bias[t.Output] += mean(t, 0)
	}
	clear(out)
	for i := range n {
		for k, b := range bias {
			out[i*stride+k*(width+1)+width] = b
		}
	}
	deep := m.Trees
	if n >= batchRows {
		if m.Double {
			deep = tabulate[int64](m, rows, out)
		} else {
			deep = tabulate[int32](m, rows, out)
		}
	}
	if len(deep) == 0 {
		return nil
	}
	e := newExplainer(m, deep)
	for i := range n {
		e.row = rows[i*width : (i+1)*width]
		for k := range deep {
			e.explain(&deep[k], out[i*stride+deep[k].Output*(width+1):][:width])
		}
	}
	return nil
}

// mean is the value under node i over the training rows.
func mean(t *tree.Tree, i int32) float64 {
	n := &t.Nodes[i]
	if n.IsLeaf() {
		return n.Value
	}
	return share(t, n, n.Left)*mean(t, n.Left) + share(t, n, n.Right)*mean(t, n.Right)
}

// share is the share of n's training rows that went on to its child.
func share(t *tree.Tree, n *tree.Node, child int32) float64 {
	return float64(t.Nodes[child].Cover) / float64(n.Cover)
}

// player is a feature on the way to a leaf: the share of training rows that its
// splits send this way, and whether they send the row there. A feature that is
// not on the way is the player {1, true}, who changes nothing.
//
// Of a leaf with the value v and the players j, player i has the Shapley value
//
//	v (inᵢ - shareᵢ) ∫₀¹ Π (shareⱼ (1-t) + inⱼ t) dt   over the j other than i
//
// since ∫ tᵏ (1-t)ᵘ⁻¹⁻ᵏ dt is the weight k! (u-1-k)! / u! of a set of k among u
// players. The product has degree u-1 in t, so that Gauss's rule with u/2 points,
// rounded up, gives the integral itself.
type player struct {
	share float64
	in    bool
}

// factor is the player's at t, in [0, 1].
func (p player) factor(t float64) float64 {
	if p.in {
		return p.share*(1-t) + t
	}
	return p.share * (1 - t)
}

// weight is (in - share) / factor. Without in it does not depend on the share,
// so that a share of 0 needs no care.
func (p player) weight(t float64) float64 {
	if p.in {
		return (1 - p.share) / (p.share*(1-t) + t)
	}
	return -1 / (1 - t)
}

// gauss returns the points and weights of Gauss's rule on [0, 1], exact for
// polynomials of degree 2n-1.
func gauss(n int) (points, weights []float64) {
	points, weights = make([]float64, n), make([]float64, n)
	for i := range n {
		// Newton's method from a start that leads to the i-th root of the
		// Legendre polynomial.
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		var slope float64
		for range 8 {
			p, before := x, 1.0
			for k := 2; k <= n; k++ {
				p, before = (float64(2*k-1)*x*p-float64(k-1)*before)/float64(k), p
			}
			slope = float64(n) * (x*p - before) / (x*x - 1)
			x -= p / slope
		}
		points[i], weights[i] = (1+x)/2, 1/((1-x*x)*slope*slope)
	}
	return points, weights
}

// explainer spreads the leaves of one tree at a time over the features on the way
// to them.
type explainer struct {
	model           *tree.Ensemble
	tree            *tree.Tree
	row             []float64
	out             []float64 // by feature
	players         []player  // by feature, on the way to the node
	points, weights []float64
	// At each point, for each level: the product of the factors, and the sum
	// over the leaves below of that product and their value.
	products, sums []float64
}

func newExplainer(m *tree.Ensemble, trees []tree.Tree) *explainer {
	depth, width := 0, m.NumFeatures
	for k := range trees {
		depth = max(depth, trees[k].Depth)
	}
	e := &explainer{model: m, players: make([]player, width)}
	for f := range e.players {
		e.players[f] = player{1, true}
	}
	e.points, e.weights = gauss((min(depth, width) + 1) / 2)
	n := len(e.points)
	e.products, e.sums = make([]float64, (depth+1)*n), make([]float64, (depth+1)*n)
	copy(e.products, e.weights)
	return e
}

func (e *explainer) explain(t *tree.Tree, out []float64) {
	e.tree, e.out = t, out
	if t.Depth > 0 {
		e.walk(0, 0)
	}
}

// walk leaves in the level's sums those of node i, and adds to out what the
// splits under it give.
func (e *explainer) walk(i int32, level int) {
	q := len(e.points)
	products, sums := e.products[level*q:][:q], e.sums[level*q:][:q]
	n := &e.tree.Nodes[i]
	if n.IsLeaf() {
		v := n.Value
		for k, p := range products {
			sums[k] = p * v
		}
		return
	}
	hot := n.Right
	if e.model.GoesLeft(n, e.row[n.Feature]) {
		hot = n.Left
	}
	clear(sums)
	before := e.players[n.Feature]
	below, belowSums := e.products[(level+1)*q:][:q], e.sums[(level+1)*q:][:q]
	for _, child := range [2]int32{n.Left, n.Right} {
		p := player{before.share * share(e.tree, n, child), before.in && child == hot}
		for k, t := range e.points {
			below[k] = 0
			if f := before.factor(t); f != 0 {
				below[k] = products[k] / f * p.factor(t)
			}
		}
		e.players[n.Feature] = p
		e.walk(child, level+1)
		for k, t := range e.points {
			// A later split on the feature takes this weight back.
			e.out[n.Feature] += belowSums[k] * (p.weight(t) - before.weight(t))
			sums[k] += belowSums[k]
		}
	}
	e.players[n.Feature] = before
}
