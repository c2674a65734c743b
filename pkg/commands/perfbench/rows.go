package perfbench

import (
	"bytes"
	"fmt"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog/mapping"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

// scoredRows are the raw rows of --rows, made the model's.
func scoredRows(ctx *ucli.Context, m *model.Model) (bench.Rows, error) {
	p, err := pipeline(ctx, m)
	if err != nil {
		return bench.Rows{}, err
	}
	rows, err := rawRows(ctx, ctx.String("rows"))
	if err != nil {
		return bench.Rows{}, err
	}
	return bench.Raw(p, rows)
}

// rawRows are the raw rows at path, "-" for stdin and "" for the sample's
// reference, read as --config says.
func rawRows(ctx *ucli.Context, path string) (feature.RawRows, error) {
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return feature.RawRows{}, err
	}
	env := cli.EnvOf(ctx)
	rows := feature.RawRows{
		Name: path, Fields: conf.Fields.Of(mapping.References), Ignore: conf.Ignore, ID: conf.Plan.ID, Target: conf.Plan.Target, Types: map[string]string{},
		Note: func(sentence string) { env.Notef("%s", sentence) },
	}
	for name, c := range conf.Plan.Columns {
		rows.Types[name] = c.Type
	}
	switch path {
	case "":
		rows.Name, rows.From = "the sample's reference", bytes.NewReader(testdata.Reference)
	case "-":
		rows.Name, rows.From = cli.Stdin, env.Stdin
	}
	return rows, nil
}

// pipeline finds what makes raw rows the model's: --features, the features of
// --config, or the sample's for the sample model.
func pipeline(ctx *ucli.Context, m *model.Model) (*feature.Pipeline, error) {
	path, p, err := namedPipeline(ctx)
	if err != nil {
		return nil, err
	}
	if p == nil {
		path = "the sample's features"
		if p, err = samplePipeline(m); err != nil {
			return nil, err
		}
	}
	if p == nil {
		return nil, cli.Usagef("--rows: say with --features how raw rows become the model's")
	}
	if err := m.Fits(p.Columns()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// namedPipeline reads the features of --features or --config, and returns nil
// where neither names any.
func namedPipeline(ctx *ucli.Context) (path string, p *feature.Pipeline, err error) {
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return "", nil, err
	}
	path = conf.Features
	if ctx.IsSet("features") {
		path = ctx.String("features")
	}
	if path != "" {
		p, err = feature.Open(path)
	}
	return path, p, err
}

// samplePipeline returns the sample's features for the sample's model, and nil
// for another one.
func samplePipeline(m *model.Model) (*feature.Pipeline, error) {
	p, err := feature.Parse(bytes.NewReader(testdata.Features))
	if err != nil || !p.MadeWith(m.SHA256) {
		return nil, err
	}
	return p, nil
}
