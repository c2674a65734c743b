package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/profile/read"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// Version is the version of the profile's meaning: hashes, buckets, keys. It is
// part of every plan's ID.
const Version = 4

// SlotMinutes is the length of the slots in which traffic is counted.
const SlotMinutes = 5

// Segment is the role of a column that the reference lacks. It is compared with
// nothing: rows are taken apart by it.
const Segment table.Role = "segment"

const (
	sampleCells = 1 << 20 // cells of the sampled rows, so that wide rows are fewer
	sampleLeast = 256     // but no fewer than these
)

// Options are the choices of a plan that the reference does not make.
type Options struct {
	Columns       map[string]ColumnOption `yaml:"columns"`
	ID            string                  `yaml:"id"`             // column that names the row; not compared
	Entity        string                  `yaml:"entity"`         // column that says whom a row belongs to; not compared; empty: the id
	Timezone      string                  `yaml:"timezone"`       // IANA name of the zone that days of the week are of; empty: UTC
	Target        string                  `yaml:"target"`         // column with the outcome; not compared
	Threshold     float64                 `yaml:"threshold"`      // score from which a row counts as positive; NaN: none
	PositiveLabel string                  `yaml:"positive_label"` // label that counts as positive; may be empty
	Classes       []string                `yaml:"classes"`        // of a model that scores each of several: their names, in the order of its scores
	Window        time.Duration           `yaml:"window"`         // length of the trend's windows, whole microseconds; 0: no trend
	Outcomes      string                  // what they are: binary, regression or multiclass; empty: binary
	Segments      []string                // columns that rows are taken apart by, which the log alone may have
	Sample        bool                    // the reference is leadsman's own sample case
	Exact         bool                    `yaml:"exact"` // every number is kept as the score is
	SampleRows    int64                   // distinct rows that a profile keeps; 0: 2,048, fewer of very many columns; AllRows: every one
}

// AllRows lets a profile keep every distinct row. Its memory then grows with
// the log.
const AllRows = math.MaxInt64

// ColumnOption pins one column.
type ColumnOption struct {
	Type   string `yaml:"type"`   // number, category, text or id; empty: as in the reference
	Public bool   `yaml:"public"` // its values may be shown in public
	// Missing are values that stand for missing ones, such as -999.
	Missing []string `yaml:"missing"`
}

// A Plan says what is counted. Once it is complete it is never changed, and safe
// for concurrent use.
type Plan struct {
	Window        time.Duration
	Threshold     float64 // NaN: none
	PositiveLabel string
	Simulated     bool  // the reference says that it was simulated
	Sample        bool  // the reference is leadsman's own sample case
	SampleRows    int64 // distinct rows that a profile keeps, those of smallest hash
	Exact         bool  // every number is kept as the score is: up to 65,536 distinct values

	Reference  string   // fingerprint of the rows that the plan was made of
	Provenance string   // where they come from, in words; empty where nothing says
	IDColumn   string   // column that names the row; empty: none
	Entity     string   // column that says whom a row belongs to; empty: the id
	Target     string   // column with the outcome; empty: none
	Outcomes   string   // what they are: binary, regression or multiclass; empty: binary
	Classes    []string // of multiclass outcomes: their names; none: scores are not by class
	Week       Week     // of the reference's rows
	Columns    []Column // score, label, features, then segments
	Segments   []string // columns that rows are counted apart by, each a category or a number of few values

	Parts view.WeekParts // of the week that are compared each with itself; derived
	Pairs [][2]int       // of columns that are counted jointly; derived
	id    string         // derived
}

// A Column is one raw column of a plan.
type Column struct {
	Name     string
	Role     table.Role // score, label, class_score, feature or Segment
	Kind     view.Kind
	Public   bool     // its values may be shown in public
	Missing  []string // values that stand for missing ones
	InSample bool     // scores that the model gave to its own training rows
	Grid     *Grid    // of a number, else nil
	Names    []string // of a category: the dictionary, by falling reference count, then name
	Known    []uint64 // hashes of the reference's other names, ascending: all, or the 2^20 smallest
	Distinct int64    // the reference's names, those of the dictionary too
	Once     int64    // of them those that one row holds, and two
	Twice    int64
	Length   *Grid // of a text, else nil
	Commas   *Grid // of a text, else nil
	Line     int64 // place in the line of those whose pairs are looked at, from 1; 0 where all pairs are counted

	Index    map[string]int32 // places in Names; derived
	Positive string           // of a label: the value that counts as positive; derived
	Kept     int              // values off a grid that a profile keeps, each with its count; derived
}

// ID returns the complete plan's name: the SHA-256 of all that it says, in
// hexadecimal.
func (p *Plan) ID() string { return p.id }

// Types returns the type of every input field: number, category or text.
func (p *Plan) Types() map[string]string {
	types := make(map[string]string, len(p.Columns))
	for _, c := range p.Columns {
		if c.Role == table.Feature || c.Role == table.Text {
			types[c.Name] = string(c.Kind)
		}
	}
	return types
}

// Names returns the raw columns, in the order of the cells of a view's rows.
func (p *Plan) Names() []string {
	out := make([]string, len(p.Columns))
	for i := range p.Columns {
		out[i] = p.Columns[i].Name
	}
	return out
}

// Complete checks what was set of the plan and derives the rest: classes,
// searches and indexes of its columns, pairs and the ID. SampleRows of 0 becomes
// 2,048, of more than 1,024 columns as many as have 2^21 cells, 256 at the least.
func (p *Plan) Complete() error {
	p.SampleRows = cmp.Or(p.SampleRows, p.usualRows())
	if err := p.check(); err != nil {
		return err
	}
	for i := range p.Columns {
		c := &p.Columns[i]
		c.Kept = finenessOf(c.Role, p.Exact).distinct
		if c.Grid != nil && !c.Grid.Exact && c.Role != table.Score {
			c.Kept = 0 // nothing that needs both sides' values could use the log's
		}
		for _, g := range []*Grid{c.Grid, c.Length, c.Commas} {
			if g != nil {
				g.finish()
			}
		}
		if c.Role == table.Label {
			c.Positive = read.Name(p.PositiveLabel, caps.NameBytes.N)
		}
		c.Index = make(map[string]int32, len(c.Names))
		for j, name := range c.Names {
			c.Index[name] = int32(j)
		}
	}
	p.Parts = p.Week.parts()
	p.Pairs = p.paired()
	sum := sha256.Sum256(p.canonical())
	p.id = hex.EncodeToString(sum[:])
	return nil
}

// usualRows is how many distinct rows a profile keeps unless the plan says otherwise.
func (p *Plan) usualRows() int64 {
	return min(int64(caps.SampleRows.N), max(sampleLeast, sampleCells/int64(max(1, len(p.Columns)))))
}

// Rest tells the names that the dictionary lacks.
func (c *Column) Rest() *read.Rest {
	return &read.Rest{Known: c.Known, All: c.Distinct <= int64(len(c.Names)+len(c.Known))}
}

// Discrete says whether pairs with the column are counted in a table.
func (c *Column) Discrete() bool { return c.Kind == view.CategoryKind || c.Grid.Discrete }

// Splits says why rows cannot be taken apart by a column, or returns nil: they
// can be by a category, and by a number with at most ten distinct values in the
// reference.
func (p *Plan) Splits(column string) error {
	i := p.Find(column)
	if i < 0 && column != "" {
		for of, name := range map[string]string{"id": p.IDColumn, "entity": p.Entity, "target": p.Target} {
			if name == column {
				return &optionError{"segments." + column, fmt.Sprintf("segments: %s is the %s: want another column", column, of)}
			}
		}
	}
	if i < 0 {
		return &optionError{"segments." + column, fmt.Sprintf("segments: the plan has no column %q%s: name it when the plan is made", column, words.DidYouMean(column, p.Names()))}
	}
	what := ""
	switch c := &p.Columns[i]; {
	case c.Kind == view.TextKind:
		what = "is free text"
	case c.Kind == view.NumberKind && !c.Grid.Discrete:
		what = fmt.Sprintf("has more than %d distinct values in the reference", discreteUpTo)
	default:
		return nil
	}
	return &optionError{"segments." + column, fmt.Sprintf("segments: %s %s: want a category, or a number with at most %d values", column, what, discreteUpTo)}
}

// Unknown is the fault of a segment's column that the log lacks too.
func (p *Plan) Unknown(column string) error {
	names := slices.DeleteFunc(p.Names(), func(name string) bool { return name == column })
	return &optionError{"segments." + column, fmt.Sprintf("segments: neither the reference nor the log has a column %q%s", column, words.DidYouMean(column, names))}
}

// Find returns where a column stands, -1 for one that the plan lacks.
func (p *Plan) Find(column string) int {
	return slices.IndexFunc(p.Columns, func(c Column) bool { return c.Name == column })
}

// View returns a view's column without counts.
func (c *Column) View() view.Column {
	return view.Column{Name: c.Name, Role: c.Role, Kind: c.Kind, InSample: c.InSample, Public: c.Public}
}

// Derived returns the column of a text's length (0) or commas (1), without counts.
func (c *Column) Derived(i int) view.Column {
	return view.Column{Name: c.Name + []string{" (length)", " (commas)"}[i], Role: table.Feature, Kind: view.NumberKind, Public: c.Public}
}
