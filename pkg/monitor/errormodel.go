package monitor

import (
	"fmt"
	"math"

	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/files"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/outcome"
	"github.com/leadsman/leadsman/pkg/profile/view"
)

// predictedErrors are what the settings' models of the error make of the sampled rows.
func predictedErrors(o *Options, v *view.View) ([]outcome.PredictedError, error) {
	s := &o.Config.Outcomes
	var out []outcome.PredictedError
	for _, of := range []struct {
		path    string
		squared bool
	}{{s.ErrorModel, false}, {s.SquaredErrorModel, true}} {
		if of.path == "" || len(v.Sample) == 0 {
			continue
		}
		found, err := predictedError(o, v, of.path, s.ErrorFeatures)
		if err != nil {
			return nil, err
		}
		if found.N > 0 {
			found.Squared = of.squared
			out = append(out, found)
		}
	}
	return out, nil
}

// predictedError is that of one model, of the rows that it takes.
func predictedError(o *Options, v *view.View, path, features string) (outcome.PredictedError, error) {
	var none outcome.PredictedError
	if features == "" {
		return none, o.at("outcomes", config.Errorf("outcomes.error_model", "%s needs the features that it was trained on: name them with outcomes.error_features", path))
	}
	for _, name := range []string{path, features} {
		if _, err := files.Reread(name); err != nil {
			return none, fmt.Errorf("%s: %w", name, err)
		}
	}
	m, err := model.Open(path)
	if model.Unreadable(err) {
		o.Notef("%s: errors are not estimated", err)
		return none, nil
	}
	if err != nil {
		return none, err
	}
	rows, err := feature.Open(features)
	if err != nil {
		return none, err
	}
	if err := m.Fits(rows.Columns()); err != nil {
		return none, fmt.Errorf("%s: %w", features, err)
	}
	if m.Outputs() > 1 {
		return none, fmt.Errorf("%s: gives %d numbers a row: want one, the error", path, m.Outputs())
	}
	engine, err := o.Engine(m)
	if err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	values, err := featuresOf(rows, v, m.NumFeatures)
	if err != nil {
		return none, fmt.Errorf("%s: %w", features, err)
	}
	var kept []float64
	var n []int64
	for i := range v.Sample {
		row := values[i*m.NumFeatures:][:m.NumFeatures]
		if m.CheckRows(row, 1) == nil && !math.IsNaN(v.Sample[i].Score) {
			kept, n = append(kept, row...), append(n, v.Sample[i].N)
		}
	}
	own := make([]float32, len(n))
	if err := engine.Predict(kept, own); err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	found, sum := none, 0.0
	for i, x := range own {
		found.N += n[i]
		sum += float64(n[i]) * math.Max(0, float64(x))
	}
	if found.N > 0 {
		found.Mean = sum / float64(found.N)
	}
	return found, nil
}
