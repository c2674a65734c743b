#!/usr/bin/env bash
# Says what the one binary weighs, stripped and without cgo, what a start of it costs, and
# what its heavy parts weigh in a program of their own, beyond one that does nothing. Needs
# the system's `time`.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export CGO_ENABLED=0
go build -trimpath -ldflags='-s -w' -o "$dir/leadsman" ./cmd/leadsman
awk -v bytes="$(wc -c < "$dir/leadsman")" 'BEGIN { printf "%6.1f MB  leadsman\n", bytes / 1e6 }'
start=$(command time -f '%M' "$dir/leadsman" --version 2>&1 > "$dir/version")
TIMEFORMAT='%U %S'
cpu=$({ time for _ in {1..50}; do "$dir/leadsman" --version > "$dir/version"; done; } 2>&1)
awk -v cpu="$cpu" -v kb="$start" 'BEGIN { split(cpu, t, " "); printf "%6.1f ms  of CPU for --version, %.1f MB resident\n", (t[1] + t[2]) * 20, kb / 1024 }'

nothing=0
# part NAME IMPORTS USES: a program that holds what USES reach.
part() {
  printf 'package main\nimport (%s)\nvar use = []any{%s}\nfunc main() { println(len(use)) }\n' "$2" "$3" > "$dir/main.go"
  go build -trimpath -ldflags='-s -w' -o "$dir/part" "$dir/main.go"
  local bytes
  bytes=$(wc -c < "$dir/part")
  if [ "$nothing" = 0 ]; then
    nothing=$bytes
    return
  fi
  awk -v bytes="$bytes" -v nothing="$nothing" -v name="$1" 'BEGIN { printf "%6.1f MB  %s\n", (bytes - nothing) / 1e6, name }'
}

arrow=github.com/apache/arrow-go/v18
here=github.com/leadsman/leadsman/pkg
part nothing '' ''
part 'arrow/ipc: streams' "\"$arrow/arrow/ipc\"" 'ipc.NewReader, ipc.NewWriter'
part 'arrow/compute: casts and kernels, for the dictionaries of parquet/file' "\"$arrow/arrow/compute\"" 'compute.CastArray'
part 'parquet/file, with the two above' "\"$arrow/parquet/file\"" 'file.NewParquetReader, file.NewParquetWriter'
part 'pkg/table: all of Arrow and Parquet that leadsman uses' "\"$here/table\"" 'table.Open, table.NewWriter, table.NewParquetDir, table.NewView'
part 'pqarrow in the place of pkg/table/parquetfile (in tests alone)' "\"$arrow/parquet/pqarrow\"" 'pqarrow.NewFileReader, pqarrow.NewFileWriter'
part 'gonum/plot: drawing and 4 MB of fonts' '"gonum.org/v1/plot"; "gonum.org/v1/plot/vg/vgimg"' 'plot.New, vgimg.New'
part 'net/http: clients and servers' '"net/http"' 'http.Get, http.ListenAndServe'
part 'vegeta, with the clients of net/http' 'vegeta "github.com/tsenart/vegeta/v12/lib"' 'vegeta.NewAttacker'
part 'urfave/cli' '"github.com/urfave/cli/v2"' 'cli.NewApp, (*cli.App).Run'
part 'html/template' '"html/template"' 'template.New'
part 'yaml' '"go.yaml.in/yaml/v3"' 'yaml.Unmarshal'
part 'goldmark' '"github.com/yuin/goldmark"; "github.com/yuin/goldmark/extension"' 'goldmark.New, extension.Table'
part 'gonum/mathext: tails of distributions' '"gonum.org/v1/gonum/mathext"' 'mathext.GammaIncRegComp, mathext.NormalQuantile'
