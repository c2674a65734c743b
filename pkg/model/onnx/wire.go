package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/leadsman/leadsman/pkg/model/tree"
)

// maxItems bounds the entries of all lists of a file, which take more memory than
// the file has.
const maxItems = 1 << 26

// field is one field of a message on the wire.
type field struct {
	number int
	kind   protowire.Type
	value  uint64 // of a varint or a fixed number
	bytes  []byte // of all others
}

// reader reads messages, and counts what it makes lists of.
type reader struct{ items int }

// each calls do for every field of a message.
func (r *reader) each(message []byte, do func(field) error) error {
	for at := 0; at < len(message); {
		number, kind, n := protowire.ConsumeTag(message[at:])
		if n < 0 {
			return broken(protowire.ParseError(n))
		}
		at += n
		f := field{number: int(number), kind: kind}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(message[at:])
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(message[at:])
			f.value = uint64(v)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(message[at:])
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(message[at:])
		default:
			n = protowire.ConsumeFieldValue(number, kind, message[at:])
		}
		if n < 0 {
			return broken(protowire.ParseError(n))
		}
		at += n
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

func broken(err error) error {
	return tree.Refuse(tree.ErrFormat, "", "no readable ONNX: %s", err)
}

// grow counts more entries of lists.
func (r *reader) grow(n int) error {
	if r.items += n; r.items > maxItems {
		return tree.Refuse(tree.ErrFormat, "", "more than %d values", maxItems)
	}
	return nil
}

// text is the field as a text.
func (f *field) text() string { return string(f.bytes) }

// whole is the field as an integer.
func (f *field) whole() int64 { return int64(f.value) }

// wholes appends the integers of a repeated field, packed or not.
func (r *reader) wholes(to []int64, f field) ([]int64, error) {
	if f.kind == protowire.VarintType {
		return append(to, f.whole()), r.grow(1)
	}
	for b := f.bytes; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return to, broken(protowire.ParseError(n))
		}
		if err := r.grow(1); err != nil {
			return to, err
		}
		b, to = b[n:], append(to, int64(v))
	}
	return to, nil
}

// singles appends the float32 numbers of a repeated field, packed or not.
func (r *reader) singles(to []float64, f field) ([]float64, error) {
	if f.kind == protowire.Fixed32Type {
		return append(to, float64(math.Float32frombits(uint32(f.value)))), r.grow(1)
	}
	if len(f.bytes)%4 != 0 {
		return to, tree.Refuse(tree.ErrFormat, "", "no readable ONNX: %d bytes of float numbers", len(f.bytes))
	}
	if err := r.grow(len(f.bytes) / 4); err != nil {
		return to, err
	}
	for b := f.bytes; len(b) > 0; b = b[4:] {
		to = append(to, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	return to, nil
}

// doubles appends the float64 numbers of a repeated field, packed or not.
func (r *reader) doubles(to []float64, f field) ([]float64, error) {
	if f.kind == protowire.Fixed64Type {
		return append(to, math.Float64frombits(f.value)), r.grow(1)
	}
	if len(f.bytes)%8 != 0 {
		return to, tree.Refuse(tree.ErrFormat, "", "no readable ONNX: %d bytes of double numbers", len(f.bytes))
	}
	if err := r.grow(len(f.bytes) / 8); err != nil {
		return to, err
	}
	for b := f.bytes; len(b) > 0; b = b[8:] {
		to = append(to, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return to, nil
}
