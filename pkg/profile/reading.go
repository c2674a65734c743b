package profile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// chunkRows is how many rows are read at a time, so that a chunk's arrays stay
// in the processor's nearest memory.
const chunkRows = 1024

// States of a value.
const (
	stateValue = iota
	stateMissing
	stateNaN
	statePosInf
	stateNegInf
	stateTypeError
	states
)

// A reading reads one column of a batch, a chunk at a time, as the plan wants
// it: x holds a number, or a text's length in code points, y a text's commas,
// code a category's place in the dictionary or -1, hash what stands for the
// value in a row's hash.
type reading struct {
	kind  view.Kind
	index map[string]int32 // of a category; may be nil
	known *knownNames      // of a category; may be nil

	col     arrow.Array
	strings *array.String
	floats  []float64
	number  func(i int) float64
	text    func(i int) string // of a non-null row
	dict    *array.Dictionary
	entries []entry

	state [chunkRows]uint8
	x, y  [chunkRows]float64
	code  [chunkRows]int32
	hash  [chunkRows]uint64
}

// entry is what a dictionary's value amounts to.
type entry struct {
	state uint8
	x, y  float64
	code  int32
	hash  uint64
}

// Hashes of what has no value, and the sign of values of the wrong type.
const (
	hashMissing = 0x2545f4914f6cdd1d
	hashNaN     = 0x9fb21c651e98df25
)

// want sets the kind that values are read as and, of a category, the places of
// its dictionary's names; nil for none.
func (r *reading) want(kind view.Kind, index map[string]int32) {
	r.kind, r.index, r.known = kind, index, nil
}

// know makes r find the dictionary's names sooner.
func (r *reading) know(names []string) { r.known = newKnownNames(names) }

// bind points r at a column of a new batch. A nil column is one of nulls.
func (r *reading) bind(col arrow.Array) {
	r.col, r.floats, r.strings, r.number, r.text, r.dict = col, nil, nil, nil, nil, nil
	if col == nil {
		return
	}
	if a, ok := col.(*array.Float64); ok {
		r.floats = a.Float64Values()
	}
	r.strings, _ = col.(*array.String)
	r.number, _ = table.Numbers(col)
	if text, ok := table.Strings(col); ok {
		r.text = text
		if d, ok := col.(*array.Dictionary); ok && d.Dictionary().Len() <= 2*d.Len() {
			r.bindDictionary(d)
		}
		return
	}
	if r.number != nil {
		r.text = func(i int) string { return formatNumber(r.number(i)) }
		return
	}
	if a, ok := col.(*array.Boolean); ok {
		r.text = func(i int) string { return strconv.FormatBool(a.Value(i)) }
		return
	}
	r.text = col.ValueStr
}

func (r *reading) bindDictionary(d *array.Dictionary) {
	values := d.Dictionary()
	text, _ := table.Strings(values)
	r.dict = d
	r.entries = r.entries[:0]
	for i := range values.Len() {
		if values.IsNull(i) {
			r.entries = append(r.entries, entry{state: stateMissing, hash: hashMissing})
			continue
		}
		r.entries = append(r.entries, r.entryOf(text(i)))
	}
}

// entryOf says what a string amounts to in a column of the reading's kind.
func (r *reading) entryOf(s string) entry {
	if s == "" {
		return entry{state: stateMissing, hash: hashMissing}
	}
	switch r.kind {
	case view.NumberKind:
		x, ok := parseNumber(s)
		if !ok {
			return entry{state: stateTypeError, hash: hashString(s)}
		}
		return entry{x: x, hash: uint64(image(x))}
	case view.TextKind:
		return entry{x: float64(utf8.RuneCountInString(s)), y: float64(strings.Count(s, ",")), hash: hashString(s)}
	}
	return entry{code: r.codeOf(s), hash: hashString(s)}
}

func (r *reading) codeOf(s string) int32 {
	if len(s) > nameLimit || !utf8.ValidString(s) {
		s = shorten(s, nameLimit)
	}
	if c, ok := r.index[s]; ok {
		return c
	}
	return -1
}

// load reads rows lo to hi of the batch.
func (r *reading) load(lo, hi int) {
	n := hi - lo
	if r.col == nil {
		for i := range n {
			r.state[i], r.hash[i] = stateMissing, hashMissing
		}
		return
	}
	nulls := r.col.NullN() != 0
	if r.kind == view.NumberKind && r.number != nil {
		r.loadNumbers(lo, hi, nulls)
		return
	}
	if r.known != nil && r.strings != nil {
		r.loadNames(lo, hi, nulls)
		return
	}
	for i := range n {
		var e entry
		switch {
		case nulls && r.col.IsNull(lo+i):
			e = entry{state: stateMissing, hash: hashMissing}
		case r.dict != nil:
			e = r.entries[r.dict.GetValueIndex(lo+i)]
		default:
			e = r.entryOf(r.text(lo + i))
		}
		r.state[i], r.x[i], r.y[i], r.code[i], r.hash[i] = e.state, e.x, e.y, e.code, e.hash
	}
}

// loadNames reads a category's texts.
func (r *reading) loadNames(lo, hi int, nulls bool) {
	for i := range hi - lo {
		if nulls && r.strings.IsNull(lo+i) {
			r.state[i], r.hash[i] = stateMissing, hashMissing
			continue
		}
		s := r.strings.Value(lo + i)
		if s == "" {
			r.state[i], r.hash[i] = stateMissing, hashMissing
			continue
		}
		last := r.known.place(s)
		if code := *last; r.known.names[code] == s {
			r.state[i], r.code[i], r.hash[i] = stateValue, code, r.known.hash[code]
			continue
		}
		e := r.entryOf(s)
		r.state[i], r.code[i], r.hash[i] = e.state, e.code, e.hash
		if e.code >= 0 {
			*last = e.code
		}
	}
}

func (r *reading) loadNumbers(lo, hi int, nulls bool) {
	if r.floats != nil {
		copy(r.x[:], r.floats[lo:hi])
	} else {
		for i := range hi - lo {
			r.x[i] = r.number(lo + i)
		}
	}
	for i := range hi - lo {
		x := r.x[i]
		r.state[i] = stateValue
		r.hash[i] = uint64(image(x))
		if x-x != 0 { // NaN or infinite
			switch {
			case x > 0:
				r.state[i] = statePosInf
			case x < 0:
				r.state[i] = stateNegInf
			default:
				r.state[i], r.hash[i] = stateNaN, hashNaN
			}
		}
		if nulls && r.col.IsNull(lo+i) {
			r.state[i], r.hash[i] = stateMissing, hashMissing
		}
	}
}

// knownNames finds a dictionary's names again without hashing the whole of
// them: code is of the name that was last seen with certain bytes.
type knownNames struct {
	names []string
	hash  []uint64 // by code
	code  [512]int32
}

func newKnownNames(names []string) *knownNames {
	if len(names) == 0 {
		return nil
	}
	k := &knownNames{names: names, hash: make([]uint64, len(names))}
	for i, name := range names {
		k.hash[i] = hashString(name)
	}
	return k
}

// place returns where the code of s would be; s is not empty.
func (k *knownNames) place(s string) *int32 {
	n := len(s)
	h := uint32(s[0]) | uint32(s[n/2])<<8 | uint32(s[n-1])<<16 | uint32(s[max(0, n-2)])<<24
	return &k.code[(h*0x9e3779b1^uint32(n)*0x85ebca6b)>>23]
}
