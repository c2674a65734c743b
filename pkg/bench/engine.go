package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/stats"
)

// An Engine makes predictors of models.
type Engine struct {
	Name    string
	New     func(*model.Model) (model.Predictor, error)
	Version func() string // of its library, once New has succeeded; nil for what is Go's and leadsman's own
}

// Engines are the engines that are Go alone, the baseline first.
var Engines = []Engine{
	{"leaves", model.Leaves, func() string { return moduleVersion("github.com/dmitryikh/leaves") }},
	{"native", func(m *model.Model) (model.Predictor, error) { return model.Native(m) }, nil},
}

// A Source is where a model's bytes are, to be read again for every load.
type Source struct {
	Name string // in messages and results
	Open func() (io.ReadCloser, error)
}

// File returns the Source that is the file at path.
func File(path string) Source {
	return Source{path, func() (io.ReadCloser, error) { return os.Open(path) }}
}

// Bytes returns a Source of data in memory.
func Bytes(name string, data []byte) Source {
	return Source{name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// maxModel is just above what a model may have, so that a longer one is refused
// as such.
const maxModel = 256<<20 + 1

// Stream returns a Source of what r holds, which can be read only once.
func Stream(name string, r io.Reader) (Source, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxModel))
	return Bytes(name, data), err
}

// Model reads the model, and returns how many bytes it has. Errors name the
// source.
func (s Source) Model() (*model.Model, int64, error) {
	m, size, err := s.read()
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, 0, fmt.Errorf("%s: %w", s.Name, err)
	}
	return m, size, nil
}

func (s Source) read() (*model.Model, int64, error) {
	f, err := s.Open()
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	counted := &counter{r: f}
	m, err := model.Read(counted)
	return m, counted.n, err
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// loaded is an engine that is ready, and what that took.
type loaded struct {
	model.Predictor
	version string
	took    time.Duration // median over the loads
	memory  float64       // bytes; NaN where they cannot be told
}

// close frees what the garbage collector does not know of.
func (l loaded) close() { free(l.Predictor) }

func free(p model.Predictor) {
	if c, ok := p.(io.Closer); ok {
		c.Close() // that memory cannot be given back is nothing a measurement could change
	}
}

// A load is repeated loads times, but not when that takes longer than patience.
const (
	loads    = 5
	patience = 3 * time.Second
)

// load makes the engine ready several times, each from the file on.
func load(s Source, e Engine) (loaded, error) {
	once := func() (model.Predictor, time.Duration, error) {
		runtime.GC()
		start := time.Now()
		m, _, err := s.Model()
		if err != nil {
			return nil, 0, err
		}
		p, err := e.New(m)
		return p, time.Since(start), err
	}

	heapBefore, residentBefore := heap(), resident()
	p, _, err := once() // fills the file cache, so its time does not count
	if err != nil {
		return loaded{}, err
	}
	memory := float64(max(0, heap()-heapBefore))
	if _, ok := p.(io.Closer); ok { // it holds memory outside Go's heap
		memory = max(0, resident()-residentBefore)
	}

	var times []float64
	for begin := time.Now(); len(times) < loads && time.Since(begin) < patience; {
		again, took, err := once()
		if err != nil {
			free(p)
			return loaded{}, err
		}
		free(again)
		times = append(times, float64(took))
	}
	runtime.KeepAlive(p)
	median, err := stats.Quantiles(times, 0.5)
	if err != nil {
		free(p)
		return loaded{}, err
	}
	l := loaded{Predictor: p, took: time.Duration(median[0]), memory: memory}
	if e.Version != nil {
		l.version = e.Version()
	}
	return l, nil
}

// heap returns the bytes of live objects.
func heap() int64 {
	runtime.GC()
	runtime.GC() // the first empties pools, the second frees what they held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// tolerance is how far two engines' scores of one row may lie apart, for scores
// up to 1; relative above. Engines sum leaves in float32 or float64; a wrong
// branch is mostly off by far more.
const tolerance = 1e-5

// An Agreement is the proof that engines give rows the same scores.
type Agreement struct {
	Rows    int64
	Engines int
	Largest float64 // difference between any engine and the first one
}

// agree scores the rows with all predictors. It is an error when one cannot,
// or when a score differs from the first predictor's by more than Tolerance.
func agree(rows []float64, predictors ...model.Predictor) (Agreement, error) {
	if len(predictors) == 0 {
		return Agreement{}, errors.New("no engines")
	}
	first := predictors[0]
	n := len(rows) / first.NumFeatures()
	a := Agreement{Rows: int64(n), Engines: len(predictors)}
	want, got := make([]float32, n*first.Outputs()), make([]float32, n*first.Outputs())
	if err := first.Predict(rows, want); err != nil {
		return a, fmt.Errorf("%s: %w", first.Engine(), err)
	}
	for _, p := range predictors[1:] {
		if err := p.Predict(rows, got); err != nil {
			return a, fmt.Errorf("%s: %w", p.Engine(), err)
		}
		for i := range want {
			x, y := float64(want[i]), float64(got[i])
			diff := math.Abs(x - y)
			if x != x && y != y { // a row without a score, for both
				continue
			}
			if !(diff <= tolerance*max(1, math.Abs(x))) && x != y {
				return a, fmt.Errorf("row %d: %s has score %v, %s %v", i/first.Outputs(), first.Engine(), want[i], p.Engine(), got[i])
			}
			a.Largest = max(a.Largest, diff)
		}
	}
	return a, nil
}

// Pick returns those of engines that names names, in the order of engines, or
// the first name that is not one of theirs.
func Pick(engines []Engine, names []string) (picked []Engine, unknown string) {
	for _, name := range names {
		if !slices.ContainsFunc(engines, func(e Engine) bool { return e.Name == name }) {
			return nil, name
		}
	}
	for _, e := range engines {
		if slices.Contains(names, e.Name) {
			picked = append(picked, e)
		}
	}
	return picked, ""
}
