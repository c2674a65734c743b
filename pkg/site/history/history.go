// Package history keeps the nights of sites: it writes a report as a night's rows,
// puts them among those of the nights before, follows each finding from night to
// night, and says what is news.
package history

import (
	"crypto/sha256"
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

// segmentRows bounds the findings of segments that a night keeps.
const segmentRows = 50

// Tonight returns the night of a report: its findings as rows of history.
func Tonight(t *report.Tables) []verdict.Night {
	run := t.Run
	base := verdict.Night{
		Site: run.Site, PeriodStart: run.PeriodStart, PeriodEnd: EndOf(&run), Rows: run.Rows, Requests: run.Requests,
		Level: run.Level, ScoreLevel: run.ScoreLevel, FeatureLevel: run.FeatureLevel, QualityLevel: run.QualityLevel,
		LatencyLevel: run.LatencyLevel, APILevel: run.APILevel, DriftShare: run.DriftShare, ScorePSI: math.NaN(),
		Policy: run.Policy, PlanID: run.PlanID, Headline: run.Headline,
		Statistic: math.NaN(), P: math.NaN(), Q: math.NaN(), Effect: math.NaN(), Threshold: math.NaN(),
		Newest: run.Newest, NowGiven: run.NowGiven, Last: run.Last, Timezone: run.Timezone, Title: run.Title,
		ModelLevel: run.ModelLevel, ModelVersion: run.ModelVersion, ReferenceRows: run.ReferenceRows, Thresholds: digest(t.Thresholds),
		AUC: math.NaN(), EstimatedAUC: math.NaN(), MAE: math.NaN(), FigureLo: math.NaN(), FigureHi: math.NaN(),
	}
	if base.Newest.IsZero() {
		base.Newest = run.PeriodEnd
	}
	_, estimated := t.AUC()
	measure(t, &base)
	if estimated != nil {
		base.EstimatedAUC = estimated.Value
	}
	var out []verdict.Night
	add := func(f verdict.Finding) *verdict.Night {
		n := base
		n.Subject, n.Role, n.Kind, n.Check, n.Test, n.FindingLevel = f.Subject, f.Role, f.Kind, f.Check, f.Test, f.Level
		n.NRef, n.NCur, n.Statistic, n.P, n.Q = f.NRef, f.NCur, f.Statistic, f.P, f.Q
		n.Effect, n.EffectUnit, n.Threshold, n.Direction = f.Effect, f.EffectUnit, f.Threshold, f.Direction
		n.Rank, n.Sentence, n.Segment, n.Accepted = f.Rank, f.Sentence, f.Segment, f.Accepted
		out = append(out, n)
		return &out[len(out)-1]
	}
	for _, s := range t.Subjects() {
		for _, f := range s.Findings {
			n := add(f)
			if f.Check == verdict.CheckDistribution {
				n.Bins = packBins(s.Bins)
			}
			if f.Check == verdict.CheckDistribution && f.Role == verdict.RoleScore && f.EffectUnit == "PSI" {
				base.ScorePSI = f.Effect
			}
		}
	}
	parts := 0
	for _, f := range t.Findings {
		if f.Window == "" && f.Segment != "" && verdict.Reaches(f.Level, verdict.Warn) && parts < segmentRows {
			parts++
			add(f)
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

// digest tells tables of thresholds apart.
func digest(rows []verdict.Threshold) string {
	if len(rows) == 0 {
		return ""
	}
	return fmt.Sprintf("%.6x", sha256.Sum256(fmt.Append(nil, rows)))
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

// merge puts a night among the others: rows of the same site and night are
// replaced. The result is sorted by site and time.
func merge(old, night []verdict.Night) []verdict.Night {
	if len(night) == 0 {
		return old
	}
	out := make([]verdict.Night, 0, len(old)+len(night))
	for _, n := range old {
		if !same(&n, &night[0]) {
			out = append(out, n)
		}
	}
	out = append(out, night...)
	sorted(out)
	return out
}

// Nightly returns one row a night of a site, oldest first.
func Nightly(rows []verdict.Night, site string) []verdict.Night {
	var out []verdict.Night
	for _, n := range grouped(rows, site) {
		out = append(out, n[0])
	}
	return out
}

// dated returns the rows of each night of a site that has a date, oldest first: older
// versions gave silent nights none.
func dated(rows []verdict.Night, site string) [][]verdict.Night {
	return slices.DeleteFunc(grouped(rows, site), func(n []verdict.Night) bool {
		return n[0].PeriodEnd.IsZero() || n[0].PeriodEnd.Year() < 1 || n[0].PeriodEnd.Year() > 9998
	})
}

// grouped returns the rows of each night of a site, oldest first.
func grouped(rows []verdict.Night, site string) [][]verdict.Night {
	var out [][]verdict.Night
	start := -1
	for i := range rows {
		switch n := &rows[i]; {
		case n.Site != site:
		case start >= 0 && rows[start].PeriodEnd.Equal(n.PeriodEnd):
			out[len(out)-1] = rows[start : i+1 : i+1]
		default:
			start = i
			out = append(out, rows[i:i+1:i+1])
		}
	}
	return out
}
