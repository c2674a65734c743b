// Package skew holds logged scores against those of the model at hand: a host that
// still serves another model, or a pipeline that makes other features of a row, shows
// here and nowhere else.
package skew

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/spelling"
	"github.com/leadsman/leadsman/pkg/stats"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// leastRows are rows below which a version is not taken for the model's own, and a
// share says nothing.
const leastRows = 30

// A Row is a judged row with both scores.
type Row struct {
	At          time.Time
	Version     string      // of the model that scored it
	N           int64       // how often it came
	Logged, Own float64     // NaN: none was logged; the model could not read the row
	ID          string      // of the row, where it has one
	Cells       []view.Cell // its raw values, as the columns that Compare is told
}

// A Result is how the scores agree.
type Result struct {
	Rows, Differ int64     // rows with both scores, each as often as it came; those that differ
	Unread       int64     // rows that the model could not read
	Others       int64     // rows of other versions of the model, which are left out
	Version      string    // of the rows that were compared, where there are several
	Tolerance    float64   // up to which scores are one
	Median, Most float64   // of the differences beyond it; NaN without any
	First        time.Time // of the rows that differ, the oldest; zero without times
	Unjudged     string    // verdict.Reason… why nothing can be said, else ""

	Differing []verdict.SkewRow // of those that differ the first by time, caps.SkewRows at most
	Common    []Shared          // what they have in common and the others lack, the most telling first
}

// Shared is a value that most of the rows that differ hold, and few of the others.
type Shared struct {
	Column, Value  string  // Value is "" for rows without one
	Differ, Others float64 // shares of the rows, in [0, 1]
}

// Share is the share of the rows that differ, in [0, 1]; NaN without rows.
func (r *Result) Share() float64 { return float64(r.Differ) / float64(r.Rows) }

// What rows have in common: a value that so many of those that differ hold at least, and
// of the others at most. The sharpest mostShared are told.
const (
	leastShared = 0.9
	mostElse    = 0.5
	mostShared  = 3
)

// Compare compares the scores of the rows: they are one where they differ by no more
// than 1e-6, of the score where that is more than 1, or half a unit of the last decimal
// that the log carries. columns are the names of the rows' cells, "" of those whose
// values are never told; a value that fewer than k rows hold is not told either. Where several versions scored the rows, the model is that of
// the version with which it agrees best; rows of the others are left out.
func Compare(rows []Row, columns []string, k int64) Result {
	r := Result{Tolerance: tolerance(rows), Median: math.NaN(), Most: math.NaN()}
	byVersion := map[string][2]int64{} // rows, and those that differ
	for i := range rows {
		row := &rows[i]
		switch {
		case math.IsNaN(row.Logged):
		case math.IsNaN(row.Own):
			r.Unread += row.N
		default:
			v := byVersion[row.Version]
			v[0] += row.N
			if r.differs(row) {
				v[1] += row.N
			}
			byVersion[row.Version] = v
		}
	}
	best, found := "", false
	for version, v := range byVersion {
		w := byVersion[best]
		if v[0] >= leastRows && (!found || v[1]*w[0] < w[1]*v[0] || v[1]*w[0] == w[1]*v[0] && version < best) {
			best, found = version, true
		}
	}
	if !found {
		r.Unjudged = verdict.ReasonTooFewRows
		return r
	}
	r.Rows, r.Differ = byVersion[best][0], byVersion[best][1]
	if len(byVersion) > 1 {
		r.Version = best
	}
	var by []float64
	for i := range rows {
		row := &rows[i]
		switch {
		case math.IsNaN(row.Logged) || math.IsNaN(row.Own):
		case row.Version != best:
			r.Others += row.N
		case r.differs(row):
			for range min(row.N, 1000) {
				by = append(by, math.Abs(row.Own-row.Logged))
			}
			if !row.At.IsZero() && (r.First.IsZero() || row.At.Before(r.First)) {
				r.First = row.At
			}
		}
	}
	r.Differing = r.first(rows, best)
	r.Common = r.common(rows, best, columns, k)
	if q, err := stats.Quantiles(by, 0.5, 1); err == nil {
		r.Median, r.Most = q[0], q[1]
	}
	return r
}

// compared says that a row of a version has both scores.
func compared(row *Row, version string) bool {
	return row.Version == version && !math.IsNaN(row.Logged) && !math.IsNaN(row.Own)
}

// first are the rows of a version that differ, by time, caps.SkewRows at most.
func (r *Result) first(rows []Row, version string) []verdict.SkewRow {
	var out []verdict.SkewRow
	for i := range rows {
		if row := &rows[i]; compared(row, version) && r.differs(row) {
			out = append(out, verdict.SkewRow{At: row.At, ID: row.ID, Version: row.Version, Logged: row.Logged, Own: row.Own, Times: row.N})
		}
	}
	slices.SortFunc(out, func(a, b verdict.SkewRow) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Logged, b.Logged), cmp.Compare(a.Own, b.Own), cmp.Compare(a.Times, b.Times))
	})
	return out[:min(len(out), caps.SkewRows.N)]
}

// common finds the values that the rows that differ have in common.
func (r *Result) common(rows []Row, version string, columns []string, k int64) []Shared {
	others := r.Rows - r.Differ
	if r.Differ < k {
		return nil
	}
	var out []Shared
	for j, name := range columns {
		if name == "" {
			continue
		}
		held := map[string][2]int64{} // rows that differ, and others
		for i := range rows {
			row := &rows[i]
			if !compared(row, version) || j >= len(row.Cells) {
				continue
			}
			value := text(row.Cells[j])
			n := held[value]
			if r.differs(row) {
				n[0] += row.N
			} else {
				n[1] += row.N
			}
			held[value] = n
		}
		for value, n := range held {
			s := Shared{name, value, float64(n[0]) / float64(r.Differ), 0}
			if others > 0 {
				s.Others = float64(n[1]) / float64(others)
			}
			if n[0] >= k && s.Differ >= leastShared && s.Others <= mostElse && others > 0 {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Shared) int {
		return cmp.Or(cmp.Compare(b.Differ-b.Others, a.Differ-a.Others), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), mostShared)]
}

func text(c view.Cell) string {
	switch {
	case c.Null:
		return ""
	case c.String:
		return spelling.Value(c.Str)
	}
	return spelling.Number(c.Num)
}

func (r *Result) differs(row *Row) bool {
	return !(math.Abs(row.Own-row.Logged) <= r.Tolerance*math.Max(1, math.Abs(row.Logged)))
}

// tolerance is half a unit of the last decimal of the logged scores, 1e-6 at least.
func tolerance(rows []Row) float64 {
	decimals := 0
	for i := range rows {
		if x := rows[i].Logged; !math.IsNaN(x) && !math.IsInf(x, 0) {
			_, after, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
			decimals = max(decimals, len(after))
		}
	}
	return math.Max(1e-6, 0.5*math.Pow10(-decimals)*(1+1e-6))
}
