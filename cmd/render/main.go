// Command render turns the tables of a run into a static site.
package main

import (
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/render"
)

func main() { cli.Main(render.App()) }
