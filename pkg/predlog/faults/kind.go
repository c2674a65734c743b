package faults

import (
	"fmt"

	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/words"
)

// A Kind is what there is to say about how the values of a column were read.
type Kind struct {
	Column  string
	Number  bool   // it is a column of numbers, else of words
	Pinned  bool   // its kind was given, not found in the values
	Decided bool   // it was found in all values, and not in the first ones
	Values  int64  // that are in it
	Numbers int64  // among the values of a column of words
	Odd     *Odd   // nil for none
	Format  string // of numbers, in words; empty: plain
	Tidied  string // a text with outer blanks, or another Unicode form than its category; empty: none
	Missing []MissingWord
}

// A MissingWord is a word for a missing value that stood in a column of words
// without quotes, in so many rows.
type MissingWord struct {
	Word string
	Rows int64
}

// maxKinds bounds the columns that notes name.
const maxKinds = 20

// KindNotes says in sentences how columns were read where that is no matter of
// course. They hold values of the log. words says whether they tell of words that were
// taken for missing.
func (s *Summary) KindNotes(words bool) []string {
	var notes []string
	rare := 0
	for i, k := range s.Kinds {
		if n := k.values(); !k.Pinned && !s.common(n) {
			rare++
			continue
		}
		if len(notes) >= maxKinds {
			notes = append(notes, fmt.Sprintf("odd values in %d more columns; see table rejects", len(s.Kinds)-i))
			break
		}
		if !words {
			k.Missing = nil
		}
		for _, n := range k.notes(s.Sources > 1) {
			notes = append(notes, k.Column+": "+n)
		}
	}
	if rare > 0 {
		notes = append(notes, fmt.Sprintf("odd values in %s that fewer than %d lines have; see table rejects", counted(rare), fewLines))
	}
	return notes
}

func counted(columns int) string { return words.Count(int64(columns), "column", "columns") }

// values is how many values the column has, whatever they are.
func (k Kind) values() int64 {
	n := k.Values
	if k.Odd != nil {
		n += k.Odd.Strays + k.Odd.NotFinite
	}
	for _, m := range k.Missing {
		n += m.Rows
	}
	return n
}

// A Text is a column of words or texts that the first rows took for the other of the two
// than all rows are.
type Text struct {
	Column string
	Free   bool // by all rows it is free text, else categories
}

// Retype has the type of each column that the first rows took for one of the other kind
// than most of all its values are, as it would be pinned.
func (s *Summary) Retype() map[string]string {
	types := make(map[string]string)
	for _, t := range s.Texts {
		if types[t.Column] = "category"; t.Free {
			types[t.Column] = "text"
		}
	}
	for _, k := range s.Kinds {
		switch {
		case k.Pinned || k.Decided && s.Sources <= 1: // else by the first of several files
		case k.Number && k.Odd != nil && k.Odd.Strays > 0 && !spelling.IsMost(k.Values+k.Odd.NotFinite, k.Values+k.Odd.Strays+k.Odd.NotFinite):
			types[k.Column] = "category"
		case !k.Number && spelling.IsMost(k.Numbers, k.Values):
			types[k.Column] = "number"
		}
	}
	return types
}

// notes are the sentences about a column; named says that lines need the names of
// their files.
func (k Kind) notes(named bool) []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	pin := "pin columns." + k.Column + ".type"
	if k.Number && k.Odd != nil {
		all := k.Values + k.Odd.Strays + k.Odd.NotFinite
		numbers := all - k.Odd.Strays
		if n := k.Odd.Strays; n > 0 {
			text := fmt.Sprintf("%d of %d are numbers; %s", numbers, all, k.Odd.FirstStray.in(named))
			if !k.Pinned && !spelling.IsMost(numbers, all) {
				text += "; taken as numbers, by the first rows: " + pin
			}
			add("%s", text)
		}
		if n := k.Odd.NotFinite; n > 0 {
			add("%d of %d are not finite and taken as missing; %s", n, all, k.Odd.FirstNotFinite.in(named))
		}
	}
	if k.Format != "" {
		add("numbers with %s", k.Format)
	}
	if !k.Number && !k.Pinned {
		switch {
		case spelling.IsMost(k.Numbers, k.Values):
			add("%d of %d are numbers, but not of the first rows: taken as a category; %s", k.Numbers, k.Values, pin)
		case 2*k.Numbers > k.Values:
			add("%d of %d are numbers, fewer than %d %%: taken as a category; %s", k.Numbers, k.Values, spelling.Most, pin)
		}
	}
	if k.Tidied != "" {
		add("%s counts as %s: outer blanks and Unicode forms make no other category", Quote([]byte(k.Tidied)), Quote([]byte(spelling.Text(k.Tidied))))
	}
	for _, m := range k.Missing {
		if k.Pinned { // by a reference, which has no such word
			break
		}
		add("%s in %s is taken as missing; where it is a value, %s: category", m.Word, words.Count(m.Rows, "row", "rows"), pin)
	}
	return notes
}

// in says what was met in which line.
func (m Met) in(named bool) string {
	if named {
		return fmt.Sprintf("line %d of %s is %s", m.Line, m.Source, m.Got)
	}
	return fmt.Sprintf("line %d is %s", m.Line, m.Got)
}
