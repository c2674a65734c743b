package model

import (
	"bufio"
	"bytes"
	"fmt"
	"sync"

	"github.com/dmitryikh/leaves"
	"github.com/leadsman/leadsman/pkg/model/export"
	"github.com/leadsman/leadsman/pkg/model/tree"
)

// Leaves returns a predictor that lets the leaves library walk the trees.
//
// Of XGBoost, leaves knows only the binary format before 1.0, so the model is
// written anew in that format (export.Leaves); one of LightGBM is written as text.
// leaves adds the leaves up in float64, XGBoost in float32: probabilities agree to
// 1e-6, unless trees cancel margins of 10 and more, where XGBoost's own sum is off
// by more.
func Leaves(m *Model) (Predictor, error) {
	if !m.IsTrees() {
		return nil, tree.Refuse(tree.ErrBooster, "", "leaves knows trees alone, and the model is %s", m.Objective)
	}
	plain, members := m.Plain()
	data, err := export.Leaves(plain)
	if err != nil {
		return nil, fmt.Errorf("leaves: %w", err)
	}
	read := leaves.XGEnsembleFromReader
	if m.Double {
		read = leaves.LGEnsembleFromReader
	}
	e, err := read(bufio.NewReader(bytes.NewReader(data)), false)
	if err != nil {
		return nil, fmt.Errorf("leaves: %w", err)
	}
	p := &leavesPredictor{ensemble: e, model: m, members: members}
	p.rows.New = func() any {
		return &leavesRow{make([]float64, plain.NumFeatures), make([]float64, m.Outputs())}
	}
	return p, nil
}

type leavesPredictor struct {
	ensemble *leaves.Ensemble
	model    *Model
	members  []tree.Member // columns of a row behind the model's own
	rows     sync.Pool     // of *leavesRow
}

type leavesRow struct {
	values  []float64
	margins []float64
}

func (p *leavesPredictor) Engine() string   { return "leaves" }
func (p *leavesPredictor) NumFeatures() int { return p.model.NumFeatures }
func (p *leavesPredictor) Outputs() int     { return p.model.Outputs() }

func (p *leavesPredictor) Predict(rows []float64, out []float32) error {
	if err := p.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	row := p.rows.Get().(*leavesRow)
	defer p.rows.Put(row)
	for i := 0; i < len(out); i += len(row.margins) {
		p.model.Extend(row.values, rows[:p.model.NumFeatures], p.members)
		rows = rows[p.model.NumFeatures:]
		if err := p.ensemble.Predict(row.values, 0, row.margins); err != nil {
			return fmt.Errorf("leaves: %w", err)
		}
		for k, margin := range row.margins {
			out[i+k] = float32(margin + p.model.Margins[k])
		}
	}
	tree.Scores(p.model.Link, out, len(row.margins))
	return nil
}
