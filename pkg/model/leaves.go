package model

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"sync"

	"github.com/dmitryikh/leaves"
)

// Leaves returns a predictor that lets the leaves library walk the trees.
//
// leaves knows only the binary format of XGBoost before 1.0, and goes left at
// x <= threshold where XGBoost goes left at x < threshold. So the model is
// written anew in that format with each threshold one float32 step lower; for
// float32 rows both rules then pick the same leaf. leaves adds the leaves up
// in float64, XGBoost in float32: probabilities agree to 1e-6, unless trees
// cancel margins of 10 and more, where XGBoost's own sum is off by more.
func Leaves(m *Model) (Predictor, error) {
	e, err := leaves.XGEnsembleFromReader(bufio.NewReader(bytes.NewReader(m.binary())), false)
	if err != nil {
		return nil, fmt.Errorf("leaves: %w", err)
	}
	p := &leavesPredictor{ensemble: e, model: m}
	p.rows.New = func() any { return &leavesRow{values: make([]float64, m.NumFeatures)} }
	return p, nil
}

type leavesPredictor struct {
	ensemble *leaves.Ensemble
	model    *Model
	rows     sync.Pool // of *leavesRow
}

type leavesRow struct {
	values []float64
	margin [1]float64
}

func (p *leavesPredictor) Engine() string   { return "leaves" }
func (p *leavesPredictor) NumFeatures() int { return p.model.NumFeatures }

func (p *leavesPredictor) Predict(rows, out []float32) error {
	if err := p.model.checkRows(rows, len(out)); err != nil {
		return err
	}
	row := p.rows.Get().(*leavesRow)
	defer p.rows.Put(row)
	for i := range out {
		for j := range row.values {
			row.values[j] = float64(rows[i*len(row.values)+j])
		}
		if err := p.ensemble.Predict(row.values, 0, row.margin[:]); err != nil {
			return fmt.Errorf("leaves: %w", err)
		}
		out[i] = p.model.link.score(row.margin[0])
	}
	return nil
}

// checkRows refuses what no engine may see: another length, infinite values.
func (m *Model) checkRows(rows []float32, n int) error {
	if len(rows) != n*m.NumFeatures {
		return refuse(ErrFeatures, "rows", "%d values for %d rows of %d features", len(rows), n, m.NumFeatures)
	}
	for i, x := range rows {
		if x-x != 0 && x == x {
			return refuse(ErrFeatures, fmt.Sprintf("row %d", i/m.NumFeatures), "%s is infinite", m.featureName(i%m.NumFeatures))
		}
	}
	return nil
}

func (m *Model) featureName(i int) string {
	if m.features != nil {
		return step(m.features[i])
	}
	return fmt.Sprintf("feature %d", i)
}

// binary writes the model in XGBoost 0.90's binary format, as leaves reads it:
// little-endian structs, strings and slices after a 64-bit length.
func (m *Model) binary() []byte {
	var b []byte
	i32 := func(values ...int32) {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	f32 := func(v float32) { i32(int32(math.Float32bits(v))) }
	i64 := func(v int) { b = binary.LittleEndian.AppendUint64(b, uint64(v)) }
	reserved := func(n int) { b = append(b, make([]byte, 4*n)...) }

	// learner: base score (as a margin), features, classes, two flags, reserved
	f32(m.margin)
	i32(int32(m.NumFeatures), 0, 0, 0)
	reserved(29)
	for _, name := range []string{m.Objective, m.Booster} {
		i64(len(name))
		b = append(b, name...)
	}
	// ensemble: trees, roots, features, padding (3 words), output groups, leaf
	// vector, reserved
	i32(int32(len(m.trees)), 1, int32(m.NumFeatures), 0, 0, 0, 1, 0)
	reserved(32)
	for _, t := range m.trees {
		// tree: roots, nodes, deleted, depth, features, leaf vector, reserved
		i32(1, int32(len(t.nodes)), 0, int32(t.depth), int32(m.NumFeatures), 0)
		reserved(31)
		for k := range t.nodes {
			n := &t.nodes[k]
			if n.leaf() {
				i32(0, -1, -1, 0) // parent (which leaves does not read), children, feature
				f32(n.value)
				continue
			}
			feature := uint32(n.feature)
			if n.defaultLeft {
				feature |= 1 << 31
			}
			i32(0, n.left, n.right, int32(feature))
			f32(math.Nextafter32(n.value, float32(math.Inf(-1))))
		}
		reserved(4 * len(t.nodes)) // statistics
	}
	reserved(len(m.trees)) // output group of each tree
	if m.Booster == "dart" {
		i64(len(m.trees))
		for _, t := range m.trees {
			f32(t.weight)
		}
	}
	return b
}
