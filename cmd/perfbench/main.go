// Command perfbench times scoring engines on a model, describes a model, writes
// it as ONNX, and puts a scoring API under load.
package main

import (
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/perfbench"
)

func main() { cli.Main(perfbench.App()) }
