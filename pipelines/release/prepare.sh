#!/usr/bin/env bash
# Writes what a release holds beside the programs into build/packaging: manual pages,
# completions of three shells, and the licences of all that is linked.
set -euo pipefail
cd "$(dirname "$0")/../.."

to=build/packaging
rm -rf "$to"
mkdir -p "$to/man" "$to/completions"
go build -trimpath -gcflags=github.com/apache/arrow-go/v18/arrow/compute/...=-l -o "$to/bin/leadsman" ./cmd/leadsman
leadsman=$to/bin/leadsman

"$leadsman" man "$to/man"
gzip -9 --no-name "$to"/man/*.1
"$leadsman" --completion bash > "$to/completions/leadsman.bash"
"$leadsman" --completion zsh > "$to/completions/_leadsman"
"$leadsman" --completion fish > "$to/completions/leadsman.fish"
# With cgo, so that the engine onnx is among them.
pipelines/notices.sh "$leadsman" > "$to/THIRD-PARTY-NOTICES"
