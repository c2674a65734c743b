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
	trees, err := m.inTurn()
	if err != nil {
		return nil, fmt.Errorf("leaves: %w", err)
	}
	e, err := leaves.XGEnsembleFromReader(bufio.NewReader(bytes.NewReader(m.binary(trees))), false)
	if err != nil {
		return nil, fmt.Errorf("leaves: %w", err)
	}
	p := &leavesPredictor{ensemble: e, model: m}
	p.rows.New = func() any {
		return &leavesRow{make([]float64, m.NumFeatures), make([]float64, m.Outputs())}
	}
	return p, nil
}

type leavesPredictor struct {
	ensemble *leaves.Ensemble
	model    *Model
	rows     sync.Pool // of *leavesRow
}

type leavesRow struct {
	values  []float64
	margins []float64
}

func (p *leavesPredictor) Engine() string   { return "leaves" }
func (p *leavesPredictor) NumFeatures() int { return p.model.NumFeatures }
func (p *leavesPredictor) Outputs() int     { return p.model.Outputs() }

func (p *leavesPredictor) Predict(rows, out []float32) error {
	if err := p.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	row := p.rows.Get().(*leavesRow)
	defer p.rows.Put(row)
	for i := 0; i < len(out); i += len(row.margins) {
		for j := range row.values {
			row.values[j] = float64(rows[j])
		}
		rows = rows[len(row.values):]
		if err := p.ensemble.Predict(row.values, 0, row.margins); err != nil {
			return fmt.Errorf("leaves: %w", err)
		}
		for k, margin := range row.margins {
			out[i+k] = float32(margin + float64(p.model.margins[k]))
		}
	}
	p.model.link.scores(out, len(row.margins))
	return nil
}

// inTurn returns the trees in the only order that leaves takes: one of each
// output after another. Within an output the order stays.
func (m *Model) inTurn() ([]tree, error) {
	if m.Outputs() == 1 {
		return m.trees, nil
	}
	of := m.byOutput()
	var trees []tree
	for i := range of[0] {
		for k := range of {
			if len(of[k]) != len(of[0]) {
				return nil, refuse(ErrObjective, "tree_info", "%d trees of output 0, %d of output %d: want as many", len(of[0]), len(of[k]), k)
			}
			trees = append(trees, of[k][i])
		}
	}
	return trees, nil
}

// binary writes trees in XGBoost 0.90's binary format, as leaves reads it:
// little-endian structs, strings and slices after a 64-bit length. The base
// score is left out.
func (m *Model) binary(trees []tree) []byte {
	var b []byte
	i32 := func(values ...int32) {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	f32 := func(v float32) { i32(int32(math.Float32bits(v))) }
	i64 := func(v int) { b = binary.LittleEndian.AppendUint64(b, uint64(v)) }
	reserved := func(n int) { b = append(b, make([]byte, 4*n)...) }

	outputs := int32(m.Outputs())
	// learner: base score (as a margin), features, classes, two flags, reserved
	f32(0)
	i32(int32(m.NumFeatures), outputs, 0, 0)
	reserved(29)
	for _, name := range []string{m.Objective, m.Booster} {
		i64(len(name))
		b = append(b, name...)
	}
	// ensemble: trees, roots, features, padding (3 words), output groups, leaf
	// vector, reserved
	i32(int32(len(trees)), 1, int32(m.NumFeatures), 0, 0, 0, outputs, 0)
	reserved(32)
	for _, t := range trees {
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
	for _, t := range trees {
		i32(int32(t.output))
	}
	if m.Booster == "dart" {
		i64(len(trees))
		for _, t := range trees {
			f32(t.weight)
		}
	}
	return b
}
