#!/usr/bin/env bash
# Exits with 3 when the level of the site in OUT is LEVEL (warn) or worse. Run
# it after publishing, so that the site is there to explain the failure.
set -euo pipefail
OUT=${OUT:-build/site}
exec driftcalc gate --check="${LEVEL:-warn}" "$OUT/data/"
