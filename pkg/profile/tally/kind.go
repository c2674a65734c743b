package tally

import (
	"errors"
	"fmt"
)

// kind is what a profile's rows are; empty before any were counted.
type kind string

const (
	ofLog       kind = "log"
	ofReference kind = "reference"
)

// note notes what a batch of the table holds.
func (f *Profile) note(tableName string) error {
	of := ofLog
	if tableName == string(ofReference) {
		of = ofReference
	}
	if f.counted != "" && f.counted != of {
		return fmt.Errorf("rows of a %s in the profile of a %s: profile them apart", of, f.counted)
	}
	f.counted = of
	return nil
}

// CheckLog says why the profile cannot be judged, if it cannot: it is a
// reference's.
func (f *Profile) CheckLog() error {
	if f.counted == ofReference {
		return errors.New("is the profile of a reference, want that of a log")
	}
	return nil
}

// CheckReference says why the profile cannot be compared with, if it cannot: it
// is a log's, or does not hold the very values that the plan was made of.
func (f *Profile) CheckReference() error {
	switch {
	case f.counted != ofReference:
		return errors.New("is the profile of a log, want that of the reference")
	case f.values.String() != f.plan.Reference:
		return errors.New("is of another reference than the plan was made of, or of a part of it")
	}
	return nil
}
