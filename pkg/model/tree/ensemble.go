// Package tree is the checked ensemble of decision trees: what a reader of
// model files makes, and what an engine, an explanation or an export starts
// from. It holds the checks that an ensemble and its rows must pass, and the
// errors that say where and why they do not.
package tree

// MaxFeatures bounds a row, of which scoring makes copies.
const MaxFeatures = 1 << 20

// Ensemble is a sum of trees for each output, and what makes scores of the sums.
// Readers fill it and check it; afterwards nothing changes it.
type Ensemble struct {
	Library     string  // that trained it, "XGBoost" or "LightGBM"
	Version     string  // of the XGBoost that wrote it, "3.2.0", or of LightGBM's format, "v4"
	Objective   string  // as the library names it, "binary:logistic"
	Booster     string  // "gbtree" or "dart"
	NumFeatures int     // columns of a row
	BaseScore   float64 // as stored: a probability for logistic objectives; the first class's, where each has its own

	Features  []string  // names of the columns in order; nil where the model was trained without names
	Link      Link      // from margins to scores
	Margins   []float64 // of each output, the base score on the margin's scale
	Trees     []Tree    // those that take part in a score, in the order of their sum
	Sets      []*Set    // of the splits on a category
	Double    bool      // compares values and adds up leaves in float64, as LightGBM does; else in float32, as XGBoost does
	BaseLast  bool      // the base score is added after the leaves, as ONNX Runtime does
	Unbounded bool      // takes infinite values as any others, as Double does
	ZeroGone  bool      // 0 is a missing value too, but as a category
}

// Tree is one tree, as Columns.Tree makes it. Node 0 is the root; a parent
// stands before its children.
type Tree struct {
	Nodes  []Node
	Output int // that its leaves add to
	Depth  int // edges from the root to the deepest leaf
}

// Scale multiplies what the leaves add.
func (t *Tree) Scale(by float64) {
	for i := range t.Nodes {
		if n := &t.Nodes[i]; n.IsLeaf() {
			n.Value *= by
		}
	}
}

// Node is a split, or a leaf where Left is 0 (the root is nobody's child).
type Node struct {
	Left, Right int32
	Feature     int32
	Category    bool    // a split on a category: those in Sets[Value] go left
	DefaultLeft bool    // where a missing value goes
	Value       float64 // a split's threshold (x < Value goes left), or what a leaf adds
	Cover       float32 // sum of hessians of the training rows that reached it
	Gain        float32 // what its split took off the loss; 0 for a leaf
}

// IsLeaf reports whether n is a leaf.
func (n *Node) IsLeaf() bool { return n.Left == 0 }

// GoesLeft reports where the split n sends a row that has x in its feature.
func (e *Ensemble) GoesLeft(n *Node, x float64) bool {
	switch {
	case x != x:
		return n.DefaultLeft
	case n.Category:
		return e.Sets[int(n.Value)].has(x, e.Double)
	case e.ZeroGone && isZero(x):
		return n.DefaultLeft
	case e.Double:
		return x < n.Value
	}
	return float32(x) < float32(n.Value)
}

// Walk is what t, one of the ensemble's trees, adds to the margin of a row: the
// value of the leaf that the row falls into.
func (e *Ensemble) Walk(t *Tree, row []float64) float64 { return t.Nodes[e.leaf(t, row)].Value }

// leaf is the place in t of the leaf that the row falls into.
func (e *Ensemble) leaf(t *Tree, row []float64) int32 {
	at := int32(0)
	for n := &t.Nodes[0]; !n.IsLeaf(); n = &t.Nodes[at] {
		if e.GoesLeft(n, row[n.Feature]) {
			at = n.Left
		} else {
			at = n.Right
		}
	}
	return at
}

// Logistic reports whether a score is the probability of the positive class.
func (e *Ensemble) Logistic() bool { return e.Link == Logistic }

// Outputs returns the number of scores that a row gets: one a class for
// multi:softprob, else 1.
func (e *Ensemble) Outputs() int { return len(e.Margins) }

// ByOutput returns the trees that add to each output, in their order.
func (e *Ensemble) ByOutput() [][]Tree {
	of := make([][]Tree, e.Outputs())
	for _, t := range e.Trees {
		of[t.Output] = append(of[t.Output], t)
	}
	return of
}

// Nodes returns the number of splits and leaves in the trees.
func (e *Ensemble) Nodes() int {
	n := 0
	for _, t := range e.Trees {
		n += len(t.Nodes)
	}
	return n
}

// Depth returns the largest number of splits that a row passes in one tree.
func (e *Ensemble) Depth() int {
	d := 0
	for _, t := range e.Trees {
		d = max(d, t.Depth)
	}
	return d
}
