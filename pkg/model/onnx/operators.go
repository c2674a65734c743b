package onnx

import (
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// operator is a kind of node that is computed here.
type operator struct {
	output int // the one that is computed
	build  func(b *builder, n *node) (register int, err error)
}

// operators are all of them. The map is filled when the program starts, since
// builders call register.
var operators map[string]operator

func init() {
	operators = map[string]operator{
		"TreeEnsembleRegressor":  {0, onRows((*builder).treeEnsemble)},
		"TreeEnsembleClassifier": {1, onRows((*builder).treeEnsemble)},
		"LinearRegressor":        {0, onRows((*builder).linearRegressor)},
		"LinearClassifier":       {1, onRows((*builder).linearClassifier)},
		"Scaler":                 {0, onRows((*builder).scaler)},
		"Normalizer":             {0, onRows((*builder).normalizer)},
		"Imputer":                {0, onRows((*builder).imputer)},
		"ArrayFeatureExtractor":  {0, onAny((*builder).columns)},
		"Gather":                 {0, onAny((*builder).gather)},
		"OneHotEncoder":          {0, onAny((*builder).oneHot)},
		"Binarizer":              {0, onRows((*builder).binarizer)},
		"Identity":               {0, (*builder).identity},
		"Cast":                   {0, onAny((*builder).cast)},
		"Reshape":                {0, onAny((*builder).reshape)},
		"Concat":                 {0, (*builder).concat},
		"Sigmoid":                {0, linked(tree.Logistic, logistic)},
		"Exp":                    {0, linked(tree.Exp, math.Exp)},
		"Softplus":               {0, linked(tree.Softplus, softplus)},
		"Softmax":                {0, onRows((*builder).softmax)},
		"Relu":                   {0, mapped(func(x float64) float64 { return max(x, 0) })},
		"Tanh":                   {0, mapped(math.Tanh)},
		"Abs":                    {0, mapped(math.Abs)},
		"Neg":                    {0, onRows((*builder).negative)},
		"MatMul":                 {0, onRows((*builder).matMul)},
		"Gemm":                   {0, onRows((*builder).gemm)},
		"Add":                    {0, paired(func(x, y float64) float64 { return x + y })},
		"Sub":                    {0, paired(func(x, y float64) float64 { return x - y })},
		"Mul":                    {0, paired(func(x, y float64) float64 { return x * y })},
		"Div":                    {0, paired(func(x, y float64) float64 { return x / y })},
		"Sum":                    {0, (*builder).sum},
		"ReduceSum":              {0, onRows((*builder).reduceSum)},
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// onRows is an operator on one register of that shape, its first input: rows of float or
// double numbers.
func onRows(build func(b *builder, n *node, in int, s shape) (int, error)) func(*builder, *node) (int, error) {
	return onAny(func(b *builder, n *node, in int, s shape) (int, error) {
		if err := numbers(n, s); err != nil {
			return 0, err
		}
		return build(b, n, in, s)
	})
}

// numbers is nil for a register of rows of float or double numbers.
func numbers(n *node, s shape) error {
	switch {
	case s.kind == typeInt64:
		return foreign(n, "of whole numbers")
	case s.deep:
		return foreign(n, "of three dimensions")
	}
	return nil
}

// onAny is an operator on one register, its first input.
func onAny(build func(b *builder, n *node, in int, s shape) (int, error)) func(*builder, *node) (int, error) {
	return func(b *builder, n *node) (int, error) {
		in, err := b.register(n.inputs[0])
		if err != nil {
			return 0, err
		}
		return build(b, n, in, b.graph.shapes[in])
	}
}

// mapped is an operator that works number by number.
func mapped(f func(float64) float64) func(*builder, *node) (int, error) {
	return onRows(func(b *builder, _ *node, in int, _ shape) (int, error) { return b.map1(in, f) })
}

// linked is one that makes scores of margins.
func linked(link tree.Link, f func(float64) float64) func(*builder, *node) (int, error) {
	return onRows(func(b *builder, _ *node, in int, _ shape) (int, error) {
		out, err := b.map1(in, f)
		if linked := b.forms[in].linked(link); err == nil && linked != nil {
			b.forms[out] = linked
		}
		if err == nil && link == tree.Logistic {
			b.logistics(out, in)
		}
		return out, err
	})
}

func (b *builder) identity(n *node) (int, error) { return b.register(n.inputs[0]) }

func (b *builder) cast(n *node, in int, s shape) (int, error) {
	switch to := int(n.whole("to", 0)); to {
	case s.kind:
		return in, nil
	case typeFloat, typeDouble:
		s.kind = to
		out, err := b.copyTo(in, s)
		if err == nil {
			b.forms[out] = nil // of other numbers
		}
		return b.columnwise(out, in, err)
	case typeInt64:
		s.kind = to
		out, err := b.add(s, []int{in}, func(_ int, in [][]float64, out []float64) {
			for i, x := range in[0] {
				out[i] = wholeOf(x)
			}
		})
		return b.columnwise(out, in, err)
	default:
		return 0, foreign(n, "to another type than float, double and int64")
	}
}

// reshape is one that changes nothing, or makes a column of one dimension.
func (b *builder) reshape(n *node, in int, s shape) (int, error) {
	if len(n.inputs) == 2 {
		to := b.constant(n.inputs[1])
		switch {
		case to == nil:
		case len(to.values) == 2 && (to.values[0] == -1 || to.values[0] == 0 && n.whole("allowzero", 0) == 0) && to.values[1] == float64(s.cols):
			if !s.flat && !s.deep {
				return in, nil
			}
			s.flat, s.deep = false, false
			return b.copyTo(in, s)
		case len(to.values) == 1 && to.values[0] == -1 && s.cols == 1:
			s.flat, s.deep = true, false
			return b.copyTo(in, s)
		}
	}
	return 0, foreign(n, "to that shape")
}

// copyTo makes a register of another form with the same numbers.
func (b *builder) copyTo(in int, s shape) (int, error) {
	out, err := b.add(s, []int{in}, func(_ int, in [][]float64, out []float64) {
		copy(out, in[0])
		s.round(out)
	})
	if err == nil {
		b.forms[out] = b.forms[in]
		b.picked(out, in, func(k int) int { return k })
	}
	return out, err
}

// wholeOf is a number as int64, cut at the point; what has none is the least, as processors
// of Intel's and AMD's make it.
func wholeOf(x float64) float64 {
	if !(math.Abs(x) < 1<<63) {
		return -1 << 63
	}
	return math.Trunc(x)
}

func (b *builder) concat(n *node) (int, error) {
	axis := n.whole("axis", 0)
	var all []int
	s := shape{}
	for _, name := range n.inputs {
		if b.constant(name) != nil {
			return 0, foreign(n, "with a constant")
		}
		in, err := b.register(name)
		if err != nil {
			return 0, err
		}
		one := b.graph.shapes[in]
		switch {
		case one.flat || s.cols > 0 && (one.kind != s.kind || one.deep != s.deep):
			return 0, foreign(n, "of unlike tensors")
		case axis != -1 && (axis != 1 || one.deep) && (axis != 2 || !one.deep):
			return 0, foreign(n, "along rows")
		}
		all, s = append(all, in), shape{cols: s.cols + one.cols, kind: one.kind, deep: one.deep}
	}
	out, err := b.add(s, all, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			for _, v := range in {
				k := len(v) / rows
				out = out[copy(out, v[r*k:][:k]):]
			}
		}
	})
	if err == nil {
		b.joined(out, all)
	}
	return out, err
}

// columns picks columns by their places.
func (b *builder) columns(n *node, in int, s shape) (int, error) {
	var places *tensor
	if len(n.inputs) == 2 {
		places = b.constant(n.inputs[1])
	}
	if places == nil || s.flat || s.deep {
		return 0, foreign(n, "by places that are not known beforehand")
	}
	return b.pick(in, s, places.values)
}

// gather picks columns by their places, which may be counted from the end.
func (b *builder) gather(n *node, in int, s shape) (int, error) {
	var places *tensor
	if len(n.inputs) == 2 {
		places = b.constant(n.inputs[1])
	}
	axis := n.whole("axis", 0)
	if places == nil || len(places.dims) != 1 || s.flat || axis != -1 && (axis != 1 || s.deep) && (axis != 2 || !s.deep) {
		return 0, foreign(n, "of other than columns")
	}
	values := slices.Clone(places.values)
	for k, p := range values {
		if p < 0 {
			values[k] = p + float64(s.cols)
		}
	}
	return b.pick(in, s, values)
}

// pick makes a register of some columns of another.
func (b *builder) pick(in int, s shape, places []float64) (int, error) {
	width := s.cols
	for _, p := range places {
		if !(p >= 0 && p < float64(width)) {
			return 0, tree.Refuse(tree.ErrFeatures, "", "column %v of %d", p, width)
		}
	}
	s.cols = len(places)
	out, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			for k, p := range places {
				out[r*s.cols+k] = in[0][r*width+int(p)]
			}
		}
	})
	if err == nil {
		b.picked(out, in, func(k int) int { return int(places[k]) })
	}
	return out, err
}

// oneHot makes a column of 0 and 1 for each of the categories of a column of numbers. One
// that is none of them has no 1; where the file does not allow that, ONNX Runtime stops,
// and the row has no score here.
func (b *builder) oneHot(n *node, in int, s shape) (int, error) {
	categories := n.wholes("cats_int64s")
	if len(categories) == 0 || s.cols != 1 || s.deep {
		return 0, foreign(n, "of other than one column of numbers")
	}
	place := make(map[float64]int, len(categories))
	for k, c := range categories {
		place[float64(c)] = k
	}
	unknown := 0.0
	if n.whole("zeros", 1) == 0 {
		unknown = math.NaN()
	}
	cols := len(categories)
	out, err := b.add(shape{cols: cols, kind: typeFloat, deep: !s.flat}, []int{in}, func(_ int, in [][]float64, out []float64) {
		for i, x := range in[0] {
			row := out[i*cols:][:cols]
			k, known := place[wholeOf(x)]
			for c := range row {
				row[c] = 0
				if !known {
					row[c] = unknown
				}
			}
			if known {
				row[k] = 1
			}
		}
	})
	return b.columnwise(out, in, err)
}

func (b *builder) binarizer(n *node, in int, s shape) (int, error) {
	threshold := 0.0
	if a := n.attributes["threshold"]; a != nil {
		threshold = a.number
	}
	if s.kind != typeFloat {
		return 0, foreign(n, "of double numbers")
	}
	return b.map1(in, func(x float64) float64 {
		if x > threshold {
			return 1
		}
		return 0
	})
}

func (b *builder) negative(_ *node, in int, _ shape) (int, error) {
	out, err := b.map1(in, func(x float64) float64 { return -x })
	if of := b.plain(in); err == nil {
		b.each(out, of, func(k int) (sum, bool) { return of.columns[k].scaled(-1, 0), true })
	}
	return out, err
}

func (b *builder) softmax(n *node, in int, s shape) (int, error) {
	if axis := n.whole("axis", -1); axis != -1 && axis != 1 || s.flat {
		return 0, foreign(n, "along rows")
	}
	out, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		copy(out, in[0])
		for r := range rows {
			softmax(out[r*s.cols:][:s.cols])
		}
		s.round(out)
	})
	if err == nil {
		b.forms[out] = b.forms[in].linked(tree.Softmax)
		b.softmaxes(out, in)
	}
	return out, err
}

// paired is an operator on two values, of which one may be constant: a number, or
// one for each column.
func paired(f func(x, y float64) float64) func(*builder, *node) (int, error) {
	return func(b *builder, n *node) (int, error) {
		if len(n.inputs) != 2 {
			return 0, tree.Refuse(tree.ErrFormat, "", "%d inputs, want 2", len(n.inputs))
		}
		left, right := b.constant(n.inputs[0]), b.constant(n.inputs[1])
		if left != nil && right != nil {
			return 0, foreign(n, "on two constants")
		}
		var in []int
		for i, c := range []*tensor{left, right} {
			if c != nil {
				continue
			}
			at, err := b.register(n.inputs[i])
			if err != nil {
				return 0, err
			}
			in = append(in, at)
		}
		s := b.graph.shapes[in[0]]
		for _, at := range in {
			if err := numbers(n, b.graph.shapes[at]); err != nil {
				return 0, err
			}
		}
		if len(in) == 2 {
			other := b.graph.shapes[in[1]]
			if s.kind != other.kind || s.flat != other.flat || s.cols != other.cols && s.cols != 1 && other.cols != 1 {
				return 0, foreign(n, "of unlike tensors")
			}
			k, l := s.cols, other.cols
			s.cols = max(k, l)
			at, err := b.add(s, in, func(rows int, in [][]float64, out []float64) {
				for i := range out {
					r, c := i/s.cols, i%s.cols
					out[i] = f(in[0][r*k+c%k], in[1][r*l+c%l])
				}
				s.round(out)
			})
			if err == nil && n.kind == "Add" {
				b.added(at, in)
			}
			return at, err
		}
		known := left
		if known == nil {
			known = right
		}
		if !known.broadcasts() || s.flat && len(known.values) > 1 {
			return 0, foreign(n, "with a constant of that shape")
		}
		k, l := s.cols, len(known.values)
		if k != l && k != 1 && l != 1 {
			return 0, tree.Refuse(tree.ErrFormat, "", "a constant of %d values for %d columns", l, k)
		}
		s.cols = max(k, l)
		at, err := b.add(s, in, func(_ int, in [][]float64, out []float64) {
			for i := range out {
				r, c := i/s.cols, i%s.cols
				x, y := in[0][r*k+c%k], known.values[c%l]
				if left != nil {
					x, y = y, x
				}
				out[i] = f(x, y)
			}
			s.round(out)
		})
		if err == nil {
			b.withConstant(n, at, in[0], known.values, left != nil)
		}
		return b.columnwise(at, in[0], err)
	}
}

// broadcasts reports whether the tensor is a number, or a row.
func (t *tensor) broadcasts() bool {
	return len(t.values) > 0 && (len(t.dims) < 2 || len(t.dims) == 2 && t.dims[0] == 1)
}

// sum adds up tensors of one shape.
func (b *builder) sum(n *node) (int, error) {
	var all []int
	for _, name := range n.inputs {
		if b.constant(name) != nil {
			return 0, foreign(n, "with a constant")
		}
		in, err := b.register(name)
		if err != nil {
			return 0, err
		}
		if all = append(all, in); b.graph.shapes[in] != b.graph.shapes[all[0]] {
			return 0, foreign(n, "of unlike tensors")
		}
	}
	s := b.graph.shapes[all[0]]
	if err := numbers(n, s); err != nil {
		return 0, err
	}
	out, err := b.add(s, all, func(_ int, in [][]float64, out []float64) {
		copy(out, in[0])
		for _, more := range in[1:] {
			for i, x := range more {
				out[i] += x
			}
			s.round(out)
		}
	})
	if err == nil {
		b.added(out, all)
	}
	return out, err
}

// reduceSum adds up the columns of each row.
func (b *builder) reduceSum(n *node, in int, s shape) (int, error) {
	axes := n.wholes("axes")
	if len(n.inputs) > 1 {
		axes = nil
		if t := b.constant(n.inputs[1]); t != nil {
			for _, x := range t.values {
				axes = append(axes, int64(x))
			}
		}
	}
	width := s.cols
	if s.flat || len(axes) != 1 || axes[0] != 1 && axes[0] != -1 {
		return 0, foreign(n, "along rows")
	}
	s.cols, s.flat = 1, n.whole("keepdims", 1) == 0
	at, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			sum := 0.0
			for _, x := range in[0][r*width:][:width] {
				sum += x
			}
			out[r] = sum
		}
		s.round(out)
	})
	if err == nil {
		b.multiplied(at, in, func(int, int) float64 { return 1 }, func(int) float64 { return 0 })
	}
	return at, err
}

// matMul multiplies rows by a constant matrix or column.
func (b *builder) matMul(n *node, in int, s shape) (int, error) {
	if len(n.inputs) != 2 {
		return 0, tree.Refuse(tree.ErrFormat, "", "%d inputs, want 2", len(n.inputs))
	}
	by := b.constant(n.inputs[1])
	if by == nil {
		return 0, foreign(n, "by what is no constant")
	}
	width := s.cols
	if s.flat || len(by.dims) < 1 || len(by.dims) > 2 || by.dims[0] != int64(width) {
		return 0, foreign(n, "of that shape")
	}
	if s.cols, s.flat = 1, len(by.dims) == 1; len(by.dims) == 2 {
		s.cols = int(by.dims[1])
	}
	return b.times(in, s, func(k, i int) float64 { return by.values[i*s.cols+k] }, func(int) float64 { return 0 })
}

// times makes a register of shape s: rows times weights, and a bias.
func (b *builder) times(in int, s shape, weight func(k, i int) float64, bias func(k int) float64) (int, error) {
	add := dot
	if s.kind == typeDouble {
		add = wideDot
	}
	width := b.graph.shapes[in].cols
	out, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			for k := range s.cols {
				out[r*s.cols+k] = add(in[0][r*width:][:width], func(i int) float64 { return weight(k, i) }) + bias(k)
			}
		}
		s.round(out)
	})
	if err == nil {
		b.multiplied(out, in, weight, bias)
	}
	return out, err
}

// gemm multiplies rows by a constant matrix and adds a constant row.
func (b *builder) gemm(n *node, in int, s shape) (int, error) {
	if len(n.inputs) < 2 || len(n.inputs) > 3 {
		return 0, tree.Refuse(tree.ErrFormat, "", "%d inputs, want 2 or 3", len(n.inputs))
	}
	by := b.constant(n.inputs[1])
	bias := &tensor{values: []float64{0}}
	if len(n.inputs) == 3 && n.inputs[2] != "" {
		bias = b.constant(n.inputs[2])
	}
	if by == nil || bias == nil {
		return 0, foreign(n, "by what is no constant")
	}
	across := n.whole("transB", 0) != 0
	if s.flat || len(by.dims) != 2 || n.whole("transA", 0) != 0 {
		return 0, foreign(n, "of that shape")
	}
	inner, outer := by.dims[0], by.dims[1]
	if across {
		inner, outer = outer, inner
	}
	if inner != int64(s.cols) || outer < 1 || outer > maxOutputs || !bias.broadcasts() || len(bias.values) != 1 && len(bias.values) != int(outer) {
		return 0, foreign(n, "of that shape")
	}
	factor := func(name string) float64 {
		if a := n.attributes[name]; a != nil {
			return a.number
		}
		return 1
	}
	alpha, beta, width := factor("alpha"), factor("beta"), s.cols
	s.cols = int(outer)
	return b.times(in, s, func(k, i int) float64 {
		if across {
			return alpha * by.values[k*width+i]
		}
		return alpha * by.values[i*s.cols+k]
	}, func(k int) float64 { return beta * bias.values[k%len(bias.values)] })
}

// The attributes of a node.

func (n *node) whole(name string, absent int64) int64 {
	if a := n.attributes[name]; a != nil {
		return a.whole
	}
	return absent
}

func (n *node) text(name, absent string) string {
	if a := n.attributes[name]; a != nil && a.text != "" {
		return a.text
	}
	return absent
}

func (n *node) numbers(name string) []float64 {
	if a := n.attributes[name]; a != nil {
		return a.list
	}
	return nil
}

func (n *node) wholes(name string) []int64 {
	if a := n.attributes[name]; a != nil {
		return a.wholes
	}
	return nil
}
