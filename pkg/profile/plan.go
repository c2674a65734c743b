package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Version is the version of the profile's meaning: hashes, buckets, keys. It is
// part of every plan's ID.
const Version = 1

const (
	maxColumns  = 4096    // columns of a plan
	maxNames    = 1 << 16 // categories of a dictionary
	maxPaired   = 32      // columns whose pairs are counted
	nameLimit   = 256     // bytes of a category's name that are kept
	slotMinutes = 5
)

// Options are the choices of a plan that the reference does not make.
type Options struct {
	Columns       map[string]ColumnOption `yaml:"columns"`
	ID            string                  `yaml:"id"`             // column that names the row; not compared
	Target        string                  `yaml:"target"`         // column with the outcome; not compared
	Threshold     float64                 `yaml:"threshold"`      // score from which a row counts as positive; NaN: none
	PositiveLabel string                  `yaml:"positive_label"` // label that counts as positive; may be empty
	Window        time.Duration           `yaml:"window"`         // length of the trend's windows, whole microseconds; 0: no trend
	Sample        bool                    // the reference is leadsman's own sample case
	SampleRows    int64                   // distinct rows that a profile keeps; 0: 2,048; AllRows: every one
}

// AllRows lets a profile keep every distinct row. Its memory then grows with
// the log.
const AllRows = math.MaxInt64

// ColumnOption pins one column.
type ColumnOption struct {
	Type   string `yaml:"type"`   // number, category, text or id; empty: as in the reference
	Public bool   `yaml:"public"` // its values may be shown in public
}

// Check says what is wrong with the options: a column's type that is none, or a
// window that is not whole microseconds.
func (o Options) Check() error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		types := []string{string(view.NumberKind), string(view.CategoryKind), string(view.TextKind), "id"}
		if t := o.Columns[name].Type; t != "" && !slices.Contains(types, t) {
			key := "columns." + name + ".type"
			faults = append(faults, &optionError{key, key + ": " + words.NotOneOf(t, types)})
		}
	}
	if o.Window%time.Microsecond != 0 {
		faults = append(faults, &optionError{"window", fmt.Sprintf("window: want whole microseconds, got %s", o.Window)})
	}
	return errors.Join(faults...)
}

// An optionError says what is wrong with an option.
type optionError struct{ key, text string }

func (e *optionError) Error() string { return e.text }

// Key is where the option stands in monitor.yaml: columns.age.type.
func (e *optionError) Key() string { return e.key }

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

// finish derives indexes, pairs and the ID.
func (p *Plan) finish() {
	for i := range p.columns {
		c := &p.columns[i]
		c.index = make(map[string]int32, len(c.names))
		for j, name := range c.names {
			c.index[name] = int32(j)
		}
	}
	p.pairs = nil
	var paired []int
	for i, c := range p.columns {
		if len(paired) < maxPaired && (c.role == table.Score || c.role == table.Feature && c.kind != view.TextKind) {
			paired = append(paired, i)
		}
	}
	for i, a := range paired {
		for _, b := range paired[i+1:] {
			p.pairs = append(p.pairs, [2]int{a, b})
		}
	}
	sum := sha256.Sum256(p.canonical())
	p.id = hex.EncodeToString(sum[:])
}

// discrete says whether pairs with the column are counted in a table.
func (c *planColumn) discrete() bool { return c.kind == view.CategoryKind || c.grid.discrete }

// canonical returns all that the plan says, as bytes. Strings and lists are
// preceded by their lengths, so that no two plans share their bytes.
func (p *Plan) canonical() []byte {
	var b []byte
	number := func(v int64) { b = binary.LittleEndian.AppendUint64(b, uint64(v)) }
	float := func(v float64) {
		if math.IsNaN(v) {
			v = math.NaN()
		}
		number(int64(math.Float64bits(v)))
	}
	text := func(s string) { number(int64(len(s))); b = append(b, s...) }
	flag := func(v bool) {
		if v {
			number(1)
		} else {
			number(0)
		}
	}
	grid := func(g *grid) {
		flag(g.exact)
		flag(g.discrete)
		float(g.center)
		float(g.inverse)
		for _, list := range [][]float64{g.edges, g.bins} {
			number(int64(len(list)))
			for _, e := range list {
				float(e)
			}
		}
		for _, z := range g.normal {
			number(int64(z))
		}
	}
	text("leadsman plan")
	number(Version)
	number(int64(p.Window))
	number(slotMinutes)
	float(p.Threshold)
	text(p.PositiveLabel)
	text(p.idColumn)
	text(p.target)
	text(p.reference)
	flag(p.Simulated)
	flag(p.Sample)
	number(int64(len(p.columns)))
	for _, c := range p.columns {
		text(c.name)
		text(string(c.role))
		text(string(c.kind))
		flag(c.public)
		flag(c.inSample)
		switch c.kind {
		case view.NumberKind:
			grid(c.grid)
		case view.TextKind:
			grid(c.length)
			grid(c.commas)
		case view.CategoryKind:
			number(int64(len(c.names)))
			for _, n := range c.names {
				text(n)
			}
		}
	}
	// Plans of the usual size keep the ID that they had before there was a choice.
	if p.SampleRows != sampleRows {
		text("sample rows")
		number(p.SampleRows)
	}
	return b
}

// check says what makes a plan that was read unusable.
func (p *Plan) check() error {
	if p.Window < 0 || p.Window%time.Microsecond != 0 {
		return fmt.Errorf("plan: window %s is no length of a window", p.Window)
	}
	if p.SampleRows <= 0 {
		return fmt.Errorf("plan: a sample of %d rows is none", p.SampleRows)
	}
	if len(p.columns) > maxColumns {
		return fmt.Errorf("plan: %d columns, at most %d", len(p.columns), maxColumns)
	}
	seen := make(map[string]bool)
	for _, c := range p.columns {
		if c.name == "" || seen[c.name] {
			return fmt.Errorf("plan: column %q is nameless or there twice", c.name)
		}
		seen[c.name] = true
		if len(c.names) > maxNames {
			return fmt.Errorf("plan: column %s: %d categories, at most %d", c.name, len(c.names), maxNames)
		}
		if !slices.Contains([]view.Kind{view.NumberKind, view.CategoryKind, view.TextKind}, c.kind) {
			return fmt.Errorf("plan: column %s: kind %q is unknown", c.name, c.kind)
		}
		for _, g := range []*grid{c.grid, c.length, c.commas} {
			if g == nil {
				continue
			}
			if err := g.check(); err != nil {
				return fmt.Errorf("plan: column %s: %w", c.name, err)
			}
		}
	}
	return nil
}

func (g *grid) check() error {
	ascending := func(x []float64) bool {
		for i, v := range x {
			if !finite(v) || i > 0 && !(v > x[i-1]) {
				return false
			}
		}
		return true
	}
	switch {
	case len(g.edges) > maxDistinct+64:
		return fmt.Errorf("%d edges are too many", len(g.edges))
	case !ascending(g.edges) || !ascending(g.bins):
		return fmt.Errorf("edges are not finite and ascending")
	case len(g.bins) >= maxBins:
		return fmt.Errorf("%d bins are too many", len(g.bins))
	case !finite(g.center) || !finite(g.inverse):
		return fmt.Errorf("scale is not finite")
	}
	for _, b := range g.bins {
		if _, ok := slices.BinarySearch(g.edges, b); !ok || b >= g.edges[len(g.edges)-1] {
			return fmt.Errorf("bin at %v is on no inner edge", b)
		}
	}
	return nil
}
