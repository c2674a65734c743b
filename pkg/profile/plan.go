package profile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
)

// Version is the version of the profile's meaning: hashes, buckets, keys. It is
// part of every plan's ID.
const Version = 1

const (
	maxColumns  = 4096    // columns of a plan
	maxNames    = 1 << 16 // categories of a dictionary
	maxPaired   = 32      // columns whose pairs are counted
	sampleRows  = 2048    // distinct rows in the sample, unless the plan says otherwise
	slotMinutes = 5
)

// Options are the choices of a plan that the reference does not make.
type Options struct {
	Columns       map[string]ColumnOption
	ID            string        // column that names the row; not compared
	Target        string        // column with the outcome; not compared
	Threshold     float64       // score from which a row counts as positive; NaN: none
	PositiveLabel string        // label that counts as positive; may be empty
	Window        time.Duration // length of the trend's windows, whole microseconds; 0: no trend
	Sample        bool          // the reference is leadsman's own sample case
	SampleRows    int64         // distinct rows that a profile keeps; 0: 2,048; AllRows: every one
}

// AllRows lets a profile keep every distinct row. Its memory then grows with
// the log.
const AllRows = math.MaxInt64

// ColumnOption pins one column.
type ColumnOption struct {
	Type   string // number, category, text or id; empty: as in the reference
	Public bool   // its values may be shown in public
}

// A Plan says what is counted. It is immutable and safe for concurrent use.
type Plan struct {
	Window        time.Duration
	Threshold     float64 // NaN: none
	PositiveLabel string
	Simulated     bool  // the reference says that it was simulated
	Sample        bool  // the reference is leadsman's own sample case
	SampleRows    int64 // distinct rows that a profile keeps, those of smallest hash

	reference string // fingerprint of the rows that the plan was made of
	idColumn  string
	target    string
	columns   []planColumn
	pairs     [][2]int // of columns
	id        string
}

// planColumn is one raw column.
type planColumn struct {
	name     string
	role     table.Role
	kind     view.Kind
	public   bool
	inSample bool
	grid     *grid    // of a number
	names    []string // of a category
	index    map[string]int32
	length   *grid // of a text
	commas   *grid
}

// ID returns the plan's name: the SHA-256 of all that it says, in hexadecimal.
func (p *Plan) ID() string { return p.id }

// Target returns the name of the column with the outcome, or "".
func (p *Plan) Target() string { return p.target }

// Types returns the type of every input field: number, category or text.
func (p *Plan) Types() map[string]string {
	types := make(map[string]string, len(p.columns))
	for _, c := range p.columns {
		if c.role == table.Feature || c.role == table.Text {
			types[c.name] = string(c.kind)
		}
	}
	return types
}

// Names returns the raw columns in the order of Row.Cells.
func (p *Plan) Names() []string {
	out := make([]string, len(p.columns))
	for i := range p.columns {
		out[i] = p.columns[i].name
	}
	return out
}

// complete checks what was set of the plan and derives the rest: indexes, pairs
// and the ID.
func (p *Plan) complete() error {
	p.SampleRows = cmp.Or(p.SampleRows, sampleRows)
	if err := p.check(); err != nil {
		return err
	}
	for i := range p.columns {
		c := &p.columns[i]
		for _, g := range []*grid{c.grid, c.length, c.commas} {
			if g != nil {
				g.finish()
			}
		}
		c.index = make(map[string]int32, len(c.names))
		for j, name := range c.names {
			c.index[name] = int32(j)
		}
	}
	p.pairs = p.paired()
	sum := sha256.Sum256(p.canonical())
	p.id = hex.EncodeToString(sum[:])
	return nil
}

// paired returns the pairs of columns that are counted.
func (p *Plan) paired() [][2]int {
	var paired []int
	for i, c := range p.columns {
		if len(paired) < maxPaired && (c.role == table.Score || c.role == table.Feature && c.kind != view.TextKind) {
			paired = append(paired, i)
		}
	}
	var pairs [][2]int
	for i, a := range paired {
		for _, b := range paired[i+1:] {
			pairs = append(pairs, [2]int{a, b})
		}
	}
	return pairs
}

// discrete says whether pairs with the column are counted in a table.
func (c *planColumn) discrete() bool { return c.kind == view.CategoryKind || c.grid.discrete }

// Splits says why rows cannot be taken apart by a column, or returns nil: they
// can be by a category, and by a number with at most ten distinct values in the
// reference.
func (p *Plan) Splits(column string) error {
	i := p.place(column)
	if i < 0 {
		return fmt.Errorf("segments: the reference has no column %q", column)
	}
	switch c := &p.columns[i]; {
	case c.kind == view.TextKind:
		return fmt.Errorf("segments: %s is free text: want a category, or a number with at most %d values", column, discreteUpTo)
	case c.kind == view.NumberKind && !c.grid.discrete:
		return fmt.Errorf("segments: %s has more than %d distinct values in the reference: want a category, or a number with at most %[2]d values", column, discreteUpTo)
	}
	return nil
}

// place returns where a column stands, -1 for one that the plan lacks.
func (p *Plan) place(column string) int {
	return slices.IndexFunc(p.columns, func(c planColumn) bool { return c.name == column })
}

// column returns the plan's part of a view's column.
func (c *planColumn) column() view.Column {
	return view.Column{Name: c.name, Role: c.role, Kind: c.kind, InSample: c.inSample, Public: c.public}
}

// derived returns the same of a text's length (0) or commas (1).
func (c *planColumn) derived(i int) view.Column {
	return view.Column{Name: c.name + []string{" (length)", " (commas)"}[i], Role: table.Feature, Kind: view.NumberKind, Public: c.public}
}
