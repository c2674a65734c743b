#!/usr/bin/env bash
# Writes a site over a simulated fortnight in which the inputs shift.
set -euo pipefail
OUT=${DEMO:-build/demo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

simulate predictions --scenario gradual --rows 20000 --days 14 --seed 7 -o "$work/predictions.jsonl"
simulate requests --scenario latency-regression --rows 20000 --days 14 --seed 7 -o "$work/api_requests.jsonl"
simulate outcomes --scenario gradual --rows 20000 --days 14 --seed 7 --delay 3d --until 2026-01-19T00:00:00Z -o "$work/outcomes.csv"
{
  ingest "$work/predictions.jsonl"
  ingest --kind requests "$work/api_requests.jsonl"
  perfbench model
} | driftcalc --last 7d --window 24h --outcomes "$work/outcomes.csv" | render --history "$OUT/data/history.parquet" -o "$OUT"
echo "demo: $OUT/index.html" >&2
