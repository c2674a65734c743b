#!/usr/bin/env bash
# Builds the committed tree in two directories of different names, without cgo, and
# compares the programs byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head=$(git rev-parse HEAD)
for dir in one a-second-directory; do
  mkdir "$work/$dir"
  git archive "$head" | tar -x -C "$work/$dir"
  (
    cd "$work/$dir"
    CGO_ENABLED=0 go build -buildvcs=false -trimpath -gcflags=github.com/apache/arrow-go/v18/arrow/compute/...=-l \
      -ldflags '-s -w -buildid= -X github.com/leadsman/leadsman/pkg/cli.Version=reproducible' -o leadsman ./cmd/leadsman
  )
done
sha256sum "$work/one/leadsman" "$work/a-second-directory/leadsman" | awk '{print $1}'
cmp "$work/one/leadsman" "$work/a-second-directory/leadsman"
