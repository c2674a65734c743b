package monitor

import (
	"bytes"
	"errors"
	"fmt"
	"maps"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/rejects"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// A reference is where reference rows come from: a file, a spool, or the sample
// case when both are unset.
type reference struct {
	o      *Options
	path   string
	given  *table.Spool
	target string            // column with the outcome, or ""
	types  map[string]string // of columns, by a plan that is there already
	known  bool              // they are settled
	noted  bool              // what was odd, and what was left out, was spoken of

	left rejects.Sum // what reading it left out
}

// findReference returns the reference: the one that o names, else the table that
// the input gave, else the config's, else the sample case, with a note, whose
// settings o then takes.
func findReference(o *Options, given *table.Spool) (*reference, error) {
	r := &reference{o: o, path: o.Reference, types: map[string]string{}}
	switch {
	case r.path != "":
		if !given.Empty() {
			o.Notef("the table reference of the input is not used: --reference names another")
		}
	case !given.Empty():
		r.given = given
	case o.Config.Reference != "":
		r.path = o.Config.Reference
	case o.Sample == nil:
		return nil, errors.New("no reference")
	default:
		o.Notef("no reference: comparing with the sample case (give --reference FILE)")
		o.useSample()
	}
	r.target = o.Config.Plan.Target
	return r, nil
}

// referenceOf is the reference that a plan was made of, as far as o still has
// it; nil where it has not.
func referenceOf(o *Options, p *plan.Plan) *reference {
	r := &reference{o: o, path: o.Reference, target: p.Target, types: p.Types(), known: true}
	if r.path == "" && !p.Sample {
		r.path = o.Config.Reference
	}
	if r.path == "" && (!p.Sample || o.Sample == nil) {
		return nil
	}
	return r
}

func (r *reference) sample() bool { return r.path == "" && r.given == nil }

// errRetyped says that the reference has to be read again, since the first rows took
// some of its columns for another kind than all rows do: a CSV is looked through
// beforehand, what comes in batches is not.
var errRetyped = errors.New("the reference has to be read again")

// each passes the rows on, batch by batch. It can be called again, since a plan
// must be made before rows can be counted by it.
func (r *reference) each(use func(arrow.RecordBatch) error) error {
	if r.given != nil {
		return r.given.Each(use)
	}
	c := r.o.Config
	o := predlog.Options{Mapping: mapping.Options{Fields: c.Fields.Of(mapping.References), Ignore: c.Ignore, Classes: c.Plan.Classes, ID: c.Plan.ID, Entity: c.Plan.Entity, Target: r.target, Columns: mapping.Learn(c.Pins(), r.types, nil)}}
	var err error
	if o.Records, err = c.Programs.Of(mapping.References); err != nil {
		return c.At(err)
	}
	if r.sample() {
		_, err := predlog.ReferenceFrom("sample case", bytes.NewReader(r.o.Sample.Reference), o, use)
		return err
	}
	if _, err := files.Reread(r.path); err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	sum, err := predlog.Reference(r.path, o, use)
	if err == nil && !r.known {
		again := sum.Retype()
		if r.known = len(again) == 0; !r.known {
			r.types = maps.Clone(r.types)
			maps.Copy(r.types, again)
			return errRetyped
		}
	}
	if !r.noted && err == nil {
		for _, note := range sum.Resolutions() {
			r.o.Notef("%s: %s", r.path, note)
		}
	}
	r.left = rejects.Sum{}
	if err == nil {
		err = r.left.AddRejects(sum.Rejects)
	}
	if !r.noted {
		for _, t := range sum.Typed {
			r.o.Notef("reference %s", t)
		}
	}
	switch {
	case err != nil:
		return err
	case sum.Rows == 0:
		return fmt.Errorf("%s: has no rows", r.path)
	case r.noted:
		return nil
	}
	r.noted = true
	if sum.Bad > 0 {
		r.o.Notef("%s: %s of %s are bad and left out", r.path, words.Whole(sum.Bad), words.Count(sum.Lines, "line", "lines"))
	}
	for _, note := range sum.KindNotes(false) {
		r.o.Notef("%s: %s", r.path, note)
	}
	return nil
}

// count counts the rows by a plan, and gives truth their outcomes.
func (r *reference) count(p *plan.Plan, truth *outcome.Truth) (*tally.Profile, error) {
	f := tally.New(p, view.Period{})
	err := r.each(func(rec arrow.RecordBatch) error {
		truth.Add(rec)
		return f.AddRows(rec)
	})
	f.AddTypeErrors(r.left.Types())
	return f, err
}

// isAnother is the error of a reference by whose rows the plan was not made.
func (r *reference) isAnother() error {
	return fmt.Errorf("%s: is another reference than the plan was made of, or was read with another --config", r.path)
}
