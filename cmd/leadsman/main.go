// Command leadsman is all commands in one: `leadsman ingest` is ingest, and so is
// a link to leadsman that is called ingest.
package main

import (
	"os"

	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands"
)

func main() { cli.MainWith(commands.Named(os.Args)) }
