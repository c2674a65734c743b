package predlog

import (
	"errors"
	"fmt"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// typeReason begins the reason of a value of another type than its column's.
const typeReason = "type: column "

// TypeErrors adds up the values of another type than their column's, by
// column.
func TypeErrors(list []verdict.Reject) map[string]int64 {
	sum := make(map[string]int64)
	for _, r := range list {
		rest, ok := strings.CutPrefix(r.Reason, typeReason)
		if end := strings.LastIndex(rest, ": want "); ok && end >= 0 && r.Count > 0 {
			sum[rest[:end]] += r.Count
		}
	}
	return sum
}

// Summary is what a Decoder has seen.
type Summary struct {
	Lines      int64 // not blank, not half
	Rows       int64
	Bad        int64    // lines left out
	TypeErrors int64    // values left out of rows that were kept
	Zoneless   int64    // rows whose timestamp names no zone
	Half       []string // source:line of last lines that are still being written
	Unknown    []Unknown
	Empty      []string         // input fields that are null in every row, and so left out
	Inferred   int              // input fields whose type the first value decided
	Rejects    []verdict.Reject // in order of source and first line
}

// Unknown is a field that the log has and the table does not.
type Unknown struct {
	Name  string
	Lines int64
}

// TooBad reports, as an error that tells the first of them, that more lines are
// bad than share allows. A log of bad lines only is too bad whatever the share;
// up to atLeast bad lines are none the less forgiven while they are not most of them.
func (s *Summary) TooBad(share float64, atLeast int64) error {
	what := ""
	switch {
	case s.Bad == 0:
		return nil
	case s.Rows == 0 && s.Bad == 1:
		what = "the only line is bad"
	case s.Rows == 0:
		what = fmt.Sprintf("all %d lines are bad", s.Bad)
	case (s.Bad > atLeast || s.Bad > s.Rows) && float64(s.Bad) > share*float64(s.Lines):
		what = fmt.Sprintf("%d of %d lines are bad, more than %s %%", s.Bad, s.Lines, strings.TrimSuffix(fmt.Sprintf("%.4g", 100*share), ".0"))
	default:
		return nil
	}
	for _, r := range s.Rejects {
		if ofLine(&r) {
			line, _, _ := strings.Cut(r.FirstLines, " ")
			return fmt.Errorf("%s:%s: %s; %s", r.Source, line, r.Reason, what)
		}
	}
	return errors.New(what)
}

// ofLine tells a reason that left the whole line out from one that left out a
// value.
func ofLine(r *verdict.Reject) bool {
	for _, kind := range []string{"type", "value", "nested"} {
		if strings.HasPrefix(r.Reason, kind+": column ") {
			return false
		}
	}
	return true
}

// rejects counts by source and reason.
type rejects struct {
	index map[rejectKey]int
	list  []verdict.Reject
	first []int // line numbers in FirstLines
}

type rejectKey struct{ source, reason string }

// maxRejects bounds the reasons kept; a hostile log could make up names
// without end.
const maxRejects = 10_000

func (r *rejects) add(source, reason string, line int64) {
	k := rejectKey{source, reason}
	i, ok := r.index[k]
	if !ok {
		if len(r.list) >= maxRejects {
			k.reason = "other"
			if i, ok = r.index[k]; ok {
				r.list[i].Count++
				return
			}
		}
		i = len(r.list)
		r.index[k] = i
		r.list = append(r.list, verdict.Reject{Source: source, Reason: k.reason})
		r.first = append(r.first, 0)
	}
	e := &r.list[i]
	e.Count++
	if r.first[i] < 10 {
		r.first[i]++
		if e.FirstLines != "" {
			e.FirstLines += " "
		}
		e.FirstLines += fmt.Sprint(line)
	}
}
