package onnx

import "slices"

// A Linear is a margin that is a sum over the input's columns, as Addends says, and a bias.
type Linear struct {
	Bias     float64
	Logistic bool // the score is the probability whose log-odds the margin is
}

// Linear returns the margin of the scores where the graph is no more than steps that make
// numbers of single columns, such as scaling and one-hot codes, a sum over these, and a
// link: of two classes that of the second. It is nil where the graph is no such thing, or
// gives more scores.
func (g *Graph) Linear() *Linear {
	if g.linear == nil {
		return nil
	}
	return &Linear{g.linear.bias, g.linear.logistic}
}

// Addends returns what each column of rows adds to the margin of Linear.
func (g *Graph) Addends(rows []float64) []float64 {
	out := make([]float64, len(rows))
	to := out
	g.passed(rows, func(n int, registers [][]float64) {
		made := registers[g.before]
		width := g.shapes[g.before].cols
		for i := range n {
			for k, from := range g.origins {
				to[from] += g.linear.weights[k] * made[i*width+k]
			}
			to = to[g.features:]
		}
	})
	return out
}

// sum is a sum over the columns of a register.
type sum struct {
	weights  []float64 // of its columns
	bias     float64
	logistic bool // of which the value is the logistic function
}

func (s sum) scaled(by, more float64) sum {
	out := sum{make([]float64, len(s.weights)), s.bias*by + more, s.logistic}
	for i, w := range s.weights {
		out.weights[i] = w * by
	}
	return out
}

// sums are what the columns of a register are: sums over the columns of another, each of
// which is made of one of the input's.
type sums struct {
	rows    int
	columns []sum
}

// maxSums bounds the weights of a register's sums, and the products that make them: what
// needs more is scored and not explained.
const maxSums = 1 << 22

// plain are the sums of a register that no link has changed; nil for none.
func (b *builder) plain(at int) *sums {
	of := b.sums[at]
	if of == nil || slices.ContainsFunc(of.columns, func(s sum) bool { return s.logistic }) {
		return nil
	}
	return of
}

// multiplied notes that column k of a register is bias(k) plus the sum of weight(k, i)
// times column i of another.
func (b *builder) multiplied(out, in int, weight func(k, i int) float64, bias func(k int) float64) {
	cols, width := b.graph.shapes[out].cols, b.graph.shapes[in].cols
	of := &sums{rows: in}
	base, cost := width, cols*width
	from := b.plain(in)
	switch {
	case b.origins[in] != nil:
	case from == nil:
		return
	default:
		of.rows = from.rows
		base = len(from.columns[0].weights)
		cost *= base
	}
	if cost > maxSums {
		return
	}
	for k := range cols {
		s := sum{make([]float64, base), bias(k), false}
		for i := range width {
			w := weight(k, i)
			if from == nil {
				s.weights[i] = w
				continue
			}
			s.bias += w * from.columns[i].bias
			for j, x := range from.columns[i].weights {
				s.weights[j] += w * x
			}
		}
		of.columns = append(of.columns, s)
	}
	b.sums[out] = of
}

// each notes that column k of a register is what f makes of that sum of another, with
// false for nothing of the kind.
func (b *builder) each(out int, of *sums, f func(k int) (sum, bool)) {
	if of == nil || b.graph.shapes[out].cols*len(of.columns[0].weights) > maxSums {
		return
	}
	made := &sums{rows: of.rows}
	for k := range b.graph.shapes[out].cols {
		s, ok := f(k)
		if !ok {
			return
		}
		made.columns = append(made.columns, s)
	}
	b.sums[out] = made
}

// logistics notes that a register holds the logistic function of another.
func (b *builder) logistics(out, in int) {
	of := b.plain(in)
	b.each(out, of, func(k int) (sum, bool) {
		s := of.columns[k]
		s.logistic = true
		return s, true
	})
}

// softmaxes notes that the two columns of a register are the softmax of another's: the
// logistic function of their differences.
func (b *builder) softmaxes(out, in int) {
	if of := b.plain(in); of != nil && len(of.columns) == 2 {
		b.each(out, of, func(k int) (sum, bool) {
			s := of.columns[1-k].scaled(-1, of.columns[k].bias)
			for i, w := range of.columns[k].weights {
				s.weights[i] += w
			}
			s.logistic = true
			return s, true
		})
	}
}

// withConstant notes that a register is another, with a constant of so many values
// as the node's other side.
func (b *builder) withConstant(n *node, out, in int, values []float64, left bool) {
	of := b.sums[in]
	b.each(out, of, func(k int) (sum, bool) {
		s, y := of.columns[k%len(of.columns)], values[k%len(values)]
		switch {
		case s.logistic: // 1 - p is the other class's probability
			s = s.scaled(-1, 0)
			return s, n.kind == "Sub" && left && y == 1
		case n.kind == "Add":
			return s.scaled(1, y), true
		case n.kind == "Sub" && left:
			return s.scaled(-1, y), true
		case n.kind == "Sub":
			return s.scaled(1, -y), true
		case n.kind == "Mul":
			return s.scaled(y, 0), true
		}
		return s.scaled(1/y, 0), n.kind == "Div" && !left && y != 0
	})
}

// added notes that a register is the sum of others.
func (b *builder) added(out int, in []int) {
	var all []*sums
	for _, at := range in {
		of := b.plain(at)
		if of == nil || of.rows != b.sums[in[0]].rows || len(of.columns) != b.graph.shapes[out].cols {
			return
		}
		all = append(all, of)
	}
	b.each(out, all[0], func(k int) (sum, bool) {
		s := all[0].columns[k].scaled(1, 0)
		for _, more := range all[1:] {
			s.bias += more.columns[k].bias
			for i, w := range more.columns[k].weights {
				s.weights[i] += w
			}
		}
		return s, true
	})
}

// picked notes that column k of a register is column from(k) of another.
func (b *builder) picked(out, in int, from func(k int) int) {
	if origins := b.origins[in]; origins != nil {
		b.origins[out] = make([]int, b.graph.shapes[out].cols)
		for k := range b.origins[out] {
			b.origins[out][k] = origins[from(k)]
		}
	}
	of := b.sums[in]
	b.each(out, of, func(k int) (sum, bool) { return of.columns[from(k)], true })
}

// joined notes that the columns of a register are those of others, one after another.
func (b *builder) joined(out int, in []int) {
	first := b.sums[in[0]]
	var origins []int
	var columns []sum
	for _, at := range in {
		origins = append(origins, b.origins[at]...)
		if of := b.sums[at]; first != nil && of != nil && of.rows == first.rows {
			columns = append(columns, of.columns...)
		}
	}
	cols := b.graph.shapes[out].cols
	if len(origins) == cols {
		b.origins[out] = origins
	}
	if len(columns) == cols {
		b.each(out, first, func(k int) (sum, bool) { return columns[k], true })
	}
}
