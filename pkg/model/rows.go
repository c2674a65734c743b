package model

import (
	"fmt"
	"math"
)

// CheckRows says whether an engine may score rows into out scores: it is
// ErrFeatures where the lengths do not fit, or where a value is infinite.
func (m *Model) CheckRows(rows []float32, out int) error {
	if out%m.Outputs() != 0 {
		return refuse(ErrFeatures, "out", "%d scores for rows of %d outputs", out, m.Outputs())
	}
	if n := out / m.Outputs(); len(rows) != n*m.NumFeatures {
		return refuse(ErrFeatures, "rows", "%d values for %d rows of %d features", len(rows), n, m.NumFeatures)
	}
	for i, x := range rows {
		if infinite(x) {
			return m.infinite(i)
		}
	}
	return nil
}

func infinite(x float32) bool { return math.Float32bits(x)<<1 == 0xff<<24 }

// infinite is the error that value i of the rows is infinite.
func (m *Model) infinite(i int) error {
	return refuse(ErrFeatures, fmt.Sprintf("row %d", i/m.NumFeatures), "%s is infinite", m.featureName(i%m.NumFeatures))
}

func (m *Model) featureName(i int) string {
	if m.features != nil {
		return step(m.features[i])
	}
	return fmt.Sprintf("feature %d", i)
}
