//go:build cgo

package ort

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/model/export"
	onnx "github.com/yalue/onnxruntime_go"
)

// Built tells whether this program has the engine.
const Built = true

// maxIdle bounds the tensors that a session keeps between calls.
const maxIdle = 8

// Session is the engine "onnx". It computes on the calling goroutine's thread
// alone.
type Session struct {
	model   *model.Model
	session *onnx.DynamicAdvancedSession
	graph   *graph

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup
	idle   []*bound // the last used at the end
}

// bound is a pair of tensors of a fixed number of rows, tied to a session.
type bound struct {
	rows    []float32 // or, for a model in float64,
	wide    []float64
	scores  []float32
	in, out onnx.Value
	binding *onnx.IoBinding
	pinner  runtime.Pinner
}

// start makes the process's ONNX Runtime ready.
func start() error {
	mu.Lock()
	defer mu.Unlock()
	if onnx.IsInitialized() {
		return nil
	}
	path, err := library()
	if err != nil {
		return err
	}
	onnx.SetSharedLibraryPath(path)
	if err := onnx.InitializeEnvironment(onnx.WithLogLevelError()); err != nil {
		return fmt.Errorf("%w: %s: %w", errUnavailable, path, err)
	}
	return nil
}

// Version returns the version of the ONNX Runtime that is used, or an error that
// matches errUnavailable.
func Version() (string, error) {
	if err := start(); err != nil {
		return "", err
	}
	return onnx.GetVersion(), nil
}

// New returns a *Session that scores the model's rows. Where no ONNX Runtime can
// be loaded the error matches errUnavailable.
func New(m *model.Model) (model.Predictor, error) {
	if err := start(); err != nil {
		return nil, err
	}
	g, err := graphOf(m)
	if err != nil {
		return nil, err
	}
	o, err := options()
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	defer o.Destroy()
	s, err := onnx.NewDynamicAdvancedSessionWithONNXData(g.bytes, []string{g.input}, []string{g.output}, o)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	session := &Session{model: m, session: s, graph: g}
	if m.Graph != nil {
		if err := session.probe(); err != nil {
			return nil, errors.Join(fmt.Errorf("onnx: %w", err), s.Destroy())
		}
	}
	return session, nil
}

// Scorer returns leadsman's own engine where that knows all of the model, else a
// *Session.
func Scorer(m *model.Model) (model.Predictor, error) {
	p, err := model.Native(m)
	if err == nil {
		return p, nil
	}
	p, missing := New(m)
	switch {
	case missing == nil:
		return p, nil
	case errors.Is(missing, errUnavailable):
		return nil, fmt.Errorf("%w (%w)", err, missing)
	}
	return nil, missing
}

// graph is what a session runs.
type graph struct {
	bytes         []byte
	input, output string
	columns       int  // of the output
	first         int  // of them that is a score
	oneRow        bool // it takes one row a call
	flat          bool // the output has one dimension
}

// graphOf is the model's own graph, or the one it is written as.
func graphOf(m *model.Model) (*graph, error) {
	if g := m.Graph; g != nil {
		data, output := g.Tensor()
		own := &graph{bytes: data, input: g.Input, output: output, columns: g.Columns, oneRow: g.OneRow}
		if g.Positive {
			own.first = 1
		}
		return own, nil
	}
	var b bytes.Buffer
	err := export.ONNX(&b, m.Ensemble, export.ONNXOptions{ModelSHA256: m.SHA256})
	return &graph{bytes: b.Bytes(), input: export.ONNXInput, output: export.ONNXScore, columns: m.Outputs()}, err
}

// probe scores a row, to see what form the scores have.
func (s *Session) probe() error {
	shape := onnx.NewShape(1, int64(s.NumFeatures()))
	var in onnx.Value
	var err error
	if s.model.Double {
		in, err = value(onnx.NewTensor(shape, make([]float64, s.NumFeatures())))
	} else {
		in, err = value(onnx.NewTensor(shape, make([]float32, s.NumFeatures())))
	}
	if err != nil {
		return err
	}
	defer in.Destroy()
	out := []onnx.Value{nil}
	if err := s.session.Run([]onnx.Value{in}, out); err != nil {
		return err
	}
	defer out[0].Destroy()
	t, ok := out[0].(*onnx.Tensor[float32])
	if !ok {
		return fmt.Errorf("output %q is no tensor of float numbers", s.graph.output)
	}
	if n := len(t.GetData()); n != s.graph.columns {
		return fmt.Errorf("output %q has %d values for one row, and the file says %d", s.graph.output, n, s.graph.columns)
	}
	s.graph.flat = len(t.GetShape()) == 1
	return nil
}

// options keep a session to one thread, like the other engines.
func options() (*onnx.SessionOptions, error) {
	o, err := onnx.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = errors.Join(o.SetIntraOpNumThreads(1), o.SetInterOpNumThreads(1), o.SetLogSeverityLevel(onnx.LoggingLevelError))
	if err != nil {
		o.Destroy()
		return nil, err
	}
	return o, nil
}

func (s *Session) Engine() string   { return "onnx" }
func (s *Session) NumFeatures() int { return s.model.NumFeatures }
func (s *Session) Outputs() int     { return s.model.Outputs() }

// Predict writes the scores of rows, as model.Predictor says. Tensors are kept
// for the next call with as many rows.
func (s *Session) Predict(rows []float64, out []float32) error {
	if err := s.model.CheckRows(rows, len(out)); err != nil {
		return err
	}
	if len(out) == 0 {
		return nil
	}
	if one, outputs := s.NumFeatures(), s.Outputs(); s.graph.oneRow && len(rows) > one {
		for i := range len(rows) / one {
			if err := s.Predict(rows[i*one:][:one], out[i*outputs:][:outputs]); err != nil {
				return err
			}
		}
		return nil
	}
	b, err := s.take(len(rows))
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	defer s.give(b)
	copy(b.wide, rows)
	for i := range b.rows {
		b.rows[i] = float32(rows[i])
	}
	if err := s.session.RunWithBinding(b.binding); err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	if s.graph.first == 0 {
		copy(out, b.scores)
		return nil
	}
	for i := range out {
		out[i] = b.scores[i*s.graph.columns+s.graph.first]
	}
	return nil
}

var errClosed = errors.New("the session is closed")

// take returns tensors for that many values.
func (s *Session) take(values int) (*bound, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	for i := len(s.idle) - 1; i >= 0; i-- {
		if b := s.idle[i]; len(b.rows)+len(b.wide) == values {
			s.idle = slices.Delete(s.idle, i, i+1)
			s.busy.Add(1)
			return b, nil
		}
	}
	b, err := s.bind(values / s.model.NumFeatures)
	if err == nil {
		s.busy.Add(1)
	}
	return b, err
}

func (s *Session) give(b *bound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, b)
	if len(s.idle) > maxIdle {
		s.idle[0].destroy()
		s.idle = slices.Delete(s.idle, 0, 1)
	}
	s.busy.Done()
}

func (s *Session) bind(rows int) (*bound, error) {
	width, outputs := s.NumFeatures(), s.graph.columns
	b := &bound{scores: make([]float32, rows*outputs)}
	// The runtime holds on to both until the tensors are destroyed.
	b.pinner.Pin(&b.scores[0])
	err := func() (err error) {
		shape := onnx.NewShape(int64(rows), int64(width))
		if s.model.Double {
			b.wide = make([]float64, rows*width)
			b.pinner.Pin(&b.wide[0])
			b.in, err = value(onnx.NewTensor(shape, b.wide))
		} else {
			b.rows = make([]float32, rows*width)
			b.pinner.Pin(&b.rows[0])
			b.in, err = value(onnx.NewTensor(shape, b.rows))
		}
		if err != nil {
			return err
		}
		form := onnx.NewShape(int64(rows), int64(outputs))
		if s.graph.flat {
			form = onnx.NewShape(int64(rows))
		}
		if b.out, err = value(onnx.NewTensor(form, b.scores)); err != nil {
			return err
		}
		if b.binding, err = s.session.CreateIoBinding(); err != nil {
			return err
		}
		if err = b.binding.BindInput(s.graph.input, b.in); err != nil {
			return err
		}
		return b.binding.BindOutput(s.graph.output, b.out)
	}()
	if err != nil {
		b.destroy()
		return nil, err
	}
	return b, nil
}

// value is a tensor as a Value, nil where there is none.
func value[T onnx.TensorData](t *onnx.Tensor[T], err error) (onnx.Value, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

// destroy frees what C holds. That it cannot be freed is no news to a caller.
func (b *bound) destroy() {
	if b.binding != nil {
		b.binding.Destroy()
	}
	for _, t := range []onnx.Value{b.in, b.out} {
		if t != nil {
			t.Destroy()
		}
	}
	b.pinner.Unpin()
}

// Close frees the session's memory, once the calls of Predict that run have
// ended. Later ones are errors.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.busy.Wait()
	for _, b := range s.idle {
		b.destroy()
	}
	s.idle = nil
	return s.session.Destroy()
}
