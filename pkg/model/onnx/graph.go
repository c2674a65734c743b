// Package onnx reads ONNX files that score rows: what converters make of
// scikit-learn's, CatBoost's and other models. Trees, linear models and what stands
// around them are computed here, as ONNX Runtime does, in every build; what another
// operator computes, ONNX Runtime alone can say (Graph.Native).
package onnx

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Graph is a checked graph that makes scores of rows. It may be used by many
// goroutines at once.
type Graph struct {
	Input    string // name of the rows
	Output   string // name of the tensor of scores, before any ZipMap
	Columns  int    // of that tensor
	Positive bool   // of its two columns the second is the score, of the positive class
	Labels   bool   // the scores are those of classes
	OneRow   bool   // the graph takes one row a call
	Double   bool   // rows are float64, else float32
	Bytes    []byte // the file's

	features int
	shapes   []shape // of registers; the input's is the first
	steps    []step
	result   int            // register
	behind   *tree.Ensemble // trees of other numbers than the rows', as Behind says
	linear   *sum           // the scores' margin where it is a sum over numbers that are made of single columns
	origins  []int          // of these numbers, the columns
	before   int            // the register of the numbers of behind or linear
	foreign  error
	wide     bool // the scores are float64
	scratch  sync.Pool
}

// shape is the form of a register: rows of cols numbers.
type shape struct {
	cols int
	kind int  // typeFloat, typeDouble or typeInt64
	flat bool // of one dimension
	deep bool // of three, the second of which is 1: codes of one column
}

// step computes one register from others, for n rows.
type step struct {
	in  []int
	out int
	do  func(n int, in [][]float64, out []float64)
}

// Read reads an ONNX file of one float input, with a row for each sample, and one
// float output. The ensemble says what its rows and scores are; it has the graph's trees
// where the graph is no more than one ensemble of trees and a link, else none. The
// covers of its splits are 0, since converters do not write them. Whatever the bytes,
// errors are those of package tree.
func Read(data []byte) (*Graph, *tree.Ensemble, error) {
	m, err := (&reader{}).parse(data)
	if err != nil {
		return nil, nil, err
	}
	g := &Graph{Bytes: data}
	if err := g.takeInput(m); err != nil {
		return nil, nil, err
	}
	class, err := g.takeOutput(m)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{file: m, graph: g, places: map[string]int{}, sums: map[int]*sums{}, producers: map[string]*node{}, busy: map[*node]bool{}}
	form, err := b.build()
	if err != nil {
		return nil, nil, err
	}
	if g.Columns == 0 {
		return nil, nil, tree.Refuse(tree.ErrFormat, g.Output, "how many scores a row gets is not said in the file")
	}
	if g.foreign == nil {
		g.wide = g.shapes[g.result].kind == typeDouble
	}
	g.Positive, g.Labels = class && g.Columns == 2, class
	e := &tree.Ensemble{
		Library: m.producer, Version: short(m.version), Objective: b.objective(), Booster: "ONNX", NumFeatures: g.features,
		BaseScore: math.NaN(), Margins: make([]float64, g.outputs()), Double: g.Double, Unbounded: true,
	}
	if names := m.metadata["leadsman.features"]; names != "" {
		if json.Unmarshal([]byte(names), &e.Features) != nil || len(e.Features) != g.features {
			return nil, nil, tree.Refuse(tree.ErrFeatures, "leadsman.features", "want a list of %d names", g.features)
		}
		if err := e.CheckNames("leadsman.features"); err != nil {
			return nil, nil, err
		}
	}
	if of := b.sums[g.result]; g.foreign == nil && of != nil && g.outputs() == 1 {
		g.linear, g.before, g.origins = &of.columns[len(of.columns)-1], of.rows, b.origins[of.rows]
	}
	switch {
	case form == nil:
	case form.rows == 0:
		form.fill(e, g.Positive)
	default:
		behind := *e
		behind.Double = g.shapes[form.rows].kind == typeDouble
		if form.fill(&behind, g.Positive); len(behind.Trees) > 0 {
			g.behind, g.before = &behind, form.rows
		}
	}
	g.scratch.New = func() any { return &state{} }
	return g, e, nil
}

// short is a version without all that CatBoost says of its build.
func short(version string) string {
	if number := regexp.MustCompile(`[0-9]+(\.[0-9]+)+`).FindString(version); len(version) > 40 && number != "" {
		return number
	}
	return tree.Clip(version)
}

// takeInput finds the rows among the graph's inputs. Old files list constants there
// too.
func (g *Graph) takeInput(m *file) error {
	inputs := slices.DeleteFunc(slices.Clone(m.inputs), func(v value) bool { return m.constants[v.name] != nil })
	if len(inputs) != 1 {
		return tree.Refuse(tree.ErrFeatures, "", "ONNX with %d inputs, want one of a row a sample: convert it with one FloatTensorType([None, columns])", len(inputs))
	}
	in := inputs[0]
	g.Input = in.name
	switch {
	case in.kind != typeFloat && in.kind != typeDouble:
		return tree.Refuse(tree.ErrFeatures, in.name, "the input is no tensor of float or double numbers: convert it with FloatTensorType([None, columns])")
	case len(in.dims) != 2 || in.dims[1] < 1:
		return tree.Refuse(tree.ErrFeatures, in.name, "how many columns a row has is not said: convert it with FloatTensorType([None, columns])")
	case in.dims[1] > tree.MaxFeatures:
		return tree.Refuse(tree.ErrFeatures, in.name, "%d columns, want at most %d", in.dims[1], tree.MaxFeatures)
	case in.dims[0] > 1:
		return tree.Refuse(tree.ErrFeatures, in.name, "the input takes %d rows at once, want any number", in.dims[0])
	}
	g.features, g.Double, g.OneRow = int(in.dims[1]), in.kind == typeDouble, in.dims[0] == 1
	g.shapes = []shape{{cols: g.features, kind: in.kind}}
	return nil
}

// takeOutput finds the scores among the graph's outputs, and reports whether they
// are those of classes: beside them is a label, or they are a map by class.
func (g *Graph) takeOutput(m *file) (class bool, err error) {
	var scores []value
	var names []string
	for _, v := range m.outputs {
		names = append(names, tree.Clip(v.name))
		if v.zip || v.kind == typeFloat || v.kind == typeDouble {
			scores = append(scores, v)
		} else {
			class = true
		}
	}
	if len(scores) > 1 {
		if named := slices.DeleteFunc(slices.Clone(scores), func(v value) bool { return !strings.Contains(strings.ToLower(v.name), "prob") }); len(named) == 1 {
			scores = named
		}
	}
	switch {
	case len(scores) == 0:
		return false, tree.Refuse(tree.ErrObjective, "", "ONNX that gives labels and no score: its outputs are %s", strings.Join(names, ", "))
	case len(scores) > 1:
		return false, tree.Refuse(tree.ErrObjective, "", "ONNX with %d outputs of numbers (%s), want one: for scikit-learn, convert with options={\"zipmap\": False}", len(scores), strings.Join(names, ", "))
	}
	v := scores[0]
	g.Output, g.wide = v.name, v.kind == typeDouble
	if !v.zip {
		switch {
		case len(v.dims) == 2 && v.dims[1] > 0 && v.dims[1] <= maxOutputs:
			g.Columns = int(v.dims[1])
		case v.shape && len(v.dims) == 1:
			g.Columns = 1
		}
		return class, nil
	}
	for _, n := range m.nodes {
		if n.kind != "ZipMap" || len(n.outputs) != 1 || n.outputs[0] != v.name || len(n.inputs) != 1 {
			continue
		}
		g.Output = n.inputs[0]
		for _, labels := range []string{"classlabels_int64s", "classlabels_strings"} {
			if a := n.attributes[labels]; a != nil {
				g.Columns = max(len(a.wholes), len(a.texts))
			}
		}
		if g.Columns > maxOutputs {
			return true, tree.Refuse(tree.ErrObjective, v.name, "%d classes", g.Columns)
		}
		return true, nil
	}
	return true, tree.Refuse(tree.ErrObjective, v.name, "a map that no ZipMap makes")
}

// maxOutputs bounds the scores of a row.
const maxOutputs = 1 << 16

// outputs is the number of scores that a row gets.
func (g *Graph) outputs() int {
	if g.Positive {
		return 1
	}
	return g.Columns
}

// Native is nil where Predict computes the graph, else the error that says which
// operator it does not know.
func (g *Graph) Native() error { return g.foreign }

// Behind returns the ensemble of trees that the graph is but for steps before it that
// change each column by itself, such as scaling; nil where it is no such thing. Its rows
// are those that Before makes.
func (g *Graph) Behind() *tree.Ensemble { return g.behind }

// Before returns the rows of Behind that the graph makes of rows.
func (g *Graph) Before(rows []float64) []float64 {
	out := make([]float64, 0, len(rows))
	g.passed(rows, func(n int, registers [][]float64) { out = append(out, registers[g.before][:n*g.features]...) })
	return out
}

// passed calls do with the registers of up to blockRows rows at a time.
func (g *Graph) passed(rows []float64, do func(n int, registers [][]float64)) {
	scores := make([]float32, blockRows*g.outputs())
	s := g.scratch.Get().(*state)
	defer g.scratch.Put(s)
	for block := range slices.Chunk(rows, blockRows*g.features) {
		n := len(block) / g.features
		g.run(s, block, scores[:n*g.outputs()])
		do(n, s.registers)
	}
}

// state holds the registers of one call.
type state struct{ registers, in [][]float64 }

// blockRows pass the steps together.
const blockRows = 64

// Predict writes the scores of rows, of which there are as many as out has room for.
func (g *Graph) Predict(rows []float64, out []float32) error {
	if g.foreign != nil {
		return g.foreign
	}
	s := g.scratch.Get().(*state)
	defer g.scratch.Put(s)
	g.run(s, rows, out)
	return nil
}

// run is Predict in a state.
func (g *Graph) run(s *state, rows []float64, out []float32) {
	if s.registers == nil {
		s.registers = make([][]float64, len(g.shapes))
		for i, shape := range g.shapes {
			s.registers[i] = make([]float64, blockRows*shape.cols)
		}
	}
	outputs := g.outputs()
	for len(out) > 0 {
		n := min(blockRows, len(out)/outputs)
		first := s.registers[0][:n*g.features]
		copy(first, rows)
		if !g.Double {
			for i, x := range first {
				first[i] = float64(float32(x))
			}
		}
		for _, step := range g.steps {
			s.in = s.in[:0]
			for _, i := range step.in {
				s.in = append(s.in, s.registers[i][:n*g.shapes[i].cols])
			}
			step.do(n, s.in, s.registers[step.out][:n*g.shapes[step.out].cols])
		}
		result := s.registers[g.result]
		for i := range n * outputs {
			if g.Positive {
				out[i] = float32(result[2*i+1])
			} else {
				out[i] = float32(result[i])
			}
		}
		rows, out = rows[n*g.features:], out[n*outputs:]
	}
}

// Tensor is the graph as a file whose one output is the scores as a tensor of float32,
// and the output's name: without ZipMap, whose maps are slow to read, and without labels.
func (g *Graph) Tensor() (file []byte, name string) {
	name = g.Output
	bytesField := func(to []byte, number protowire.Number, b []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), b)
	}
	number := func(to []byte, field protowire.Number, x uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(to, field, protowire.VarintType), x)
	}
	var narrow []byte // a node
	if g.wide {
		name += "_as_float"
		to := number(number(bytesField(nil, 1, []byte("to")), 3, typeFloat), 20, 2)
		narrow = bytesField(bytesField(bytesField(bytesField(nil, 1, []byte(g.Output)), 2, []byte(name)), 4, []byte("Cast")), 5, to)
	}
	output := bytesField(bytesField(nil, 1, []byte(name)), 2, bytesField(nil, 1, number(nil, 1, typeFloat)))
	var model []byte
	copyFields(g.Bytes, func(number protowire.Number, whole, content []byte) {
		if number != 7 {
			model = append(model, whole...)
			return
		}
		var graph []byte
		copyFields(content, func(number protowire.Number, whole, content []byte) {
			if number == 12 {
				return
			}
			if number == 1 {
				zip := false
				copyFields(content, func(number protowire.Number, _, content []byte) {
					zip = zip || number == 4 && string(content) == "ZipMap"
				})
				if zip {
					return
				}
			}
			graph = append(graph, whole...)
		})
		if narrow != nil {
			graph = bytesField(graph, 1, narrow)
		}
		model = bytesField(model, 7, bytesField(graph, 12, output))
	})
	return model, name
}

// copyFields calls do with every field of a message that parse has read before: the
// whole of it, and the content of one of bytes.
func copyFields(message []byte, do func(number protowire.Number, whole, content []byte)) {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return
		}
		size := protowire.ConsumeFieldValue(number, kind, message[n:])
		if size < 0 {
			return
		}
		var content []byte
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(message[n:])
		}
		do(number, message[:n+size], content)
		message = message[n+size:]
	}
}

// where names a node for a message.
func (n *node) where() string {
	if n.name == "" {
		return tree.Clip(n.kind)
	}
	return fmt.Sprintf("%s %q", tree.Clip(n.kind), tree.Clip(n.name))
}
