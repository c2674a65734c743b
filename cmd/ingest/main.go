// Command ingest turns prediction logs, request logs and reference rows into
// tables of the stream.
package main

import (
	"github.com/leadsman/leadsman/pkg/cli"
	"github.com/leadsman/leadsman/pkg/commands/ingest"
)

func main() { cli.Main(ingest.App()) }
