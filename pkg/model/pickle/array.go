package pickle

import (
	"math/bits"
	"strconv"
	"strings"
)

// array skips the values of an array, which joblib writes into the stream behind
// the object that describes it.
func (m *machine) array(o *Object) error {
	if o.Class != "joblib.numpy_pickle.NumpyArrayWrapper" {
		return nil
	}
	kind := dtype(o.Attribute("dtype"))
	if strings.HasPrefix(kind, "O") {
		_, err := m.pickle(m.depth + 1)
		return err
	}
	size, ok := itemSize(kind)
	if !ok {
		return m.fail("an array of type %q", kind)
	}
	shape, ok := o.Attribute("shape").(*List)
	if !ok {
		return m.fail("an array without a shape")
	}
	for _, v := range shape.Values {
		n, ok := v.(int64)
		if !ok || n < 0 {
			return m.fail("an array without a shape")
		}
		high, low := bits.Mul64(size, uint64(n))
		if high != 0 {
			return m.fail("the file ends within an array")
		}
		size = low
	}
	if o.Attribute("numpy_array_alignment_bytes") != nil {
		if _, err := m.counted(1); err != nil {
			return err
		}
	}
	_, err := m.take(size)
	return err
}

// dtype is the type's name as NumPy writes it, "f8".
func dtype(v Value) string {
	o, ok := v.(*Object)
	if !ok {
		return ""
	}
	args, ok := o.Args.(*List)
	if !ok || len(args.Values) == 0 {
		return ""
	}
	name, _ := args.Values[0].(string)
	return strings.TrimLeft(name, "<>|=")
}

// itemSize is how many bytes a value of that type has.
func itemSize(kind string) (uint64, bool) {
	const known = "biufcmMSUV"
	if kind == "" || !strings.Contains(known, kind[:1]) {
		return 0, false
	}
	n, err := strconv.ParseUint(kind[1:], 10, 31)
	if err != nil {
		return 0, false
	}
	if kind[0] == 'U' {
		n *= 4
	}
	return n, true
}
