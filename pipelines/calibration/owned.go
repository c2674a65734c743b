package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/drift"
	quality "github.com/leadsman/leadsman/pkg/drift/performance"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/outcome/binary"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// An ownedCell is nights of outcomes of leads that are scored again and again: how many
// are loud by one outcome of each lead, and by rows.
type ownedCell struct {
	kind            string
	reference, rows int
	nights          int
	loud, byRows    int
	moved, found    int // nights on which eight outcomes of ten are random, and loud ones of them
}

const (
	ownedSeed  = 20261202
	ownedBar   = 0.05 // of quiet nights
	ownedFound = 0.9
	ownedFrom  = 2000 // rows a night from which that share is to be found
)

// ownedKinds are how many rows leads have.
var ownedKinds = []struct {
	name string
	rows func(r *rand.Rand) int
}{
	{"one row a lead", func(*rand.Rand) int { return 1 }},
	{"leads scored 1–10 times", func(r *rand.Rand) int { return 1 + r.IntN(10) }},
	{"leads scored by a Pareto law", func(r *rand.Rand) int { return min(200, int(math.Pow(1-r.Float64(), -1/1.2))) }},
}

// ownedCells draws all cells.
func ownedCells(s sizes) ([]*ownedCell, error) {
	var cells []*ownedCell
	var do []func() error
	for i, k := range ownedKinds {
		for h, size := range [][2]int{{303, 500}, {1000, 500}, {1000, 2000}} {
			c := &ownedCell{kind: k.name, reference: size[0], rows: size[1], nights: s.meanings, moved: s.meanings / 4}
			cells = append(cells, c)
			do = append(do, func() error {
				r := rand.New(rand.NewPCG(ownedSeed, uint64(10*i+h)))
				one := func(*rand.Rand) int { return 1 }
				for range c.nights {
					ref, night := ownedRows(r, "R", c.reference, one, 0), ownedRows(r, "L", c.rows, k.rows, 0)
					if ownedLoud(ref, night, "lead") {
						c.loud++
					}
					if s.others && ownedLoud(ref, night, "") {
						c.byRows++
					}
				}
				for range c.moved {
					if ownedLoud(ownedRows(r, "R", c.reference, one, 0), ownedRows(r, "L", c.rows, k.rows, 0.8), "lead") {
						c.found++
					}
				}
				return nil
			})
		}
	}
	return cells, inParallel(len(do), func(i int) error { return do[i]() })
}

// ownedRow is a row of a lead, all of whose rows have one score and one outcome.
type ownedRow struct {
	lead     string
	score    float64
	positive bool
}

// ownedRows draws n rows; a share random of the outcomes no longer follows the scores.
func ownedRows(r *rand.Rand, whose string, n int, times func(*rand.Rand) int, random float64) []ownedRow {
	out := make([]ownedRow, 0, n)
	for lead := 0; len(out) < n; lead++ {
		one := ownedRow{lead: whose + strconv.Itoa(lead), score: math.Round(1e3*beta(r, 1.5, 2.5)) / 1e3}
		chance := one.score
		if r.Float64() < random {
			chance = 1.5 / 4
		}
		one.positive = r.Float64() < chance
		for range times(r) {
			if len(out) < n {
				out = append(out, one)
			}
		}
	}
	return out
}

// ownedLoud judges a night as driftcalc does with outcomes by request ids; entity is the
// name of the column that says whom rows belong to, or empty.
func ownedLoud(ref, night []ownedRow, entity string) bool {
	known := &outcome.Truth{Entity: entity}
	known.Add(ownedBatch(ref, true, true))
	j := &outcome.Join{ID: "request", Entity: entity, Threshold: 0.5, Settings: outcome.Settings{Join: "all"}}
	j.AddOutcomes(ownedBatch(night, false, true))
	j.AddRows(ownedBatch(night, true, false))
	q := binary.Evaluate(known, nil, outcome.MetOf(j.Set(), 0.5, 0), outcome.Options{Threshold: 0.5})
	var rep drift.Report
	quality.Judge(&rep, &q, quality.Levels{})
	for _, f := range rep.Findings {
		if verdict.Reaches(f.Level, verdict.Warn) {
			return true
		}
	}
	return false
}

// ownedBatch writes rows with their scores, their outcomes, or both.
func ownedBatch(rows []ownedRow, scores, outcomes bool) arrow.RecordBatch {
	id, lead := array.NewStringBuilder(memory.DefaultAllocator), array.NewStringBuilder(memory.DefaultAllocator)
	score, target := array.NewFloat64Builder(memory.DefaultAllocator), array.NewFloat64Builder(memory.DefaultAllocator)
	for i, row := range rows {
		id.Append(strconv.Itoa(i))
		lead.Append(row.lead)
		score.Append(row.score)
		y := 0.
		if row.positive {
			y = 1
		}
		target.Append(y)
	}
	fields := []arrow.Field{{Name: "request", Type: arrow.BinaryTypes.String}, {Name: "lead", Type: arrow.BinaryTypes.String}}
	columns := []arrow.Array{id.NewArray(), lead.NewArray()}
	if scores {
		fields, columns = append(fields, table.Field("score", arrow.PrimitiveTypes.Float64, table.Score)), append(columns, score.NewArray())
	}
	if outcomes {
		fields, columns = append(fields, table.Field("outcome", arrow.PrimitiveTypes.Float64, table.Target)), append(columns, target.NewArray())
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(len(rows)))
}

// fault is the promise that was not kept.
func (c *ownedCell) fault() string {
	lo, _ := interval(c.loud, c.nights)
	_, hi := interval(c.found, c.moved)
	switch {
	case lo > ownedBar:
		return fmt.Sprintf("outcomes: %s, %d rows against %d: loud on %d of %d quiet nights", c.kind, c.rows, c.reference, c.loud, c.nights)
	case c.rows >= ownedFrom && hi < ownedFound:
		return fmt.Sprintf("outcomes: %s, %d rows against %d: found on %d of %d nights", c.kind, c.rows, c.reference, c.found, c.moved)
	}
	return ""
}

func (r *results) ownedSection(b *strings.Builder) {
	fmt.Fprintf(b, `
## Outcomes of leads that are scored again

Share of nights on which a figure of quality, the share of positives or what a score means is at warn or above: by one outcome of each lead
(`+"`entity`"+`), and on the same draws by rows. All rows of a lead have one score and one outcome; a fresh reference for every night, of one row a lead;
%d quiet nights a cell. "Found": 80 %% of the outcomes no longer follow the scores, %d nights. The bars are %g %% of quiet nights, and from %d rows on
%g %% found. `+"`go run ./pipelines/calibration -only outcomes`"+` prints this section.

| rows | reference | rows a night | loud, %% | by rows, %% | found, %% |
|---|---|---|---|---|---|
`, r.sizes.meanings, r.sizes.meanings/4, 100*ownedBar, ownedFrom, 100*ownedFound)
	for _, c := range r.owned {
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %s |\n", c.kind, c.reference, c.rows, percent(c.loud, c.nights), r.sizes.other(c.byRows, c.nights), percent(c.found, c.moved))
	}
	b.WriteString("\n")
}
