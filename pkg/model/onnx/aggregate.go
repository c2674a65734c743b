package onnx

import (
	"slices"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// score writes the scores of a row, as ONNX Runtime does from version 1.26 on.
func (f *forest) score(row, out []float64, has []bool) {
	clear(out)
	clear(has)
	for k := range f.trees {
		said := f.leaves[int(f.walk.Walk(&f.trees[k], row))]
		if f.outputs == 1 && len(said) > 1 {
			said = said[:1]
		}
		for _, w := range said {
			f.join(&out[w.output], has[w.output], w.value)
			has[w.output] = true
		}
	}
	if f.classifier {
		f.classify(out, has)
		return
	}
	for k := range out {
		if f.aggregate == "AVERAGE" {
			out[k] = f.round(out[k] / float64(len(f.trees)))
		}
		if len(f.base) == f.outputs {
			out[k] = f.round(out[k] + f.base[k])
		}
	}
	f.finish(out)
}

// join takes one more value into what stands for an output.
func (f *forest) join(to *float64, has bool, value float64) {
	switch {
	case !has:
		*to = f.round(value)
	case f.aggregate == "MIN":
		*to = min(*to, value)
	case f.aggregate == "MAX":
		*to = max(*to, value)
	default:
		*to = f.round(*to + value)
	}
}

func (f *forest) round(x float64) float64 {
	if f.double {
		return x
	}
	return float64(float32(x))
}

// classify makes scores of the sums of a classifier.
func (f *forest) classify(out []float64, has []bool) {
	base := func(k int) float64 {
		if k < len(f.base) {
			return f.base[k]
		}
		return 0
	}
	switch {
	case f.outputs != 2:
		for k := range out {
			out[k] = f.round(out[k] + base(k))
		}
	case len(f.base) == 2: // the runtime takes the first class's score for that of both
		out[1] = f.round(out[0] + f.base[1])
		out[0] = -out[1]
	default:
		out[0] = f.round(out[0] + base(0))
		if !has[1] {
			f.second(out)
			return
		}
	}
	f.finish(out)
}

// second makes the scores of two classes of one. The runtime takes it for a share where
// nothing else can be meant.
func (f *forest) second(out []float64) {
	score := out[0]
	switch {
	case f.transform == "LOGISTIC":
		score = logistic(score)
		out[0] = 1 - score
	case f.share:
		out[0] = 1 - score
	default:
		out[0] = -score
	}
	out[1] = score
}

// form is what a register holds in terms of trees: the graph's rows themselves, or
// what a forest on them and a link give.
type form struct {
	forest *forest
	rows   int // register of the rows: the graph's own, or such as hold a function of each of its columns
	link   tree.Link
	sides  [][]side // of each output, what its margin adds up
}

// side is an output of the forest with a sign.
type side struct {
	output int
	sign   float64
}

// maxCopied bounds the nodes of trees, of which each output gets a copy.
const maxCopied = 1 << 24

// form returns the forest as trees and a link, nil where it is none.
func (f *forest) form() *form {
	nodes := 0
	for i := range f.trees {
		nodes += len(f.trees[i].Nodes)
	}
	if f.aggregate == "MIN" || f.aggregate == "MAX" || f.transform == "PROBIT" || f.transform == "SOFTMAX_ZERO" || nodes > maxCopied/f.outputs {
		return nil
	}
	links := map[string]tree.Link{"NONE": tree.Identity, "LOGISTIC": tree.Logistic, "SOFTMAX": tree.Softmax}
	w := &form{forest: f, link: links[f.transform]}
	if f.outputs == 1 {
		w.link = tree.Identity
	}
	for k := range f.outputs {
		w.sides = append(w.sides, []side{{k, 1}})
	}
	if !f.classifier || f.outputs != 2 {
		return w
	}
	if f.single {
		w.sides[1] = []side{{0, 1}}
		return w
	}
	if len(f.base) > 0 || !f.sure(1) {
		return nil // rules of the runtime that are no sum
	}
	if w.link == tree.Softmax { // of two: the logistic of the difference
		w.link, w.sides[1] = tree.Logistic, []side{{1, 1}, {0, -1}}
	}
	return w
}

// sure reports whether every row is told something of an output: by one tree, all of
// whose leaves do.
func (f *forest) sure(output int) bool {
	says := func(n tree.Node) bool {
		return !n.IsLeaf() || slices.ContainsFunc(f.leaves[int(n.Value)], func(w weight) bool { return w.output == output })
	}
	return slices.ContainsFunc(f.trees, func(t tree.Tree) bool {
		return !slices.ContainsFunc(t.Nodes, func(n tree.Node) bool { return !says(n) })
	})
}

// linked is the form after one more link, nil where there is none.
func (w *form) linked(link tree.Link) *form {
	if w == nil || w.forest == nil || w.link != tree.Identity || w.forest.classifier {
		return nil
	}
	after := *w
	after.link = link
	return &after
}

// fill gives the ensemble its trees. positive says that of two classes the second
// alone is wanted.
func (w *form) fill(e *tree.Ensemble, positive bool) {
	f := w.forest
	if f == nil {
		return
	}
	sides := w.sides
	if positive && len(sides) == 2 {
		if !f.classifier {
			return
		}
		sides = sides[1:]
	}
	if len(sides) != len(e.Margins) || f.classifier && f.outputs == 2 && !positive {
		return
	}
	e.Link, e.Sets = w.link, f.walk.Sets
	by := 1.0
	if f.aggregate == "AVERAGE" {
		by /= float64(len(f.trees))
	}
	for k := range f.trees {
		for output, terms := range sides {
			e.Trees = append(e.Trees, f.sum(k, output, terms, by))
		}
	}
	for output, terms := range sides {
		for _, s := range terms {
			if len(f.base) == f.outputs || f.classifier && s.output < len(f.base) {
				e.Margins[output] += s.sign * f.base[s.output]
			}
		}
	}
	e.BaseScore, e.BaseLast = e.Margins[0], true
}

// sum is tree k with the values that its leaves add to one output.
func (f *forest) sum(k, output int, terms []side, by float64) tree.Tree {
	t := tree.Tree{Nodes: make([]tree.Node, len(f.trees[k].Nodes)), Output: output, Depth: f.trees[k].Depth}
	copy(t.Nodes, f.trees[k].Nodes)
	for i := range t.Nodes {
		leaf := &t.Nodes[i]
		if !leaf.IsLeaf() {
			continue
		}
		said := f.leaves[int(leaf.Value)]
		if f.outputs == 1 && len(said) > 1 {
			said = said[:1]
		}
		leaf.Value = 0
		for _, w := range said {
			for _, s := range terms {
				if s.output == w.output {
					leaf.Value += s.sign * w.value * by
				}
			}
		}
	}
	return t
}
