package feature

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/table"
)

// A ReferenceScorer gives reference rows the scores that they lack.
type ReferenceScorer struct {
	pipeline *Pipeline
	predict  func(rows []float64, out []float32) error
	sample   string
	note     func(sentence string)
	noted    bool
}

// OpenReferenceScorer opens the model and the features.json at these paths, which
// must fit each other. sample is held_out or in_sample, whichever is true of the
// rows and the model; engine scores the rows; what is odd is told to note.
func OpenReferenceScorer(features, modelPath, sample string, engine model.Maker, note func(sentence string)) (*ReferenceScorer, error) {
	p, err := Open(features)
	if err != nil {
		return nil, err
	}
	m, err := model.Open(modelPath)
	if err != nil {
		return nil, err
	}
	scorer, err := engine(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", modelPath, err)
	}
	if err := m.Fits(p.Columns()); err != nil {
		return nil, fmt.Errorf("%s: %w", features, err)
	}
	if k := m.Outputs(); k > 1 {
		return nil, fmt.Errorf("%s: %s gives %d scores a row, one of each class: a reference has one; put that of the class you watch into its column score", modelPath, m.Objective, k)
	}
	if sums := p.ModelSHA256; len(sums) > 0 && !slices.Contains(slices.Collect(maps.Values(sums)), m.SHA256) {
		note(fmt.Sprintf("%s was made with another model than %s (their SHA-256 differ)", features, modelPath))
	}
	return &ReferenceScorer{pipeline: p, predict: scorer.Predict, sample: sample, note: note}, nil
}

// Score returns rec with a column score in front, or rec itself where it has one.
func (s *ReferenceScorer) Score(rec arrow.RecordBatch) (arrow.RecordBatch, error) {
	if len(rec.Schema().FieldIndices("score")) > 0 {
		s.once("the reference has scores of its own; --model is not used")
		return rec, nil
	}
	if missing := s.pipeline.missing(rec.Schema()); len(missing) > 0 {
		s.once(fmt.Sprintf("the reference lacks %s: taken as null", strings.Join(missing, ", ")))
	}
	return s.pipeline.Score(rec, s.sample, s.predict)
}

// once notes one thing, of all batches.
func (s *ReferenceScorer) once(sentence string) {
	if !s.noted {
		s.note(sentence)
		s.noted = true
	}
}

// Score returns rec with a score column that predict gives: predict fills out
// with one score for each row of rows, which hold Columns values each. sample
// is held_out or in_sample, whichever is true of these rows and the model. The
// column stands first.
func (p *Pipeline) Score(rec arrow.RecordBatch, sample string, predict func(rows []float64, out []float32) error) (arrow.RecordBatch, error) {
	n := int(rec.NumRows())
	rows, out := make([]float64, n*len(p.columns)), make([]float32, n)
	if n > 0 {
		if err := p.Batch(rec, rows); err != nil {
			return nil, err
		}
		if err := predict(rows, out); err != nil {
			return nil, fmt.Errorf("scores of the reference: %w", err)
		}
	}
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	b.Reserve(n)
	for _, x := range out {
		b.Append(float64(x))
	}
	old := rec.Schema()
	meta := old.Metadata()
	field := table.Field("score", arrow.PrimitiveTypes.Float64, table.Score, table.KeySample, sample)
	schema := arrow.NewSchema(append([]arrow.Field{field}, old.Fields()...), &meta)
	return array.NewRecordBatch(schema, slices.Concat([]arrow.Array{b.NewArray()}, rec.Columns()), rec.NumRows()), nil
}
