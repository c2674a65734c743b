package onnx

import (
	"math"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// transforms make scores of what was added up, in place: post_transform.
var transforms = map[string]func(row []float64){
	"NONE": func([]float64) {},
	"LOGISTIC": func(row []float64) {
		for i, x := range row {
			row[i] = logistic(x)
		}
	},
	"SOFTMAX":      softmax,
	"SOFTMAX_ZERO": softmaxZero,
	"PROBIT": func(row []float64) {
		for i, x := range row {
			row[i] = probit(x)
		}
	},
}

// transform returns the transform of a node of so many outputs. For one output the
// runtime knows none but PROBIT, whatever the file says.
func (n *node) transform(outputs int) (name string, f func([]float64), err error) {
	name = n.text("post_transform", "NONE")
	f, ok := transforms[name]
	if !ok {
		err = tree.Refuse(tree.ErrFormat, "post_transform", "%q is none", tree.Clip(name))
	}
	if outputs == 1 && name != "PROBIT" {
		f = transforms["NONE"]
	}
	return name, f, err
}

func softmax(row []float64) {
	most := math.Inf(-1)
	for _, x := range row {
		most = max(most, x)
	}
	sum := 0.0
	for i, x := range row {
		row[i] = math.Exp(x - most)
		sum += row[i]
	}
	for i := range row {
		row[i] /= sum
	}
}

// softmaxZero is softmax in which 0 stays 0.
func softmaxZero(row []float64) {
	most := math.Inf(-1)
	for _, x := range row {
		most = max(most, x)
	}
	sum := 0.0
	for i, x := range row {
		if math.Abs(x) > 1e-7 {
			row[i] = math.Exp(x - most)
			sum += row[i]
		} else {
			row[i] = x * math.Exp(-most)
		}
	}
	for i := range row {
		row[i] /= sum
	}
}

// probit is the normal quantile as ONNX Runtime approximates it (by Winitzki's
// inverse of erf, to three digits).
func probit(p float64) float64 {
	x := 2*p - 1
	log := math.Log((1 - x) * (1 + x))
	v := 2/(3.14159*0.147) + 0.5*log
	root := math.Sqrt(-v + math.Sqrt(v*v-log/0.147))
	if x < 0 {
		root = -root
	}
	return math.Sqrt2 * root
}

// dot adds up products as the runtime's kernels do: in float32, one after another,
// each product exact.
func dot(row []float64, by func(i int) float64) (sum float64) {
	for i, x := range row {
		sum = float64(float32(x*by(i) + sum))
	}
	return sum
}

// wideDot adds up products of float64 numbers.
func wideDot(row []float64, by func(i int) float64) (sum float64) {
	for i, x := range row {
		sum += x * by(i)
	}
	return sum
}

// linear is a product with coefficients, a row of them for each output.
type linear struct {
	coefficients, intercepts []float64
	width                    int
}

func (l *linear) row(row, out []float64) {
	for k := range out {
		sum := dot(row, func(i int) float64 { return l.coefficients[k*len(row)+i] })
		if len(l.intercepts) > 0 {
			sum += l.intercepts[k]
		}
		out[k] = float64(float32(sum))
	}
}

// weight is that of column i in output k.
func (l *linear) weight(k, i int) float64 { return l.coefficients[k*l.width+i] }

// bias is that of output k.
func (l *linear) bias(k int) float64 {
	if len(l.intercepts) == 0 {
		return 0
	}
	return l.intercepts[k]
}

// linearOf reads the coefficients of a node that takes rows of that width.
func linearOf(n *node, width, outputs int) (*linear, error) {
	l := &linear{n.numbers("coefficients"), n.numbers("intercepts"), width}
	if outputs < 1 || outputs > maxOutputs || len(l.coefficients) != outputs*width || len(l.intercepts) != 0 && len(l.intercepts) != outputs {
		return nil, tree.Refuse(tree.ErrFormat, "coefficients", "%d of them and %d intercepts for %d columns and %d outputs", len(l.coefficients), len(l.intercepts), width, outputs)
	}
	return l, nil
}

func (b *builder) linearRegressor(n *node, in int, s shape) (int, error) {
	if s.kind != typeFloat {
		return 0, foreign(n, "of double numbers")
	}
	width := s.cols
	s = shape{cols: int(n.whole("targets", 1)), kind: typeFloat}
	l, err := linearOf(n, width, s.cols)
	if err != nil {
		return 0, err
	}
	_, transform, err := n.transform(s.cols)
	if err != nil {
		return 0, err
	}
	at, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			row := out[r*s.cols:][:s.cols]
			l.row(in[0][r*width:][:width], row)
			transform(row)
		}
		s.round(out)
	})
	if err == nil && n.text("post_transform", "NONE") == "NONE" {
		b.multiplied(at, in, l.weight, l.bias)
	}
	return at, err
}

func (b *builder) linearClassifier(n *node, in int, s shape) (int, error) {
	if s.kind == typeDouble { // the runtime makes them float first
		s.kind = typeFloat
		var err error
		if in, err = b.copyTo(in, s); err != nil {
			return 0, err
		}
	}
	width := s.cols
	classes := len(n.wholes("classlabels_ints"))
	if a := n.attributes["classlabels_strings"]; a != nil && len(a.texts) > 0 {
		classes = len(a.texts)
	}
	outputs := len(n.numbers("intercepts"))
	l, err := linearOf(n, width, outputs)
	if err != nil {
		return 0, err
	}
	name, transform, err := n.transform(outputs)
	if err != nil {
		return 0, err
	}
	second := outputs == 1 && classes == 2
	if second && name != "NONE" && name != "LOGISTIC" {
		return 0, foreign(n, "with one score for two classes and "+name)
	}
	s = shape{cols: outputs, kind: typeFloat}
	if second {
		s.cols = 2
	}
	at, err := b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		values := in[0]
		for r := range rows {
			row := out[r*s.cols:][:s.cols]
			l.row(values[r*width:][:width], row[:outputs])
			if second {
				row[1] = row[0]
				if name == "LOGISTIC" {
					row[1] = logistic(row[1])
				}
				row[0] = 1 - row[1]
				continue
			}
			transform(row)
		}
		s.round(out)
	})
	switch {
	case err != nil:
	case second: // the first class's is 1 less the second's
		sign := func(k int) float64 { return float64(2*k - 1) }
		rest := func(k int) float64 {
			if name == "LOGISTIC" {
				return 0
			}
			return float64(1 - k)
		}
		b.multiplied(at, in, func(k, i int) float64 { return sign(k) * l.weight(0, i) }, func(k int) float64 { return sign(k)*l.bias(0) + rest(k) })
		if name == "LOGISTIC" {
			b.logistics(at, at)
		}
	case name == "NONE", outputs == 1 && name != "PROBIT":
		b.multiplied(at, in, l.weight, l.bias)
	case name == "LOGISTIC":
		b.multiplied(at, in, l.weight, l.bias)
		b.logistics(at, at)
	case name == "SOFTMAX" && outputs == 2:
		b.multiplied(at, in, l.weight, l.bias)
		b.softmaxes(at, at)
	}
	return at, err
}

// perColumn is the list of an attribute that has one value, or one for each column.
func (n *node) perColumn(name string, width int) ([]float64, error) {
	list := n.numbers(name)
	if len(list) != 1 && len(list) != width {
		return nil, tree.Refuse(tree.ErrFormat, name, "%d values for %d columns", len(list), width)
	}
	return list, nil
}

func (b *builder) scaler(n *node, in int, s shape) (int, error) {
	offset, err := n.perColumn("offset", s.cols)
	if err != nil {
		return 0, err
	}
	scale, err := n.perColumn("scale", s.cols)
	if err != nil {
		return 0, err
	}
	if len(offset) != len(scale) {
		return 0, tree.Refuse(tree.ErrFormat, "scale", "%d values, and offset has %d", len(scale), len(offset))
	}
	double := s.kind == typeDouble
	s.kind = typeFloat
	out, err := b.add(s, []int{in}, func(_ int, in [][]float64, out []float64) {
		for i, x := range in[0] {
			k := i % len(scale)
			x -= offset[k]
			if !double {
				x = float64(float32(x))
			}
			out[i] = x * scale[k]
		}
		s.round(out)
	})
	if of := b.plain(in); err == nil {
		b.each(out, of, func(k int) (sum, bool) {
			by := scale[k%len(scale)]
			return of.columns[k].scaled(by, -offset[k%len(offset)]*by), true
		})
	}
	return b.columnwise(out, in, err)
}

func (b *builder) normalizer(n *node, in int, s shape) (int, error) {
	norm := n.text("norm", "MAX")
	if s.kind != typeFloat || norm != "L1" && norm != "L2" && norm != "MAX" {
		return 0, foreign(n, "by "+tree.Clip(norm))
	}
	return b.add(s, []int{in}, func(rows int, in [][]float64, out []float64) {
		for r := range rows {
			normalize(norm, in[0][r*s.cols:][:s.cols], out[r*s.cols:][:s.cols])
		}
		s.round(out)
	})
}

func normalize(norm string, row, out []float64) {
	by := 0.0
	if norm == "MAX" {
		by = -math.MaxFloat32
	}
	for _, x := range row {
		switch norm {
		case "L1":
			by = float64(float32(by + math.Abs(x)))
		case "L2":
			by = float64(float32(by + float64(float32(x*x))))
		case "MAX":
			if x > by { // not NaN
				by = x
			}
		}
	}
	for i, x := range row {
		switch {
		case by == 0:
			out[i] = x
		case norm == "L2":
			out[i] = math.Copysign(math.Sqrt(float64(float32(x*x))/by), x)
		default:
			out[i] = x / by
		}
	}
}

func (b *builder) imputer(n *node, in int, s shape) (int, error) {
	if s.kind != typeFloat {
		return 0, foreign(n, "of double numbers")
	}
	values, err := n.perColumn("imputed_value_floats", s.cols)
	if err != nil {
		return 0, err
	}
	gone := 0.0
	if a := n.attributes["replaced_value_float"]; a != nil {
		gone = a.number
	}
	out, err := b.add(s, []int{in}, func(_ int, in [][]float64, out []float64) {
		for i, x := range in[0] {
			if x == gone || x != x && gone != gone {
				x = values[i%len(values)]
			}
			out[i] = x
		}
	})
	return b.columnwise(out, in, err)
}
