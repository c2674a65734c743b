package perfbench

import (
	"io"
	"net/http"

	"github.com/google/pprof/profile"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/sim"
	"github.com/leadsman/leadsman/pkg/verdict"
	ucli "github.com/urfave/cli/v2"
)

// requests returns request bodies for the model, and what makes its rows of them:
// raw rows of --rows, of the configured reference, or of the sample's; for
// another model its own columns.
func requests(ctx *ucli.Context, m *model.Model) (*feature.Pipeline, [][]byte, error) {
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
		return bench.DrawnBodies(m, ctx.Uint64("seed"))
	}
	p, err := pipeline(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	rows, err := rawRows(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	bodies, err := bench.RawBodies(p, rows)
	return p, bodies, err
}

// profileRequests profiles whole requests with each engine, as the service of
// `simulate api` answers them: the body is parsed, features are made, the row is
// scored, the answer written, and both log lines made.
func profileRequests(ctx *ucli.Context, source bench.Source, engines []bench.Engine) ([]verdict.Hotspot, *profile.Profile, error) {
	m, _, err := source.Model()
	if err != nil {
		return nil, nil, err
	}
	p, bodies, err := requests(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	serve := func(engine model.Predictor) (http.Handler, error) {
		s := &sim.Scorer{Pipeline: p, Engine: engine, Version: "benchmark", Threshold: 0.5, Labels: [2]string{"0", "1"}}
		if err := s.Check(); err != nil {
			return nil, cli.Usagef("--hotspots: %s", err)
		}
		return sim.NewService(s, io.Discard, io.Discard).Handler(), nil
	}
	return bench.ProfileRequests(m, engines, serve, bodies, ctx.Duration("profile-for"))
}
