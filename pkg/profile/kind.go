package profile

import (
	"errors"
	"fmt"

	"github.com/leadsman/leadsman/pkg/table"
)

// Counted is what a profile's rows are.
type Counted string

// What profiles count; an empty one has counted nothing yet.
const (
	OfLog       Counted = "log"
	OfReference Counted = "reference"
)

// Counted returns what the profile's rows are.
func (f *Profile) Counted() Counted { return f.counted }

// sees notes what a batch of the table holds.
func (f *Profile) sees(tableName string) error {
	f.sealed = nil
	kind := OfLog
	if tableName == string(OfReference) {
		kind = OfReference
	}
	if f.counted != "" && f.counted != kind {
		return fmt.Errorf("rows of a %s in the profile of a %s: profile them apart", kind, f.counted)
	}
	f.counted = kind
	return nil
}

// CheckLog says why the profile cannot be judged, if it cannot: it is a
// reference's.
func (f *Profile) CheckLog() error {
	if f.counted == OfReference {
		return errors.New("is the profile of a reference, want that of a log")
	}
	return nil
}

// CheckReference says why the profile cannot be compared with, if it cannot: it
// is a log's, or does not hold the very values that the plan was made of.
func (f *Profile) CheckReference() error {
	switch {
	case f.counted != OfReference:
		return errors.New("is the profile of a log, want that of the reference")
	case f.values.String() != f.plan.reference:
		return errors.New("is of another reference than the plan was made of, or of a part of it")
	}
	return nil
}

// A fingerprint stands for the values of each column and the number of rows,
// in whatever order they come.
type fingerprint struct{ wide }

func (p fingerprint) String() string { return fmt.Sprintf("%016x%016x", uint64(p.hi), p.lo) }

func (p *fingerprint) rows(n int64) { p.plus(wide{0, uint64(n)}) }

// column adds n rows of a column as they were read.
func (p *fingerprint) column(r *reading, seed uint64, n int) {
	for i, h := range r.hash[:n] {
		if r.state[i] != stateMissing {
			p.plus(wide{0, finish(mix(seed, h))})
		}
	}
}

// fingerprintSeed tells equal values of two columns apart.
func fingerprintSeed(column string, role table.Role) uint64 {
	if role != table.Feature {
		column = string(role) // which is how a batch's column is found
	}
	return hashString(column)
}
