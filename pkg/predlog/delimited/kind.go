package delimited

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// inference gathers what a column of a file tells about its kind, whatever the
// order of its rows.
type inference struct {
	spelling.Column
	quoted int64 // words for missing values that stand in quotes
	length int64
	seen   distinct
}

// add adds a field that is not missing.
func (f *inference) add(field string) {
	f.Column.Add(field, 1)
	f.length += int64(utf8.RuneCountInString(field))
	f.seen.add(field)
}

// free tells whether the texts are free text and not categories.
func (f *inference) free() bool {
	return batch.FreeText(f.Values, f.length, f.Values, f.seen.count())
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

// isBlank tells a field without text, which is missing in every column.
func isBlank(field string) bool { return strings.TrimSpace(field) == "" }
