#!/usr/bin/env bash
# Reads the logs of a scoring API and writes the site.
#
#   CONFIG      settings (monitor.yaml, in whose place the sample case may stand)
#   LOGS        directory of predictions*.jsonl* and api_requests*.jsonl* (logs)
#   OUTCOMES    file of outcomes (LOGS/outcomes.csv, .jsonl or .parquet, if there is one)
#   HEALTH_URL  address that says whether the API is up; asked once when set
#   OUT         directory of the site (build/site)
#   HISTORY     file that carries the verdicts from night to night (OUT's own)
set -euo pipefail
shopt -s nullglob

CONFIG=${CONFIG:-monitor.yaml}
LOGS=${LOGS:-logs}
OUTCOMES=${OUTCOMES:-}
HEALTH_URL=${HEALTH_URL:-}
OUT=${OUT:-build/site}
HISTORY=${HISTORY:-$OUT/data/history.parquet}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

config=()
if [ -f "$CONFIG" ]; then
  config=(--config "$CONFIG")
elif [ "$CONFIG" != monitor.yaml ]; then
  echo "report: $CONFIG: no such file" >&2
  exit 1
fi

predictions=("$LOGS"/predictions*.jsonl*)
requests=("$LOGS"/api_requests*.jsonl*)
if [ "${#predictions[@]}" -eq 0 ]; then
  if [ "${#config[@]}" -gt 0 ]; then
    echo "report: $LOGS: no predictions*.jsonl*: nothing to judge" >&2
    exit 1
  fi
  echo "report: no $CONFIG and no $LOGS/predictions*.jsonl*: making a site over simulated logs" >&2
  simulate predictions --rows 2000 --seed 1 -o "$work/predictions.jsonl"
  simulate requests --rows 2000 --seed 1 -o "$work/api_requests.jsonl"
  predictions=("$work/predictions.jsonl")
  requests=("$work/api_requests.jsonl")
fi

for file in "$LOGS"/outcomes.{csv,jsonl,parquet}; do
  if [ -z "$OUTCOMES" ] && [ -f "$file" ]; then
    OUTCOMES=$file
  fi
done
outcomes=()
if [ -n "$OUTCOMES" ]; then
  outcomes=(--outcomes "$OUTCOMES")
fi

health=()
if [ -n "$HEALTH_URL" ]; then
  health=(--health "$HEALTH_URL")
fi

{
  ingest "${config[@]}" "${health[@]}" "${predictions[@]}"
  if [ "${#requests[@]}" -gt 0 ]; then
    ingest "${config[@]}" --kind requests "${requests[@]}"
  fi
  perfbench model --hotspots --profile-for 1s "${config[@]}"
} | driftcalc "${config[@]}" "${outcomes[@]}" -o "$work/tables/"

render "${config[@]}" --history "$HISTORY" -o "$OUT" "$work/tables/"
echo "report: $OUT/index.html" >&2
