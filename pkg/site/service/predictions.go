package service

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/site/wording"
	"github.com/leadsman/leadsman/pkg/verdict"
	"github.com/leadsman/leadsman/pkg/words"
)

// PredictionsBody is the page of the newest predictions.
type PredictionsBody struct {
	Columns      []recentColumn
	Rows         []recentRow
	Labels       []string // that occur, none when there is one only
	Lo, Hi, Step string   // of the filter: 0 to 1, or wide enough for every score
	Coarse       string   // what is not told as it is; empty where all is
}

type recentColumn struct {
	Name    string
	Numeric bool
}

type recentRow struct {
	verdict.Recent
	Time  string // of inference, in ms
	Cells []string
}

// Predictions is nil without predictions that may be shown.
func Predictions(r *report.Tables) *PredictionsBody {
	v := &PredictionsBody{}
	at := map[int64]int{}
	for _, c := range r.Recent {
		i, ok := at[c.Row]
		if !ok {
			if len(v.Rows) == 100 {
				continue
			}
			i = len(v.Rows)
			at[c.Row] = i
			v.Rows = append(v.Rows, recentRow{Recent: c})
		}
		if c.Column == "" {
			continue
		}
		j := slices.IndexFunc(v.Columns, func(k recentColumn) bool { return k.Name == c.Column })
		if j < 0 {
			if len(v.Columns) == 20 {
				continue
			}
			j = len(v.Columns)
			v.Columns = append(v.Columns, recentColumn{Name: c.Column})
		}
		for len(v.Rows[i].Cells) <= j {
			v.Rows[i].Cells = append(v.Rows[i].Cells, "")
		}
		v.Rows[i].Cells[j] = wording.Clip(c.Value, 60)
	}
	if len(v.Rows) == 0 {
		return nil
	}
	for i := range v.Rows {
		for len(v.Rows[i].Cells) < len(v.Columns) {
			v.Rows[i].Cells = append(v.Rows[i].Cells, "")
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b recentRow) int { return cmp.Compare(a.Row, b.Row) })
	times := make([]float64, len(v.Rows))
	for i, r := range v.Rows {
		times[i] = r.MS
	}
	for i, t := range words.Aligned(times...) {
		v.Rows[i].Time = t
	}
	for j := range v.Columns {
		v.Columns[j].Numeric = v.numeric(j)
	}
	lo, hi := 0.0, 1.0
	for _, r := range v.Rows {
		if r.Exact() != "" {
			lo, hi = math.Min(lo, math.Floor(r.Score)), math.Max(hi, math.Ceil(r.Score))
		}
		if !slices.Contains(v.Labels, r.Label) && len(v.Labels) < 20 {
			v.Labels = append(v.Labels, r.Label)
		}
	}
	if slices.Sort(v.Labels); len(v.Labels) == 1 {
		v.Labels = nil
	}
	v.Coarse = coarse(v.Rows)
	plain := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	v.Lo, v.Hi, v.Step = plain(lo), plain(hi), plain((hi-lo)/100)
	return v
}

// coarse says to what the rows' own columns are rounded, of those that are not public.
func coarse(rows []recentRow) string {
	some := func(of func(r recentRow) bool) bool { return slices.ContainsFunc(rows, of) }
	told := func(name string) func(r recentRow) bool {
		return func(r recentRow) bool { return !slices.Contains(strings.Split(r.Whole, ","), name) }
	}
	var out []string
	if some(told("timestamp")) {
		out = append(out, "the hour")
	}
	switch {
	case !some(told("score")):
	case some(func(r recentRow) bool { return r.Score < 0 || r.Score > 1 }):
		out = append(out, "the score roughly")
	default:
		out = append(out, "the score to 0.1")
	}
	if some(told("label")) && some(func(r recentRow) bool { return r.Label != "" }) {
		out = append(out, "no label that few have")
	}
	if some(told("inference_ms")) {
		out = append(out, "the time to two digits")
	}
	return words.List(out)
}

// numeric tells a column of nothing but numbers.
func (v *PredictionsBody) numeric(j int) bool {
	found := false
	for _, r := range v.Rows {
		c := r.Cells[j]
		if f, err := strconv.ParseFloat(c, 64); c != "" && (err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(c, "eExX_")) {
			return false
		}
		found = found || c != ""
	}
	return found
}

// Exact is a score as the filter compares it.
func (r recentRow) Exact() string {
	if math.IsNaN(r.Score) || math.IsInf(r.Score, 0) {
		return ""
	}
	return strconv.FormatFloat(r.Score, 'f', -1, 64)
}
