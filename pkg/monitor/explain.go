package monitor

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/leadsman/leadsman/pkg/drift"
	"github.com/leadsman/leadsman/pkg/drift/attribution"
	"github.com/leadsman/leadsman/pkg/drift/skew"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/explain"
	"github.com/leadsman/leadsman/pkg/model/onnx"
	"github.com/leadsman/leadsman/pkg/model/tree"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/predlog/record"
	"github.com/leadsman/leadsman/pkg/profile/plan"
	"github.com/leadsman/leadsman/pkg/profile/view"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/words"
)

// An explainer says what the model makes of rows.
type explainer struct {
	model  *model.Model
	engine model.Predictor
	trees  *tree.Ensemble                 // of the model, with covers; nil where it is more than trees
	linear *onnx.Linear                   // the margin of a model that is a sum over columns; else nil
	means  []float64                      // of the reference's columns, for linear
	before func(rows []float64) []float64 // makes the trees' rows, or linear's, of the model's
	rows   *feature.Pipeline
	names  [2]string         // of both files, for messages
	held   *attribution.Rows // of the reference, by the models of the folds; nil: by the model at hand
}

// explainerOf opens the model and its features: the config's, or the sample
// case's own where the plan is of its reference. It is nil where there are none,
// or where the model cannot be explained, with a note.
func explainerOf(o *Options, p *plan.Plan) (*explainer, error) {
	x := &explainer{names: [2]string{o.Config.Model, o.Config.Features}}
	var err error
	switch {
	case p.Sample && o.Sample != nil && o.Sample.Model != nil:
		x.names = [2]string{"the sample's model", "the sample's features"}
		if x.model, err = model.Read(bytes.NewReader(o.Sample.Model)); err == nil {
			x.rows, err = feature.Parse(bytes.NewReader(o.Sample.Features))
		}
	case x.names[0] == "" || x.names[1] == "":
		return nil, nil
	default:
		for _, name := range x.names {
			if _, err := files.Reread(name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if x.model, err = model.Open(x.names[0]); model.Unreadable(err) {
			o.Notef("%s: what features add to the scores is not told", err)
			return nil, nil
		}
		if err == nil {
			x.rows, err = feature.Open(x.names[1])
		}
	}
	if err != nil {
		return nil, err
	}
	if err := x.model.Fits(x.rows.Columns()); err != nil {
		return nil, fmt.Errorf("%s: %w", x.names[1], err)
	}
	if x.model.Outputs() > 1 {
		o.Notef("%s gives %d scores a row: what its features add to them is not told", x.names[0], x.model.Outputs())
		return nil, nil
	}
	if x.engine, err = o.Engine(x.model); err != nil {
		o.Notef("%s: %s: what it makes of the rows is not told", x.names[0], err)
		return nil, nil
	}
	if x.trees, x.before = x.model.Explained(); x.trees == nil {
		x.linear, x.before = x.model.Linear()
	}
	if !x.explains() {
		o.Notef("%s is more than one ensemble of trees and no sum over columns: what its features add to the scores is not told", x.names[0])
	}
	if path := o.Config.Contributions; path != "" && x.explains() && !(p.Sample && o.Sample != nil) {
		if x.held, err = heldOut(path, x.rows.Columns()); err != nil {
			return nil, err
		}
	}
	missing := x.missing(p)
	if len(missing) == len(x.rows.Raw()) {
		o.Notef("the reference has none of the columns that %s is made for: what features add to the scores is not told", x.names[0])
		return nil, nil
	}
	if len(missing) > 0 {
		o.Notef("%s: taken as missing, for the reference has no column of that name: %s", x.names[1], strings.Join(missing, ", "))
	}
	return x, nil
}

// importanceOf is each raw column's share of the model's gain, of a reference with these
// columns; nil where no model tells.
func importanceOf(o *Options, sample bool, columns []string) map[string]float64 {
	quiet := *o
	quiet.Notef = func(string, ...any) {} // whoever judges says it
	p := &plan.Plan{Sample: sample}
	for _, name := range columns {
		p.Columns = append(p.Columns, plan.Column{Name: name})
	}
	x, err := explainerOf(&quiet, p)
	if err != nil || x == nil || x.model.Graph != nil {
		return nil
	}
	e := attribution.Explained{Columns: x.rows.Columns(), Sources: x.rows.Sources(), Gains: explain.TotalGain(x.model.Ensemble)}
	return e.Importance()
}

// explain gives o the model's contributions to the sampled rows of both sides;
// without a model it does nothing.
func (x *explainer) explain(o *drift.Options, ref, cur *view.View, notef func(string, ...any)) error {
	if x == nil {
		return nil
	}
	e := &attribution.Explained{Columns: x.rows.Columns(), Sources: x.rows.Sources(), Logistic: x.logistic()}
	if x.model.Graph == nil { // ONNX holds no gains
		e.Gains = explain.TotalGain(x.model.Ensemble)
	}
	for _, side := range []struct {
		to   *attribution.Rows
		view *view.View
	}{{&e.Ref, ref}, {&e.Cur, cur}} {
		rows, logged, err := x.side(side.view)
		if errors.Is(err, tree.ErrFormat) {
			notef("%s: %s", x.names[0], err)
			return nil
		}
		if err != nil {
			return err
		}
		*side.to = rows
		// The reference's scores are held-out ones: no one model's.
		if side.view == ref && e.Logistic && len(rows.Values) > 0 {
			e.Gap = gap(&rows, logged.scores, len(e.Columns)+1)
		}
		if side.view == ref && x.held != nil {
			x.hold(e, logged.scores, notef)
		}
		if side.view == cur {
			e.Differ = logged.differ()
			found := skew.Compare(logged.scores, tellable(side.view), cmp.Or(o.K, view.K))
			o.Skew = &found
		}
	}
	if x.explains() {
		o.Explained = e
	}
	return nil
}

// tellable are the names of the rows' cells, "" of free texts and of columns that are no
// features, whose values are never told.
func tellable(v *view.View) []string {
	out := make([]string, len(v.Names))
	for i, name := range v.Names {
		if c := v.Column(name); c != nil && c.Role == table.Feature && c.Kind != view.TextKind {
			out[i] = name
		}
	}
	return out
}

// hold puts the held-out contributions in the place of those of the model at hand,
// where they are of the reference's rows: where their mean margin is that of its scores.
func (x *explainer) hold(e *attribution.Explained, scores []skew.Row, notef func(string, ...any)) {
	width := len(e.Columns) + 1
	if e.Logistic {
		sum, n := 0.0, 0.0
		for _, row := range scores {
			if row.Logged > 0 && row.Logged < 1 {
				sum, n = sum+float64(row.N)*math.Log(row.Logged/(1-row.Logged)), n+float64(row.N)
			}
		}
		if off := margins(x.held, width) - sum/n; n > 0 && math.Abs(off) > mostOff {
			notef("contributions are not those of the reference: their mean margin is %s log-odds off that of its scores; they are left out", words.Signed(math.Round(off*100)/100))
			return
		}
	}
	e.Ref, e.Gap = *x.held, 0
}

// mostOff is how far the mean of held-out margins may be off the log-odds of the
// reference's scores, of which only a sample may be at hand.
const mostOff = 0.2

// side scores and explains the sampled rows of one side. The reference comes first:
// where the model's file holds no covers, its rows give them.
func (x *explainer) side(v *view.View) (attribution.Rows, scored, error) {
	out, logged := attribution.Rows{All: v.Rows}, scored{}
	if len(v.Sample) == 0 {
		return out, logged, nil
	}
	values, err := featuresOf(x.rows, v, x.model.NumFeatures)
	if err != nil {
		return out, logged, fmt.Errorf("%s: %w", x.names[1], err)
	}
	width := x.model.NumFeatures
	var kept []float64
	var scores []float64
	var read []int // rows that the model reads
	for i := range v.Sample {
		row := values[i*width:][:width]
		one := &v.Sample[i]
		logged.scores = append(logged.scores, skew.Row{At: one.At, Version: one.Version, N: one.N, Logged: one.Score, Own: math.NaN(), ID: one.ID, Cells: one.Cells})
		if x.model.CheckRows(row, 1) != nil {
			continue // the model refuses it
		}
		read = append(read, i)
		kept, scores = append(kept, row...), append(scores, v.Sample[i].Score)
		out.N = append(out.N, v.Sample[i].N)
	}
	own := make([]float32, len(scores))
	if err := x.engine.Predict(kept, own); err != nil {
		return out, logged, err
	}
	for i, score := range scores {
		logged.compare(float64(own[i]), score, out.N[i])
		logged.scores[read[i]].Own = float64(own[i])
	}
	if x.linear != nil {
		x.sums(kept, own, &out)
		return out, logged, nil
	}
	if x.trees == nil {
		return out, logged, nil
	}
	kept = x.before(kept)
	if !x.trees.HasCovers() {
		x.trees = x.trees.Covered(kept, out.N)
	}
	out.Values = make([]float64, len(scores)*(width+1))
	return out, logged, explain.Contributions(x.trees, kept, out.Values)
}

// explains says that what the columns add to the scores can be told.
func (x *explainer) explains() bool { return x.trees != nil || x.linear != nil }

// logistic says that margins are log-odds.
func (x *explainer) logistic() bool {
	return x.trees != nil && x.trees.Logistic() || x.linear != nil && x.linear.Logistic
}

// sums explains rows by a sum over columns, against the means of the reference's, which
// comes first. Rows that the model gives no score, for want of a number, are left out.
func (x *explainer) sums(rows []float64, own []float32, to *attribution.Rows) {
	width := x.model.NumFeatures
	made := x.before(rows)
	var kept []float64
	var n []int64
	for i := range own {
		if own[i] == own[i] {
			kept, n = append(kept, made[i*width:][:width]...), append(n, to.N[i])
		}
	}
	to.N = n
	if x.means == nil {
		means := make([]float64, width)
		if explain.Means(kept, n, means) == 0 {
			to.N = nil
			return
		}
		x.means = means
	}
	to.Values = make([]float64, len(n)*(width+1))
	explain.Sum(x.linear.Bias, x.means, kept, to.Values)
}

// featuresOf makes the model's rows of those that a side has sampled.
func featuresOf(rows *feature.Pipeline, v *view.View, width int) ([]float64, error) {
	values := make([]float64, len(v.Sample)*width)
	return values, rows.Rows(v.Names, len(v.Sample), func(row, column int) record.Value {
		switch c := v.Sample[row].Cells[column]; {
		case c.Null:
			return record.Value{}
		case c.String:
			return record.StringValue(c.Str)
		default:
			return record.NumberValue(c.Num)
		}
	}, values)
}

// scored counts the rows whose logged score is known, and those of them to which
// the model at hand gives another.
type scored struct {
	rows, other int64
	scores      []skew.Row
}

// A score may have been rounded before it was logged, and a few rows may hold a
// text that the sample has cut.
const (
	scoreTolerance = 0.01 // of the score, or of 1 where that is more
	otherRows      = 0.05 // share of rows
)

func (s *scored) compare(own, logged float64, n int64) {
	if math.IsNaN(logged) {
		return
	}
	s.rows += n
	if !(math.Abs(own-logged) <= scoreTolerance*math.Max(1, math.Abs(logged))) {
		s.other += n
	}
}

// differ is the share of rows with another score, where they are too many for
// the model to be the one that scored; else 0.
func (s *scored) differ() float64 {
	if float64(s.other) <= otherRows*float64(s.rows) {
		return 0
	}
	return float64(s.other) / float64(s.rows)
}

// missing are the fields that the model will not find.
func (x *explainer) missing(p *plan.Plan) []string {
	var names []string
	for _, raw := range x.rows.Raw() {
		if known := p.Names(); !slices.Contains(known, raw.Name) && !slices.Contains(known, mapping.InputPrefix+raw.Name) {
			names = append(names, raw.Name)
		}
	}
	return names
}

// gap is how much higher the mean margin of the rows that the model reads is than the
// log-odds of their own scores, over those between 0 and 1; 0 without any.
func gap(rows *attribution.Rows, scores []skew.Row, width int) float64 {
	sum, n, at := 0.0, 0.0, 0
	for i := range scores {
		row := &scores[i]
		if math.IsNaN(row.Own) {
			continue // the model does not read it
		}
		margin := 0.0
		for _, v := range rows.Values[at*width:][:width] {
			margin += v
		}
		at++
		if !(row.Logged > 0 && row.Logged < 1) {
			continue
		}
		sum += float64(row.N) * (margin - math.Log(row.Logged/(1-row.Logged)))
		n += float64(row.N)
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
