package sim

import (
	"fmt"
	"io"
	"slices"

	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog/record"
)

// A Scorer is a deployed model: raw rows in, scores and labels out. It is
// safe for concurrent use.
type Scorer struct {
	Pipeline  *feature.Pipeline
	Engine    model.Predictor
	Version   string    // as the log states it
	Threshold float64   // score from which a row gets the second label
	Labels    [2]string // below the threshold, and from it on
}

// OpenScorer returns the model and the features.json at these paths as a Scorer
// whose version is the model's digest, and whose engine is of maker. Threshold and labels are not set.
func OpenScorer(modelPath, featuresPath string, maker model.Maker) (*Scorer, error) {
	m, err := model.Open(modelPath)
	if err != nil {
		return nil, err
	}
	p, err := feature.Open(featuresPath)
	if err != nil {
		return nil, err
	}
	return newScorer(m, p, maker)
}

// ReadScorer is OpenScorer for what is open already, with leadsman's own engine.
func ReadScorer(modelFile, features io.Reader) (*Scorer, error) {
	m, err := model.Read(modelFile)
	if err != nil {
		return nil, err
	}
	p, err := feature.Parse(features)
	if err != nil {
		return nil, err
	}
	return newScorer(m, p, model.Native)
}

func newScorer(m *model.Model, p *feature.Pipeline, maker model.Maker) (*Scorer, error) {
	engine, err := maker(m)
	if err != nil {
		return nil, err
	}
	s := &Scorer{Pipeline: p, Engine: engine, Version: m.SHA256[:12]}
	return s, s.Check()
}

// Check says whether the pipeline makes the rows that the model takes, and the
// model one score of each.
func (s *Scorer) Check() error {
	if n := s.Engine.Outputs(); n != 1 {
		return fmt.Errorf("the model gives a row %d scores: want one", n)
	}
	if got, want := len(s.Pipeline.Columns()), s.Engine.NumFeatures(); got != want {
		return fmt.Errorf("the model takes %d columns, and the features make %d", want, got)
	}
	return nil
}

// label returns the label of a score.
func (s *Scorer) label(score float64) string {
	if score >= s.Threshold {
		return s.Labels[1]
	}
	return s.Labels[0]
}

// scoring is the scoring of one run of rows whose columns have these names.
type scoring struct {
	*Scorer
	raw  []int // place in a row of each raw field, or -1
	in   []record.Value
	rows []float64
	out  []float32
}

func (s *Scorer) scoring(names []string) *scoring {
	b := &scoring{Scorer: s, in: make([]record.Value, len(s.Pipeline.Raw()))}
	for _, raw := range s.Pipeline.Raw() {
		b.raw = append(b.raw, slices.Index(names, raw.Name))
	}
	return b
}

// add puts a row among those that the next call of scores answers.
func (b *scoring) add(values []record.Value) error {
	for i, at := range b.raw {
		b.in[i] = record.Value{}
		if at >= 0 {
			b.in[i] = values[at]
		}
	}
	n, width := len(b.rows), b.Engine.NumFeatures()
	b.rows = slices.Grow(b.rows, width)[:n+width]
	return b.Pipeline.Row(b.in, b.rows[n:])
}

// scores returns the scores of the rows added since the last call; they are
// valid until the next one.
func (b *scoring) scores() ([]float32, error) {
	n := len(b.rows) / b.Engine.NumFeatures()
	b.out = slices.Grow(b.out[:0], n)[:n]
	err := b.Engine.Predict(b.rows, b.out)
	b.rows = b.rows[:0]
	return b.out, err
}
