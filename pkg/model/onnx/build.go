package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// builder makes steps of the nodes that the scores need.
type builder struct {
	file      *file
	graph     *Graph
	producers map[string]*node
	places    map[string]int // of values, in the graph's registers
	forms     []*form        // of registers: what they are in terms of trees, nil where they are nothing of that kind
	origins   [][]int        // of registers: by column, which of the input's columns it is made of; nil where of several
	sums      map[int]*sums  // by register: what is linear
	busy      map[*node]bool
	used      []string // kinds of nodes
	depth     int
}

// maxNodes bounds the way from the input to the scores.
const maxNodes = 10_000

// errForeign says that a node is not computed here.
var errForeign = errors.New("only ONNX Runtime computes it")

// foreign says that a node is not computed here.
func foreign(n *node, why string) error {
	if why != "" {
		why = ", " + why
	}
	return fmt.Errorf("operator %s%s: %w: use a leadsman that was built with cgo, such as a release's leadsman-onnx, and `leadsman deps` or ONNXRUNTIME_LIB", n.where(), why, errForeign)
}

// build makes the steps, and returns what the scores are in terms of trees.
func (b *builder) build() (*form, error) {
	for _, n := range b.file.nodes {
		if n.kind == "Constant" && len(n.outputs) == 1 {
			if a := n.attributes["value"]; a != nil && a.tensor != nil {
				b.file.constants[n.outputs[0]] = a.tensor
				continue
			}
		}
		for _, out := range n.outputs {
			if out == "" {
				continue
			}
			if b.producers[out] != nil {
				return nil, tree.Refuse(tree.ErrFormat, tree.Clip(out), "two nodes make it")
			}
			b.producers[out] = n
		}
	}
	b.places[b.graph.Input], b.forms = 0, []*form{{}}
	b.origins = [][]int{make([]int, b.graph.features)}
	for i := range b.origins[0] {
		b.origins[0][i] = i
	}
	result, err := b.register(b.graph.Output)
	switch {
	case errors.Is(err, errForeign):
		b.graph.foreign = err
		return nil, nil
	case err != nil:
		return nil, err
	}
	b.graph.result = result
	if cols := b.graph.shapes[result].cols; b.graph.Columns == 0 {
		b.graph.Columns = cols
	} else if cols != b.graph.Columns {
		return nil, tree.Refuse(tree.ErrFormat, tree.Clip(b.graph.Output), "%d columns, and the graph says %d", cols, b.graph.Columns)
	}
	return b.forms[result], nil
}

// register returns the register that holds a value, after the steps that make it.
func (b *builder) register(name string) (int, error) {
	if at, ok := b.places[name]; ok {
		return at, nil
	}
	if b.file.constants[name] != nil {
		return 0, foreign(&node{kind: "Constant", name: name}, "")
	}
	n := b.producers[name]
	if n == nil {
		return 0, tree.Refuse(tree.ErrFormat, tree.Clip(name), "no node makes it")
	}
	if b.busy[n] {
		return 0, tree.Refuse(tree.ErrFormat, n.where(), "takes part in a circle")
	}
	if b.depth++; b.depth > maxNodes {
		return 0, tree.Refuse(tree.ErrFormat, n.where(), "more than %d nodes", maxNodes)
	}
	b.busy[n] = true
	defer delete(b.busy, n)
	op, ok := operators[n.kind]
	if !ok || n.domain != "" && n.domain != "ai.onnx" && n.domain != "ai.onnx.ml" {
		return 0, foreign(n, "")
	}
	if len(n.inputs) == 0 {
		return 0, tree.Refuse(tree.ErrFormat, n.where(), "no input")
	}
	if at := slices.Index(n.outputs, name); at != op.output && !(at == len(n.outputs)-1 && at < op.output) {
		return 0, foreign(n, fmt.Sprintf("its output %q", tree.Clip(name)))
	}
	at, err := op.build(b, n)
	if err != nil {
		if !errors.Is(err, errForeign) {
			err = tree.Within(n.where(), err)
		}
		return 0, err
	}
	b.used = append(b.used, n.kind)
	b.places[name] = at
	return at, nil
}

// add makes a register of a shape that a step fills from others.
func (b *builder) add(s shape, in []int, do func(n int, in [][]float64, out []float64)) (int, error) {
	g := b.graph
	if s.cols < 1 || s.cols > tree.MaxFeatures {
		return 0, tree.Refuse(tree.ErrFormat, "", "%d columns", s.cols)
	}
	g.steps = append(g.steps, step{in: in, out: len(g.shapes), do: do})
	g.shapes = append(g.shapes, s)
	b.forms, b.origins = append(b.forms, nil), append(b.origins, nil)
	return len(g.shapes) - 1, nil
}

// columnwise says that a register holds a function of each column of another, or of the
// one that it has.
func (b *builder) columnwise(out, in int, err error) (int, error) {
	if err == nil && b.origins[in] != nil {
		b.origins[out] = make([]int, b.graph.shapes[out].cols)
		for k := range b.origins[out] {
			b.origins[out][k] = b.origins[in][k%len(b.origins[in])]
		}
	}
	if err == nil && b.forms[in] != nil && b.forms[in].forest == nil && b.graph.shapes[out].cols == b.graph.shapes[in].cols {
		b.forms[out] = &form{rows: out}
	}
	return out, err
}

// map1 makes a register of the same shape, number by number.
func (b *builder) map1(in int, f func(x float64) float64) (int, error) {
	s := b.graph.shapes[in]
	out, err := b.add(s, []int{in}, func(_ int, in [][]float64, out []float64) {
		for i, x := range in[0] {
			out[i] = f(x)
		}
		s.round(out)
	})
	return b.columnwise(out, in, err)
}

// round rounds values to the register's width.
func (s shape) round(values []float64) {
	if s.kind != typeFloat {
		return
	}
	for i, x := range values {
		values[i] = float64(float32(x))
	}
}

// constant returns the values of an input that is known beforehand.
func (b *builder) constant(name string) *tensor {
	if t := b.file.constants[name]; t != nil && t.values != nil {
		return t
	}
	return nil
}

// plumbing are nodes that change no number.
var plumbing = []string{"ArgMax", "ArrayFeatureExtractor", "Cast", "Concat", "Constant", "Gather", "Identity", "Reshape", "Shape", "Slice", "ZipMap"}

// objective is what makes the scores: the kinds of nodes on the way.
func (b *builder) objective() string {
	kinds := b.used
	if b.graph.foreign != nil {
		kinds = nil
		for _, n := range b.file.nodes {
			kinds = append(kinds, tree.Clip(n.kind))
		}
	}
	kinds = slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return slices.Contains(plumbing, kind) })
	kinds = slices.Compact(kinds)
	if len(kinds) > 6 {
		kinds = append(kinds[:6], "…")
	}
	return strings.Join(kinds, " ")
}
