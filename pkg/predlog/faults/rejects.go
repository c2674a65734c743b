package faults

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// rejects counts by source, kind, column and reason.
type rejects struct {
	index map[rejectKey]int
	list  []verdict.Reject
	first []int // line numbers in FirstLines
}

// sorted returns the list in order of source and first line; what is known of a
// line only later stands where it belongs.
func (r *rejects) sorted(sources map[string]int) []verdict.Reject {
	first := func(e verdict.Reject) int64 {
		line, _, _ := strings.Cut(e.FirstLines, " ")
		n, _ := strconv.ParseInt(line, 10, 64) // "": of a reason that stands for several
		return n
	}
	list := slices.Clone(r.list)
	slices.SortStableFunc(list, func(a, b verdict.Reject) int {
		return cmp.Or(cmp.Compare(sources[a.Source], sources[b.Source]), cmp.Compare(first(a), first(b)))
	})
	return list
}

type rejectKey struct{ source, kind, column, reason string }

// maxRejects bounds the reasons kept; a hostile log could make up names
// without end.
const maxRejects = 10_000

func (r *rejects) add(k rejectKey, line int64) {
	i, ok := r.index[k]
	if !ok {
		if len(r.list) >= maxRejects {
			k.column, k.reason = "", "other"
			if i, ok = r.index[k]; ok {
				r.list[i].Count++
				return
			}
		}
		i = len(r.list)
		r.index[k] = i
		r.list = append(r.list, verdict.Reject{Source: k.source, Kind: k.kind, Column: k.column, Reason: k.reason})
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
