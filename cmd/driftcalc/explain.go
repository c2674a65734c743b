package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/profile"
	"github.com/leadsman/leadsman/testdata"
)

// An explainer says what the model makes of rows.
type explainer struct {
	model *model.Model
	rows  *feature.Pipeline
	names [2]string // of both files, for messages
}

// explainerOf opens the model and its features: those of the flags, else of the
// config, else the sample case's where the reference is its own. It is nil where
// there are none, or where the model cannot be explained, with a note.
func explainerOf(s *settings, p *profile.Plan) (*explainer, error) {
	x := &explainer{names: [2]string{s.config.Model, s.config.Features}}
	if s.ctx.IsSet("model") {
		x.names = [2]string{s.ctx.String("model"), s.ctx.String("features")}
	}
	var err error
	switch {
	case p.Sample && !s.ctx.IsSet("model") && !s.ctx.IsSet("config"):
		x.names = [2]string{"the sample's model", "the sample's features"}
		if x.model, err = model.Read(bytes.NewReader(testdata.Model)); err == nil {
			x.rows, err = feature.Parse(bytes.NewReader(testdata.Features))
		}
	case x.names[0] == "" || x.names[1] == "":
		return nil, nil
	default:
		for _, name := range x.names {
			if _, err := os.Stat(name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, cause(err))
			}
		}
		if x.model, err = model.Open(x.names[0]); err == nil {
			x.rows, err = feature.Open(x.names[1])
		}
	}
	if err != nil {
		return nil, err
	}
	if made, want := len(x.rows.Columns()), x.model.NumFeatures; made != want {
		return nil, fmt.Errorf("%s makes %d columns, %s wants %d", x.names[1], made, x.names[0], want)
	}
	if x.model.Outputs() > 1 {
		cli.EnvOf(s.ctx).Notef("%s gives %d scores a row: what its features add to them is not told", x.names[0], x.model.Outputs())
		return nil, nil
	}
	x.note(cli.EnvOf(s.ctx), p)
	return x, nil
}

// explain gives o the model's contributions to the sampled rows of
// both sides; without a model it does nothing.
func (x *explainer) explain(o *drift.Options, ref, cur *profile.View, env *cli.Env) error {
	if x == nil {
		return nil
	}
	e := &drift.Explained{
		Columns: x.rows.Columns(), Sources: x.rows.Sources(), Gains: x.model.TotalGain(), Logistic: x.model.Logistic(),
	}
	for _, side := range []struct {
		to   *drift.ExplainedRows
		view *profile.View
	}{{&e.Ref, ref}, {&e.Cur, cur}} {
		rows, err := x.side(side.view)
		if errors.Is(err, model.ErrFormat) {
			env.Notef("%s: %s", x.names[0], err)
			return nil
		}
		if err != nil {
			return err
		}
		*side.to = rows
	}
	o.Explained = e
	return nil
}

func (x *explainer) side(v *profile.View) (drift.ExplainedRows, error) {
	var out drift.ExplainedRows
	if len(v.Sample) == 0 {
		return out, nil
	}
	values := make([]float32, len(v.Sample)*x.model.NumFeatures)
	err := x.rows.Rows(v.Names, len(v.Sample), func(row, column int) predlog.Value {
		switch c := v.Sample[row].Cells[column]; {
		case c.Null:
			return predlog.Value{}
		case c.String:
			return predlog.StringValue(c.Str)
		default:
			return predlog.NumberValue(c.Num)
		}
	}, values)
	if err != nil {
		return out, fmt.Errorf("%s: %w", x.names[1], err)
	}
	width, kept := x.model.NumFeatures, 0
	for i := range v.Sample {
		row := values[i*width:][:width]
		if slices.ContainsFunc(row, func(f float32) bool { return math.IsInf(float64(f), 0) }) {
			continue // the model refuses it
		}
		copy(values[kept*width:], row)
		kept++
		out.N = append(out.N, v.Sample[i].N)
	}
	out.Values = make([]float64, kept*(width+1))
	return out, model.Contributions(x.model, values[:kept*width], out.Values)
}

// note says which fields the model will not find.
func (x *explainer) note(env *cli.Env, p *profile.Plan) {
	var names []string
	for _, raw := range x.rows.Raw() {
		if known := p.Names(); !slices.Contains(known, raw.Name) && !slices.Contains(known, predlog.InputPrefix+raw.Name) {
			names = append(names, raw.Name)
		}
	}
	if len(names) > 0 && len(names) < len(x.rows.Raw()) {
		env.Notef("%s: taken as missing, for the reference has no column of that name: %s", x.names[1], strings.Join(names, ", "))
	}
}
