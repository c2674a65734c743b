package batch

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/table"
)

// A Texting gathers what tells whether texts are free text or categories, whatever
// their order.
type Texting struct {
	values, length int64
	seen           distinct
}

// Add adds a text.
func (t *Texting) Add(text string) {
	t.values++
	t.length += int64(utf8.RuneCountInString(text))
	t.seen.add(text)
}

// Free is the rule by which a reference's column of strings is free text and not
// categories: its values have more than 60 characters on average, or more than 20 and
// nine in ten of at least 50 are distinct.
func (t *Texting) Free() bool {
	return t.length > 60*t.values || t.length > 20*t.values && t.values >= 50 && 10*t.seen.count() >= 9*t.values
}

// A textColumn gathers the same of a column, batch by batch.
type textColumn struct {
	Texting
	of      *dict
	lengths []int64 // of the words of it
}

// add adds the column's rows of a batch.
func (t *textColumn) add(c *Column, rows int) {
	if c.Shape == Texts {
		for row := range rows {
			if c.Has(row) {
				t.Add(string(c.data[c.offsets[row]:c.offsets[row+1]]))
			}
		}
		return
	}
	if c.Shape != Words {
		return
	}
	if t.of != c.dict || len(t.lengths) > c.dict.len() {
		t.of, t.lengths = c.dict, t.lengths[:0]
	}
	for i := len(t.lengths); i < c.dict.len(); i++ {
		word := c.dict.entry(i)
		t.lengths = append(t.lengths, int64(utf8.RuneCount(word)))
		t.seen.add(string(word))
	}
	for row := range rows {
		if c.Has(row) {
			t.values++
			t.length += t.lengths[c.words[row]]
		}
	}
}

// Free tells whether all rows of a column of a reference's words or texts that nobody
// pinned are free text; known is false of any other column.
func (c *Column) Free() (free, known bool) {
	return c.texting.Free(), c.texts() && c.texting.values > 0
}

// texts says whether the column's rows are gathered.
func (c *Column) texts() bool {
	return c.Settles && (!c.Pinned || c.Learnt) && (c.Role == table.Feature || c.Role == table.Text) && (c.Shape == Words || c.Shape == Texts)
}

// distinct counts different texts: exactly up to a bound, and beyond by how close
// together the least of their hashes stand.
type distinct struct {
	hashes map[uint64]struct{}
	limit  uint64 // greater hashes are passed over; 0: none is
}

// add adds a text.
func (d *distinct) add(text string) {
	h := hashOf(text)
	if d.limit != 0 && h > d.limit {
		return
	}
	if d.hashes == nil {
		d.hashes = map[uint64]struct{}{}
	}
	d.hashes[h] = struct{}{}
	if k := caps.CSVTexts.N; len(d.hashes) >= 2*k {
		d.cut(k)
	}
}

// cut keeps the k least hashes.
func (d *distinct) cut(k int) []uint64 {
	least := make([]uint64, 0, len(d.hashes))
	for h := range d.hashes {
		least = append(least, h)
	}
	slices.Sort(least)
	for _, h := range least[k:] {
		delete(d.hashes, h)
	}
	d.limit = least[k-1]
	return least[:k]
}

func (d *distinct) count() int64 {
	k := caps.CSVTexts.N
	if d.limit == 0 && len(d.hashes) <= k {
		return int64(len(d.hashes))
	}
	last := d.cut(k)[k-1]
	return int64(float64(k-1) / (float64(last) / math.MaxUint64))
}

// hashOf is the same in every run, so that a file is always of the same kinds.
func hashOf(text string) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 0x100000001b3
	}
	hi, lo := bits.Mul64(h^h>>29, 0xbf58476d1ce4e5b9)
	h = hi ^ lo
	hi, lo = bits.Mul64(h^h>>32, 0x94d049bb133111eb)
	return hi ^ lo
}
