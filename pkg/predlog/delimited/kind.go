package delimited

import (
	"hash/maphash"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
)

// inference gathers what a column of a file tells about its kind.
type inference struct {
	n      int64
	text   bool // a field is no number
	length int64
	seen   map[uint64]struct{} // hashes of the texts, up to a bound
	kept   int64               // texts looked up in seen
}

const maxSeen = 1 << 14

var inferenceSeed = maphash.MakeSeed()

func (f *inference) add(field string) {
	if Missing(field) {
		return
	}
	f.n++
	f.length += int64(utf8.RuneCountInString(field))
	if !f.text {
		_, ok := Number(field)
		f.text = !ok
	}
	if len(f.seen) < maxSeen {
		if f.seen == nil {
			f.seen = map[uint64]struct{}{}
		}
		f.seen[maphash.String(inferenceSeed, field)] = struct{}{}
		f.kept++
	}
}

// free tells whether the texts are free text and not categories.
func (f *inference) free() bool {
	return batch.FreeText(f.n, f.length, f.kept, int64(len(f.seen)))
}
