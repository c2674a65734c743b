package onnx

import (
	"encoding/binary"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// The types of a tensor's values that matter here.
const (
	typeFloat  = 1
	typeInt32  = 6
	typeInt64  = 7
	typeDouble = 11
)

// file is a ModelProto, as far as it is read.
type file struct {
	producer, version string
	graph             []byte
	metadata          map[string]string
	nodes             []*node
	constants         map[string]*tensor
	inputs, outputs   []value
}

// node is a NodeProto.
type node struct {
	name, kind, domain string
	inputs, outputs    []string
	attributes         map[string]*attribute
}

// attribute is an AttributeProto: one of its fields holds its value.
type attribute struct {
	whole  int64
	number float64
	text   string
	tensor *tensor
	list   []float64
	wholes []int64
	texts  [][]byte
}

// tensor is a TensorProto of numbers.
type tensor struct {
	name   string
	kind   int
	dims   []int64
	values []float64
}

// value is a ValueInfoProto: what goes into the graph, or comes out of it.
type value struct {
	name  string
	kind  int     // of a tensor's values, 0 for a sequence of maps and whatever else
	dims  []int64 // -1 where one is not said
	zip   bool    // a sequence of maps
	shape bool    // whether dims are said
}

// parse reads a ModelProto.
func (r *reader) parse(data []byte) (*file, error) {
	m := &file{metadata: map[string]string{}, constants: map[string]*tensor{}}
	versions := false // of the operators
	err := r.each(data, func(f field) error {
		switch f.number {
		case 2:
			m.producer = f.text()
		case 3:
			m.version = f.text()
		case 7:
			m.graph = f.bytes
		case 8:
			versions = true
		case 14:
			key, text := "", ""
			err := r.each(f.bytes, func(f field) error {
				switch f.number {
				case 1:
					key = f.text()
				case 2:
					text = f.text()
				}
				return nil
			})
			m.metadata[key] = text
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if m.graph == nil {
		return nil, tree.Refuse(tree.ErrFormat, "", "ONNX without a graph")
	}
	if !versions {
		return nil, tree.Refuse(tree.ErrFormat, "", "ONNX that does not say the versions of its operators: the file may be cut")
	}
	return m, r.each(m.graph, func(f field) error {
		switch f.number {
		case 1:
			n, err := r.node(f.bytes)
			m.nodes = append(m.nodes, n)
			return err
		case 5:
			t, err := r.tensor(f.bytes)
			m.constants[t.name] = t
			return err
		case 11:
			v, err := r.value(f.bytes)
			m.inputs = append(m.inputs, v)
			return err
		case 12:
			v, err := r.value(f.bytes)
			m.outputs = append(m.outputs, v)
			return err
		}
		return nil
	})
}

func (r *reader) node(message []byte) (*node, error) {
	n := &node{attributes: map[string]*attribute{}}
	return n, r.each(message, func(f field) error {
		switch f.number {
		case 1:
			n.inputs = append(n.inputs, f.text())
			return r.grow(2)
		case 2:
			n.outputs = append(n.outputs, f.text())
			return r.grow(2)
		case 3:
			n.name = f.text()
		case 4:
			n.kind = f.text()
		case 5:
			name, a, err := r.attribute(f.bytes)
			n.attributes[name] = a
			return err
		case 7:
			n.domain = f.text()
		}
		return nil
	})
}

func (r *reader) attribute(message []byte) (name string, a *attribute, err error) {
	a = &attribute{}
	return name, a, r.each(message, func(f field) (err error) {
		switch f.number {
		case 1:
			name = f.text()
		case 2:
			a.number = float64(math.Float32frombits(uint32(f.value)))
		case 3:
			a.whole = f.whole()
		case 4:
			a.text = f.text()
		case 5:
			a.tensor, err = r.tensor(f.bytes)
		case 7:
			a.list, err = r.singles(a.list, f)
		case 8:
			a.wholes, err = r.wholes(a.wholes, f)
		case 9:
			a.texts = append(a.texts, f.bytes)
			err = r.grow(3)
		}
		return err
	})
}

// tensor reads a TensorProto; one of a type that holds no numbers of use has none.
func (r *reader) tensor(message []byte) (*tensor, error) {
	t := &tensor{}
	var raw []byte
	var wholes []int64
	elsewhere := false
	err := r.each(message, func(f field) (err error) {
		switch f.number {
		case 1:
			t.dims, err = r.wholes(t.dims, f)
		case 2:
			t.kind = int(f.whole())
		case 4:
			t.values, err = r.singles(t.values, f)
		case 5, 7:
			wholes, err = r.wholes(wholes, f)
		case 8:
			t.name = f.text()
		case 9:
			raw = f.bytes
		case 10:
			t.values, err = r.doubles(t.values, f)
		case 14:
			elsewhere = f.value == 1
		}
		return err
	})
	if err != nil {
		return t, err
	}
	if elsewhere {
		return t, tree.Refuse(tree.ErrFormat, t.name, "the numbers are in another file: save the model as one file")
	}
	if err := t.fill(r, raw, wholes); err != nil {
		return t, err
	}
	size := int64(1)
	for _, d := range t.dims {
		if d < 0 || d > maxItems || size*d > maxItems {
			return t, tree.Refuse(tree.ErrFormat, t.name, "dimensions %v", t.dims)
		}
		size *= d
	}
	if t.values != nil && int64(len(t.values)) != size {
		return t, tree.Refuse(tree.ErrFormat, t.name, "%d values for dimensions %v", len(t.values), t.dims)
	}
	return t, nil
}

// fill makes numbers of the bytes or integers that a tensor may hold them as.
func (t *tensor) fill(r *reader, raw []byte, wholes []int64) error {
	for _, w := range wholes {
		t.values = append(t.values, float64(w))
	}
	if err := r.grow(len(wholes)); err != nil || raw == nil {
		return err
	}
	width := map[int]int{typeFloat: 4, typeInt32: 4, typeInt64: 8, typeDouble: 8}[t.kind]
	if width == 0 {
		return nil // of no use here
	}
	if len(raw)%width != 0 {
		return tree.Refuse(tree.ErrFormat, t.name, "%d bytes for numbers of %d", len(raw), width)
	}
	if err := r.grow(len(raw) / width); err != nil {
		return err
	}
	for b := range slices.Chunk(raw, width) {
		x := 0.0
		switch t.kind {
		case typeFloat:
			x = float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
		case typeInt32:
			x = float64(int32(binary.LittleEndian.Uint32(b)))
		case typeInt64:
			x = float64(int64(binary.LittleEndian.Uint64(b)))
		case typeDouble:
			x = math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
		t.values = append(t.values, x)
	}
	return nil
}

// value reads a ValueInfoProto.
func (r *reader) value(message []byte) (value, error) {
	v := value{}
	dimension := func(f field) error {
		d := int64(-1)
		err := r.each(f.bytes, func(f field) error {
			if f.number == 1 && f.kind == protowire.VarintType {
				d = f.whole()
			}
			return nil
		})
		v.dims = append(v.dims, d)
		return err
	}
	tensor := func(f field) error {
		switch f.number {
		case 1:
			v.kind = int(f.whole())
		case 2:
			v.shape = true
			return r.each(f.bytes, dimension)
		}
		return nil
	}
	return v, r.each(message, func(f field) error {
		switch f.number {
		case 1:
			v.name = f.text()
		case 2: // TypeProto
			return r.each(f.bytes, func(f field) error {
				switch f.number {
				case 1:
					return r.each(f.bytes, tensor)
				case 4:
					v.zip = true
				}
				return nil
			})
		}
		return nil
	})
}
