package faults

import (
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
