// Package history keeps the nights of sites: it writes a report as a night's rows,
// merges them into those of the nights before, and tells what is news and since
// when a subject has drifted.
package history

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/leadsman/leadsman/pkg/site/report"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// Table is the name of the table of nights.
const Table = "history"

// Tonight returns the night of a report: its findings as rows of history.
func Tonight(t *report.Tables) []verdict.Night {
	run := t.Run
	base := verdict.Night{
		Site: run.Site, PeriodStart: run.PeriodStart, PeriodEnd: run.PeriodEnd, Rows: run.Rows, Requests: run.Requests,
		Level: run.Level, ScoreLevel: run.ScoreLevel, FeatureLevel: run.FeatureLevel, QualityLevel: run.QualityLevel,
		LatencyLevel: run.LatencyLevel, APILevel: run.APILevel, DriftShare: run.DriftShare, ScorePSI: math.NaN(),
		Policy: run.Policy, PlanID: run.PlanID, Headline: run.Headline,
		Statistic: math.NaN(), P: math.NaN(), Q: math.NaN(), Effect: math.NaN(), Threshold: math.NaN(),
	}
	var out []verdict.Night
	for _, s := range t.Subjects() {
		for _, f := range s.Findings {
			n := base
			n.Subject, n.Role, n.Kind, n.Check, n.Test, n.FindingLevel = f.Subject, f.Role, f.Kind, f.Check, f.Test, f.Level
			n.NRef, n.NCur, n.Statistic, n.P, n.Q = f.NRef, f.NCur, f.Statistic, f.P, f.Q
			n.Effect, n.EffectUnit, n.Threshold, n.Direction = f.Effect, f.EffectUnit, f.Threshold, f.Direction
			n.Rank, n.Sentence = f.Rank, f.Sentence
			if f.Check == verdict.CheckDistribution {
				n.Bins = packBins(s.Bins)
			}
			if f.Check == verdict.CheckDistribution && f.Role == verdict.RoleScore && f.EffectUnit == "PSI" {
				base.ScorePSI = f.Effect
			}
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		out = append(out, base)
	}
	for i := range out {
		out[i].ScorePSI = base.ScorePSI
	}
	return out
}

// maxRows bounds the rows of a history.
const maxRows = 2_000_000

// Read reads a table of nights. Other tables are read over; a stream
// without nights is an error.
func Read(in *table.Reader) ([]verdict.Night, error) {
	var out []verdict.Night
	found := false
	for in.Next() {
		if in.Table() != Table {
			continue
		}
		found = true
		rows, err := table.Decode[verdict.Night](in.Batch())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Input(), err)
		}
		if len(out)+len(rows) > maxRows {
			return nil, fmt.Errorf("%s: more than %d rows of history", in.Input(), maxRows)
		}
		out = append(out, rows...)
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("%s: no table history", in.Input())
	}
	return out, nil
}

// Merge puts a night into the history: rows of the same site and end of
// period are replaced. The result is sorted by site and time.
func Merge(old, night []verdict.Night) []verdict.Night {
	type key struct {
		site string
		end  int64
	}
	keyOf := func(n verdict.Night) key { return key{n.Site, n.PeriodEnd.UnixMicro()} }
	replaced := map[key]bool{}
	for _, n := range night {
		replaced[keyOf(n)] = true
	}
	out := make([]verdict.Night, 0, len(old)+len(night))
	for _, n := range old {
		if !replaced[keyOf(n)] {
			out = append(out, n)
		}
	}
	out = append(out, night...)
	slices.SortStableFunc(out, func(a, b verdict.Night) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), a.PeriodEnd.Compare(b.PeriodEnd))
	})
	return out
}

// Write writes the table of nights as Parquet.
func Write(w io.Writer, nights []verdict.Night) error {
	rec := table.Encode(Table, nights)
	defer rec.Release()
	v := table.NewView(w, Table, "parquet")
	if err := v.Write(rec); err != nil {
		v.Abort()
		return err
	}
	return v.Close()
}

// Nightly returns one row a night of a site, oldest first.
func Nightly(rows []verdict.Night, site string) []verdict.Night {
	var out []verdict.Night
	for _, n := range rows {
		if n.Site == site && (len(out) == 0 || !out[len(out)-1].PeriodEnd.Equal(n.PeriodEnd)) {
			out = append(out, n)
		}
	}
	return out
}

// A Change is a night whose level differs from the night before.
type Change struct {
	verdict.Night
	Before string // the level of the night before; empty for the first night
}

// Changes returns the changes among nights that come oldest first, one row each.
// The first night is one.
func Changes(nights []verdict.Night) []Change {
	var out []Change
	level := ""
	for i, n := range nights {
		if i == 0 || n.Level != level {
			out = append(out, Change{n, level})
		}
		level = n.Level
	}
	return out
}
