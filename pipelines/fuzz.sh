#!/usr/bin/env bash
# Fuzzes every target for a while, one after another, from the committed
# corpora; what breaks one is left in its package's testdata/fuzz, as a test.
#
#   FUZZTIME  how long each (60s)
#   TARGETS   a pattern of their names (all)
set -euo pipefail
FUZZTIME=${FUZZTIME:-60s}
TARGETS=${TARGETS:-.}

status=0
while IFS=: read -r file _ line; do
  target=${line#func }
  target=${target%%(*}
  if ! grep -qE "$TARGETS" <<<"$target"; then
    continue
  fi
  package=./$(dirname "$file")
  echo "fuzz: $package $target" >&2
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 1x "$package" | tail -n 3 || status=1
done < <(grep -rn '^func Fuzz' --include='*_test.go' pkg | sort)
exit "$status"
