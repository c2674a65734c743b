#!/usr/bin/env bash
# Holds driftcalc against the real Evidently 0.7 on the same draws, and prints
# Markdown tables: how far their scores agree under --policy evidently, how
# often the defaults of each raise a false alarm and see drift, and how long
# each takes. Needs python3, PyPI and GNU time.
#
#   SIZES      reference rows x rows a night, without drift (303x200 303x500 303x2000 2000x2000)
#   SCENARIOS  what drifts, at DRIFTED rows (mean-shift unit-change missing-burst new-category)
#   DRIFTED    reference rows x rows a night of these (303x500)
#   PAIRS      references and nights a size (20) and a scenario
#   SPEED      reference rows x rows of the timed report (500000x1000000; none: not timed)
#   COLUMNS    its columns, half of them numbers (20)
#   RUNS       runs of driftcalc that are timed (5); Evidently runs once
#   PYTHON     an interpreter that has the two requirements files already
set -euo pipefail

SIZES=${SIZES:-303x200 303x500 303x2000 2000x2000}
SCENARIOS=${SCENARIOS:-mean-shift unit-change missing-burst new-category}
DRIFTED=${DRIFTED:-303x500}
PAIRS=${PAIRS:-20}
SPEED=${SPEED:-500000x1000000}
COLUMNS=${COLUMNS:-20}
RUNS=${RUNS:-5}
top=$(cd "$(dirname "$0")/../.." && pwd)
monitor=$top/testdata/monitor.yaml
work=build/evidently
mkdir -p "$work"
if [ -z "${PYTHON:-}" ]; then
  "$top/pipelines/venv.sh" "$work/venv" "$top/pkg/drift/testdata/evidently/requirements.txt" "$top/pipelines/bench/requirements.txt"
  PYTHON=$work/venv/bin/python
fi

night() { # night DIRECTORY SCENARIO REFERENCE ROWS SEED: makes a reference and a night, and judges them
  local dir=$1 policy table
  # Another seed than the sample's own: the model has not seen these rows.
  simulate reference --rows "$3" --seed "$(($5 + 1))" -o "$dir/reference.csv"
  ingest --config "$monitor" --kind reference --model "$top/testdata/model.ubj" --features "$top/testdata/features.json" \
    --held-out "$dir/reference.csv" -o "$dir/reference.arrows"
  simulate predictions --scenario "$2" --rows "$4" --seed "$(($5 + 1000))" -o "$dir/night.jsonl"
  ingest --config "$monitor" "$dir/night.jsonl" -o "$dir/night.arrows"
  for policy in calibrated evidently; do
    for table in run findings; do
      driftcalc --config "$monitor" --reference "$dir/reference.arrows" --policy "$policy" \
        --table "$table" --format jsonl "$dir/night.arrows" -o "$dir/$policy.$table"
    done
  done
}

draw() { # draw SCENARIO REFERENCExROWS: PAIRS references and nights
  local seed dir
  for seed in $(seq "$PAIRS"); do
    dir=$work/draws/$1-$2/$seed
    mkdir -p "$dir"
    night "$dir" "$1" "${2%x*}" "${2#*x}" "$seed" 2> "$dir/notes"
  done
  draws+=("$1-$2")
}

rm -rf "$work/draws"
draws=()
for size in $SIZES; do
  draw none "$size"
done
for scenario in $SCENARIOS; do
  draw "$scenario" "$DRIFTED"
done
PYTHONHASHSEED=0 "$PYTHON" "$top/pipelines/bench/agreement.py" "$top/pkg/drift/testdata/evidently" "$work/draws" "$PAIRS" "${draws[@]}"

if [ "$SPEED" = none ]; then
  exit 0
fi
"$PYTHON" "$top/pipelines/bench/speed.py" make "$work" "${SPEED%x*}" "${SPEED#*x}" "$COLUMNS"
driftcalc plan --reference "$work/reference.parquet" -o "$work/plan.arrows"
driftcalc profile --plan "$work/plan.arrows" --reference "$work/reference.parquet" -o "$work/reference.arrows"
rm -f "$work/times"
for _ in $(seq "$RUNS"); do
  /usr/bin/time -q -a -o "$work/times" -f 'profile %e %U %S %M' \
    driftcalc profile --plan "$work/plan.arrows" --table predictions "$work/current.parquet" -o "$work/current.arrows"
  /usr/bin/time -q -a -o "$work/times" -f 'compare %e %U %S %M' \
    driftcalc compare --plan "$work/plan.arrows" --ref "$work/reference.arrows" "$work/current.arrows" -o "$work/verdict.arrows"
done
"$PYTHON" "$top/pipelines/bench/speed.py" time "$work" "$work/times"
