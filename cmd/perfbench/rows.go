package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/pkg/feature"
	"github.com/leadsman/leadsman/pkg/model"
	"github.com/leadsman/leadsman/pkg/predlog"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

// rawRows reads the raw rows of --rows, as many as a batch may have, and makes
// them the model's.
func rawRows(ctx *ucli.Context, m *model.Model) (bench.Rows, error) {
	p, err := pipeline(ctx, m)
	if err != nil {
		return bench.Rows{}, err
	}
	var values []float32
	enough := false
	path := ctx.String("rows")
	name := rowsName(path)
	err = eachRaw(ctx, p, path, func(rec arrow.RecordBatch) error {
		at := len(values)
		values = slices.Grow(values, int(rec.NumRows())*m.NumFeatures)[:at+int(rec.NumRows())*m.NumFeatures]
		if err := p.Batch(rec, values[at:]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if most := maxValues - maxValues%m.NumFeatures; len(values) > most {
			values, enough = values[:most], true
			return errEnough
		}
		return nil
	})
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s: no rows", name)
	}
	origin := "of " + filepath.Base(name)
	if enough {
		origin = "from the start " + origin
	}
	return bench.Rows{Values: values, Origin: origin}, err
}

// errEnough ends the reading of rows.
var errEnough = errors.New("enough rows")

// rowsName is what messages call the rows at path.
func rowsName(path string) string {
	switch path {
	case "":
		return "the sample's reference"
	case "-":
		return cli.Stdin
	}
	return path
}

// eachRaw reads the raw rows at path, "-" for stdin and "" for the sample's
// reference, and gives them to use until that returns errEnough.
func eachRaw(ctx *ucli.Context, p *feature.Pipeline, path string, use func(rec arrow.RecordBatch) error) error {
	env := cli.EnvOf(ctx)
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return err
	}
	name := rowsName(path)
	first := true
	read := func(rec arrow.RecordBatch) error {
		if missing := p.Missing(rec.Schema()); first && len(missing) > 0 && len(missing) < len(p.Raw()) {
			env.Notef("%s: taken as missing, for it has no column of that name: %s", name, strings.Join(missing, ", "))
		}
		first = false
		return use(rec)
	}
	options := predlog.ReferenceOptions{
		Fields: conf.Fields.Predictions, ID: conf.ID, Target: conf.Target, Columns: pins(p, conf),
		Complain: func(sentence string) { env.Notef("%s", sentence) },
	}
	switch path {
	case "":
		_, err = predlog.ReferenceFrom(name, bytes.NewReader(testdata.Reference), options, read)
	case "-":
		_, err = predlog.ReferenceFrom(name, env.Stdin, options, read)
	default:
		_, err = predlog.Reference(name, options, read)
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
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
	if err != nil {
		return nil, err
	}
	for _, sum := range p.ModelSHA256 {
		if sum == m.SHA256 {
			return p, nil
		}
	}
	return nil, nil
}

// pins are the types of the raw columns, as the model was trained on them or as
// the configuration says.
func pins(p *feature.Pipeline, conf *config.Config) []predlog.Pin {
	types := map[string]string{}
	for _, r := range p.Raw() {
		types[r.Name] = r.Type
	}
	for name, c := range conf.Columns {
		if c.Type != "" {
			types[name] = c.Type
		}
	}
	return predlog.Pins(types)
}
