package faults

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// MaxBad is the share of bad lines beyond which a log is not taken for one,
// unless its reader says otherwise.
const MaxBad = 0.01

// Forgiven is how many bad lines of a log are forgiven while they are not most of
// it, unless its reader says which share is.
const Forgiven = 10

// A Summary is what was read of a log and what was wrong with it.
type Summary struct {
	Lines      int64 // not blank, not half
	Rows       int64
	Bad        int64     // lines left out
	Skipped    int64     // records for which a program yields nothing, or its condition does not hold
	TypeErrors int64     // values left out of rows that were kept
	Zoneless   int64     // rows whose timestamp names no zone
	Epochs     []Unknown // units since 1970 that timestamps were taken for, which are numbers
	Resolved   []Resolved
	Unread     string   // the setting that maps the input, of a log that seems to have it elsewhere
	Lacks      []string // columns that the log lacks, which most logs have
	Unfinished []string // source:line of last lines that are still being written
	Unknown    []Unknown
	Empty      []string         // input fields that are null in every row, and so left out
	Rare       []string         // of these those that neither the settings nor a file's head name: a single line may have brought them
	Inferred   int              // input fields whose type the first values decided
	Typed      []Typed          // columns of files that are left out, or read as something else
	Sources    int              // files and streams
	Texts      []Text           // columns of a reference's words that are another kind by all rows
	Kinds      []Kind           // input fields of whose kind there is something to say
	Rejects    []verdict.Reject // in order of source and first line
}

// Resolved is a field that has leadsman's own name, where the settings map another.
type Resolved struct{ Own, Mapped string }

// Typed is a column whose type is none that a log holds.
type Typed struct {
	Source, Column string
	Type           string // as Arrow prints it
	As             string // what it is read as; "" where it is left out
}

func (t Typed) String() string {
	switch {
	case t.Type == FrameIndex:
		return fmt.Sprintf("%s: column %s is %s, which is no feature; left out", t.Source, t.Column, t.Type)
	case t.As == "":
		return fmt.Sprintf("%s: column %s is %s, which cannot be compared; left out", t.Source, t.Column, t.Type)
	}
	return fmt.Sprintf("%s: column %s is %s; read as %s", t.Source, t.Column, t.Type, t.As)
}

// FrameIndex stands for the type of a column that is the named index of a pandas frame.
const FrameIndex = "the index of a pandas frame"

// Unknown is a field that the log has and the table does not.
type Unknown struct {
	Name  string
	Lines int64
}

// Read is how many lines of a log of the kind were read. Allowed says that few
// enough of them are bad.
func (s *Summary) Read(log string, allowed bool) verdict.Lines {
	return verdict.Lines{Log: log, Allowed: allowed, Lines: s.Lines, Rows: s.Rows, Skipped: s.Skipped, Bad: s.Bad, NoZone: s.Zoneless}
}

// RejectsOf are the rejects of a log of the kind.
func (s *Summary) RejectsOf(log string) []verdict.Reject {
	for i := range s.Rejects {
		s.Rejects[i].Log = log
	}
	return s.Rejects
}

// TooBad is the function of that name for what was read.
func (s *Summary) TooBad(share float64, atLeast int64) error {
	return TooBad(s.Read("", false), s.Rejects, share, atLeast)
}

// TooBad reports, as an error that tells the first of the rejects, that more lines
// are bad than share allows. A log of bad lines only is too bad whatever the share;
// up to atLeast bad lines are none the less forgiven while they are not most of it.
func TooBad(l verdict.Lines, list []verdict.Reject, share float64, atLeast int64) error {
	what := ""
	switch {
	case l.Bad == 0:
		return nil
	case l.Rows == 0 && l.Skipped == 0 && l.Bad == 1:
		what = "the only line is bad"
	case l.Rows == 0 && l.Skipped == 0:
		what = fmt.Sprintf("all %d lines are bad", l.Bad)
	case !Forgives(l, atLeast) && float64(l.Bad) > share*float64(l.Lines):
		what = fmt.Sprintf("%d of %d lines are bad, more than %s %%", l.Bad, l.Lines, strings.TrimSuffix(fmt.Sprintf("%.4g", 100*share), ".0"))
	default:
		return nil
	}
	for _, r := range list {
		if r.Kind == verdict.RejectLine && r.FirstLines != "" {
			line, _, _ := strings.Cut(r.FirstLines, " ")
			return fmt.Errorf("%s:%s: %s; %s", r.Source, line, r.Reason, what)
		}
	}
	return errors.New(what)
}

// Forgives tells whether up to so many bad lines are forgiven: while they are not most of
// a log.
func Forgives(l verdict.Lines, few int64) bool { return l.Bad <= few && l.Bad <= l.Rows }

// without says what is not judged of a log that lacks a column.
var without = map[string]string{
	"timestamp": "what rests on time is left out: trend, traffic, recent predictions, and periods of the log",
	"score":     "what rests on scores is left out: their drift, why they moved, and how good the model still is",
}

// Resolutions says in sentences which fields were found under another name than the
// settings map, and how numbers were read as moments.
func (s *Summary) Resolutions() []string {
	var notes []string
	for _, e := range s.Epochs {
		notes = append(notes, fmt.Sprintf("%s: taken as %s since 1970; to pin it, give the field a format", words.Count(e.Lines, "timestamp is a number", "timestamps are numbers"), e.Name))
	}
	for _, r := range s.Resolved {
		notes = append(notes, fmt.Sprintf("no field %q: %s is the field of that name", r.Mapped, r.Own))
	}
	return notes
}

// maxUnknown bounds the unknown fields that notes name.
const maxUnknown = 10

// fewLines is in how many lines a field must be for a message to name it, unless it is
// in half of them: messages end in logs that others read, and who can write a line can
// name a field.
const fewLines = 5

// common says whether a field that so many lines have may be named.
func (s *Summary) common(lines int64) bool { return lines >= fewLines || 2*lines >= s.Lines }

// Notes says in sentences what was met in the log and is not in its table.
func (s *Summary) Notes() []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	for _, half := range s.Unfinished {
		add("%s: the last line is still being written; left out", half)
	}
	if s.Bad > 0 || s.TypeErrors > 0 {
		add("%d of %d lines left out, %d values taken as null; see table rejects", s.Bad, s.Lines, s.TypeErrors)
	}
	switch {
	case s.Skipped > 0 && s.Rows == 0:
		add("the program or the condition leaves out all of %s", words.Count(s.Skipped, "record", "records"))
	case s.Skipped > 0:
		add("the program or the condition leaves out %s; %s left", words.Count(s.Skipped, "record", "records"), words.Count(s.Rows, "row", "rows"))
	}
	if s.Zoneless > 0 {
		add("%d timestamps name no time zone: taken as UTC", s.Zoneless)
	}
	notes = append(notes, s.Resolutions()...)
	for _, column := range s.Lacks {
		add("no %s: %s", column, without[column])
	}
	told, rare := 0, 0
	for _, u := range s.Unknown {
		switch {
		case !s.common(u.Lines):
			rare++
		case told < maxUnknown:
			add("unknown field %q in %d lines; left out", u.Name, u.Lines)
			told++
		}
	}
	if more := len(s.Unknown) - told - rare; more > 0 {
		add("%s", words.Count(int64(more), "more unknown field", "more unknown fields"))
	}
	if rare > 0 {
		add("%s in fewer than %d lines; left out", words.Count(int64(rare), "unknown field", "unknown fields, each"), fewLines)
	}
	for _, t := range s.Typed {
		add("%s", t)
	}
	notes = append(notes, s.KindNotes(true)...)
	if s.Unread != "" {
		add("no input: if what is left out are the features, map them with %s", s.Unread)
	}
	var empty []string
	for _, name := range s.Empty {
		if !slices.Contains(s.Rare, name) {
			empty = append(empty, name)
		}
	}
	if rare := len(s.Empty) - len(empty); rare > 0 {
		empty = append(empty, words.Count(int64(rare), "field of the log's own", "fields of the log's own"))
	}
	if len(empty) > 0 {
		add("no value in %s; left out", strings.Join(empty, ", "))
	}
	return notes
}
