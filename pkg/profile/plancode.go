package profile

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// The tables of an encoded plan, in the order in which they stand.
const (
	planTable           = "plan"
	planColumnsTable    = "plan_columns"
	planEdgesTable      = "plan_edges"
	planCategoriesTable = "plan_categories"
)

// planTables are the names of a plan's tables.
var planTables = []string{planTable, planColumnsTable, planEdgesTable, planCategoriesTable}

type planRow struct {
	PlanID        string  `table:"plan_id" doc:"SHA-256 of the plan"`
	Version       int64   `table:"version" doc:"version of the profile's meaning"`
	WindowMicros  int64   `table:"window_us" unit:"us" doc:"length of the trend's windows; 0: no trend"`
	Threshold     float64 `table:"threshold,null" doc:"score from which a row counts as positive"`
	PositiveLabel string  `table:"positive_label" doc:"label that counts as positive"`
	ID            string  `table:"id" doc:"column that names the row"`
	Target        string  `table:"target" doc:"column with the outcome, which is not compared; empty: none was named"`
	Reference     string  `table:"reference" doc:"hash of the reference's values, which its profile must have too"`
	Simulated     bool    `table:"simulated" doc:"the reference says that it was simulated"`
	Sample        bool    `table:"sample" doc:"the reference is leadsman's own sample case"`
	SampleRows    int64   `table:"sample_rows" doc:"distinct rows that a profile keeps; absent in older plans: 2048"`
}

type planColumnRow struct {
	Column   string `table:"column" doc:"raw column"`
	Role     string `table:"role" doc:"score, label or feature"`
	Kind     string `table:"kind" doc:"number, category or text"`
	Public   bool   `table:"public" doc:"its values may be shown in public"`
	InSample bool   `table:"in_sample" doc:"scores that the model gave to its own training rows"`
}

type planEdgeRow struct {
	Column string  `table:"column" doc:"raw column"`
	Part   string  `table:"part" doc:"empty, or length or commas of a text"`
	Kind   string  `table:"kind" doc:"edge; grid (first of each: value is the median, scale, exact and discrete are set); top (after the last edge: score only)"`
	Value  float64 `table:"value" doc:"the edge"`
	Bin    bool    `table:"bin" doc:"the edge is an inner edge of the deciles"`
	Below  int64   `table:"below" doc:"normal score, in 1/4096, of the open cell below the edge"`
	At     int64   `table:"at" doc:"normal score of the edge"`
	Scale  float64 `table:"scale" doc:"1 over the standard deviation"`
	Exact  bool    `table:"exact" doc:"every distinct reference value is an edge"`
	Few    bool    `table:"discrete" doc:"at most ten distinct reference values"`
}

type planCategoryRow struct {
	Column string `table:"column" doc:"raw column"`
	Name   string `table:"name" doc:"category, in the order of the dictionary"`
}

// EncodePlan writes the plan's tables, each with at least one batch.
func EncodePlan(p *Plan, write func(arrow.RecordBatch) error) error {
	var columns []planColumnRow
	var edges []planEdgeRow
	var categories []planCategoryRow
	for _, c := range p.columns {
		columns = append(columns, planColumnRow{c.name, string(c.role), string(c.kind), c.public, c.inSample})
		edges = appendEdges(edges, c.grid, c.name, "")
		edges = appendEdges(edges, c.length, c.name, "length")
		edges = appendEdges(edges, c.commas, c.name, "commas")
		for _, n := range c.names {
			categories = append(categories, planCategoryRow{c.name, n})
		}
	}
	plan := []planRow{{p.ID(), Version, p.Window.Microseconds(), p.Threshold, p.PositiveLabel, p.idColumn, p.target, p.reference, p.Simulated, p.Sample, p.SampleRows}}
	if err := writeRows(planTable, plan, write); err != nil {
		return err
	}
	if err := writeRows(planColumnsTable, columns, write); err != nil {
		return err
	}
	if err := writeRows(planEdgesTable, edges, write); err != nil {
		return err
	}
	return writeRows(planCategoriesTable, categories, write)
}

// appendEdges appends the rows of a grid; nil has none.
func appendEdges(rows []planEdgeRow, g *grid, column, part string) []planEdgeRow {
	if g == nil {
		return rows
	}
	rows = append(rows, planEdgeRow{Column: column, Part: part, Kind: "grid", Value: g.center, Scale: g.inverse, Exact: g.exact, Few: g.discrete})
	for i, e := range g.edges {
		_, bin := slices.BinarySearch(g.bins, e)
		rows = append(rows, planEdgeRow{Column: column, Part: part, Kind: "edge", Value: e, Bin: bin, Below: int64(g.normal[2*i]), At: int64(g.normal[2*i+1])})
	}
	return append(rows, planEdgeRow{Column: column, Part: part, Kind: "top", Below: int64(g.normal[2*len(g.edges)])})
}

// A planReader reads an encoded plan, batch by batch, its tables in any order.
type planReader struct {
	pending map[string][]arrow.RecordBatch // by table
	plan    *Plan
	want    string
	index   map[string]int
	grids   map[*grid]bool // complete ones
}

// ReadPlan reads the plan from the tables of in, which may hold others.
func ReadPlan(in *table.Reader) (*Plan, error) {
	r := newPlanReader()
	for in.Next() {
		if knowsPlan(in.Table()) {
			r.Add(in.Batch())
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return r.Plan()
}

// newPlanReader returns a planReader that has read nothing.
func newPlanReader() *planReader {
	return &planReader{pending: make(map[string][]arrow.RecordBatch), index: make(map[string]int), grids: make(map[*grid]bool)}
}

// knowsPlan says whether a table belongs to a plan.
func knowsPlan(name string) bool { return slices.Contains(planTables, name) }

// Add reads a batch of one of planTables.
func (r *planReader) Add(rec arrow.RecordBatch) {
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
			case planEdgesTable:
				err = each(rec, r.edge)
			case planCategoriesTable:
				err = each(rec, r.category)
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
	case row.Version != Version:
		return fmt.Errorf("has version %d, this leadsman reads %d", row.Version, Version)
	case row.WindowMicros < 0 || row.WindowMicros > math.MaxInt64/1000:
		return fmt.Errorf("window of %d us is out of range", row.WindowMicros)
	}
	r.want = row.PlanID
	r.plan = &Plan{
		Window: time.Duration(row.WindowMicros) * time.Microsecond, Threshold: row.Threshold,
		PositiveLabel: row.PositiveLabel, idColumn: row.ID, target: row.Target, reference: row.Reference, Simulated: row.Simulated, Sample: row.Sample,
		SampleRows: row.SampleRows,
	}
	return nil
}

func (r *planReader) column(row *planColumnRow) error {
	c := planColumn{name: row.Column, role: table.Role(row.Role), kind: view.Kind(row.Kind), public: row.Public, inSample: row.InSample}
	switch c.kind {
	case view.NumberKind:
		c.grid = &grid{}
	case view.TextKind:
		c.length, c.commas = &grid{}, &grid{}
	}
	if _, again := r.index[c.name]; again || len(r.plan.columns) == maxColumns {
		return fmt.Errorf("column %q is there twice, or there are too many", c.name)
	}
	r.index[c.name] = len(r.plan.columns)
	r.plan.columns = append(r.plan.columns, c)
	return nil
}

func (r *planReader) edge(row *planEdgeRow) error {
	i, ok := r.index[row.Column]
	if !ok {
		return fmt.Errorf("column %q is not in the plan", row.Column)
	}
	c := &r.plan.columns[i]
	g := map[string]*grid{"": c.grid, "length": c.length, "commas": c.commas}[row.Part]
	if g == nil || r.grids[g] || row.Kind != "grid" && g.inverse == 0 || row.Kind == "grid" && g.inverse != 0 {
		return fmt.Errorf("column %q: edges are out of place", row.Column)
	}
	if row.Below != int64(int16(row.Below)) || row.At != int64(int16(row.At)) {
		return fmt.Errorf("column %q: normal score is out of range", row.Column)
	}
	switch row.Kind {
	case "grid":
		g.center, g.inverse, g.exact, g.discrete = row.Value, row.Scale, row.Exact, row.Few
	case "edge":
		if row.Bin {
			g.bins = append(g.bins, row.Value)
		}
		g.edges = append(g.edges, row.Value)
		g.normal = append(g.normal, int16(row.Below), int16(row.At))
	case "top":
		g.normal = append(g.normal, int16(row.Below))
		r.grids[g] = true
	}
	return nil
}

func (r *planReader) category(row *planCategoryRow) error {
	i, ok := r.index[row.Column]
	if !ok || r.plan.columns[i].kind != view.CategoryKind {
		return fmt.Errorf("column %q has no categories", row.Column)
	}
	c := &r.plan.columns[i]
	c.names = append(c.names, row.Name)
	return nil
}

// Plan returns the plan, when all of it was read and fits its ID.
func (r *planReader) Plan() (*Plan, error) {
	if err := r.decode(); err != nil {
		return nil, err
	}
	p := r.plan
	for i := range p.columns {
		for _, g := range []*grid{p.columns[i].grid, p.columns[i].length, p.columns[i].commas} {
			if g != nil && !r.grids[g] {
				return nil, fmt.Errorf("plan: column %s: edges are missing", p.columns[i].name)
			}
		}
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	if p.ID() != r.want {
		return nil, fmt.Errorf("plan: is %.12s, but calls itself %.12s: it was changed", p.ID(), r.want)
	}
	return p, nil
}
