package read

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/sketch"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/table"
)

// ChunkRows is how many rows are read at a time at the most, so that a chunk's arrays
// stay in the processor's nearest memory.
const ChunkRows = 1024

// States of a value.
const (
	StateValue     = iota // it can be compared
	StateMissing          // null, or empty
	StateNaN              // not a number
	StatePosInf           // ∞
	StateNegInf           // -∞
	StateTypeError        // text where a number is wanted
	States                // how many there are
)

// Codes of categories that the dictionary lacks.
const (
	CodeNew     = -1 // the reference lacks it, too
	CodeKnown   = -2 // the reference has it
	CodeUnclear = -3 // the reference has too many for all to be known
)

// A Rest tells the names that a dictionary lacks apart.
type Rest struct {
	Known []uint64 // hashes of names that the reference has, ascending
	All   bool     // there are no others
}

// CodeOf is the code of the name of a hash.
func (r *Rest) CodeOf(h uint64) int32 {
	if r == nil {
		return CodeNew
	}
	if _, ok := slices.BinarySearch(r.Known, h); ok {
		return CodeKnown
	}
	if !r.All && (len(r.Known) == 0 || h > r.Known[len(r.Known)-1]) {
		return CodeUnclear
	}
	return CodeNew
}

// A Column reads one column of a batch, a chunk at a time, as the kind that is
// wanted. By row of the chunk, State says what there is, X holds a number or a
// text's length in code points, Y a text's commas, Code a category's place in the
// dictionary or what it is without one, and Hash what stands for the value in a row's hash.
type Column struct {
	kind  view.Kind
	index map[string]int32 // of a category; may be nil
	rest  *Rest            // of a category; nil: names that the dictionary lacks are new
	known *knownNames      // of a category; may be nil
	none  []string         // what stands for a missing value, as it is spelled

	col     arrow.Array
	strings *array.String
	floats  []float64
	number  func(i int) float64
	Text    func(i int) string // of row i of the batch, which is not null
	dict    *array.Dictionary
	words   arrow.ArrayData // of the last dictionary
	entries []Entry         // of words; none: they were not read

	*Chunk
}

// A Chunk has room for a chunk of a column's rows. Of a column of one kind, what
// another would need is nil.
type Chunk struct {
	State []uint8
	X, Y  []float64
	Code  []int32
	Hash  []uint64
}

// NewChunk returns room for so many rows of columns of the kinds.
func NewChunk(rows int, kinds ...view.Kind) *Chunk {
	c := &Chunk{State: make([]uint8, rows), Hash: make([]uint64, rows)}
	for _, k := range kinds {
		switch k {
		case view.TextKind:
			c.X, c.Y = make([]float64, rows), make([]float64, rows)
		case view.CategoryKind:
			c.Code = make([]int32, rows)
		default:
			c.X = make([]float64, rows)
		}
	}
	return c
}

// An Entry is what a value amounts to, as in Column.
type Entry struct {
	State uint8
	X, Y  float64
	Code  int32
	hash  uint64
}

const hashNaN = 0x9fb21c651e98df25

// HashMissing is the hash of what has no value.
const HashMissing = 0x2545f4914f6cdd1d

// Want sets the kind that values are read as and, of a category, the places of
// its dictionary's names and what is known of others; nil for none.
func (r *Column) Want(kind view.Kind, index map[string]int32, rest *Rest) {
	r.kind, r.index, r.rest, r.known, r.none = kind, index, rest, nil, nil
	r.words = nil
}

// Without has r take the values, texts or numbers, for missing.
func (r *Column) Without(values []string) {
	r.none = nil
	for _, v := range values {
		r.none = append(r.none, spelling.Value(v))
	}
}

// isNone tells a text that stands for a missing value.
func (r *Column) isNone(s string) bool {
	return len(r.none) > 0 && slices.Contains(r.none, spelling.Value(s))
}

// isNoNumber tells a number that stands for a missing value.
func (r *Column) isNoNumber(x float64) bool {
	return len(r.none) > 0 && slices.Contains(r.none, spelling.Number(x))
}

// Know lets r find the dictionary's names faster.
func (r *Column) Know(names []string) { r.known = newKnownNames(names) }

// Bind points r at a column of a new batch. A nil column is one of nulls.
func (r *Column) Bind(col arrow.Array) {
	r.col, r.floats, r.strings, r.number, r.Text, r.dict = col, nil, nil, nil, nil, nil
	if col == nil {
		return
	}
	if a, ok := col.(*array.Float64); ok {
		r.floats = a.Float64Values()
	}
	r.strings, _ = col.(*array.String)
	r.number, _ = table.Numbers(col)
	if text, ok := table.Strings(col); ok {
		r.Text = text
		if d, ok := col.(*array.Dictionary); ok {
			r.bindDictionary(d)
		}
		return
	}
	if text, ok := table.Decimals(col); ok {
		r.Text = text
		return
	}
	if r.number != nil {
		r.Text = func(i int) string { return spelling.Number(r.number(i)) }
		return
	}
	if a, ok := col.(*array.Boolean); ok {
		r.Text = func(i int) string { return strconv.FormatBool(a.Value(i)) }
		return
	}
	r.Text = col.ValueStr
}

// bindDictionary reads a dictionary, unless the batch uses little of it and no batch
// before had it.
func (r *Column) bindDictionary(d *array.Dictionary) {
	values := d.Dictionary()
	before := r.words == values.Data()
	if !before {
		r.words, r.entries = values.Data(), r.entries[:0]
	}
	if !before && values.Len() > 2*d.Len() {
		return
	}
	r.dict = d
	if len(r.entries) == values.Len() {
		return
	}
	text, _ := table.Strings(values)
	for i := range values.Len() {
		if values.IsNull(i) {
			r.entries = append(r.entries, Entry{State: StateMissing, hash: HashMissing})
			continue
		}
		r.entries = append(r.entries, r.entryOf(text(i)))
	}
}

// entryOf says what a string amounts to in a column of r's kind.
func (r *Column) entryOf(s string) Entry {
	if s == "" || r.isNone(s) {
		return Entry{State: StateMissing, hash: HashMissing}
	}
	switch r.kind {
	case view.NumberKind:
		x, ok := spelling.ParseNumber(s)
		switch {
		case !ok && strings.TrimSpace(s) == "", math.IsNaN(x): // as pandas writes null
			return Entry{State: StateMissing, hash: HashMissing}
		case !ok:
			return Entry{State: StateTypeError, hash: sketch.HashString(s)}
		}
		return numberEntry(x)
	case view.TextKind:
		return Entry{X: float64(utf8.RuneCountInString(s)), Y: float64(strings.Count(s, ",")), hash: sketch.HashString(s)}
	}
	if s = spelling.Value(s); s == "" {
		return Entry{State: StateMissing, hash: HashMissing}
	}
	s = Name(s, caps.NameBytes.N)
	e := Entry{hash: sketch.HashString(s)}
	if code, ok := r.index[s]; ok {
		e.Code = code
	} else {
		e.Code = r.rest.CodeOf(e.hash)
	}
	return e
}

// numberEntry is the entry of a number.
func numberEntry(x float64) Entry {
	switch {
	case math.IsInf(x, 1):
		return Entry{State: StatePosInf, X: x, hash: uint64(sketch.Image(x))}
	case math.IsInf(x, -1):
		return Entry{State: StateNegInf, X: x, hash: uint64(sketch.Image(x))}
	}
	return Entry{X: x, hash: uint64(sketch.Image(x))}
}

// Name returns what the category of row i of the batch, which is not null, is known
// by, as long as the batch lasts.
func (r *Column) Name(i int) string { return Name(spelling.Value(r.Text(i)), caps.NameBytes.N) }

// Load reads rows lo to hi of the batch, for which the chunk has room, as its rows 0 to
// hi-lo.
func (r *Column) Load(lo, hi int) {
	n := hi - lo
	if r.col == nil {
		for i := range n {
			r.State[i], r.Hash[i] = StateMissing, HashMissing
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
	if r.dict != nil {
		r.loadEntries(lo, hi, nulls)
		return
	}
	for i := range n {
		e := Entry{State: StateMissing, hash: HashMissing}
		if !nulls || !r.col.IsNull(lo+i) {
			e = r.entryOf(r.Text(lo + i))
		}
		r.put(i, &e)
	}
}

// loadEntries reads indices of a dictionary.
func (r *Column) loadEntries(lo, hi int, nulls bool) {
	none := Entry{State: StateMissing, hash: HashMissing}
	if at, ok := r.dict.Indices().(*array.Int32); ok && !nulls && r.kind == view.CategoryKind {
		state, code, hash := r.State[:hi-lo], r.Code[:hi-lo], r.Hash[:hi-lo]
		for i, k := range at.Int32Values()[lo:hi] {
			e := &r.entries[k]
			state[i], code[i], hash[i] = e.State, e.Code, e.hash
		}
		return
	}
	for i := range hi - lo {
		e := &none
		if !nulls || !r.col.IsNull(lo+i) {
			e = &r.entries[r.dict.GetValueIndex(lo+i)]
		}
		r.put(i, e)
	}
}

// put sets row i of the chunk.
func (r *Column) put(i int, e *Entry) {
	r.State[i], r.Hash[i] = e.State, e.hash
	switch r.kind {
	case view.NumberKind:
		r.X[i] = e.X
	case view.TextKind:
		r.X[i], r.Y[i] = e.X, e.Y
	default:
		r.Code[i] = e.Code
	}
}

// loadNames reads a category's texts.
func (r *Column) loadNames(lo, hi int, nulls bool) {
	for i := range hi - lo {
		if nulls && r.strings.IsNull(lo+i) {
			r.State[i], r.Hash[i] = StateMissing, HashMissing
			continue
		}
		s := r.strings.Value(lo + i)
		if s == "" {
			r.State[i], r.Hash[i] = StateMissing, HashMissing
			continue
		}
		last := r.known.place(s)
		if code := *last; r.known.names[code] == s {
			r.State[i], r.Code[i], r.Hash[i] = StateValue, code, r.known.hash[code]
			continue
		}
		e := r.entryOf(s)
		r.State[i], r.Code[i], r.Hash[i] = e.State, e.Code, e.hash
		if e.Code >= 0 {
			*last = e.Code
		}
	}
}

func (r *Column) loadNumbers(lo, hi int, nulls bool) {
	if r.floats != nil {
		copy(r.X, r.floats[lo:hi])
	} else {
		for i := range hi - lo {
			r.X[i] = r.number(lo + i)
		}
	}
	for i := range hi - lo {
		x := r.X[i]
		r.State[i] = StateValue
		r.Hash[i] = uint64(sketch.Image(x))
		if x-x != 0 { // NaN or infinite
			switch {
			case x > 0:
				r.State[i] = StatePosInf
			case x < 0:
				r.State[i] = StateNegInf
			default:
				r.State[i], r.Hash[i] = StateNaN, hashNaN
			}
		}
		if nulls && r.col.IsNull(lo+i) {
			r.State[i], r.Hash[i] = StateMissing, HashMissing
		}
	}
	if len(r.none) > 0 {
		for i := range hi - lo {
			if r.State[i] == StateValue && r.isNoNumber(r.X[i]) {
				r.State[i], r.Hash[i] = StateMissing, HashMissing
			}
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
		k.hash[i] = sketch.HashString(name)
	}
	return k
}

// place returns where the code of s would be; s is not empty.
func (k *knownNames) place(s string) *int32 {
	n := len(s)
	h := uint32(s[0]) | uint32(s[n/2])<<8 | uint32(s[n-1])<<16 | uint32(s[max(0, n-2)])<<24
	return &k.code[(h*0x9e3779b1^uint32(n)*0x85ebca6b)>>23]
}
