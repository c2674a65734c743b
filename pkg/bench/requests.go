package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/pprof/profile"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/pkg/table"
	"github.com/leadsman/leadsman/pkg/verdict"
)

// MaxBodies bounds the requests that are made beforehand and sent in turn.
const MaxBodies = 10_000

// RawBodies returns requests for the model of p: each of the raw rows, up to
// MaxBodies, as a JSON object of the raw fields that the rows have. None at all is
// an error.
func RawBodies(p *feature.Pipeline, rows feature.RawRows) ([][]byte, error) {
	var bodies [][]byte
	err := p.Each(rows, func(rec arrow.RecordBatch) (more bool, err error) {
		bodies, err = appendBodies(bodies, p, rec)
		return len(bodies) < MaxBodies, err
	})
	if err == nil && len(bodies) == 0 {
		err = fmt.Errorf("%s: no rows", rows.Name)
	}
	return bodies, err
}

// DrawnBodies returns requests that hold the model's own columns, whose values
// Generate draws, and the pipeline that makes its rows of them. A column without a
// name is called f0, f1, ….
func DrawnBodies(m *model.Model, seed uint64) (*feature.Pipeline, [][]byte, error) {
	names := m.Features
	if names == nil {
		for i := range m.NumFeatures {
			names = append(names, "f"+strconv.Itoa(i))
		}
	}
	p, err := feature.Plain(names)
	if err != nil {
		return nil, nil, err
	}
	var bodies [][]byte
	values := Generate(m, 1, seed).Values
	for at := 0; at < len(values) && len(bodies) < MaxBodies; at += len(names) {
		fields := make(map[string]any, len(names))
		for i, name := range names {
			fields[name] = nil
			if x := values[at+i]; !math.IsNaN(x) {
				fields[name] = x
			}
		}
		body, err := json.Marshal(fields)
		if err != nil {
			return nil, nil, err
		}
		bodies = append(bodies, body)
	}
	return p, bodies, nil
}

// appendBodies appends the requests of raw rows, up to MaxBodies.
func appendBodies(bodies [][]byte, p *feature.Pipeline, rec arrow.RecordBatch) ([][]byte, error) {
	var names []string
	var values []func(row int) any
	for _, r := range p.Raw() {
		for _, name := range []string{mapping.InputPrefix + r.Name, r.Name} {
			at := rec.Schema().FieldIndices(name)
			if len(at) == 0 {
				continue
			}
			col := rec.Column(at[0])
			var value func(row int) any
			if text, ok := table.Strings(col); ok {
				value = func(row int) any { return text(row) }
			} else if number, ok := table.Numbers(col); ok {
				value = func(row int) any {
					if x := number(row); !math.IsNaN(x) && !math.IsInf(x, 0) {
						return x
					}
					return nil // JSON has no other way to say it
				}
			} else {
				break
			}
			names = append(names, r.Name)
			values = append(values, func(row int) any {
				if col.IsNull(row) {
					return nil
				}
				return value(row)
			})
			break
		}
	}
	for row := 0; row < int(rec.NumRows()) && len(bodies) < MaxBodies; row++ {
		fields := make(map[string]any, len(names))
		for i, name := range names {
			fields[name] = values[i](row)
		}
		body, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// answer is a response that is counted and dropped.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }

// topFunctions is how many functions are kept of each engine's profile by flat
// and by cumulative time.
const topFunctions = 25

// stages are the functions that do the steps of a request to the service of
// package sim.
var stages = []stage{
	{Name: "parse", Function: "pkg/sim.members"},
	{Name: "features", Function: "feature.(*Pipeline).Row"},
	{Name: "score", Function: "model.(*leavesPredictor).Predict"},
	{Name: "score", Function: "model.(*native).Predict"},
	{Name: "score", Function: "model.(*computed).Predict"},
	{Name: "score", Function: "ort.(*Session).Predict"},
	{Name: "answer", Function: "encoding/json.Marshal"},
	{Name: "log", Function: "sim.(*Service).log"},
	{Name: "collect garbage", Function: "runtime.gcBgMarkWorker"},
}

// ProfileRequests profiles whole requests with each engine, without a network:
// the bodies are posted in turn to /predict of the service that serve makes of
// the engine, for d of CPU time. An engine that cannot be made is left out; a
// request that is not answered with 200 is an error. The profile is that of all
// engines, each sample with its engine in the label `engine`.
func ProfileRequests(m *model.Model, engines []Engine, serve func(model.Predictor) (http.Handler, error), bodies [][]byte, d time.Duration) ([]verdict.Hotspot, *profile.Profile, error) {
	var spots []verdict.Hotspot
	var names []string
	var profiles []*profile.Profile
	for _, e := range engines {
		engine, err := e.New(m)
		if err != nil {
			continue // its rows in the table bench say why
		}
		handler, err := serve(engine)
		var one *profile.Profile
		var calls int64
		if err == nil {
			one, calls, err = profileService(handler, bodies, d)
		}
		free(engine)
		if err != nil {
			return nil, nil, err
		}
		top, err := hotspots(e.Name, one, calls, topFunctions, stages...)
		if err != nil {
			return nil, nil, err
		}
		spots, names, profiles = append(spots, top...), append(names, e.Name), append(profiles, one)
	}
	all, err := merge(names, profiles)
	return spots, all, err
}

func profileService(handler http.Handler, bodies [][]byte, d time.Duration) (*profile.Profile, int64, error) {
	address := &url.URL{Path: "/predict"}
	step := func(i int) error {
		body := bodies[i%len(bodies)]
		a := answer{http.Header{}, 0}
		handler.ServeHTTP(&a, &http.Request{
			Method: http.MethodPost, URL: address, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
			Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Host: "localhost", RequestURI: address.Path,
		})
		if a.status != http.StatusOK {
			return fmt.Errorf("request %d: status %d", i, a.status)
		}
		return nil
	}
	for i := range min(len(bodies), 1000) { // warm up, and every body counts
		if err := step(i); err != nil {
			return nil, 0, err
		}
	}
	return cpuProfile(d, step)
}
