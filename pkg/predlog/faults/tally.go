package faults

import (
	"fmt"
	"slices"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// maxComplaints bounds the bad lines that are put into words.
const maxComplaints = 5

// A Tally counts the lines of one log, source by source:
//
//	t.Begin(source)
//	for … {
//		t.Line(number)
//		… // what is met in the line
//		t.Keep() // or t.Reject, or t.Half
//	}
type Tally struct {
	complain func(sentence string)

	source     string
	line       int64
	values     []left     // values of this line that were left out
	unknown    []*Unknown // fields of this line that lead nowhere
	zoneless   bool
	epoch      string // what the line's timestamp was taken for, where it is a number
	complaints int
	strange    []*Unknown // unknown fields in order of appearance
	sources    map[string]int
	odd        map[string]*Odd
	missing    map[string][]MissingWord // by column
	rejects    rejects
	sum        Summary
}

// left is a value that its column cannot hold.
type left struct {
	kind, column string // as in the table of rejects
	reason       string
	sentence     string
	got          string // of one that a column's Odd counts
}

// Odd counts the values of a column of numbers that are none, or not finite. They
// are null.
type Odd struct {
	Strays, NotFinite int64
	FirstStray        Met
	FirstNotFinite    Met
}

// Met is what was met, quoted, and where.
type Met struct {
	Place
	Got string
}

// A Place is a line of a source.
type Place struct {
	Source string
	Line   int64
}

// NewTally returns a Tally that gives the first few bad lines to complain, if it
// is not nil, in words that hold values of the log.
func NewTally(complain func(sentence string)) *Tally {
	return &Tally{complain: complain, rejects: rejects{index: map[rejectKey]int{}}, sources: map[string]int{}, odd: map[string]*Odd{}, missing: map[string][]MissingWord{}}
}

// Begin sets out on a source: a file's name, or what stands for it in messages.
func (t *Tally) Begin(source string) {
	t.source, t.line = source, 0
	if _, again := t.sources[source]; !again {
		t.sources[source] = len(t.sources)
	}
}

// Here is the line.
func (t *Tally) Here() Place { return Place{t.source, t.line} }

// Line sets out on the line of that number; 0 is the one behind the last.
func (t *Tally) Line(number int64) {
	if number == 0 {
		number = t.line + 1
	}
	t.line = number
	t.values, t.unknown, t.zoneless = t.values[:0], t.unknown[:0], false
	t.epoch = ""
}

// Keep counts the line, with what was left out of it, as a row.
func (t *Tally) Keep() {
	t.sum.Lines++
	t.sum.Rows++
	if t.zoneless {
		t.sum.Zoneless++
	}
	if t.epoch != "" {
		t.countEpoch()
	}
	for _, v := range t.values {
		t.leave(v, t.Here())
		if v.sentence != "" && t.Explains() {
			t.say(v.sentence)
		}
	}
	for _, u := range t.unknown {
		if u.Lines++; u.Lines == 1 {
			t.strange = append(t.strange, u)
		}
	}
}

// Skip counts the line as one of which no row was to be made.
func (t *Tally) Skip() {
	t.sum.Lines++
	t.sum.Skipped++
}

// leave counts a value that was left out of its row.
func (t *Tally) leave(v left, at Place) {
	t.rejects.add(rejectKey{at.Source, v.kind, v.column, v.reason}, at.Line)
	t.sum.TypeErrors++
	if v.got == "" {
		return
	}
	o := t.odd[v.column]
	if o == nil {
		o = new(Odd)
		t.odd[v.column] = o
	}
	n, first := &o.Strays, &o.FirstStray
	if v.kind == verdict.RejectValue {
		n, first = &o.NotFinite, &o.FirstNotFinite
	}
	if *n++; *n == 1 {
		*first = Met{at, v.got}
	}
}

// Reject counts the line, which begins at position from, as bad. When more lines
// went with it, as a stray quote takes them along, more is their number.
func (t *Tally) Reject(f Fault, from int, more int64) {
	t.sum.Lines += 1 + more
	t.sum.Bad += 1 + more
	t.rejects.add(rejectKey{source: t.source, kind: verdict.RejectLine, reason: f.Reason}, t.line)
	if f.Sentences != nil {
		for _, s := range f.Sentences {
			t.say(s)
		}
	} else if t.Explains() {
		s := f.Reason
		switch {
		case f.Detail != "":
			s += fmt.Sprintf(" at byte %d: %s", f.At-from+1, f.Detail)
		case f.Got != "":
			s += ", got " + f.Got
		}
		t.say(s)
	}
}

// Unfinished counts the line as one that is still being written.
func (t *Tally) Unfinished() {
	t.sum.Unfinished = append(t.sum.Unfinished, fmt.Sprintf("%s:%d", t.source, t.line))
}

// Explains tells whether a further bad line is put into words, so that it is worth
// finding out what it holds.
func (t *Tally) Explains() bool { return t.complaints < maxComplaints }

func (t *Tally) say(sentence string) {
	if t.complaints++; t.complain != nil {
		t.complain(fmt.Sprintf("%s:%d: %s", t.source, t.line, sentence))
	}
}

// Mismatch notes a value of another kind than its column's, which is null then.
func (t *Tally) Mismatch(column, want, got string) {
	v := left{kind: verdict.RejectType, column: column, reason: "type: column " + column + ": want " + want}
	if t.Explains() {
		v.sentence = column + ": want " + want + ", got " + got + "; taken as null"
	}
	t.values = append(t.values, v)
}

// Unfit notes a value that its column cannot hold, for a reason such as
// BigInteger; it is null then. got may be "".
func (t *Tally) Unfit(column, reason, got string) {
	v := left{kind: verdict.RejectValue, column: column, reason: "value: column " + column + ": " + reason}
	if t.Explains() {
		v.sentence = column + ": " + reason
		if got != "" {
			v.sentence += ", got " + got
		}
		v.sentence += "; taken as null"
	}
	t.values = append(t.values, v)
}

// Stray notes text in a column of numbers, quoted, which is null then.
func (t *Tally) Stray(column, got string) { t.values = append(t.values, strayOf(column, got)) }

// NotFinite notes a number that is not finite, quoted, which is null then.
func (t *Tally) NotFinite(column, got string) {
	t.values = append(t.values, notFiniteOf(column, got))
}

// LateStray is Stray for a line that was kept before.
func (t *Tally) LateStray(at Place, column, got string) { t.leave(strayOf(column, got), at) }

// LateNotFinite is NotFinite for a line that was kept before.
func (t *Tally) LateNotFinite(at Place, column, got string) { t.leave(notFiniteOf(column, got), at) }

func strayOf(column, got string) left {
	return left{kind: verdict.RejectType, column: column, reason: "type: column " + column + ": want a number", got: got}
}

func notFiniteOf(column, got string) left {
	return left{kind: verdict.RejectValue, column: column, reason: "value: column " + column + ": " + notFinite, got: got}
}

// MissingWord notes that a word stood for a missing value in a column of words.
func (t *Tally) MissingWord(column, word string) {
	list := t.missing[column]
	for i := range list {
		if list[i].Word == word {
			list[i].Rows++
			return
		}
	}
	t.missing[column] = append(list, MissingWord{word, 1})
}

// MissingWords are the words that stood for missing values in a column of words.
func (t *Tally) MissingWords(column string) []MissingWord { return t.missing[column] }

// Odd is what was counted of a column's odd values, nil for none.
func (t *Tally) Odd(column string) *Odd { return t.odd[column] }

// Nested notes an object or a list, which is null then.
func (t *Tally) Nested(column string) {
	t.values = append(t.values, left{kind: verdict.RejectNested, column: column, reason: "nested: column " + column + ": left out"})
}

// Typed notes a column of the source whose type is none that a log holds: it is
// left out, or read as something else. Of several files that have it so the first
// is named.
func (t *Tally) Typed(column, name, as string) {
	same := func(o Typed) bool { return o.Column == column && o.Type == name && o.As == as }
	if !slices.ContainsFunc(t.sum.Typed, same) {
		t.sum.Typed = append(t.sum.Typed, Typed{t.source, column, name, as})
	}
}

// Unknown notes a field that leads to no column. u is the field's own, the same
// for every line.
func (t *Tally) Unknown(u *Unknown) { t.unknown = append(t.unknown, u) }

// Zoneless notes that the line's timestamp names no zone.
func (t *Tally) Zoneless() { t.zoneless = true }

// Lacks notes that the log has no such column, which most logs have.
func (t *Tally) Lacks(column string) { t.sum.Lacks = append(t.sum.Lacks, column) }

// Epoch notes that the line's timestamp is a number, and the unit since 1970 that it
// was taken for.
func (t *Tally) Epoch(unit string) { t.epoch = unit }

func (t *Tally) countEpoch() {
	if i := slices.IndexFunc(t.sum.Epochs, func(u Unknown) bool { return u.Name == t.epoch }); i >= 0 {
		t.sum.Epochs[i].Lines++
		return
	}
	t.sum.Epochs = append(t.sum.Epochs, Unknown{t.epoch, 1})
}

// Summary returns what was counted so far.
func (t *Tally) Summary() Summary {
	s := t.sum
	for _, u := range t.strange {
		s.Unknown = append(s.Unknown, *u)
	}
	s.Sources = len(t.sources)
	s.Rejects = t.rejects.sorted(t.sources)
	return s
}
