#!/usr/bin/env bash
# Measures how fast a model scores and how an API with it bears load, here and
# now, and writes the report. Run it on a machine that has nothing else to do.
#
#   MODEL     the model (the sample's)
#   FEATURES  features.json that makes raw rows the model's
#   ROWS      raw rows to score with FEATURES (rows from the model's thresholds)
#   BODIES    JSON lines to post to an API with MODEL and FEATURES (the sample's
#             leads, to the sample's); without them no API is measured
#   CALLS     calls of one row that are timed (20000)
#   BATCHES   rows a call (1,50,1000)
#   RATE      requests a second to the API (500)
#   DURATION  for how long (10s)
#   JOBLIB    the model as Python has it, which is timed too, and is the baseline
#             (the sample's, made here), where PYTHON is set
#   PYROWS    CSV of rows as JOBLIB takes them
#   PYTHON    a python with what loads JOBLIB (none: no baseline)
#   PROFILE   what cProfile or py-spy recorded of your own service (none)
#   TABLES    directory that keeps the measured tables (none)
#   REPORT    the report (docs/PERFORMANCE_REPORT.md)
set -euo pipefail

MODEL=${MODEL:-}
FEATURES=${FEATURES:-}
ROWS=${ROWS:-}
BODIES=${BODIES:-}
TABLES=${TABLES:-}
REPORT=${REPORT:-docs/PERFORMANCE_REPORT.md}

PYTHON=${PYTHON:-}
JOBLIB=${JOBLIB:-}
PYROWS=${PYROWS:-}
PROFILE=${PROFILE:-}

work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

model=()
api=()
bodies=()
if [ -n "$MODEL" ]; then
  model=(--model "$MODEL")
fi
if [ -n "$FEATURES" ]; then
  api=(--features "$FEATURES")
fi
if [ -n "$BODIES" ]; then
  bodies=(--bodies "$BODIES")
fi
rows=()
if [ -n "$ROWS" ]; then
  rows=(--rows "$ROWS" "${api[@]}")
fi

perfbench model "${model[@]}" "${rows[@]}" --n "${CALLS:-20000}" --batch "${BATCHES:-1,50,1000}" --hotspots --profile-for 5s \
  -o "$work/model.arrows"
measured=("$work/model.arrows")

if [ -z "$MODEL" ] || { [ -n "$FEATURES" ] && [ -n "$BODIES" ]; }; then
  simulate api "${model[@]}" "${api[@]}" --addr 127.0.0.1:0 --log-dir "$work" 2>"$work/server.log" &
  server=$!
  until grep -q 'listening on' "$work/server.log"; do
    if ! kill -0 "$server" 2>/dev/null; then
      cat "$work/server.log" >&2
      exit 1
    fi
    sleep 0.05
  done
  address=$(sed -n 's/.*listening on //p' "$work/server.log")
  perfbench api "$address" "${bodies[@]}" --rate "${RATE:-500}" --duration "${DURATION:-10s}" -o "$work/api.arrows"
  measured+=("$work/api.arrows")
fi

baseline=()
if [ -n "$PYTHON" ] && [ -z "$JOBLIB" ] && [ -z "$MODEL" ]; then
  JOBLIB=$work/sample.joblib
  PYROWS=$work/rows.csv
  "$PYTHON" testdata/train/joblib_of_sample.py "$JOBLIB" "$PYROWS"
fi
if [ -n "$JOBLIB" ]; then
  OMP_NUM_THREADS=1 "$PYTHON" docs/export/time_python.py "$JOBLIB" "$PYROWS" -n 2000 --batch "${BATCHES:-1,50,1000}" -o "$work/python.jsonl"
  baseline=(--baseline "$work/python.jsonl")
fi
if [ -n "$PROFILE" ]; then
  perfbench profile "$PROFILE" -o "$work/profile.arrows"
  measured+=("$work/profile.arrows")
fi

if [ -n "$TABLES" ]; then
  mkdir -p "$TABLES"
  cp "${measured[@]}" "${baseline[@]:1}" "$TABLES/"
fi
perfbench report "${measured[@]}" "${baseline[@]}" -o "$REPORT"
echo "perf-report: $REPORT" >&2
