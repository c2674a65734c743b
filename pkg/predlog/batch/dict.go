package batch

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/spelling"
)

// dict numbers the distinct texts of a column in order of appearance, each in the
// spelling that spell gives it. The seed of its hash differs from run to run, its
// numbers do not.
type dict struct {
	offsets []int32 // of entry i: data[offsets[i]:offsets[i+1]]
	data    []byte
	slots   []slot                   // a power of two of them
	used    int                      // slots that are taken: entries, and other spellings of them
	spell   func(text []byte) string // its one spelling; empty: as it is
	seed    maphash.Seed
	k0, k1  uint64
}

// slot holds an entry's number plus one, 0 when free. A text of up to 16 bytes
// lies in a and b whole; of a longer one a is the hash.
type slot struct {
	a, b uint64
	n    uint32
	id   uint32
}

func newDict(spell func([]byte) string) *dict {
	d := &dict{spell: spell, seed: maphash.MakeSeed(), offsets: make([]int32, 1, 64)}
	d.k0, d.k1 = maphash.String(d.seed, "0"), maphash.String(d.seed, "1")
	d.slots = make([]slot, 64)
	return d
}

func (d *dict) len() int { return len(d.offsets) - 1 }

func (d *dict) entry(i int) []byte { return d.data[d.offsets[i]:d.offsets[i+1]] }

// key returns what identifies buf[p:p+n] in a slot, and its hash. 8 bytes
// behind the text can be read.
func (d *dict) key(buf []byte, p, n int) (a, b, h uint64) {
	switch {
	case n > 16:
		h = maphash.Bytes(d.seed, buf[p:p+n])
		return h, 0, h
	case n >= 8:
		a = binary.LittleEndian.Uint64(buf[p:])
		b = binary.LittleEndian.Uint64(buf[p+n-8:])
	default:
		a = binary.LittleEndian.Uint64(buf[p:]) & (1<<(8*n) - 1)
	}
	hi, lo := bits.Mul64(a^d.k0, b^d.k1^uint64(n)<<56)
	return a, b, hi ^ lo
}

// index returns the number of the text buf[p:p+n]; fresh says that it is new.
// It returns -1 when the text is not UTF-8.
func (d *dict) index(buf []byte, p, n int) (id int, fresh bool) {
	a, b, h := d.key(buf, p, n)
	mask := uint64(len(d.slots) - 1)
	i := h & mask
	for {
		s := &d.slots[i]
		if s.id == 0 {
			break
		}
		if s.a == a && s.b == b && s.n == uint32(n) &&
			(n <= 16 || string(d.entry(int(s.id-1))) == string(buf[p:p+n])) {
			return int(s.id - 1), false
		}
		i = (i + 1) & mask
	}
	if !utf8.Valid(buf[p : p+n]) {
		return -1, false
	}
	if d.spell != nil {
		if s := d.spell(buf[p : p+n]); s != "" && s != string(buf[p:p+n]) {
			id, fresh = d.index(append([]byte(s), make([]byte, slack)...), 0, len(s))
			// A new entry may be taken back, and must then be the last in its chain.
			if !fresh && n <= 16 && d.used < 2*d.len()+64 {
				d.put(slot{a: a, b: b, n: uint32(n), id: uint32(id + 1)}, h)
			}
			return id, fresh
		}
	}
	d.data = append(d.data, buf[p:p+n]...)
	d.offsets = append(d.offsets, int32(len(d.data)))
	id = d.len() - 1
	d.put(slot{a: a, b: b, n: uint32(n), id: uint32(id + 1)}, h)
	return id, true
}

// put puts s, whose text has the hash h, into a free slot.
func (d *dict) put(s slot, h uint64) {
	if d.used++; d.used*2 > len(d.slots) {
		d.rehash()
	}
	mask := uint64(len(d.slots) - 1)
	i := h & mask
	for d.slots[i].id != 0 {
		i = (i + 1) & mask
	}
	d.slots[i] = s
}

func (d *dict) rehash() {
	old := d.slots
	d.slots = make([]slot, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s.id == 0 {
			continue
		}
		h := s.a
		if s.n <= 16 {
			hi, lo := bits.Mul64(s.a^d.k0, s.b^d.k1^uint64(s.n)<<56)
			h = hi ^ lo
		}
		i := h & mask
		for d.slots[i].id != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = s
	}
}

// drop takes back the last entry, which was just added: nothing was put behind
// it in its chain of slots, so its slot may become free.
func (d *dict) drop() {
	last := d.len() - 1
	text := append(append([]byte(nil), d.entry(last)...), make([]byte, 8)...)
	_, _, h := d.key(text, 0, len(text)-8)
	mask := uint64(len(d.slots) - 1)
	i := h & mask
	for d.slots[i].id != uint32(last+1) {
		i = (i + 1) & mask
	}
	d.slots[i] = slot{}
	d.used--
	d.data = d.data[:d.offsets[last]]
	d.offsets = d.offsets[:last+1]
}

// clear forgets all entries. The memory that held them stays with whoever
// still reads it.
func (d *dict) clear() {
	d.offsets = make([]int32, 1, len(d.offsets))
	d.data = make([]byte, 0, len(d.data))
	d.used = 0
	clear(d.slots)
}

// mayBeNumbers reports whether an entry begins as a number does.
func (d *dict) mayBeNumbers() bool {
	for i := range d.len() {
		if text := d.entry(i); len(text) > 0 && spelling.CanBegin(text[0]) {
			return true
		}
	}
	return false
}
