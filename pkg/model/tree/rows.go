package tree

import (
	"fmt"
	"math"
)

// CheckNames says which of the columns' names, which stand at where in the
// file, comes twice: that is ErrFeatures.
func (e *Ensemble) CheckNames(where string) error {
	seen := map[string]bool{}
	for i, name := range e.Features {
		if seen[name] {
			return Refuse(ErrFeatures, fmt.Sprintf("%s[%d]", where, i), "%q stands twice", Clip(name))
		}
		seen[name] = true
	}
	return nil
}

// Fits says why rows of the named columns are not rows of the model: it has
// another number of them, or names its own, and these differ or stand in another
// order.
func (e *Ensemble) Fits(columns []string) error {
	if len(columns) != e.NumFeatures {
		return fmt.Errorf("columns: the model wants %d, got %d", e.NumFeatures, len(columns))
	}
	for i, name := range e.Features {
		if columns[i] != name {
			return fmt.Errorf("column %d is %q, the model's is %q", i, columns[i], name)
		}
	}
	return nil
}

// CheckRows says whether an engine may score rows into out scores: it is
// ErrFeatures where the lengths do not fit, or where a value is infinite, or so large that it is
// infinite in float32. LightGBM and ONNX take infinite values as any others.
func (e *Ensemble) CheckRows(rows []float64, out int) error {
	if out%e.Outputs() != 0 {
		return Refuse(ErrFeatures, "out", "%d scores for rows of %d outputs", out, e.Outputs())
	}
	if n := out / e.Outputs(); len(rows) != n*e.NumFeatures {
		return Refuse(ErrFeatures, "rows", "%d values for %d rows of %d features", len(rows), n, e.NumFeatures)
	}
	if e.Double || e.Unbounded {
		return nil
	}
	for i, x := range rows {
		if infinite(float32(x)) {
			return e.infinite(i)
		}
	}
	return nil
}

func infinite(x float32) bool { return math.Float32bits(x)<<1 == 0xff<<24 }

// infinite is the error that value i of the rows is infinite.
func (e *Ensemble) infinite(i int) error {
	return Refuse(ErrFeatures, fmt.Sprintf("row %d", i/e.NumFeatures), "%s is infinite", e.featureName(i%e.NumFeatures))
}

func (e *Ensemble) featureName(i int) string {
	if e.Features != nil {
		return Step(e.Features[i])
	}
	return fmt.Sprintf("feature %d", i)
}

// Tiny bounds the values that LightGBM takes for 0.
const Tiny = float64(float32(1e-35))

func isZero(x float64) bool { return -Tiny <= x && x <= Tiny }
