package export

import (
	"encoding/binary"
	"math"
)

// message is a protobuf message on the wire. Its methods append a field.
type message []byte

const (
	wireVarint = 0
	wireBytes  = 2
)

func (m message) tag(field, kind int) message {
	return binary.AppendUvarint(m, uint64(field)<<3|uint64(kind))
}

func (m message) number(field int, v int64) message {
	return binary.AppendUvarint(m.tag(field, wireVarint), uint64(v))
}

func (m message) text(field int, s string) message {
	return append(binary.AppendUvarint(m.tag(field, wireBytes), uint64(len(s))), s...)
}

func (m message) sub(field int, v message) message {
	return append(binary.AppendUvarint(m.tag(field, wireBytes), uint64(len(v))), v...)
}

func (m message) numbers(field int, values []int64) message {
	var packed message
	for _, v := range values {
		packed = binary.AppendUvarint(packed, uint64(v))
	}
	return m.sub(field, packed)
}

func (m message) floats(field int, values []float64) message {
	m = binary.AppendUvarint(m.tag(field, wireBytes), uint64(4*len(values)))
	for _, v := range values {
		m = binary.LittleEndian.AppendUint32(m, math.Float32bits(float32(v)))
	}
	return m
}

func (m message) doubles(field int, values []float64) message {
	m = binary.AppendUvarint(m.tag(field, wireBytes), uint64(8*len(values)))
	for _, v := range values {
		m = binary.LittleEndian.AppendUint64(m, math.Float64bits(v))
	}
	return m
}
