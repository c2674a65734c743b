#!/usr/bin/env bash
# Writes the site, and what it says into the job's summary and annotations.
set -euo pipefail

HISTORY=${HISTORY_INPUT:-$RUNNER_TEMP/history.parquet} leadsman report
cat "$OUT/summary.md" >> "$GITHUB_STEP_SUMMARY"
cat "$OUT/annotations.txt"
echo "level=$(jq -r .run.level "$OUT/report.json")" >> "$GITHUB_OUTPUT"
