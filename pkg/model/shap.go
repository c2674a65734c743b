package model

import (
	"fmt"
	"slices"
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
// float32; these are float64. rows is as for Predictor; out has rows · Outputs ·
// (NumFeatures+1) values. A model whose splits have no cover is ErrFormat.
//
// The time of a row grows with the leaves and the square of the depth, some 500
// times that of its score.
func Contributions(m *Model, rows []float32, out []float64) error {
	width, outputs := m.NumFeatures, m.Outputs()
	n := len(rows) / width
	if err := m.CheckRows(rows, n*outputs); err != nil {
		return err
	}
	if want := n * outputs * (width + 1); len(out) != want {
		return refuse(ErrFeatures, "out", "%d contributions, want %d", len(out), want)
	}
	bias := make([]float64, outputs)
	for k, b := range m.margins {
		bias[k] = float64(b)
	}
	depth := 0
	for k := range m.trees {
		t := &m.trees[k]
		for i := range t.nodes {
			if s := &t.nodes[i]; !s.leaf() && s.cover == 0 {
				return refuse(ErrFormat, fmt.Sprintf("tree %d", k), "a split without sum_hessian, so that contributions are not defined")
			}
		}
		bias[t.output] += t.mean(0)
		depth = max(depth, t.depth)
	}
	x := &explainer{paths: make([]player, (depth+2)*(depth+3)/2)}
	clear(out)
	for i := range n {
		x.row = rows[i*width : (i+1)*width]
		all := out[i*outputs*(width+1) : (i+1)*outputs*(width+1)]
		for k, b := range bias {
			all[k*(width+1)+width] = b
		}
		for k := range m.trees {
			x.tree = &m.trees[k]
			x.out = all[x.tree.output*(width+1):][:width]
			x.walk(0, x.paths, 0, player{-1, 1, 1, 0})
		}
	}
	return nil
}

// mean is the value under node i over the training rows.
func (t *tree) mean(i int32) float64 {
	n := &t.nodes[i]
	if n.leaf() {
		return float64(t.leaf(n))
	}
	return t.share(n, n.left)*t.mean(n.left) + t.share(n, n.right)*t.mean(n.right)
}

// share is the share of n's training rows that went on to its child.
func (t *tree) share(n *node, child int32) float64 {
	return float64(t.nodes[child].cover) / float64(n.cover)
}

// explainer spreads one tree's leaves over the features on the way to them.
type explainer struct {
	tree  *tree
	row   []float32
	out   []float64 // by feature
	paths []player  // the path of each level, one after another
}

// player is a feature on the path to a node; the first stands for none.
type player struct {
	feature int32
	out, in float64 // share of rows that follow the path when the feature is out of the game, and when it is in
	weight  float64 // of all subsets with as many features as the player's index
}

// walk adds up the leaves under node i. path has the parent's n players, and
// room behind them; s is the one whose split led to the node.
func (x *explainer) walk(i int32, path []player, n int, s player) {
	own := path[n:]
	copy(own, path[:n])
	own[n] = s
	extend(own[:n+1])
	n++
	at := &x.tree.nodes[i]
	if at.leaf() {
		value := float64(x.tree.leaf(at))
		for k := 1; k < n; k++ {
			x.out[own[k].feature] += unwound(own[:n], k) * (own[k].in - own[k].out) * value
		}
		return
	}
	hot, cold := at.right, at.left
	if v := x.row[at.feature]; v < at.value || v != v && at.defaultLeft {
		hot, cold = cold, hot
	}
	// A feature that the path has already is one player, not two.
	s = player{at.feature, 1, 1, 0}
	if k := slices.IndexFunc(own[1:n], func(s player) bool { return s.feature == at.feature }); k >= 0 {
		s.out, s.in = own[k+1].out, own[k+1].in
		unwind(own[:n], k+1)
		n--
	}
	x.walk(hot, own, n, player{at.feature, s.out * x.tree.share(at, hot), s.in, 0})
	x.walk(cold, own, n, player{at.feature, s.out * x.tree.share(at, cold), 0, 0})
}

// extend gives the weights of the path without its last player their values with
// it.
func extend(path []player) {
	n := len(path) - 1
	last := path[n]
	path[n].weight = 0
	if n == 0 {
		path[n].weight = 1
	}
	for i := n - 1; i >= 0; i-- {
		path[i+1].weight += last.in * path[i].weight * float64(i+1) / float64(n+1)
		path[i].weight *= last.out * float64(n-i) / float64(n+1)
	}
}

// unwind takes player k out again, as if it had never come.
func unwind(path []player, k int) {
	n := len(path) - 1
	in, out := path[k].in, path[k].out
	next := path[n].weight
	for i := n - 1; i >= 0; i-- {
		if in != 0 {
			w := path[i].weight
			path[i].weight = next * float64(n+1) / (float64(i+1) * in)
			next = w - path[i].weight*out*float64(n-i)/float64(n+1)
		} else {
			path[i].weight *= float64(n+1) / (out * float64(n-i))
		}
	}
	for i := k; i < n; i++ {
		path[i].feature, path[i].in, path[i].out = path[i+1].feature, path[i+1].in, path[i+1].out
	}
}

// unwound is the sum of the weights that unwind would leave.
func unwound(path []player, k int) float64 {
	n := len(path) - 1
	in, out := path[k].in, path[k].out
	next, sum := path[n].weight, 0.0
	for i := n - 1; i >= 0; i-- {
		switch {
		case in != 0:
			w := next * float64(n+1) / (float64(i+1) * in)
			sum += w
			next = path[i].weight - w*out*float64(n-i)/float64(n+1)
		case out != 0:
			sum += path[i].weight * float64(n+1) / (out * float64(n-i))
		}
	}
	return sum
}
