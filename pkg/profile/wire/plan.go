package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// The tables of an encoded plan, in the order in which they stand.
const (
	planTable           = "plan"
	planColumnsTable    = "plan_columns"
	planGridsTable      = "plan_grids"
	planCategoriesTable = "plan_categories"
	planKnownTable      = "plan_known"
)

// planTables are the names of a plan's tables.
var planTables = []string{planTable, planColumnsTable, planGridsTable, planCategoriesTable, planKnownTable}

// planRow is the row of plan.
type planRow struct {
	PlanID        string  `table:"plan_id" doc:"SHA-256 of the plan"`
	Version       int64   `table:"version" doc:"version of the profile's meaning"`
	WindowMicros  int64   `table:"window_us" unit:"us" doc:"length of the trend's windows; 0: no trend"`
	Threshold     float64 `table:"threshold,null" doc:"score from which a row counts as positive"`
	PositiveLabel string  `table:"positive_label" doc:"label that counts as positive"`
	ID            string  `table:"id" doc:"column that names the row"`
	Entity        string  `table:"entity" doc:"column that says whom a row belongs to; empty: the id"`
	Timezone      string  `table:"timezone" doc:"IANA name of the time zone that days of the week are of; empty: UTC"`
	Days          string  `table:"days" doc:"reference rows by day of the week, Monday first, a list in JSON"`
	SpanMicros    int64   `table:"span_us" unit:"us" doc:"from the reference's first timestamp to its last"`
	Target        string  `table:"target" doc:"column with the outcome, which is not compared; empty: none was named"`
	Outcomes      string  `table:"outcomes" doc:"what outcomes are: binary, regression or multiclass; empty: binary"`
	Classes       string  `table:"classes" doc:"of a model that scores each of several classes, their names as a JSON list; empty: none"`
	Segments      string  `table:"segments" doc:"columns that rows are counted apart by, besides the version, a list in JSON; empty: none"`
	Reference     string  `table:"reference" doc:"hash of the reference's values, which its profile must have too"`
	Simulated     bool    `table:"simulated" doc:"the reference says that it was simulated"`
	Sample        bool    `table:"sample" doc:"the reference is leadsman's own sample case"`
	Exact         bool    `table:"exact" doc:"up to 65,536 distinct values of every number are kept, and not only of the score"`
	Provenance    string  `table:"provenance" doc:"where the reference's rows come from, in words, as driftcalc baseline says; empty where nothing does"`
	SampleRows    int64   `table:"sample_rows" doc:"distinct rows that a profile keeps; absent in older plans: 2048"`
}

// planColumnRow is a row of plan_columns.
type planColumnRow struct {
	Column   string `table:"column" doc:"raw column"`
	Role     string `table:"role" doc:"score, label, class_score, feature or segment"`
	Kind     string `table:"kind" doc:"number, category or text"`
	Public   bool   `table:"public" doc:"its values may be shown in public"`
	InSample bool   `table:"in_sample" doc:"scores that the model gave to its own training rows"`
	Missing  string `table:"missing" doc:"values that stand for missing ones, a list in JSON; empty: none"`
	Distinct int64  `table:"distinct" doc:"categories of the reference, those that are not in plan_categories too"`
	Once     int64  `table:"once" doc:"of them those that one reference row has"`
	Twice    int64  `table:"twice" doc:"and those that two have"`
	Line     int64  `table:"line" doc:"place in the line of columns whose pairs are looked at, from 1: by importance to the model, then by how many rows hold another value than the commonest; 0: all pairs are counted"`
}

// planGridRow is a row of plan_grids: the grid of a number, or of a part of a text.
type planGridRow struct {
	Column string    `table:"column" doc:"raw column"`
	Part   string    `table:"part" doc:"empty, or length or commas of a text"`
	Center float64   `table:"center" doc:"the median"`
	Scale  float64   `table:"scale" doc:"1 over the standard deviation"`
	Exact  bool      `table:"exact" doc:"every distinct reference value is an edge"`
	Few    bool      `table:"discrete" doc:"at most ten distinct reference values"`
	Edges  []float64 `table:"edges" doc:"the edges, ascending"`
	Bins   []float64 `table:"bins" doc:"inner edges of the deciles, each an edge"`
	Normal []int64   `table:"normal" doc:"normal scores, in 1/4096: of the open cell below the first edge, of that edge, and so on up to the open cell above the last"`
}

func (r *planGridRow) bytes() int { return 8 * len(r.Normal) }

// planCategoryRow is a row of plan_categories.
type planCategoryRow struct {
	Column string `table:"column" doc:"raw column"`
	Name   string `table:"name" doc:"category, in the order of the dictionary"`
}

// planKnownRow is a row of plan_known.
type planKnownRow struct {
	Column string  `table:"column" doc:"raw column"`
	Hash   []int64 `table:"hash" doc:"bits of the hashes of its categories that are not in plan_categories: all, or the 2^20 smallest unsigned ones, ascending"`
}

// EncodePlan writes the plan's tables, each with at least one batch.
func EncodePlan(p *plan.Plan, write func(arrow.RecordBatch) error) error {
	var columns []planColumnRow
	var grids []planGridRow
	var categories []planCategoryRow
	var known []planKnownRow
	for _, c := range p.Columns {
		columns = append(columns, planColumnRow{c.Name, string(c.Role), string(c.Kind), c.Public, c.InSample, encodeList(c.Missing), c.Distinct, c.Once, c.Twice, c.Line})
		grids = appendGrid(grids, c.Grid, c.Name, "")
		grids = appendGrid(grids, c.Length, c.Name, "length")
		grids = appendGrid(grids, c.Commas, c.Name, "commas")
		for _, n := range c.Names {
			categories = append(categories, planCategoryRow{c.Name, n})
		}
		if len(c.Known) > 0 {
			row := planKnownRow{c.Name, make([]int64, len(c.Known))}
			for i, h := range c.Known {
				row.Hash[i] = int64(h)
			}
			known = append(known, row)
		}
	}
	head := []planRow{{p.ID(), plan.Version, p.Window.Microseconds(), p.Threshold, p.PositiveLabel, p.IDColumn, p.Entity, p.Week.Zone, encodeDays(p.Week.Days), p.Week.Span.Microseconds(), p.Target, p.Outcomes, encodeList(p.Classes), encodeList(p.Segments), p.Reference, p.Simulated, p.Sample, p.Exact, p.Provenance, p.SampleRows}}
	if err := writeRows(planTable, head, write); err != nil {
		return err
	}
	if err := writeRows(planColumnsTable, columns, write); err != nil {
		return err
	}
	if err := writeRows(planGridsTable, grids, write); err != nil {
		return err
	}
	if err := writeRows(planCategoriesTable, categories, write); err != nil {
		return err
	}
	return writeRows(planKnownTable, known, write)
}

func encodeDays(days [7]int64) string {
	text, _ := json.Marshal(days) // numbers cannot fail
	return string(text)
}

// encodeList is a list as JSON; an empty one is empty.
func encodeList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // strings cannot fail
	return string(text)
}

// appendGrid appends the row of a grid; nil has none.
func appendGrid(rows []planGridRow, g *plan.Grid, column, part string) []planGridRow {
	if g == nil {
		return rows
	}
	row := planGridRow{column, part, g.Center, g.Inverse, g.Exact, g.Discrete, g.Edges, g.Bins, make([]int64, len(g.Normal))}
	for i, z := range g.Normal {
		row.Normal[i] = int64(z)
	}
	return append(rows, row)
}

// A planReader reads an encoded plan, batch by batch, its tables in any order.
type planReader struct {
	pending map[string][]arrow.RecordBatch // by table
	plan    *plan.Plan
	want    string
	index   map[string]int
	grids   map[*plan.Grid]bool // complete ones
}

// ReadPlan reads the plan from the tables of in, which may hold others.
func ReadPlan(in *table.Reader) (*plan.Plan, error) {
	r := newPlanReader()
	for in.Next() {
		if knowsPlan(in.Table()) {
			r.add(in.Batch())
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return r.read()
}

// newPlanReader returns a planReader that has read nothing.
func newPlanReader() *planReader {
	return &planReader{pending: make(map[string][]arrow.RecordBatch), index: make(map[string]int), grids: make(map[*plan.Grid]bool)}
}

// knowsPlan says whether a table belongs to a plan.
func knowsPlan(name string) bool { return slices.Contains(planTables, name) }

// add takes a batch of one of planTables.
func (r *planReader) add(rec arrow.RecordBatch) {
	name := table.NameOf(rec.Schema())
	rec.Retain()
	r.pending[name] = append(r.pending[name], rec)
}

// decode reads the pending tables.
func (r *planReader) decode() error {
	for _, name := range planTables {
		if len(r.pending[name]) == 0 {
			return fmt.Errorf("plan: is not complete: it has no table %s", name)
		}
		for _, rec := range r.pending[name] {
			var err error
			switch name {
			case planTable:
				err = each(rec, r.head)
			case planColumnsTable:
				err = each(rec, r.column)
			case planGridsTable:
				err = each(rec, r.grid)
			case planCategoriesTable:
				err = each(rec, r.category)
			case planKnownTable:
				err = each(rec, r.known)
			}
			if err != nil {
				return fmt.Errorf("plan: table %s: %w", name, err)
			}
			if r.plan == nil {
				return fmt.Errorf("plan: table %s: is empty", name)
			}
			rec.Release()
		}
	}
	return nil
}

func (r *planReader) head(row *planRow) error {
	switch {
	case r.plan != nil:
		return fmt.Errorf("there are two plans")
	case row.Version != plan.Version:
		return otherVersion("plan", row.Version)
	case row.WindowMicros < 0 || row.WindowMicros > math.MaxInt64/1000:
		return fmt.Errorf("window of %d us is out of range", row.WindowMicros)
	}
	week := plan.Week{Zone: row.Timezone, Span: time.Duration(row.SpanMicros) * time.Microsecond}
	if json.Unmarshal([]byte(row.Days), &week.Days) != nil {
		return fmt.Errorf("rows by day of the week are no list of numbers")
	}
	var classes []string
	if row.Classes != "" && json.Unmarshal([]byte(row.Classes), &classes) != nil {
		return fmt.Errorf("classes are no list of names")
	}
	var segments []string
	if row.Segments != "" && json.Unmarshal([]byte(row.Segments), &segments) != nil {
		return fmt.Errorf("segments are no list of names")
	}
	r.want = row.PlanID
	r.plan = &plan.Plan{
		Window: time.Duration(row.WindowMicros) * time.Microsecond, Threshold: row.Threshold,
		PositiveLabel: row.PositiveLabel, IDColumn: row.ID, Entity: row.Entity, Week: week, Target: row.Target, Outcomes: row.Outcomes, Classes: classes, Segments: segments, Reference: row.Reference, Simulated: row.Simulated, Sample: row.Sample,
		Exact: row.Exact, Provenance: row.Provenance, SampleRows: row.SampleRows,
	}
	return nil
}

func (r *planReader) column(row *planColumnRow) error {
	c := plan.Column{Name: row.Column, Role: table.Role(row.Role), Kind: view.Kind(row.Kind), Public: row.Public, InSample: row.InSample,
		Distinct: row.Distinct, Once: row.Once, Twice: row.Twice, Line: row.Line}
	if row.Missing != "" && json.Unmarshal([]byte(row.Missing), &c.Missing) != nil {
		return fmt.Errorf("column %q: values that stand for missing ones are no list", c.Name)
	}
	switch c.Kind {
	case view.NumberKind:
		c.Grid = &plan.Grid{}
	case view.TextKind:
		c.Length, c.Commas = &plan.Grid{}, &plan.Grid{}
	}
	if _, again := r.index[c.Name]; again || len(r.plan.Columns) == caps.Columns.N {
		return fmt.Errorf("column %q is there twice, or there are too many", c.Name)
	}
	r.index[c.Name] = len(r.plan.Columns)
	r.plan.Columns = append(r.plan.Columns, c)
	return nil
}

func (r *planReader) grid(row *planGridRow) error {
	i, ok := r.index[row.Column]
	if !ok {
		return fmt.Errorf("column %q is not in the plan", row.Column)
	}
	c := &r.plan.Columns[i]
	g := map[string]*plan.Grid{"": c.Grid, "length": c.Length, "commas": c.Commas}[row.Part]
	if g == nil || r.grids[g] {
		return fmt.Errorf("column %q: a grid is out of place", row.Column)
	}
	r.grids[g] = true
	*g = plan.Grid{Center: row.Center, Inverse: row.Scale, Exact: row.Exact, Discrete: row.Few, Edges: row.Edges, Bins: row.Bins, Normal: make([]int16, len(row.Normal))}
	for j, z := range row.Normal {
		if g.Normal[j] = int16(z); int64(g.Normal[j]) != z {
			return fmt.Errorf("column %q: normal score is out of range", row.Column)
		}
	}
	return nil
}

func (r *planReader) category(row *planCategoryRow) error {
	i, ok := r.index[row.Column]
	if !ok || r.plan.Columns[i].Kind != view.CategoryKind {
		return fmt.Errorf("column %q has no categories", row.Column)
	}
	c := &r.plan.Columns[i]
	c.Names = append(c.Names, row.Name)
	return nil
}

func (r *planReader) known(row *planKnownRow) error {
	i, ok := r.index[row.Column]
	if !ok || r.plan.Columns[i].Kind != view.CategoryKind {
		return fmt.Errorf("column %q has no categories", row.Column)
	}
	c := &r.plan.Columns[i]
	if c.Known != nil {
		return fmt.Errorf("column %q is there twice", row.Column)
	}
	for _, h := range row.Hash {
		c.Known = append(c.Known, uint64(h))
	}
	return nil
}

// read returns the plan, when all of it is there and fits its ID.
func (r *planReader) read() (*plan.Plan, error) {
	if err := r.decode(); err != nil {
		return nil, err
	}
	p := r.plan
	for i := range p.Columns {
		for _, g := range []*plan.Grid{p.Columns[i].Grid, p.Columns[i].Length, p.Columns[i].Commas} {
			if g != nil && !r.grids[g] {
				return nil, fmt.Errorf("plan: column %s: its grid is missing", p.Columns[i].Name)
			}
		}
	}
	if err := p.Complete(); err != nil {
		return nil, err
	}
	if p.ID() != r.want {
		return nil, fmt.Errorf("plan: is %.12s, but calls itself %.12s: it was changed", p.ID(), r.want)
	}
	return p, nil
}
