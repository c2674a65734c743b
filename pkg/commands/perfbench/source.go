package perfbench

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/leadsman/leadsman/pkg/bench"
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/config"
	"github.com/leadsman/leadsman/testdata"
	ucli "github.com/urfave/cli/v2"
)

// errNoModel says that the settings are those of a log whose model is not at
// hand: the sample would be a stranger among them.
var errNoModel = errors.New("names no model")

// modelSource finds the model: the operand, --model, that of --config, or the
// sample.
func modelSource(ctx *ucli.Context) (bench.Source, error) {
	operands := ctx.Args().Slice()
	if ctx.IsSet("model") {
		operands = append(operands, ctx.String("model"))
	}
	if len(operands) > 1 {
		return bench.Source{}, cli.Usagef("want one model, got %s", strings.Join(operands, ", "))
	}
	conf, err := config.Load(ctx.String("config"))
	if err != nil {
		return bench.Source{}, err
	}
	env := cli.EnvOf(ctx)
	path := conf.Model
	if len(operands) == 1 {
		path = operands[0]
	}
	switch {
	case path == "" && ctx.IsSet("config"):
		return bench.Source{}, fmt.Errorf("%s: %w", ctx.String("config"), errNoModel)
	case path == "":
		env.Notef("no model named: taking leadsman's sample model")
		return bench.Bytes(sampleModel, testdata.Model), nil
	case path == "-":
		if ctx.String("rows") == "-" {
			return bench.Source{}, cli.Usagef("the model and the rows cannot both be stdin")
		}
		return bench.Stream(cli.Stdin, env.Stdin)
	}
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Mode().IsRegular() {
		return bench.File(path), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return bench.Source{}, err
	}
	defer f.Close()
	return bench.Stream(path, f)
}

// sampleModel is the name of the embedded model.
const sampleModel = "sample model.ubj"
