package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/pprof/profile"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/table"
	ucli "github.com/urfave/cli/v2"
)

// maxBodies bounds the requests that are made beforehand and sent in turn.
const maxBodies = 10_000

// leads returns request bodies for the model, and what makes its rows of them:
// raw rows of --rows, of the configured reference, or of the sample's; for
// another model its own columns, whose values are drawn from its thresholds.
func leads(ctx *ucli.Context, m *model.Model) (*feature.Pipeline, [][]byte, error) {
	_, named, err := namedPipeline(ctx)
	if err != nil {
		return nil, nil, err
	}
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return nil, nil, err
	}
	sample, err := samplePipeline(m)
	if err != nil {
		return nil, nil, err
	}
	path := ctx.String("rows")
	switch {
	case path != "":
	case named != nil && conf.Reference != "":
		path = conf.Reference
	case named != nil || sample == nil:
		p, err := plain(m)
		if err != nil {
			return nil, nil, err
		}
		bodies, err := drawnBodies(p, bench.Generate(m, 1, ctx.Uint64("seed")).Values)
		return p, bodies, err
	}
	p, err := pipeline(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	bodies, err := rawBodies(ctx, p, path)
	return p, bodies, err
}

// rawBodies are the requests of the raw rows at path, as eachRaw reads them.
func rawBodies(ctx *ucli.Context, p *feature.Pipeline, path string) ([][]byte, error) {
	var bodies [][]byte
	err := eachRaw(ctx, p, path, func(rec arrow.RecordBatch) (err error) {
		bodies, err = appendBodies(bodies, p, rec)
		if err == nil && len(bodies) == maxBodies {
			err = errEnough
		}
		return err
	})
	if err == nil && len(bodies) == 0 {
		err = fmt.Errorf("%s: no rows", rowsName(path))
	}
	return bodies, err
}

// plain is the pipeline of a request that holds the model's columns as they
// are.
func plain(m *model.Model) (*feature.Pipeline, error) {
	type raw struct {
		Name string `json:"name"`
		Type string `json:"type"`
	}
	type column struct {
		Name string `json:"name"`
		Op   string `json:"op"`
		From string `json:"from"`
	}
	doc := struct {
		Version int      `json:"version"`
		Raw     []raw    `json:"raw"`
		Columns []column `json:"columns"`
	}{Version: 1}
	names := m.Features
	for i := range m.NumFeatures {
		name := "f" + strconv.Itoa(i)
		if names != nil {
			name = names[i]
		}
		doc.Raw = append(doc.Raw, raw{name, "number"})
		doc.Columns = append(doc.Columns, column{name, "number", name})
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return feature.Parse(bytes.NewReader(text))
}

// drawnBodies are the requests of rows of the model's own columns.
func drawnBodies(p *feature.Pipeline, values []float32) ([][]byte, error) {
	raw := p.Raw()
	var bodies [][]byte
	for at := 0; at < len(values) && len(bodies) < maxBodies; at += len(raw) {
		lead := make(map[string]any, len(raw))
		for i, r := range raw {
			lead[r.Name] = nil
			if x := values[at+i]; !math.IsNaN(float64(x)) {
				lead[r.Name] = x
			}
		}
		body, err := json.Marshal(lead)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// appendBodies appends the requests of raw rows, up to maxBodies.
func appendBodies(bodies [][]byte, p *feature.Pipeline, rec arrow.RecordBatch) ([][]byte, error) {
	var names []string
	var values []func(row int) any
	for _, r := range p.Raw() {
		for _, name := range []string{predlog.InputPrefix + r.Name, r.Name} {
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
	for row := 0; row < int(rec.NumRows()) && len(bodies) < maxBodies; row++ {
		lead := make(map[string]any, len(names))
		for i, name := range names {
			lead[name] = values[i](row)
		}
		body, err := json.Marshal(lead)
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

// profileRequests profiles whole requests with each engine, as the service of
// `simulate api` answers them, without a network: the body is parsed, features
// are made, the row is scored, the answer written, and both log lines made. An
// engine that is not there is left out.
func profileRequests(ctx *ucli.Context, source bench.Source, engines []bench.Engine) ([]bench.Hotspot, *profile.Profile, error) {
	m, _, err := source.Model()
	if err != nil {
		return nil, nil, err
	}
	p, bodies, err := leads(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	var spots []bench.Hotspot
	var names []string
	var profiles []*profile.Profile
	for _, e := range engines {
		engine, err := e.New(m)
		if err != nil {
			continue // its rows in the table bench say why
		}
		one, calls, err := profileEngine(engine, p, bodies, ctx)
		if c, ok := engine.(io.Closer); ok {
			c.Close() // the process ends soon
		}
		if err != nil {
			return nil, nil, err
		}
		top, err := bench.Hotspots(e.Name, one, calls, topFunctions, stages...)
		if err != nil {
			return nil, nil, err
		}
		spots, names, profiles = append(spots, top...), append(names, e.Name), append(profiles, one)
	}
	all, err := bench.Merge(names, profiles)
	return spots, all, err
}

// topFunctions is how many functions are kept of each engine's profile by flat
// and by cumulative time.
const topFunctions = 25

// stages are the functions that do the steps of a request.
var stages = []bench.Stage{
	{Name: "parse", Function: "pkg/sim.members"},
	{Name: "features", Function: "feature.(*Pipeline).Row"},
	{Name: "score", Function: "model.(*leavesPredictor).Predict"},
	{Name: "score", Function: "model.(*flat).Predict"},
	{Name: "score", Function: "ort.(*Session).Predict"},
	{Name: "answer", Function: "encoding/json.Marshal"},
	{Name: "log", Function: "sim.(*Service).log"},
	{Name: "collect garbage", Function: "runtime.gcBgMarkWorker"},
}

func profileEngine(engine model.Predictor, p *feature.Pipeline, bodies [][]byte, ctx *ucli.Context) (*profile.Profile, int64, error) {
	s := &sim.Scorer{Pipeline: p, Engine: engine, Version: "benchmark", Threshold: 0.5, Labels: [2]string{"0", "1"}}
	if err := s.Check(); err != nil {
		return nil, 0, cli.Usagef("--hotspots: %s", err)
	}
	handler := sim.NewService(s, io.Discard, io.Discard).Handler()
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
	return bench.Profile(ctx.Duration("profile-for"), step)
}
