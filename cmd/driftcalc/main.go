// Command driftcalc says whether a log's rows still look like the reference's.
package main

import (
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/driftcalc"
)

func main() { cli.Main(driftcalc.App()) }
