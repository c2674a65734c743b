package delimited

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"github.com/leadsman/leadsman/pkg/predlog/batch"
	"github.com/leadsman/leadsman/pkg/spelling"
)

// inference gathers what a column of a file tells about its kind.
type inference struct {
	spelling.Column
	quoted int64 // words for missing values that stand in quotes
	length int64
	seen   map[uint64]struct{} // hashes of the texts, up to a bound
	kept   int64               // texts looked up in seen
}

const maxSeen = 1 << 14

var inferenceSeed = maphash.MakeSeed()

// add adds a field that is not missing.
func (f *inference) add(field string) {
	f.Column.Add(field, 1)
	f.length += int64(utf8.RuneCountInString(field))
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
	return batch.FreeText(f.Values, f.length, f.kept, int64(len(f.seen)))
}

// isBlank tells a field without text, which is missing in every column.
func isBlank(field string) bool { return strings.TrimSpace(field) == "" }
