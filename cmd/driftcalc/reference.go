package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	ucli "github.com/urfave/cli/v2"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/predlog/faults"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/tally"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
	"github.com/leadsman/leadsman/testdata"
)

// settings are a command's flags and the config behind them.
type settings struct {
	ctx    *ucli.Context
	config *config.Config
}

func settingsOf(ctx *ucli.Context) (*settings, error) {
	c, err := config.Load(ctx.String("config"))
	return &settings{ctx, c}, err
}

// forSample turns to the sample case's own settings, unless --config says
// otherwise.
func (s *settings) forSample() error {
	if s.ctx.IsSet("config") {
		return nil
	}
	c, err := config.Parse("sample case", testdata.Config)
	if err != nil {
		return err
	}
	s.config = c
	return nil
}

// at puts the place in the config before the faults of what it says, unless a
// flag said it.
func (s *settings) at(flag string, err error) error {
	if s.ctx.IsSet(flag) {
		return err
	}
	return s.config.At(err)
}

// referenceSource is where reference rows come from: a file, a spool, or the
// sample case when both are unset.
type referenceSource struct {
	env    *cli.Env
	path   string
	given  *table.Spool
	config *config.Config
	target string            // column with the outcome, or ""
	types  map[string]string // of columns, by a plan that is there already
	noted  bool              // bad lines were spoken of

	mistyped map[string]int64 // values that reading left out, by column
}

// findReference returns the reference: --reference, else the table that the
// input gave, else the config's, else the sample case, with a note.
func findReference(s *settings, given *table.Spool) (*referenceSource, error) {
	source := &referenceSource{env: cli.EnvOf(s.ctx), path: s.ctx.String("reference")}
	switch {
	case source.path != "":
		if !given.Empty() {
			source.env.Notef("the table reference of the input is not used: --reference names another")
		}
	case !given.Empty():
		source.given = given
	case s.config.Reference != "":
		source.path = s.config.Reference
	default:
		source.env.Notef("no reference: comparing with the sample case (give --reference FILE)")
		if err := s.forSample(); err != nil {
			return nil, err
		}
	}
	source.config, source.target = s.config, targetOf(s.ctx, s.config)
	return source, nil
}

func (r *referenceSource) sample() bool { return r.path == "" && r.given == nil }

// each passes the rows on, batch by batch. It can be called again, since a plan
// must be made before rows can be counted by it.
func (r *referenceSource) each(use func(arrow.RecordBatch) error) error {
	if r.given != nil {
		return r.given.Each(use)
	}
	types := make(map[string]string)
	maps.Copy(types, r.types)
	for name, c := range r.config.Plan.Columns {
		types[name] = c.Type
	}
	o := predlog.Options{Mapping: mapping.Options{Fields: r.config.Fields.Predictions, ID: r.config.Plan.ID, Target: r.target, Columns: mapping.Pins(types)}}
	if r.sample() {
		_, err := predlog.ReferenceFrom("sample case", bytes.NewReader(testdata.Reference), o, use)
		return err
	}
	if _, err := os.Stat(r.path); err != nil {
		return fmt.Errorf("%s: %w", r.path, cause(err))
	}
	sum, err := predlog.Reference(r.path, o, use)
	r.mistyped = faults.TypeErrors(sum.Rejects)
	switch {
	case err != nil:
		return err
	case sum.Rows == 0:
		return fmt.Errorf("%s: has no rows", r.path)
	case sum.Bad > 0 && !r.noted:
		r.noted = true
		r.env.Notef("%s: %d of %d lines are bad and left out", r.path, sum.Bad, sum.Lines)
	}
	return nil
}

// cause strips the path off an error that names it itself.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// planOf makes the plan of a reference.
func planOf(r *referenceSource, s *settings) (*plan.Plan, error) {
	o, err := planOptions(s.ctx, s.config)
	if err != nil {
		return nil, err
	}
	o.Sample = r.sample()
	b := plan.NewPlanner(o)
	var columns []string
	err = r.each(func(rec arrow.RecordBatch) error {
		for _, f := range rec.Schema().Fields() {
			if !slices.Contains(columns, f.Name) {
				columns = append(columns, f.Name)
			}
		}
		return b.Add(rec)
	})
	if err != nil {
		return nil, err
	}
	if o.Target != "" && !slices.Contains(columns, o.Target) {
		return nil, s.at("target", config.Errorf("target", "the reference has no column %q%s", o.Target, words.DidYouMean(o.Target, columns)))
	}
	return b.Plan()
}

// profileOf counts a reference by its plan, and tells truth its outcomes.
func profileOf(r *referenceSource, p *plan.Plan, truth *outcome.Truth) (*tally.Profile, error) {
	f := tally.New(p, view.Period{})
	err := r.each(func(rec arrow.RecordBatch) error {
		truth.Add(rec)
		return f.AddRows(rec)
	})
	f.AddTypeErrors(r.mistyped)
	return f, err
}
