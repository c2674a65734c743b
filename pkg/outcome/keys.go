package outcome

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// What a part of a key is besides a column of that name.
const (
	byID     = "id"        // the column with that role
	byTime   = "timestamp" // that column, to the resolution
	byInputs = "inputs"    // a hash of the log's input fields that the outcomes have
)

// A key says what outcomes and predictions meet by.
type key struct {
	parts  []string // byID, byTime, byInputs, or the names of columns
	inputs []string // of byInputs
	whole  bool     // they are all inputs of the log
}

// names says whether a key is of one row that may have been scored several times,
// and not of several rows that share it.
func (k *key) names() bool {
	switch {
	case slices.Contains(k.parts, byTime):
		return false
	case slices.Contains(k.parts, byInputs):
		return k.whole
	}
	return true
}

// words names the key for people.
func (k *key) words(resolution time.Duration) string {
	var out []string
	for _, p := range k.parts {
		switch {
		case p == byTime && resolution > time.Microsecond:
			p += " to the " + words.Duration(resolution)
		case p == byInputs:
			p = "the inputs " + strings.Join(k.inputs, ", ")
		}
		out = append(out, p)
	}
	return words.List(out)
}

// keyOf chooses what rows meet by: what the settings say, else the id where both
// sides have one, else the time and the inputs that the outcomes repeat, else these
// inputs alone. It returns which column is missing where the outcomes have none of
// that. log is the schema of the predictions; nil: it is not known.
func (j *Join) keyOf(outcomes, log *arrow.Schema, target string) (k key, missing string) {
	for _, name := range j.Inputs {
		if name != target && outcomes.HasField(name) {
			k.inputs = append(k.inputs, name)
		}
	}
	k.whole = len(k.inputs) == len(j.Inputs) && len(k.inputs) > 0
	has := func(s *arrow.Schema, part string) bool {
		return part == byInputs && len(k.inputs) > 0 || j.find(s, part) >= 0
	}
	if len(j.By) > 0 {
		k.parts = slices.Clone(j.By)
		for _, p := range k.parts {
			if !has(outcomes, p) {
				return k, p
			}
		}
		if at := slices.Index(k.parts, byTime); at > 0 { // it stands in front
			k.parts = slices.Insert(slices.Delete(k.parts, at, at+1), 0, byTime)
		}
		return k, ""
	}
	both := func(part string) bool {
		return has(outcomes, part) && (log == nil || has(log, part))
	}
	switch {
	case both(byID), j.ID != "" && has(outcomes, byID):
		k.parts = []string{byID}
	case both(byTime) && len(k.inputs) > 0:
		k.parts = []string{byTime, byInputs}
	case both(byTime):
		k.parts = []string{byTime}
	case len(k.inputs) > 0 && k.whole:
		k.parts = []string{byInputs}
	case has(outcomes, byID):
		k.parts = []string{byID}
	case has(outcomes, byTime):
		k.parts = []string{byTime}
	default:
		return k, "id or timestamp"
	}
	return k, ""
}

// find returns the place of a part's column, -1 for none.
func (j *Join) find(s *arrow.Schema, part string) int {
	named := -1
	for i, f := range s.Fields() {
		switch role := table.RoleOf(f); {
		case part == byID && j.ID != "" && f.Name == j.ID, part == byTime && role == table.Timestamp:
			return i
		case part == byID && role == table.ID && named < 0, f.Name == part && named < 0:
			named = i
		}
	}
	return named
}

// A keyReader reads the keys of a batch.
type keyReader struct {
	parts []keyPart
	buf   []byte
}

type keyPart struct {
	col    arrow.Array // nil: of several
	append func(dst []byte, i int) []byte
	show   func(dst []byte, i int) []byte
}

// read returns how to read the keys of a batch, with times to a unit of microseconds;
// nil where a column is missing.
func (j *Join) read(rec arrow.RecordBatch, unit int64) *keyReader {
	r := &keyReader{}
	for _, name := range j.key.parts {
		at := j.find(rec.Schema(), name)
		if name == byInputs && at < 0 {
			hash, show := inputHash(rec, j.key.inputs), showInputs(rec, j.key.inputs)
			r.parts = append(r.parts, keyPart{append: hash, show: show})
			continue
		}
		if at < 0 {
			return nil
		}
		col := rec.Column(at)
		times, timed := table.Times(col)
		value := valueOf(col)
		part := keyPart{col: col}
		switch {
		case name == byTime && timed:
			part.append = func(dst []byte, i int) []byte {
				return binary.BigEndian.AppendUint64(dst, uint64(rounded(times(i), unit)))
			}
			part.show = func(dst []byte, i int) []byte {
				return time.UnixMicro(times(i)).UTC().AppendFormat(dst, time.RFC3339Nano)
			}
		case value == nil:
			return nil
		case len(j.key.parts) == 1:
			part.append, part.show = value, value
		default:
			part.show = value
			part.append = func(dst []byte, i int) []byte {
				start := len(dst)
				dst = value(dst, i)
				return binary.BigEndian.AppendUint64(dst, uint64(len(dst)-start)) // so that no two keys run into one
			}
		}
		r.parts = append(r.parts, part)
	}
	return r
}

// at returns row i's key, nil where it has none; it is good until the next call.
func (r *keyReader) at(i int) []byte {
	r.buf = r.buf[:0]
	for _, p := range r.parts {
		if p.col != nil && p.col.IsNull(i) {
			return nil
		}
		start := len(r.buf)
		if r.buf = p.append(r.buf, i); len(r.buf) == start {
			return nil
		}
	}
	return r.buf
}

// mostShown is the length of a key that is shown, in bytes.
const mostShown = 200

// text returns row i's key for people.
func (r *keyReader) text(i int) string {
	var out []byte
	for k, p := range r.parts {
		if k > 0 {
			out = append(out, ", "...)
		}
		out = p.show(out, i)
	}
	if len(out) > mostShown {
		out = append(out[:mostShown], "…"...)
	}
	return strings.ToValidUTF8(string(out), "?")
}

// rounded is a time as keys have it.
func rounded(at, unit int64) int64 {
	if unit > 1 && at > math.MinInt64+unit {
		at -= mod(at, unit)
	}
	return at
}

// resolution is that of times in keys, in microseconds: the one of the settings, else
// the coarsest of a microsecond, a millisecond and a second that the outcomes have.
func (j *Join) resolution() int64 {
	switch {
	case !slices.Contains(j.key.parts, byTime):
		return 0
	case j.Resolution > 0:
		return j.Resolution.Microseconds()
	case j.finer%1_000_000 == 0:
		return 1_000_000
	case j.finer%1000 == 0:
		return 1000
	}
	return 1
}

// valueOf returns how to append the spelling of a column's values: a number has that
// of its text, so that it does not tell which of both files took it for one.
func valueOf(col arrow.Array) func(dst []byte, i int) []byte {
	if text, ok := table.Strings(col); ok {
		return func(dst []byte, i int) []byte { return append(dst, spelling.Value(text(i))...) }
	}
	if whole, ok := table.Integers(col); ok {
		return func(dst []byte, i int) []byte { return strconv.AppendInt(dst, whole(i), 10) }
	}
	if number, ok := table.Numbers(col); ok {
		return func(dst []byte, i int) []byte { return spelling.AppendNumber(dst, number(i)+0) }
	}
	if times, ok := table.Times(col); ok {
		return func(dst []byte, i int) []byte {
			return time.UnixMicro(times(i)).UTC().AppendFormat(dst, time.RFC3339Nano)
		}
	}
	return nil
}

// inputHash returns how to append the hash of a row's values in the named columns.
func inputHash(rec arrow.RecordBatch, names []string) func(dst []byte, i int) []byte {
	values := valuesOf(rec, names)
	var row []byte
	return func(dst []byte, i int) []byte {
		row = row[:0]
		for _, value := range values {
			start := len(row)
			row = value(row, i)
			row = binary.BigEndian.AppendUint64(row, uint64(len(row)-start)) // so that no two rows run into one
		}
		sum := sha256.Sum256(row)
		return append(dst, sum[:16]...)
	}
}

// showInputs returns how to append the values of a row with their names.
func showInputs(rec arrow.RecordBatch, names []string) func(dst []byte, i int) []byte {
	values := valuesOf(rec, names)
	return func(dst []byte, i int) []byte {
		for k, value := range values {
			if k > 0 {
				dst = append(dst, ' ')
			}
			dst = value(append(append(dst, names[k]...), '='), i)
		}
		return dst
	}
}

// valuesOf returns how to append each of the named columns' values; what is missing
// is empty.
func valuesOf(rec arrow.RecordBatch, names []string) []func(dst []byte, i int) []byte {
	var out []func(dst []byte, i int) []byte
	for _, name := range names {
		value := func(dst []byte, _ int) []byte { return dst }
		if at := rec.Schema().FieldIndices(name); len(at) > 0 {
			col := rec.Column(at[0])
			if present := valueOf(col); present != nil {
				value = func(dst []byte, i int) []byte {
					if col.IsNull(i) {
						return dst
					}
					return present(dst, i)
				}
			}
		}
		out = append(out, value)
	}
	return out
}
