package history

import (
	"encoding/json"
	"math"

	"github.com/leadsman/leadsman/pkg/verdict"
)

// packBins writes bins as JSON, open edges as null.
func packBins(bins []verdict.Bin) string {
	if len(bins) == 0 {
		return ""
	}
	rows := make([][]any, len(bins))
	for i, b := range bins {
		rows[i] = []any{b.Kind, number(b.Lo), number(b.Hi), b.Name, b.NRef, b.NCur}
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		panic(err) // strings and finite numbers: an error is a bug
	}
	return string(raw)
}

// number is v, or nil where JSON has no number for it.
func number(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// Bins reads the bins of a subject from a night's row; what Tonight did not write
// gives none.
func Bins(subject, packed string) []verdict.Bin {
	var rows [][]any
	if json.Unmarshal([]byte(packed), &rows) != nil {
		return nil
	}
	edge := func(v any) float64 {
		if f, ok := v.(float64); ok {
			return f
		}
		return math.NaN()
	}
	var out []verdict.Bin
	for _, r := range rows {
		if len(r) != 6 {
			return nil
		}
		kind, _ := r[0].(string)
		name, _ := r[3].(string)
		ref, ok1 := r[4].(float64)
		cur, ok2 := r[5].(float64)
		if !ok1 || !ok2 {
			return nil
		}
		out = append(out, verdict.Bin{Subject: subject, Kind: kind, Lo: edge(r[1]), Hi: edge(r[2]), Name: name, NRef: int64(ref), NCur: int64(cur), PSIShare: math.NaN()})
	}
	return out
}
