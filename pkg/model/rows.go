package model

import (
	"fmt"
	"math"
)

// checkRows refuses what no engine may see: lengths that do not fit, infinite
// values.
func (m *Model) checkRows(rows []float32, out int) error {
	if err := m.checkLengths(len(rows), out); err != nil {
		return err
	}
	for i, x := range rows {
		if infinite(x) {
			return m.infinite(i)
		}
	}
	return nil
}

func (m *Model) checkLengths(values, out int) error {
	if out%m.Outputs() != 0 {
		return refuse(ErrFeatures, "out", "%d scores for rows of %d outputs", out, m.Outputs())
	}
	if n := out / m.Outputs(); values != n*m.NumFeatures {
		return refuse(ErrFeatures, "rows", "%d values for %d rows of %d features", values, n, m.NumFeatures)
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
