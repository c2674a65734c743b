package parquetfile

import (
	"encoding/binary"
	"errors"
)

var errRuns = errors.New("the runs of a page are damaged")

// runs are numbers in Parquet's hybrid of repeated and of packed runs.
type runs struct {
	in     []byte
	width  uint // bits of a number, up to 32
	left   int  // numbers of the run that are not read yet
	packed []byte
	bit    uint  // of packed that comes next
	value  int32 // of a run that is not packed
}

// next begins a run.
func (r *runs) next() error {
	head, n := binary.Uvarint(r.in)
	if n <= 0 || head>>1 == 0 || head>>1 > 1<<28 {
		return errRuns
	}
	r.in = r.in[n:]
	if head&1 == 0 {
		bytes := int(r.width+7) / 8
		if len(r.in) < bytes {
			return errRuns
		}
		var b [4]byte
		copy(b[:], r.in[:bytes])
		r.value, r.packed, r.left = int32(binary.LittleEndian.Uint32(b[:])), nil, int(head>>1)
		r.in = r.in[bytes:]
		return nil
	}
	// Some writers leave out the end of the last group.
	bytes := min(int(head>>1)*int(r.width), len(r.in))
	r.packed, r.bit, r.left = r.in[:bytes], 0, int(head>>1)*8
	if r.width > 0 {
		r.left = min(r.left, bytes*8/int(r.width))
	}
	if r.left == 0 {
		return errRuns
	}
	r.in = r.in[bytes:]
	return nil
}

// same returns how many of the next n numbers are one number for certain, and which.
func (r *runs) same(n int) (int, int32, error) {
	if r.left == 0 {
		if err := r.next(); err != nil {
			return 0, 0, err
		}
	}
	if r.packed != nil {
		return 0, 0, nil
	}
	return min(n, r.left), r.value, nil
}

// read fills out.
func (r *runs) read(out []int32) error {
	for len(out) > 0 {
		n, value, err := r.same(len(out))
		if err != nil {
			return err
		}
		if r.packed == nil {
			for i := range out[:n] {
				out[i] = value
			}
		} else {
			n = min(len(out), r.left)
			r.unpack(out[:n])
		}
		r.left -= n
		out = out[n:]
	}
	return nil
}

// unpack reads numbers of a packed run, which has as many.
func (r *runs) unpack(out []int32) {
	mask, bit, packed := uint64(1)<<r.width-1, r.bit, r.packed
	i := 0
	for ; i < len(out) && int(bit>>3)+8 <= len(packed); i++ {
		out[i] = int32(binary.LittleEndian.Uint64(packed[bit>>3:]) >> (bit & 7) & mask)
		bit += r.width
	}
	for ; i < len(out); i++ { // the last few bytes
		var b [8]byte
		copy(b[:], packed[bit>>3:])
		out[i] = int32(binary.LittleEndian.Uint64(b[:]) >> (bit & 7) & mask)
		bit += r.width
	}
	r.bit = bit
}
