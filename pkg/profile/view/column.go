package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/caps"
	"github.com/leadsman/leadsman/pkg/table"
)

// Kind is what a column holds.
type Kind string

// The kinds of columns.
const (
	NumberKind   Kind = "number"
	CategoryKind Kind = "category"
	TextKind     Kind = "text"
)

// A Column is one column's counters.
type Column struct {
	Name string
	Role table.Role
	Kind Kind

	Rows       int64 // all judged rows
	Missing    int64 // null, empty category, or no such column in the row
	Absent     int64 // rows whose table had no such column; part of Missing
	NaN        int64
	PosInf     int64
	NegInf     int64
	TypeErrors int64 // a string where the plan wants a number
	Rejected   int64 // values of another type that were null before the rows were counted; of all rows that were read, judged or not

	Number   *Number   // nil unless Kind is NumberKind
	Category *Category // nil unless Kind is CategoryKind
	Derived  []Column  // of a text: the number columns "name (length)" and "name (commas)"

	// Classes counts the rows in each of the plan's coarse classes, the same in a
	// window's view. Of a number: under, one per decile, over. Of a
	// category: its 254 most frequent reference values, then all others.
	Classes []int64

	// Clusters counts the rows by class and by their entity's bucket; nil where no row
	// says whom it belongs to.
	Clusters Clusters
	Entities int64 // how many entities the rows belong to; an estimate above 1,024; 0 without Clusters

	// Plain is the column as it was counted, of one that is weighed by the parts of the
	// week; else nil.
	Plain *Column

	New      bool // in this view's rows only; has counts, but neither Number nor Category
	Vanished bool // the plan has it, no row's table does
	InSample bool // scores that the model gave to its own training rows
	Public   bool // its values may be shown in public
}

// Buckets is how many buckets the hashes of entities fall into.
const Buckets = caps.EntityBuckets

// Clusters are counts of rows: by coarse class, of which the thirty-first holds all
// that come after it, and last those without a comparable value; within each by the
// bucket of the entity that they belong to. A row that names none belongs to itself.
type Clusters [][]int64

// Values returns how many rows hold a value that can be compared: rows that are
// neither missing, NaN, infinite nor of the wrong type.
func (c *Column) Values() int64 {
	return c.Rows - c.Missing - c.NaN - c.PosInf - c.NegInf - c.TypeErrors
}

// Number is a number column on the plan's grid: the finite values.
type Number struct {
	Edges []float64 // ascending, the same in every view of the plan; empty when the reference has no finite value
	At    []int64   // values on each edge
	Open  []int64   // values in the open cells: below Edges[0], between edges, above the last; len(Edges)+1
	First []float64 // mean of the values in each open cell, or the middle of one whose mean is not kept; NaN where there are none
	Bins  []float64 // the deciles' inner edges for PSI, a subset of Edges
	Exact bool      // every distinct reference value is an edge

	// Min to Std are NaN without values; Std divides by n-1 and is NaN below two.
	Min, Max, Mean, Std float64

	// Quantile returns the type-7 quantile of the finite values, exact while
	// Values does, else by straight lines through the grid. It is NaN without
	// values or with q outside [0, 1].
	Quantile func(q float64) float64

	// Values returns the distinct finite values in ascending order with their
	// counts, or ok = false once there were too many to keep.
	Values func() (x []float64, n []int64, ok bool)
}

// Category is a category column by the reference's dictionary: all its names, or
// the most frequent ones.
type Category struct {
	Names  []string // in plan order: by falling reference count, then name
	Counts []int64

	Unseen         []Unseen // values that the reference lacks, by falling count, then name: up to 1,024 by themselves, of more those that hold many rows, too
	UnseenTotal    int64    // rows with such a value
	UnseenDistinct int64    // how many such values; an estimate above 1,024
	Known          []Unseen // values that the reference has outside Names, likewise
	KnownTotal     int64    // rows with such a value
	KnownDistinct  int64    // how many such values; an estimate above 1,024

	// Unclear is the share of the rows outside Names of which it is not known whether
	// the reference has their values: 0, but for references of more than a million of
	// them, where UnseenTotal and KnownTotal follow the other rows.
	Unclear float64

	Once, Twice, Distinct int64 // values that one reference row has, that two have, and all

	// Positive counts the rows with PositiveLabel, whatever else is kept. The label
	// is empty where the plan has none, and in columns of no label.
	PositiveLabel string
	Positive      int64
}

// Unseen is a category that the dictionary lacks.
type Unseen struct {
	Name  string
	Count int64
	Exact bool // else an estimate, as there are too many to count by themselves
}

// Order puts the more frequent first, then by name.
func (u Unseen) Order(o Unseen) int {
	return cmp.Or(cmp.Compare(o.Count, u.Count), strings.Compare(u.Name, o.Name))
}

// Outside counts the rows with a value outside Names.
func (c *Category) Outside() int64 { return c.UnseenTotal + c.KnownTotal }

// Count returns how many rows hold a value; ok is false where that is not known,
// since the value is one of too many.
func (c *Category) Count(value string) (n int64, ok bool) {
	if value == c.PositiveLabel && value != "" {
		return c.Positive, true
	}
	if i := slices.Index(c.Names, value); i >= 0 && i < len(c.Counts) {
		return c.Counts[i], true
	}
	left := c.Outside()
	for _, list := range [][]Unseen{c.Unseen, c.Known} {
		for _, u := range list {
			if u.Name == value {
				return u.Count, true
			}
			left -= u.Count
		}
	}
	return 0, left <= 0
}

// Pair is two columns' joint counters over rows that hold a value in both.
type Pair struct {
	A, B    string
	N       int64
	Sampled bool // counted in the sampled rows alone, each once

	// Pearson is the correlation of the values. They are summed as whole
	// multiples of 2^-16 reference standard deviations from the reference's
	// median, at most 32,768 deviations away. NaN unless both columns are
	// numbers and both vary.
	Pearson float64

	// Normal is the correlation of the values' normal scores: each value stands
	// for the normal quantile of its cell's middle rank in the reference, in
	// steps of 1/4096. NaN as Pearson.
	Normal float64

	// Spread is the number of independent rows times the variance of Normal as an
	// estimate: E[(ab - r(a² + b²)/2)²] of the pair's standardised scores a and b. It is
	// (1 - r²)² for normal pairs. NaN with Normal, and where there is a Table.
	Spread float64

	// Table counts the rows by A's class (outer) and B's class, as in
	// Column.Classes, but the sixteenth class and all after it are one. It is nil unless a column is a category or a number with at
	// most ten distinct reference values.
	Table [][]int64
}
