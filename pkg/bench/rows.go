package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
)

const (
	// wantRows is how many rows are generated: enough to prove that engines
	// agree, and too many for a branch predictor to learn.
	wantRows = 10_000
	// maxDrawn bounds the values of generated rows.
	maxDrawn = 1 << 24
	// missingShare is how often a generated value is missing.
	missingShare = 0.125
)

// MaxValues bounds the values of one batch.
const MaxValues = 1 << 26

// Rows are the rows that engines score, one after another.
type Rows struct {
	Values []float64
	Origin string // in words that follow "10 rows"
}

// Generate makes rows from the model's thresholds, at least atLeast of them;
// the same seed gives the same rows. A value is missing, a threshold, or the
// number just below one, so that every way through the trees has its chance and
// an engine that confuses < with <= is found out. A feature that no split uses
// is 0.
//
// A model that is more than trees has no thresholds: its values are normal ones, and
// none is missing, since most such models have no answer to that.
func Generate(m *model.Model, atLeast int, seed uint64) Rows {
	n := max(atLeast, min(wantRows, maxDrawn/m.NumFeatures), 1)
	values := make([]float64, 0, n*m.NumFeatures)
	rng := rand.New(rand.NewPCG(seed, 0))
	if !m.IsTrees() {
		for range n * m.NumFeatures {
			values = append(values, rng.NormFloat64())
		}
		return Rows{values, fmt.Sprintf("of normal values drawn with seed %d", seed)}
	}
	thresholds := m.Thresholds()
	for range n {
		for _, t := range thresholds {
			values = append(values, draw(m, t, rng))
		}
	}
	return Rows{values, fmt.Sprintf("generated from the model's thresholds with seed %d", seed)}
}

// Raw returns the model's rows that p makes of raw ones, as many as fit into
// MaxValues.
func Raw(p *feature.Pipeline, rows feature.RawRows) (Rows, error) {
	values, all, err := p.Values(rows, MaxValues)
	origin := "of " + filepath.Base(rows.Name)
	if !all {
		origin = "from the start " + origin
	}
	return Rows{values, origin}, err
}

// draw returns a value of a feature with the given thresholds. They cut the
// numbers into cells: one is picked, then its lowest or its highest number.
func draw(m *model.Model, thresholds []float64, rng *rand.Rand) float64 {
	if len(thresholds) == 0 {
		return 0
	}
	if rng.Float64() < missingShare {
		return math.NaN()
	}
	cell := rng.IntN(len(thresholds) + 1)
	if cell == 0 || cell < len(thresholds) && rng.IntN(2) == 0 {
		below := m.Below(thresholds[cell])
		if !math.IsInf(below, 0) { // which engines refuse
			return below
		}
		return thresholds[cell]
	}
	return thresholds[cell-1]
}

// repeat returns the rows, over and over until there are n.
func repeat(rows []float64, n, features int) []float64 {
	times := (n*features + len(rows) - 1) / len(rows)
	if times <= 1 {
		return rows
	}
	return slices.Repeat(rows, times)
}
