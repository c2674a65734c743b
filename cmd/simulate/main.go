// Command simulate makes the logs of a deployed model, with drift of a chosen
// kind.
package main

import (
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/simulate"
)

func main() { cli.Main(simulate.App()) }
