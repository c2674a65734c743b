package faults

import (
	"fmt"
	"strings"
)

// Reject is a row of the table `rejects`: one reason in one source. It never
// holds content of the log beyond the names of fields.
type Reject struct {
	Source     string `table:"source" doc:"file, or stdin"`
	Reason     string `table:"reason" doc:"what is wrong; a reason that begins with type:, value: or nested: left one value out, any other the whole line"`
	Count      int64  `table:"count" doc:"lines, or values"`
	FirstLines string `table:"first_lines" doc:"numbers of the first lines, up to ten, with a space between"`
}

// typeReason begins the reason of a value of another type than its column's.
const typeReason = "type: column "

// TypeErrors adds up the values of another type than their column's, by
// column.
func TypeErrors(list []Reject) map[string]int64 {
	sum := make(map[string]int64)
	for _, r := range list {
		rest, ok := strings.CutPrefix(r.Reason, typeReason)
		if end := strings.LastIndex(rest, ": want "); ok && end >= 0 && r.Count > 0 {
			sum[rest[:end]] += r.Count
		}
	}
	return sum
}

// ofLine tells a reason that left the whole line out from one that left out a
// value.
func (r *Reject) ofLine() bool {
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
	list  []Reject
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
		r.list = append(r.list, Reject{Source: source, Reason: k.reason})
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
