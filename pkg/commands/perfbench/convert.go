package perfbench

import (
	"fmt"
	"io"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/model/export"
	ucli "github.com/urfave/cli/v2"
)

func convertCommand() *ucli.Command {
	return &ucli.Command{
		Name:      "convert",
		Usage:     "write a model as ONNX",
		ArgsUsage: "[MODEL]",
		Description: `MODEL is a file that XGBoost's or LightGBM's save_model wrote; - is stdin. The
graph takes the input "input", rows of float32 in which NaN is missing, and gives
the output "score". Names of the features, the objective and the hash of MODEL
are in its metadata. The same model gives the same bytes.`,
		Flags: []ucli.Flag{
			modelFlag(), cli.ConfigFlag(),
			&ucli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`; - is stdout"},
			&ucli.BoolFlag{Name: "compat", Usage: `outputs "label" and "probabilities", as converters for Python name them`},
		},
		Action: convert,
	}
}

func convert(ctx *ucli.Context) error {
	env := cli.EnvOf(ctx)
	switch path := ctx.String("output"); {
	case path == "":
		return cli.Usagef("--output: say where the ONNX model goes")
	case path == "-" && env.StdoutTerminal:
		return cli.Usagef("--output: will not write ONNX to a terminal")
	}
	source, err := modelSource(ctx)
	if err != nil {
		return err
	}
	m, _, err := source.Model()
	if err != nil {
		return err
	}
	if m.Graph != nil {
		return fmt.Errorf("%s: is ONNX already", source.Name)
	}
	return document(ctx, func(w io.Writer) error {
		return export.ONNX(w, m.Ensemble, export.ONNXOptions{ModelSHA256: m.SHA256, Compat: ctx.Bool("compat")})
	})
}
